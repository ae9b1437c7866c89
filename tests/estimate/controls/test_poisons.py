"""Each check fails when its own poison is planted, and passes without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from hipdrive.estimate import Effect, estimate_effect
from hipdrive.estimate.controls.training_load import robustness_value
from hipdrive.estimate.exposure import expose

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hipdrive.estimate.check_result import CheckResult

    Draw = Callable[..., pl.DataFrame]

BLOCKS = (np.arange(104) // 9 % 2).astype(np.float64)


def check_of(effect: Effect, name: str) -> CheckResult:
    return next(check for check in effect.checks if check.name == name)


def test_robustness_value_by_pencil() -> None:
    # f = 2 / sqrt(100) = 0.2; (sqrt(0.0016 + 0.16) - 0.04) / 2
    assert robustness_value(2, 100) == pytest.approx((np.sqrt(0.1616) - 0.04) / 2)
    assert robustness_value(-2, 100) == robustness_value(2, 100)
    assert robustness_value(0, 100) == 0


def test_strength_work_taken_up_in_bad_form_fails_the_lead_test(draw_weeks: Draw) -> None:
    failed, false_alarms = 0, 0
    for seed in range(10):
        rng = np.random.default_rng(seed)
        form = np.zeros(112)
        for week in range(1, 112):
            form[week] = 0.9 * form[week - 1] + rng.normal(0, 0.012)
        bad_lately = np.array([form[max(0, week - 5) : week].mean() < 0 if week else False for week in range(112)])
        chosen = draw_weeks(dose=bad_lately[:104].astype(float), log_change=form[:104], seed=seed, wander=0.0)
        failed += check_of(estimate_effect(chosen), "future_dose").is_passed is False
        false_alarms += check_of(estimate_effect(draw_weeks(seed=seed)), "future_dose").is_passed is False
    assert failed >= 7
    assert false_alarms <= 3


def test_too_short_a_future_fails_nothing_and_passes_nothing(draw_weeks: Draw) -> None:
    lead = check_of(estimate_effect(draw_weeks(13, dose=[float(week // 4 % 2) for week in range(13)])), "future_dose")
    assert lead.is_passed is None
    assert lead.p_value is None


def test_a_training_camp_that_moves_both_sets_a_yardstick_the_estimate_does_not_reach(draw_weeks: Draw) -> None:
    rng = np.random.default_rng(4)
    load = np.exp(2 + 0.5 * expose(BLOCKS, 6) + rng.normal(0, 0.1, 104))
    camp = estimate_effect(draw_weeks(ctl=load, log_change=0.1 * np.log(load)))
    assert check_of(camp, "training_load").is_passed is False
    assert camp.load_benchmark is not None
    assert camp.load_benchmark > 0.2
    hip = estimate_effect(draw_weeks(log_change=0.08 * expose(BLOCKS, 6)))
    assert check_of(hip, "training_load").is_passed is True


def test_load_that_never_changed_sets_no_yardstick(draw_weeks: Draw) -> None:
    load = check_of(estimate_effect(draw_weeks(ctl=[7.0] * 104, atl=[7.0] * 104)), "training_load")
    assert load.is_passed is None
    assert load.benchmark is None


def test_the_gym_itself_shows_in_the_upper_body(draw_weeks: Draw) -> None:
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


def test_no_upper_body_work_is_no_control(draw_weeks: Draw) -> None:
    found = check_of(estimate_effect(draw_weeks(upper_dose=[0.0] * 104)), "upper_body_dose")
    assert found.estimate is None
    assert "No upper-body work" in found.sentence


def test_a_new_watch_that_came_with_the_gym_fails_the_step_check(draw_weeks: Draw) -> None:
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


def test_one_watch_is_no_step(draw_weeks: Draw) -> None:
    assert check_of(estimate_effect(draw_weeks(device=["one"] * 104)), "device_steps").is_passed is None


def test_more_than_the_programme_that_adds_nothing_shows_in_the_cut_dose(draw_weeks: Draw) -> None:
    rng = np.random.default_rng(2)
    dose = BLOCKS * np.repeat(rng.choice([1.0, 2.0], 26), 4)
    saturating = estimate_effect(draw_weeks(dose=dose, log_change=0.08 * expose(np.minimum(dose, 1), 6), noise=0.005))
    cut = check_of(saturating, "dose_response")
    assert cut.estimate == pytest.approx(0.083, abs=0.01)
    assert saturating.sustained.estimate is not None
    assert saturating.sustained.estimate < 0.073
    assert cut.value == pytest.approx(float(np.mean(dose > 1)))
    assert "never tried" in check_of(estimate_effect(draw_weeks()), "dose_response").sentence
