"""Every real log of the corpus, where there is one: nothing lost, nearly every set understood."""

from __future__ import annotations

import csv
import importlib.util
import os
from pathlib import Path

import polars as pl
import pytest

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.fit import decode
from hipdrive.measure.strength import measure_strength_sets
from hipdrive.read.strength import read_strength, read_watch_sets, recognise_format
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tidy.strength import tidy_strength_sets

CHECKOUT = Path(__file__).parents[3]
CORPUS = Path(os.environ.get("HIPDRIVE_CORPUS") or CHECKOUT.parent / "shared" / "corpus")
MANIFEST = CORPUS / "strength" / "MANIFEST.csv"
NO_CORPUS = "no corpus of real logs here; set HIPDRIVE_CORPUS to its folder to run this"
CATALOGUE = load_catalogue()
RESOLVER = Resolver(CATALOGUE, {})
# Lines that are not rows: blank lines within a quoted note, and section headings.
NOT_ROWS = {"fitbod_kg.csv": 5}


def entries() -> list[dict[str, str]]:
    if not MANIFEST.is_file():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(*, real_only: bool = False) -> list[object]:
    """The logs to test; real ones without fixtures, and without wger's, which has ids in place of names."""
    found = [entry for entry in entries() if not real_only or not is_fixture(entry)]
    return list(found) or [pytest.param({}, marks=pytest.mark.skip(reason=NO_CORPUS))]


def is_fixture(entry: dict[str, str]) -> bool:
    return entry["path"].startswith("fixture_") or entry["format"] == "wger"


def tidy(raw: pl.DataFrame, source_id: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    return tidy_strength_sets(
        raw,  # type: ignore[arg-type]
        athlete_id="me",
        source_id=source_id,
        time_zone="Europe/Berlin",
        weight_unit="kg",
        distance_unit="km",
        resolver=RESOLVER,
    )


def name_of(entry: object) -> str:
    return entry.get("path", "none") if isinstance(entry, dict) else "none"


@pytest.mark.parametrize("entry", cases(), ids=name_of)
def test_the_app_is_told_by_content(entry: dict[str, str]) -> None:
    data = (CORPUS / "strength" / entry["path"]).read_bytes()
    assert recognise_format(data) == entry["format"].removesuffix("-edited")


@pytest.mark.parametrize("entry", cases(), ids=name_of)
def test_every_row_is_kept_or_listed(entry: dict[str, str]) -> None:
    log = read_strength((CORPUS / "strength" / entry["path"]).read_bytes(), entry["path"])
    if entry["format"] != "jefit":
        assert log.rows == int(entry["data_rows"]) - NOT_ROWS.get(entry["path"], 0)
    if entry["format"] not in {"jefit", "wger"}:
        assert log.sets.height + log.rejects.height == log.rows
    sets, rejects = tidy(log.sets, entry["sha256"])
    assert sets.height + rejects.height == log.sets.height
    assert rejects["reason"].null_count() == 0


@pytest.mark.parametrize("entry", cases(real_only=True), ids=name_of)
def test_nearly_every_set_of_a_real_log_is_understood_or_rightly_left_out(entry: dict[str, str]) -> None:
    log = read_strength((CORPUS / "strength" / entry["path"]).read_bytes(), entry["path"])
    sets, _ = tidy(log.sets, entry["sha256"])
    understood = (sets["match"] != "none").sum()
    # One file of 22 rows holds two sets that its author called “TEST NAME”.
    allowed = 2 if entry["path"] == "gymbook_strong_small_it.csv" else 0.05 * sets.height
    assert sets.height - understood <= allowed


@pytest.mark.skipif(not MANIFEST.is_file(), reason=NO_CORPUS)
def test_the_page_on_real_logs_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_corpus", CHECKOUT / "docs" / "make_strength_corpus.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (CHECKOUT / "docs" / "strength.md").read_text(encoding="utf-8")
    current = module.with_corpus(page, module.render_corpus(MANIFEST.parent))
    assert page == current, "docs/strength.md is not current: run docs/make_strength_corpus.py with the logs' folder"


@pytest.mark.skipif(not MANIFEST.is_file(), reason=NO_CORPUS)
def test_the_written_log_covers_the_watch_of_the_same_workouts() -> None:
    log = CORPUS / "strength" / "lyfta_paired_with_garmin_strength.csv"
    written, _ = tidy(read_strength(log.read_bytes(), log.name).sets, "a" * 64)
    watches = sorted((CORPUS / "fit" / "mixed").glob("inesane__*_ACTIVITY.fit"))
    frames = [written]
    for number, path in enumerate(watches):
        raw = read_watch_sets(decode(path.read_bytes()).frames)
        frames.append(tidy(raw, str(number) * 64)[0])
    sets = measure_strength_sets(TidyStrengthSet.validate(pl.concat(frames)), CATALOGUE.exercises)
    watch = sets.filter(pl.col("log_kind") == "watch")
    assert watch["workout_id"].n_unique() == len(watches) == 2
    assert watch["superseded_by"].null_count() == 0
    assert watch["upper_dose"].drop_nulls().sum() == 0
    covering = sets.filter(pl.col("workout_id").is_in(watch["superseded_by"].unique().to_list()))
    assert sorted(covering["local_date"].unique().to_list()) == sorted(watch["local_date"].unique().to_list())
