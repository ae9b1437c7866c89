from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

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


def test_more_than_the_programme_that_adds_nothing_shows_in_the_cut_dose(draw_weeks: Draw, check_of: CheckOf) -> None:
    rng = np.random.default_rng(2)
    dose = BLOCKS * np.repeat(rng.choice([1.0, 2.0], 26), 4)
    saturating = estimate_effect(draw_weeks(dose=dose, log_change=0.08 * expose(np.minimum(dose, 1), 6), noise=0.005))
    cut = check_of(saturating, "dose_response")
    assert cut.estimate == pytest.approx(0.083, abs=0.01)
    assert saturating.sustained.estimate is not None
    assert saturating.sustained.estimate < 0.073
    assert cut.value == pytest.approx(float(np.mean(dose > 1)))
    assert check_of(estimate_effect(draw_weeks()), "dose_response").value == 0


def test_a_dose_always_above_the_programme_has_nothing_left_once_cut(draw_weeks: Draw, check_of: CheckOf) -> None:
    found = check_of(estimate_effect(draw_weeks(dose=(BLOCKS / 2 + 1.1).tolist())), "dose_response")
    assert (found.value, found.estimate) == (1.0, None)
