"""Any order of paths and any split over nights gives the same tables; versions of one path in their own order."""

from __future__ import annotations

import gzip
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.cli.settings_template import settings_template
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.nights import log

# What depends on when a night was, and not on what was read.
STAMPS = ("first_seen_utc", "last_offered_utc", "modified_ns")
TABLES = ("sources", "readings", "activities", "samples", "run_measures", "strength_sets", "rejects", "log_spans")
MONDAY = date(2026, 3, 2)
NEW_NIGHT = 0.3  # the chance that a content waits for the next night


def _history(first: int, *weights: int) -> bytes:
    rows = [f"{MONDAY + timedelta(days=first + 2 * place)} Squat {weight} 5" for place, weight in enumerate(weights)]
    return log(*rows).encode()


def versions(two_runs: tuple[bytes, bytes]) -> dict[str, list[bytes]]:
    """Paths and their contents in their own order: logs that grow, shrink and overlap, copies, runs, empty files."""
    return {
        "strong.csv": [_history(0, 60, 62, 64), _history(2, 62, 66), _history(0, 60, 62, 64)],
        "copy of strong.csv": [_history(0, 60, 62, 64)],
        "hand.csv": [
            b"date,exercise,reps\n2026-03-03,Hip Thrust,8\n",
            b"date,exercise,reps\n2026-03-03,Hip Thrust,9\n",
        ],
        "latest.fit": [two_runs[0], two_runs[1]],
        "first.fit.gz": [gzip.compress(two_runs[0], mtime=0)],
        "empty one.csv": [b""],
        "empty two.fit": [b""],
        "anna/run.fit": [two_runs[0]],
    }


def nights(seed: int, lengths: dict[str, int]) -> list[list[tuple[str, int]]]:
    """Each path's contents in their order, shuffled among the paths, split into nights; one content a path a night."""
    chance = random.Random(seed)  # noqa: S311  a test, no secret
    slots = [path for path, length in lengths.items() for _ in range(length)]
    chance.shuffle(slots)
    seen: dict[str, int] = {}
    found: list[list[tuple[str, int]]] = [[]]
    for path in slots:
        number = seen[path] = seen.get(path, -1) + 1
        if chance.random() < NEW_NIGHT or path in {name for name, _ in found[-1]}:
            found.append([])
        found[-1].append((path, number))
    return [night for night in found if night]


def _home(folder: Path) -> Home:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data" / "inbox").mkdir(parents=True)
    (folder / "hipdrive.toml").write_text(settings_template() + "\n[athletes.anna]\n", encoding="utf-8")
    return Home(folder)


def _tables(home: Home) -> dict[str, pl.DataFrame]:
    found = {}
    for table in TABLES:
        each = [ask(home, f"SELECT * FROM {table}", one) for one in home.members]
        frame = pl.concat(each).drop(STAMPS, strict=False)
        found[table] = frame.select(sorted(frame.columns)).sort(pl.all())
    return found


def _live_through(home: Home, contents: dict[str, list[bytes]], split: list[list[tuple[str, int]]]) -> None:
    for night in split:
        for path, number in night:
            target = home.inbox / path
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(contents[path][number])
        commands.ingest(home, [home.inbox], date(2026, 11, 30))


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, two_runs: tuple[bytes, bytes]) -> dict[str, pl.DataFrame]:
    home = _home(tmp_path_factory.mktemp("expected") / "home")
    contents = versions(two_runs)
    most = max(len(each) for each in contents.values())
    rounds = [[(path, turn) for path, each in contents.items() if turn < len(each)] for turn in range(most)]
    _live_through(home, contents, rounds)
    return _tables(home)


@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.campaign) for one in range(1, 8))])
def test_order_and_split_do_not_matter(
    seed: int,
    tmp_path_factory: pytest.TempPathFactory,
    two_runs: tuple[bytes, bytes],
    expected: dict[str, pl.DataFrame],
) -> None:
    contents = versions(two_runs)
    split = nights(seed, {path: len(each) for path, each in contents.items()})
    home = _home(tmp_path_factory.mktemp("any") / "home")
    _live_through(home, contents, split)
    for table, frame in _tables(home).items():
        assert_frame_equal(frame, expected[table])


def test_the_history_counts_as_it_was_written(expected: dict[str, pl.DataFrame]) -> None:
    sets = expected["strength_sets"].filter(pl.col("superseded_by").is_null(), pl.col("athlete_id") == "me")
    squats = sets.filter(pl.col("exercise") == "back_squat").sort("local_date")
    assert squats["weight_kg"].to_list() == [60.0, 62.0, 64.0]
    assert sets.filter(pl.col("exercise") == "hip_thrust")["reps"].to_list() == [9]
    live = expected["activities"].filter(pl.col("duplicate_of").is_null())
    assert live.group_by("athlete_id").len().sort("athlete_id").rows() == [("anna", 1), ("me", 2)]
