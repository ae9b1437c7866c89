"""Chronic and acute running load by day."""

from __future__ import annotations

import math
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.measure.load import measure_daily_load

FIRST = date(2026, 1, 1)
ACUTE = 1 - math.exp(-1 / 7)
CHRONIC = 1 - math.exp(-1 / 42)


def load(km: list[float], *, athlete: str = "me", days: int | None = None) -> pl.DataFrame:
    """Load of days in a row from the first; a day of 0 km is a day without a run."""
    runs = [
        {
            "athlete_id": athlete,
            "local_date": FIRST + timedelta(days=day),
            "run_distance_m": 1000 * one,
            "run_time_s": 60 * one,
        }
        for day, one in enumerate(km)
        if one
    ]
    types = {"athlete_id": pl.String, "local_date": pl.Date, "run_distance_m": pl.Float64, "run_time_s": pl.Float64}
    last = FIRST + timedelta(days=(days or len(km)) - 1)
    spans = pl.DataFrame({"athlete_id": [athlete], "first_date": [FIRST], "last_date": [last]})
    return measure_daily_load(pl.DataFrame(runs, schema=types), spans)


def test_a_day_of_12_km_after_a_month_of_5_moves_the_acute_load_from_5_to_5_93() -> None:
    found = load([5.0] * 28 + [12.0])
    assert found["atl"][-2] == pytest.approx(5.0)
    assert found["atl"][-1] == pytest.approx(5 + ACUTE * (12 - 5))
    assert round(found["atl"][-1], 2) == 5.93
    assert found["ctl"][-1] == pytest.approx(5 + CHRONIC * (12 - 5))


def test_both_start_at_the_mean_of_the_first_28_days() -> None:
    km = [12.0, *[4.0] * 27, 50.0]
    start = (12 + 27 * 4) / 28
    found = load(km)
    assert found["atl"][0] == pytest.approx(start + ACUTE * (12 - start))
    assert found["ctl"][0] == pytest.approx(start + CHRONIC * (12 - start))
    assert found["atl"][1] == pytest.approx(found["atl"][0] + ACUTE * (4 - found["atl"][0]))


def test_a_shorter_life_starts_at_its_own_mean() -> None:
    found = load([6.0, 0.0, 3.0])
    start = (6 + 0 + 3) / 3
    assert found["atl"][0] == pytest.approx(start + ACUTE * (6 - start))


def test_days_without_a_run_are_there_and_hold_nothing() -> None:
    found = load([5.0, 0.0, 0.0, 5.0], days=6)
    assert found["local_date"].to_list() == [FIRST + timedelta(days=day) for day in range(6)]
    assert found["run_distance_m"].to_list() == [5000, 0, 0, 5000, 0, 0]
    assert found["run_time_s"].to_list() == [300, 0, 0, 300, 0, 0]


def test_after_seven_days_of_rest_the_acute_load_is_down_to_a_third() -> None:
    found = load([5.0] * 40 + [0.0] * 7)
    assert found["atl"][-1] == pytest.approx(5 / math.e)
    assert found["ctl"][-1] == pytest.approx(5 * math.exp(-7 / 42))


def test_athletes_do_not_share_a_load() -> None:
    runs = pl.DataFrame(
        {"athlete_id": ["me"], "local_date": [FIRST], "run_distance_m": [7000.0], "run_time_s": [2000.0]}
    )
    spans = pl.DataFrame({"athlete_id": ["anna", "me"], "first_date": [FIRST] * 2, "last_date": [FIRST] * 2})
    assert measure_daily_load(runs, spans).select("athlete_id", "ctl").rows() == [("anna", 0), ("me", 7)]


def test_nobody_s_load_is_empty() -> None:
    types = {"athlete_id": pl.String, "local_date": pl.Date, "run_distance_m": pl.Float64, "run_time_s": pl.Float64}
    spans = pl.DataFrame(schema={"athlete_id": pl.String, "first_date": pl.Date, "last_date": pl.Date})
    assert measure_daily_load(pl.DataFrame(schema=types), spans).is_empty()


@given(km=st.lists(st.floats(0, 60), min_size=1, max_size=120), day=st.integers(0, 119), more=st.floats(0.1, 40))
def test_one_more_run_never_lowers_a_load_and_an_even_life_is_its_own_mean(
    km: list[float], day: int, more: float
) -> None:
    heavier = list(km)
    heavier[day % len(km)] += more
    lighter, found = load(km, days=len(km)), load(heavier, days=len(km))
    for average in ("ctl", "atl"):
        assert all(more >= less - 1e-9 for more, less in zip(found[average], lighter[average], strict=True))
        assert all(value <= max(heavier) + 1e-9 for value in found[average])
