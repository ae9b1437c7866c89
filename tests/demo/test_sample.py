"""The shipped sample is what its maker makes."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path

import fitparse
import pytest

from hipdrive.demo import make_sample

FOLDER = Path(__file__).parents[2] / "data" / "sample"
SAMPLE = dict(make_sample())


@pytest.mark.parametrize("name", SAMPLE)
def test_the_shipped_file_is_the_one_made_here(name: str) -> None:
    assert (FOLDER / name).read_bytes() == SAMPLE[name]


def test_nothing_else_is_shipped() -> None:
    assert {path.name for path in FOLDER.iterdir()} == SAMPLE.keys()


def test_the_run_is_small_and_has_a_stop() -> None:
    (session,) = fitparse.FitFile(io.BytesIO(SAMPLE["run.fit"])).get_messages("session")
    assert session.get_value("total_timer_time") == 480.0
    assert session.get_value("total_elapsed_time") > 480.0
    assert len(SAMPLE["run.fit"]) < 40_000


def test_the_workout_is_one_of_the_log() -> None:
    sets = list(fitparse.FitFile(io.BytesIO(SAMPLE["strength.fit"])).get_messages("set"))
    began = min(one.get_value("start_time") for one in sets) + timedelta(hours=1)
    assert [one.get_value("set_type") for one in sets] == ["active", "rest"] * 5
    logged = [row["Date"] for row in csv.DictReader(io.StringIO(SAMPLE["strong.csv"].decode()))]
    assert any(abs(datetime.fromisoformat(when) - began) <= timedelta(minutes=1) for when in logged)


def test_the_log_covers_two_weeks() -> None:
    days = sorted({row["Date"][:10] for row in csv.DictReader(io.StringIO(SAMPLE["strong.csv"].decode()))})
    assert (days[0], days[-1]) == ("2026-11-02", "2026-11-15")
