from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.history import RESTING, read_history
from hipdrive.estimate.preparation import with_resting_heart_rate

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.estimate import Effect
    from hipdrive.estimate.check_result import CheckResult

    Draw = Callable[..., pl.DataFrame]
    CheckOf = Callable[[Effect, str], CheckResult]

WEEKS = 104
BLOCKS = np.arange(WEEKS) // 9 % 2


def _lagged(dose: np.ndarray) -> np.ndarray:
    kernel = np.exp(-np.arange(20) / 4.0)
    return np.convolve(dose, kernel / kernel.sum())[: dose.size]


def test_a_cause_that_moves_heart_and_speed_with_the_gym_shows(draw_weeks: Draw, check_of: CheckOf) -> None:
    """The poison: rest and good months bring both gym and a slow heart; resting heart rate follows the dose."""
    rng = np.random.default_rng(3)
    beats = 50 * np.exp(-0.05 * _lagged(BLOCKS.astype(float)) + rng.normal(0, 0.01, WEEKS))
    found = check_of(estimate_effect(draw_weeks(resting_heart_rate_bpm=beats.tolist())), "resting_heart_rate")
    assert found.hi is not None
    assert found.hi < 0
    assert found.value == 1
    assert found.is_passed is None


def test_a_heart_that_minds_its_own_shows_nothing(draw_weeks: Draw, check_of: CheckOf) -> None:
    beats = 50 * np.exp(np.random.default_rng(4).normal(0, 0.02, WEEKS))
    found = check_of(estimate_effect(draw_weeks(resting_heart_rate_bpm=beats.tolist())), "resting_heart_rate")
    assert found.lo is not None
    assert found.hi is not None
    assert found.lo < 0 < found.hi


def test_without_it_there_is_no_control(draw_weeks: Draw, check_of: CheckOf) -> None:
    found = check_of(estimate_effect(draw_weeks()), "resting_heart_rate")
    assert (found.value, found.estimate) == (0.0, None)


@pytest.mark.parametrize(("told", "enters"), [(73, True), (72, False), (0, False)])
def test_it_is_a_covariate_where_it_is_told_of_seventy_per_cent_of_the_weeks(
    draw_weeks: Draw,
    told: int,
    enters: bool,  # noqa: FBT001
) -> None:
    beats = [50.0 + week % 5 if week < told else None for week in range(WEEKS)]
    history = read_history(draw_weeks(resting_heart_rate_bpm=pl.Series(beats, dtype=pl.Float64)))
    assert history is not None
    assert (RESTING in history.covariates) is enters
    assert np.isfinite(history.design).all()


def test_it_takes_out_what_form_and_heart_share(draw_weeks: Draw) -> None:
    wander = 0.03 * np.sin(np.arange(WEEKS) / 6)
    beats = (50 * np.exp(-wander)).tolist()
    blind = estimate_effect(draw_weeks(log_change=wander))
    seeing = estimate_effect(draw_weeks(log_change=wander, resting_heart_rate_bpm=beats))
    assert "resting_heart_rate_bpm" in seeing.adjusted_for
    assert blind.sustained.half_width is not None
    assert seeing.sustained.half_width is not None
    assert seeing.sustained.half_width < 0.8 * blind.sustained.half_width


def test_the_week_takes_the_mean_of_its_days(draw_weeks: Draw) -> None:
    weeks = draw_weeks(4)
    monday = weeks["week_start"][1]
    days = pl.DataFrame(
        {
            "local_date": [monday, monday + timedelta(days=6), monday + timedelta(days=7)],
            "resting_heart_rate_bpm": [48.0, 52.0, 40.0],
        }
    )
    assert with_resting_heart_rate(weeks, days)[RESTING].to_list() == [None, 50.0, 40.0, None]


def test_a_heart_rate_told_of_in_three_weeks_gives_no_answer(draw_weeks: Draw, check_of: CheckOf) -> None:
    beats = [50.0, 51.0, 52.0, *[None] * (WEEKS - 3)]
    found = check_of(estimate_effect(draw_weeks(resting_heart_rate_bpm=beats)), "resting_heart_rate")
    assert found.value == pytest.approx(3 / WEEKS)
    assert found.estimate is None
