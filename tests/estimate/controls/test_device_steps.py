from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.exposure import expose

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hipdrive.estimate import Effect
    from hipdrive.estimate.check_result import CheckResult

    Draw = Callable[..., pl.DataFrame]
    CheckOf = Callable[[Effect, str], CheckResult]

BLOCKS = (np.arange(104) // 9 % 2).astype(np.float64)


def test_a_new_watch_that_came_with_the_gym_fails_the_step_check(draw_weeks: Draw, check_of: CheckOf) -> None:
    # two blocks only; the second watch reads 5 % fast from the week in which the dose has begun to tell
    dose = np.repeat([0.0, 1.0, 0.0], [40, 34, 30])
    is_new = (np.arange(104) >= 45) & (np.arange(104) < 80)
    weeks = draw_weeks(
        dose=dose,
        log_change=0.06 * is_new,
        device=["new" if new else "old" for new in is_new],
        noise=0.006,
        wander=0.001,
    )
    fooled = estimate_effect(weeks)
    assert fooled.sustained.excludes(0)
    assert check_of(fooled, "device_steps").is_passed is False
    honest = draw_weeks(
        dose=BLOCKS,
        log_change=0.08 * expose(BLOCKS, 6),
        device=["old"] * 50 + ["new"] * 54,
    )
    assert check_of(estimate_effect(honest), "device_steps").is_passed is True


def test_one_watch_is_no_step(draw_weeks: Draw, check_of: CheckOf) -> None:
    assert check_of(estimate_effect(draw_weeks(device=["one"] * 104)), "device_steps").is_passed is None


def test_a_watch_a_week_leaves_nothing_to_stand_on(draw_weeks: Draw, check_of: CheckOf) -> None:
    found = check_of(estimate_effect(draw_weeks(device=[f"watch {week}" for week in range(104)])), "device_steps")
    assert (found.is_passed, found.estimate) == (False, None)
