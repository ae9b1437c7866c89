from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.description import describe_associations, explain_associations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def drawn_weeks(dose: Sequence[float | None], pace: Sequence[float | None]) -> pl.DataFrame:
    start = date(2024, 1, 1)
    return pl.DataFrame(
        {
            "week_start": [start + timedelta(weeks=week) for week in range(len(dose))],
            "hip_dose": dose,
            "pace_s_per_km": pace,
        }
    )


def correlation_at(frame: pl.DataFrame, lag: int, outcome: str = "pace_s_per_km") -> float | None:
    value = frame.filter(outcome=outcome, lag_weeks=lag)["correlation"].item()
    return None if value is None else float(value)


def test_a_dose_that_comes_two_weeks_before_correlates_at_lag_two() -> None:
    dose = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]
    pace = [300.0, 300.0, *[300 - 10 * d for d in dose[:-2]]]
    found = describe_associations(drawn_weeks(dose, pace), max_lag_weeks=3)
    assert correlation_at(found, 2) == pytest.approx(-1)
    assert found["lag_weeks"].to_list() == [0, 1, 2, 3]
    assert found["weeks"].to_list() == [12, 11, 10, 9]


def test_pearson_by_hand() -> None:
    dose = [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0]
    pace = [310.0, 300.0, 300.0, 300.0, 300.0, 300.0, 300.0, 290.0]
    found = describe_associations(drawn_weeks(dose, pace), max_lag_weeks=0)
    # means 300 and 0.5; sum of products -10 * 0.5 - 10 * 0.5; sums of squares 200 and 8 / 4
    assert correlation_at(found, 0) == pytest.approx(-10 / math.sqrt(200 * 2))


def test_fewer_than_eight_pairs_give_no_number() -> None:
    dose = [0.0, 1.0] * 4
    found = describe_associations(drawn_weeks(dose, [300.0 - d for d in dose]), max_lag_weeks=1)
    assert correlation_at(found, 0) == pytest.approx(-1)
    assert correlation_at(found, 1) is None


def test_a_dose_that_never_moves_gives_no_number() -> None:
    found = describe_associations(drawn_weeks([0.1] * 10, [300.0 + week for week in range(10)]), max_lag_weeks=0)
    assert correlation_at(found, 0) is None
    assert found["weeks"].to_list() == [10]


def test_speed_enters_as_its_logarithm() -> None:
    dose = [float(week % 3) for week in range(12)]
    weeks = drawn_weeks(dose, [None] * 12).with_columns(
        speed_at_reference_hr_m_per_s=pl.Series([3 * math.exp(d) for d in dose])
    )
    found = describe_associations(weeks, max_lag_weeks=0)
    assert correlation_at(found, 0, "speed_at_reference_hr_m_per_s") == pytest.approx(1)


def test_weeks_of_unknown_dose_and_the_running_week_form_no_pair() -> None:
    dose = [0.0, 1.0] * 6
    weeks = drawn_weeks(dose, [300.0 - d for d in dose]).with_columns(
        dose_known=pl.Series([True] * 10 + [False] * 2), is_complete=pl.Series([False] + [True] * 11)
    )
    found = describe_associations(weeks, max_lag_weeks=1)
    assert found["weeks"].to_list() == [9, 8]


def test_weeks_without_a_run_form_no_pair_but_keep_their_place() -> None:
    dose = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0]
    pace: list[float | None] = [300.0, *[300 - d for d in dose[:-1]]]
    pace[5] = None
    found = describe_associations(drawn_weeks(dose, pace), max_lag_weeks=1)
    assert correlation_at(found, 1) == pytest.approx(-1)
    assert found["weeks"].to_list() == [11, 10]


def test_smooth_weeks_are_worth_fewer(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    wandering = explain_associations(draw_weeks(104, noise=0.001, wander=0.01))
    steady = explain_associations(draw_weeks(104, noise=0.03, wander=0.0))
    assert wandering is not None
    assert steady is not None
    assert wandering.independent < 20
    assert wandering.by_chance > 0.4
    assert steady.independent > 70
    assert steady.weeks == 104
    assert explain_associations(draw_weeks(11)) is None
