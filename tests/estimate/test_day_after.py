from __future__ import annotations

import math
from datetime import date, timedelta

import polars as pl
import pytest
from scipy import stats

from benchmarks.histories import make_history
from hipdrive.estimate.day_after import estimate_day_after
from hipdrive.estimate.quantity import Quantity

MONDAY = date(2024, 1, 1)


def runs_and_days(
    speeds: dict[int, float], hip_days: set[int], unknown_days: set[int] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    runs = pl.DataFrame(
        {
            "local_date": [MONDAY + timedelta(days=day) for day in speeds],
            "bounded_speed_at_reference_hr_m_per_s": list(speeds.values()),
        }
    )
    span = range(-2, max(speeds) + 1)
    days = pl.DataFrame(
        {
            "local_date": [MONDAY + timedelta(days=day) for day in span],
            "hip_dose": [0.5 if day in hip_days else 0.0 for day in span],
            "dose_known": [day not in (unknown_days or set()) for day in span],
        }
    )
    return runs, days


def test_least_squares_within_weeks_by_pencil() -> None:
    # hip work on Mondays; runs on Tuesdays (after) and Saturdays (not), which differ by 2, 4 and 3 %, thrice
    change = [0.02, 0.04, 0.03] * 3
    speeds = {}
    for week, one in enumerate(change):
        speeds[7 * week + 1] = 3 * math.exp(0.01 * week - one)
        speeds[7 * week + 5] = 3 * math.exp(0.01 * week)
    found = estimate_day_after(*runs_and_days(speeds, {7 * week for week in range(9)}))
    assert (found.runs, found.runs_after, found.weeks) == (18, 9, 9)
    assert found.change.estimate == pytest.approx(math.expm1(-0.03))
    # two runs a week leave 18 - 9 - 1 degrees of freedom, and the t test of nine differences
    error = stats.sem(change)
    assert found.change.hi == pytest.approx(math.expm1(-0.03 + stats.t(8).ppf(0.975) * error))
    assert found.p_value is not None
    assert found.p_value < 0.02


def test_two_days_after_still_count_and_three_do_not() -> None:
    speeds = {1: 3.0, 2: 3.0, 3: 3.0, 8: 3.1, 9: 3.0, 10: 3.0}
    found = estimate_day_after(*runs_and_days(speeds, {0, 7}))
    assert found.runs_after == 4


def test_weeks_of_one_kind_tell_nothing() -> None:
    found = estimate_day_after(*runs_and_days({1: 3.0, 2: 3.1, 10: 2.0, 12: 2.1}, {0}))
    assert found.weeks == 0
    assert found.change == Quantity()
    assert found.p_value is None


def test_days_of_unknown_dose_are_left_out() -> None:
    found = estimate_day_after(*runs_and_days({1: 3.0, 2: 3.0, 5: 3.0}, {0}, unknown_days={4}))
    assert found.runs == 2


def test_runs_not_fit_for_the_outcome_are_left_out() -> None:
    runs, days = runs_and_days({1: 3.0, 2: 3.0, 5: 3.0}, {0})
    assert estimate_day_after(runs.with_columns(is_usable=pl.Series([True, False, True])), days).runs == 2
    assert estimate_day_after(runs.clear(), days).runs == 0


def test_the_same_runs_give_the_same_p() -> None:
    made = make_history("clean", 40, 0.0, 3)
    assert estimate_day_after(made.runs, made.days) == estimate_day_after(made.runs, made.days)


def test_tired_legs_are_seen_within_a_year_and_fresh_ones_are_not_called_tired() -> None:
    tired, false_alarms, covered = 0, 0, 0
    for seed in range(40):
        made = make_history("clean", 52, 0.0, seed, fatigue_cost=-0.3)
        tired += (estimate_day_after(made.runs, made.days).p_value or 1) < 0.05
        fresh = make_history("clean", 52, 0.0, seed, fatigue_cost=0.0)
        found = estimate_day_after(fresh.runs, fresh.days)
        false_alarms += (found.p_value or 1) < 0.05
        covered += not found.change.excludes(0)
    assert tired >= 22
    assert false_alarms <= 6
    assert covered >= 34
