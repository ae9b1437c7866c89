from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate import estimate_effect

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hipdrive.estimate import Effect
    from hipdrive.estimate.check_result import CheckResult

    Draw = Callable[..., pl.DataFrame]
    CheckOf = Callable[[Effect, str], CheckResult]


def test_weeks_of_illness_that_stopped_gym_and_speed_show_when_they_are_left_out(
    draw_weeks: Draw, check_of: CheckOf
) -> None:
    """The poison: long illnesses, slow running in each and the gym given up in them; no effect otherwise."""
    dose = np.tile([1.0] * 20 + [0.0] * 6, 4)
    ill = np.tile([False] * 19 + [True] * 7, 4)
    slow = np.where(ill, -0.06, 0.0)
    weeks = draw_weeks(dose=dose, log_change=slow, is_unwell=ill.tolist(), noise=0.006)
    effect = estimate_effect(weeks)
    found = check_of(effect, "unwell_weeks")
    assert effect.sustained.estimate is not None
    assert found.estimate is not None
    assert effect.sustained.excludes(0)
    assert abs(found.estimate) < 0.5 * abs(effect.sustained.estimate)
    assert found.is_passed is None
    assert found.value == ill.mean()


def test_without_a_diary_line_there_is_nothing_to_leave_out(draw_weeks: Draw, check_of: CheckOf) -> None:
    found = check_of(estimate_effect(draw_weeks()), "unwell_weeks")
    assert (found.value, found.estimate) == (0.0, None)


def test_a_runner_who_was_hardly_ever_well_gets_no_second_estimate(draw_weeks: Draw, check_of: CheckOf) -> None:
    is_unwell = [week >= 4 for week in range(104)]
    found = check_of(estimate_effect(draw_weeks(is_unwell=is_unwell)), "unwell_weeks")
    assert found.value == 100 / 104
    assert found.estimate is None
