"""How a measure goes from week to week."""

from __future__ import annotations

import math
from datetime import date, timedelta

import polars as pl
import pytest

from hipdrive.measure import trend

MONDAY = date(2026, 3, 2)


def weeks(*values: float | None) -> pl.DataFrame:
    starts = [MONDAY + timedelta(weeks=week) for week in range(len(values))]
    return pl.DataFrame({"week_start": starts, "pace_s_per_km": pl.Series(values, dtype=pl.Float64)})


def runs(*rows: tuple[int, float | None, bool]) -> pl.DataFrame:
    """Day, speed at reference heart rate, whether with another device."""
    return pl.DataFrame(
        {
            "local_date": [MONDAY + timedelta(days=day) for day, *_ in rows],
            "speed_at_reference_hr_m_per_s": pl.Series([speed for _, speed, _ in rows], dtype=pl.Float64),
            "is_device_change": [change for *_, change in rows],
            "is_usable": [True] * len(rows),
        }
    )


def test_the_mean_around_a_week_takes_four_either_side_and_needs_four_in_all() -> None:
    found = trend.weekly_trend(weeks(*range(10)), "pace_s_per_km")["mean_around"].to_list()
    assert found[0] == pytest.approx(sum(range(5)) / 5)
    assert found[5] == pytest.approx(sum(range(1, 10)) / 9)
    sparse = trend.weekly_trend(weeks(1.0, None, None, 2.0, 3.0), "pace_s_per_km")["mean_around"]
    assert sparse.is_null().all()


def test_a_change_of_device_counts_where_its_run_has_the_measure() -> None:
    column = "speed_at_reference_hr_m_per_s"
    found = trend.weekly_trend_of_runs(
        weeks(1.0, 1.0, 1.0), runs((0, 3.0, False), (1, 3.2, True), (7, None, True)), column
    )
    assert found["is_device_change"].to_list() == [True, False, False]
    assert found[column].to_list() == [pytest.approx(3.1), None, None]


def test_the_level_is_the_geometric_mean_of_the_runs_around_with_a_normal_interval() -> None:
    speeds = (3.0, 3.1, 2.9, 3.05)
    found = trend.weekly_level(weeks(1.0), runs(*((day, speed, False) for day, speed in enumerate(speeds))))
    logs = [math.log(speed) for speed in speeds]
    mean = sum(logs) / 4
    error = 1.96 * math.sqrt(sum((value - mean) ** 2 for value in logs) / 3) / 2
    assert found["level_s_per_km"].to_list() == [pytest.approx(1000 / math.exp(mean))]
    assert found["level_lo_s_per_km"].to_list() == [pytest.approx(1000 / math.exp(mean + error))]


@pytest.mark.parametrize(("day", "counts"), [(3 + 28, True), (3 + 29, False), (3 - 28, True), (3 - 29, False)])
def test_a_run_counts_up_to_28_days_from_the_middle_of_the_week(day: int, *, counts: bool) -> None:
    found = trend.weekly_level(
        weeks(1.0), runs(*((near, 3.0 + 0.01 * near, False) for near in (0, 1, 2)), (day, 3.0, False))
    )
    assert (found.height == 1) == counts


def test_three_runs_or_runs_a_month_away_make_no_level() -> None:
    assert trend.weekly_level(weeks(1.0), runs(*((day, 3.0, False) for day in range(3)))).is_empty()
    assert trend.weekly_level(weeks(1.0), runs(*((32 + day, 3.0, False) for day in range(5)))).is_empty()


def test_the_two_ends_never_share_a_week() -> None:
    assert trend.ends(weeks(*range(15))["pace_s_per_km"]) is None
    assert trend.ends(weeks(None, *range(16), None)["pace_s_per_km"]) == (3.5, 11.5)


def test_a_figure_begins_and_ends_with_a_value() -> None:
    table = weeks(None, 1.0, None, 2.0, None)
    assert trend.from_first_to_last(table, "pace_s_per_km")["pace_s_per_km"].to_list() == [1.0, None, 2.0]
    assert trend.from_first_to_last(weeks(None, None), "pace_s_per_km").is_empty()


def test_an_axis_has_no_blank_years() -> None:
    table = pl.DataFrame({"pace": [300.0, *[None] * 60, 310.0, 311.0, None, 312.0, 313.0, None]})
    assert trend.from_first_to_last(table, "pace")["pace"].to_list() == [310.0, 311.0, None, 312.0, 313.0]
    few = table.head(63)
    assert trend.from_first_to_last(few, "pace").height == 63
