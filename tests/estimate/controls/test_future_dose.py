from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.controls.future_dose import check_future_dose
from hipdrive.estimate.history import History, read_history
from hipdrive.estimate.state_space import whitening_grid

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


@pytest.fixture
def history(draw_weeks: Draw) -> History:
    read = read_history(draw_weeks(60, dose=np.random.default_rng(1).random(60)))
    assert read is not None
    assert read.rows == read.calendar_weeks == 60
    return read


def lead_test_of(history: History) -> CheckResult:
    return check_future_dose(history, whitening_grid(history.week, history.weight))


def test_what_is_the_dose_of_the_eight_weeks_to_come_is_found_as_that(history: History) -> None:
    """Without the week itself: speed that is 4 % of their mean, and nothing else, has an effect of 4 %."""
    to_come = np.array([history.dose[week + 1 : week + 9].mean() for week in range(59)])
    noise = np.random.default_rng(2).normal(0, 1e-5, 60)
    found = lead_test_of(replace(history, outcome=1 + 0.04 * np.append(to_come, 0) + noise))
    assert found.estimate == pytest.approx(np.expm1(0.04), rel=0.001)


@pytest.mark.parametrize(("last", "enters"), [(56, True), (57, False)])
def test_a_week_enters_with_three_weeks_of_dose_to_come(history: History, last: int, *, enters: bool) -> None:
    outcome = history.outcome.copy()
    outcome[last] += 0.02
    assert (lead_test_of(replace(history, outcome=outcome)) != lead_test_of(history)) == enters
