"""The week worked by hand in docs/strength.md, and a second, plain-Python way to the same doses."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import dataframely as dy
import polars as pl
import pytest

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.measure.strength import measure_strength_sets
from hipdrive.read.strength import read_strength
from hipdrive.tables.strength import StrengthSet, TidyStrengthSet
from hipdrive.tidy.strength import tidy_strength_sets

CHECKOUT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("HIPDRIVE_CORPUS") or CHECKOUT.parent / "shared" / "corpus") / "strength"
REAL_LOGS = sorted(path for path in CORPUS.glob("*.csv") if not path.name.startswith(("fixture_", "MANIFEST")))
CATALOGUE = load_catalogue()
RESOLVER = Resolver(CATALOGUE, {})
PAGE = (CHECKOUT / "docs" / "strength.md").read_text(encoding="utf-8")


def measured(data: bytes, name: str) -> tuple[dy.DataFrame[TidyStrengthSet], dy.DataFrame[StrengthSet]]:
    sets, _ = tidy_strength_sets(
        read_strength(data, name).sets,
        athlete_id="me",
        source_id="0" * 64,
        time_zone="Europe/Berlin",
        weight_unit="kg",
        distance_unit="m",
        resolver=RESOLVER,
    )
    return sets, measure_strength_sets(sets, CATALOGUE.exercises)


def test_the_week_on_the_page_has_the_doses_on_the_page() -> None:
    log = re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    assert log is not None
    _, sets = measured(log[1].encode(), "docs/strength.md")
    rows = [line.split("|") for line in PAGE.split("hip dose = credit / 3.75 |")[1].split("\n\n")[0].splitlines()[2:]]
    assert len(rows) == sets.height == 11
    printed = [re.match(r"\s*([\d.]+)", row[6]) for row in rows]
    for number, dose in zip(printed, sets["hip_dose"], strict=True):
        if number is None:
            assert dose is None
        else:
            assert dose == pytest.approx(float(number[1]), abs=5e-5)


def test_the_sums_on_the_page_are_those_of_the_week() -> None:
    log = re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    sums = re.search(
        r"hip dose ([\d.]+), of it heavy ([\d.]+); upper dose ([\d.]+); plantarflexor dose ([\d.]+); "
        r"mobility ([\d.]+) min",
        PAGE,
    )
    assert log is not None
    assert sums is not None
    _, sets = measured(log[1].encode(), "docs/strength.md")
    columns = ["hip_dose", "heavy_hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min"]
    for column, number in zip(columns, sums.groups(), strict=True):
        assert sets[column].sum() == pytest.approx(float(number), abs=5e-5)


Row = dict[str, Any]


def by_hand(sets: pl.DataFrame) -> list[float | None]:
    """Hip doses of one log, set by set, without polars: the second opinion."""
    entries = {row["exercise"]: row for row in CATALOGUE.exercises.iter_rows(named=True)}
    rows = list(sets.iter_rows(named=True))
    doses: list[float | None] = []
    for row in rows:
        entry = entries.get(row["exercise"])
        if row["match"] == "none":
            doses.append(None)
        elif entry is None or row["set_type"] not in {"normal", "drop", "failure"}:
            doses.append(0.0)
        else:
            doses.append(entry["hip_extension_weight"] * effort(row, entry, rows) * quantity(row, entry) / 3.75)
    return doses


def effort(row: Row, entry: Row, rows: list[Row]) -> float:
    if entry["is_lift"] and row["weight_kg"]:
        best = [
            other["weight_kg"] * (1 + other["reps"] / 30)
            for other in rows
            if other["exercise"] == row["exercise"]
            and other["equipment"] == row["equipment"]
            and other["weight_kg"]
            and other["reps"]
            and 1 <= other["reps"] <= 12
            and row["local_date"] - timedelta(days=90) < other["local_date"] <= row["local_date"]
        ]
        if best:
            return float(min(max(row["weight_kg"] / max(best) / 0.75, 0.5), 1.2))
    if row["rpe"] is None:
        return 1.0 if row["set_type"] == "failure" else 0.75
    return 1.0 if row["rpe"] >= 7 else 0.75 if row["rpe"] >= 5 else 0.5


def quantity(row: Row, entry: Row) -> float:
    amounts = {
        "reps": row["reps"] and row["reps"] / entry["reps_min"],
        "hold": row["hold_s"] and row["hold_s"] / entry["hold_min_s"],
        "distance": row["distance_m"] and row["distance_m"] / entry["distance_min_m"],
    }
    order = [entry["quantity"], *(kind for kind in ("reps", "hold", "distance") if kind != entry["quantity"])]
    if entry["quantity"] == "distance":
        order = ["distance", "reps", "hold"]
    amount = next(amounts[kind] for kind in order if amounts[kind])
    return float(min(amount, 1.25)) * (0.5 if row["side"] else 1.0)


@pytest.mark.skipif(not REAL_LOGS, reason="no corpus of real logs here; set HIPDRIVE_CORPUS to its folder to run this")
@pytest.mark.parametrize("path", REAL_LOGS, ids=lambda path: path.name)
def test_real_logs_have_the_doses_that_a_pencil_finds(path: Path) -> None:
    sets, doses = measured(path.read_bytes(), path.name)
    begin = pl.col("local_date") < pl.col("local_date").min() + timedelta(days=120)
    expected = by_hand(sets.filter(begin))
    shared = doses.filter(begin)
    assert shared.height == len(expected) > 0
    assert shared["hip_dose"].to_list() == [None if dose is None else pytest.approx(dose) for dose in expected]
