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


def test_the_gym_itself_shows_in_the_upper_body(draw_weeks: Draw, check_of: CheckOf) -> None:
    upper = np.roll(BLOCKS, 4)
    poisoned = estimate_effect(draw_weeks(upper_dose=upper, log_change=0.08 * expose(upper, 6)))
    alone = check_of(poisoned, "upper_body_dose")
    beside = check_of(poisoned, "upper_body_dose_beside_hip_dose")
    for found in (alone, beside):
        assert found.lo is not None
        assert found.lo > 0
        assert found.is_passed is None
    clean = check_of(estimate_effect(draw_weeks(upper_dose=upper)), "upper_body_dose")
    assert clean.lo is not None
    assert clean.hi is not None
    assert clean.lo < 0 < clean.hi


def test_no_upper_body_work_is_no_control(draw_weeks: Draw, check_of: CheckOf) -> None:
    found = check_of(estimate_effect(draw_weeks(upper_dose=[0.0] * 104)), "upper_body_dose")
    assert found.estimate is None
