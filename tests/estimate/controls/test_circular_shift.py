from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.controls.circular_shift import shift_p_value
from hipdrive.estimate.exposure import expose
from hipdrive.estimate.history import History, read_history
from hipdrive.estimate.state_space import Grid, whitening_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[..., pl.DataFrame]

BLOCKS = (np.arange(104) // 9 % 2).astype(np.float64)


def prepared(weeks: pl.DataFrame) -> tuple[History, Grid]:
    history = read_history(weeks)
    assert history is not None
    return history, whitening_grid(history.week, history.runs)


def test_the_true_time_of_a_real_effect_beats_every_other() -> None:
    rng = np.random.default_rng(0)
    dose = (rng.random(104) < 0.5).repeat(1).astype(np.float64)
    dose = np.repeat(dose[:26], 4)
    weeks = pl.DataFrame(
        {
            "week_start": pl.date_range(pl.date(2023, 1, 2), pl.date(2024, 12, 23), "1w", eager=True),
            "runs": [4] * 104,
            "speed_at_reference_hr_m_per_s": np.exp(1 + 0.2 * expose(dose, 6) + rng.normal(0, 0.005, 104)),
            **{name: rng.uniform(5, 9, 104) for name in ("heat_c", "ctl", "atl", "acute_hip_dose", "upper_dose")},
            "hip_dose": dose,
        }
    )
    # shifts of 0 and of 4 to 100 weeks
    assert shift_p_value(*prepared(weeks)) == pytest.approx(1 / 98)


def test_a_lone_step_that_fitness_took_by_itself_is_not_the_doses_doing(draw_weeks: Draw) -> None:
    alike = []
    for seed in range(8):
        history, grid = prepared(draw_weeks(seed=seed, wander=0.02))
        p = shift_p_value(history, grid)
        assert p is not None
        alike.append(p < 0.05)
    assert sum(alike) <= 2


def test_too_short_a_calendar_has_no_shift(draw_weeks: Draw) -> None:
    assert shift_p_value(*prepared(draw_weeks(7))) is None


def test_a_speed_that_never_changes_has_no_time_that_fits_best(draw_weeks: Draw) -> None:
    history, grid = prepared(draw_weeks())
    assert shift_p_value(history, grid) is not None
    assert shift_p_value(replace(history, outcome=np.zeros(history.rows)), grid) is None
