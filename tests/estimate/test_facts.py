from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from hipdrive.estimate.facts import achieved_contrasts, gather_facts
from hipdrive.estimate.history import read_history
from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.state_space import whitening_grid

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hipdrive.estimate.verdict import Facts

    Draw = Callable[..., pl.DataFrame]


def facts_of(weeks: pl.DataFrame) -> Facts:
    history = read_history(weeks)
    assert history is not None
    return gather_facts(history, Quantity(), whitening_grid(history.week, history.runs).at(20))


def test_the_achieved_contrast_is_from_the_tenth_to_the_ninetieth_percentile() -> None:
    assert achieved_contrasts(np.arange(11.0)[:, None] / 10) == pytest.approx([0.8])


def test_gym_in_winter_is_explained_by_the_time_of_year(draw_weeks: Draw) -> None:
    season = [1 + np.sin(2 * np.pi * week / 52.18) for week in range(60)]
    assert facts_of(draw_weeks(60, dose=season)).season_share > 0.8
    assert facts_of(draw_weeks(104)).season_share < 0.3


def test_a_dose_that_never_moves_has_no_contrast(draw_weeks: Draw) -> None:
    facts = facts_of(draw_weeks(60, dose=[0.5] * 60))
    assert facts.contrast == pytest.approx(0)


def test_counts_and_pace_are_the_runners_own(draw_weeks: Draw) -> None:
    weeks = draw_weeks(40, runs=[4] * 40, speed_at_reference_hr_m_per_s=[4.0] * 40)
    facts = facts_of(weeks)
    assert (facts.known_weeks, facts.weeks, facts.runs) == (40, 40, 160)
    assert facts.pace_s_per_km == pytest.approx(250)


def test_weeks_of_a_gap_in_the_log_are_not_weeks_of_known_work(draw_weeks: Draw) -> None:
    dose = [1.0] * 10 + [0.0] * 10 + [0.0] * 100 + [0.0]
    facts = facts_of(draw_weeks(121, dose=dose, dose_known=[True] * 20 + [False] * 100 + [True]))
    assert facts.known_weeks == facts.weeks == 21
    assert facts.block_changes == 1


def test_what_a_gap_is_filled_with_is_not_a_change(draw_weeks: Draw) -> None:
    dose = [2.0] * 5 + [0.0] * 20 + [2.0] * 5 + [0.0] * 15  # the mean of the known weeks, 0.8, would be a block off
    facts = facts_of(draw_weeks(45, dose=dose, dose_known=[True] * 5 + [False] * 20 + [True] * 20))
    assert facts.block_changes == 1
