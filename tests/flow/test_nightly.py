"""The flow as a user runs it: real Prefect, real DuckDB, in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from hipdrive.demo import make_runner

HIPDRIVE = str(Path(sys.executable).with_name("hipdrive"))
DONE, NEEDS_A_PERSON = 0, 1


def run_hipdrive(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "HIPDRIVE"))}
    return subprocess.run(
        [HIPDRIVE, *words, "--home", str(home)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=300,
    )


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home / "data" / "hipdrive.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[subprocess.CompletedProcess[str]]]:
    """A home with six weeks of files, one there twice, two unreadable, one unwanted; and its first two nights."""
    home = tmp_path_factory.mktemp("nights") / "home"
    assert run_hipdrive(home.parent, "init", "home").returncode == DONE
    inbox = home / "data" / "inbox"
    runner = make_runner(weeks=6)
    settings = (home / "hipdrive.toml").read_text(encoding="utf-8")
    zone = f'time_zone = "{runner.athlete.time_zone}"'
    (home / "hipdrive.toml").write_text(re.sub(r'time_zone = "[^"]+"', zone, settings, count=1), encoding="utf-8")
    for name, content in runner.files:
        (inbox / name).write_bytes(content)
    a_run = next(inbox.glob("*-run.fit"))
    shutil.copy(a_run, inbox / "zz-the-same-again.fit")
    (inbox / "broken.fit").write_bytes(b"this is not a FIT file")
    (inbox / "unknown.csv").write_text("colour,taste\nred,sweet\n", encoding="utf-8")
    (inbox / "holiday.png").write_bytes(b"\x89PNG\r\n\x1a\n and so on")
    done = [run_hipdrive(home, "nightly"), run_hipdrive(home, "nightly")]
    return home, done


def test_a_night_reads_everything_and_says_what_it_could_not_read(
    nights: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    home, (first, _) = nights
    assert first.returncode == NEEDS_A_PERSON, first.stderr
    assert "2 quarantined" in first.stdout
    reasons = dict(rows(home, "SELECT path, reason FROM sources WHERE status = 'quarantined'"))
    assert set(reasons) == {"data/inbox/broken.fit", "data/inbox/unknown.csv"}
    assert "colour" not in str(reasons["data/inbox/unknown.csv"])
    assert "neither FIT nor a strength log" in str(reasons["data/inbox/unknown.csv"])
    assert rows(home, "SELECT path FROM sources WHERE status = 'duplicate'") == [("data/inbox/zz-the-same-again.fit",)]
    assert rows(home, "SELECT path FROM sources WHERE status = 'skipped'") == [("data/inbox/holiday.png",)]


def test_every_file_of_the_inbox_has_a_row(nights: tuple[Path, list[subprocess.CompletedProcess[str]]]) -> None:
    home, _ = nights
    offered = {f"data/inbox/{path.name}" for path in (home / "data" / "inbox").iterdir()}
    assert {path for (path,) in rows(home, "SELECT path FROM sources")} == offered


def test_a_night_leaves_a_page_and_a_list_of_nights(
    nights: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    home, (first, _) = nights
    page = home / "reports" / "latest" / "index.html"
    assert str(page) in first.stdout
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert (home / "reports" / "index.html").is_file()


def test_a_second_night_opens_no_file_and_changes_nothing(
    nights: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    home, (_, second) = nights
    assert second.returncode == DONE, second.stderr
    assert "nothing new" in second.stdout
    told = [json.loads(line) for line in (home / "data" / "nights.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [night["sources_new"] > 0 for night in told] == [True, False]
    assert [night["status"] for night in told] == ["needs_a_person", "done"]
    assert told[1]["seconds_ingest"] == 0


def test_a_night_leaves_nothing_outside_its_home_and_no_leftovers(
    nights: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    home, _ = nights
    assert {path.name for path in home.parent.iterdir()} == {"home"}
    left = {path.name for path in (home / "data").iterdir()}
    assert left == {"inbox", "hipdrive.duckdb", "hipdrive.lock", "nights.jsonl", ".prefect"}


def test_the_runs_of_the_made_up_runner_are_measured(
    nights: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    home, _ = nights
    runner = make_runner(weeks=6)
    ((found, known_weeks),) = rows(
        home, "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM weeks WHERE dose_known)"
    )
    assert (found, known_weeks) == (len(runner.runs), 6)
    dose = [value for (value,) in rows(home, "SELECT hip_dose FROM weeks ORDER BY week_start")]
    assert dose == pytest.approx(runner.truth.by_week["hip_dose"].to_list(), abs=1e-9)


def test_one_line_of_settings_settles_an_unknown_name_without_opening_a_file(
    nights: tuple[Path, list[subprocess.CompletedProcess[str]]],
) -> None:
    home, _ = nights
    assert rows(home, "SELECT DISTINCT match FROM strength_sets WHERE exercise_name LIKE 'Uncle Otto%'") == [("none",)]
    text = (home / "hipdrive.toml").read_text(encoding="utf-8")
    settled = text.replace("[aliases]", '[aliases]\n"Uncle Otto\'s Special" = "hip_thrust"', 1)
    (home / "hipdrive.toml").write_text(settled, encoding="utf-8")
    third = run_hipdrive(home, "report")
    assert third.returncode == DONE, third.stderr
    assert rows(home, "SELECT DISTINCT match, exercise FROM strength_sets WHERE exercise_name LIKE 'Uncle Otto%'") == [
        ("alias", "hip_thrust")
    ]
