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


def test_strength_work_taken_up_in_bad_form_fails_the_lead_test(draw_weeks: Draw, check_of: CheckOf) -> None:
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


def test_too_short_a_future_fails_nothing_and_passes_nothing(draw_weeks: Draw, check_of: CheckOf) -> None:
    lead = check_of(estimate_effect(draw_weeks(13, dose=[float(week // 4 % 2) for week in range(13)])), "future_dose")
    assert lead.is_passed is None
    assert lead.p_value is None
