from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.draw import draw_p_value
from hipdrive.estimate.exposure import expose
from hipdrive.estimate.history import History, read_history

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[..., pl.DataFrame]

DOSE = np.repeat([1.0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0], 8)


def pairs_of(dose: np.ndarray) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    pairs = []
    for start in range(0, dose.size, 16):
        one, other = tuple(range(start, start + 8)), tuple(range(start + 8, start + 16))
        pairs.append((one, other) if dose[start] == 1 else (other, one))
    return pairs


def history_of(weeks: pl.DataFrame) -> History:
    history = read_history(weeks)
    assert history is not None
    return history


def test_faster_in_the_blocks_on_beats_every_other_order(draw_weeks: Draw) -> None:
    moved = history_of(draw_weeks(96, dose=DOSE, log_change=0.2 * expose(DOSE, 7), noise=0.005))
    assert draw_p_value(moved, pairs_of(DOSE)) == 1 / 64


def test_slower_in_the_blocks_on_is_the_last_of_all_orders(draw_weeks: Draw) -> None:
    moved = history_of(draw_weeks(96, dose=DOSE, log_change=-0.2 * expose(DOSE, 7), noise=0.005))
    assert draw_p_value(moved, pairs_of(DOSE)) == pytest.approx(1.0, abs=1 / 64)


def test_no_difference_is_no_rare_order(draw_weeks: Draw) -> None:
    p = draw_p_value(history_of(draw_weeks(96, dose=DOSE, seed=5)), pairs_of(DOSE))
    assert p is not None
    assert p > 0.05
    assert p * 64 == pytest.approx(round(p * 64))


def test_the_fatigue_of_the_last_days_is_no_covariate_of_the_draw(draw_weeks: Draw) -> None:
    rng = np.random.default_rng(2)
    for seed in range(4):
        quiet = draw_weeks(96, dose=DOSE, seed=seed)
        tired = quiet.with_columns(acute_hip_dose=DOSE + rng.normal(0, 0.2, 96))
        assert draw_p_value(history_of(quiet), pairs_of(DOSE)) == draw_p_value(history_of(tired), pairs_of(DOSE))


def test_what_was_taken_out_of_the_runs_has_no_say_in_the_draw(draw_weeks: Draw) -> None:
    """The cost of hip work is known with an error, which would fall on the blocks on alone."""
    weeks = draw_weeks(96, dose=DOSE, seed=5)
    speed = pl.col("speed_at_reference_hr_m_per_s")
    repaired = weeks.with_columns(speed * np.exp(0.02 * DOSE), speed_as_run_m_per_s=speed, effective_runs=2.0 + DOSE)
    assert draw_p_value(history_of(repaired), pairs_of(DOSE)) == draw_p_value(history_of(weeks), pairs_of(DOSE))


def test_what_was_done_before_acts_on_under_every_order(draw_weeks: Draw) -> None:
    dose = np.concatenate([np.ones(20), DOSE])
    weeks = draw_weeks(116, dose=dose, log_change=0.1 * expose(dose, 7), noise=0.005)
    own = history_of(weeks).within(20, 115)
    assert own.earlier.tolist() == [1.0] * 20
    assert draw_p_value(own, pairs_of(DOSE)) == 1 / 64


def test_no_pair_or_too_few_weeks_is_no_test(draw_weeks: Draw) -> None:
    assert draw_p_value(history_of(draw_weeks(96, dose=DOSE)), []) is None
    assert draw_p_value(history_of(draw_weeks(6, dose=[1.0] * 3 + [0.0] * 3)), [((0, 1), (2, 3))]) is None
