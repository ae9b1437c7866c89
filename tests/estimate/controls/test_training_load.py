from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.controls.training_load import _bias, robustness_value
from hipdrive.estimate.exposure import expose
from hipdrive.estimate.mixture import Mixture

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hipdrive.estimate import Effect
    from hipdrive.estimate.check_result import CheckResult

    Draw = Callable[..., pl.DataFrame]
    CheckOf = Callable[[Effect, str], CheckResult]

BLOCKS = (np.arange(104) // 9 % 2).astype(np.float64)


def test_robustness_value_by_pencil() -> None:
    # f = 2 / sqrt(100) = 0.2; (sqrt(0.0016 + 0.16) - 0.04) / 2
    assert robustness_value(2, 100) == pytest.approx((np.sqrt(0.1616) - 0.04) / 2)
    assert robustness_value(-2, 100) == robustness_value(2, 100)
    assert robustness_value(0, 100) == 0


def test_a_training_camp_that_moves_both_sets_a_yardstick_the_estimate_does_not_reach(
    draw_weeks: Draw, check_of: CheckOf
) -> None:
    rng = np.random.default_rng(4)
    load = np.exp(2 + 0.5 * expose(BLOCKS, 6) + rng.normal(0, 0.1, 104))
    camp = estimate_effect(draw_weeks(ctl=load, log_change=0.1 * np.log(load)))
    assert check_of(camp, "training_load").is_passed is False
    assert camp.load_benchmark is not None
    assert camp.load_benchmark > 0.2
    hip = estimate_effect(draw_weeks(log_change=0.08 * expose(BLOCKS, 6)))
    assert check_of(hip, "training_load").is_passed is True


def test_load_that_never_changed_sets_no_yardstick(draw_weeks: Draw, check_of: CheckOf) -> None:
    load = check_of(estimate_effect(draw_weeks(ctl=[7.0] * 104, atl=[7.0] * 104)), "training_load")
    assert load.is_passed is None
    assert load.benchmark is None


def test_a_cause_that_is_the_dose_itself_can_move_the_estimate_anywhere() -> None:
    effect = Mixture(np.ones(1), np.array([0.05]), np.array([0.01]), 90.0)
    assert _bias(effect, 0.5, 1.0) == math.inf
    assert _bias(effect, 0.5, 0.0) == 0
    assert _bias(effect, 0.5, 0.5) == pytest.approx(effect.sd * math.sqrt(90 * 0.5))
