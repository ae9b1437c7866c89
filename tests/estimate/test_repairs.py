from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from benchmarks.histories import make_history
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.history import read_history
from hipdrive.estimate.neighbours import clip_to_neighbours
from hipdrive.estimate.repairs import repair_weeks


def test_a_wild_run_is_pulled_in_and_the_others_stay() -> None:
    rng = np.random.default_rng(0)
    day = np.arange(0, 120, 2)
    values = rng.normal(0, 0.01, 60)
    values[30] = 0.3
    clipped = clip_to_neighbours(day, values)
    assert clipped[30] < 0.05
    others = np.arange(60) != 30
    assert np.mean(clipped[others] == values[others]) > 0.9
    assert np.abs(clipped - values)[others].max() < 0.02


def test_a_slow_rise_is_not_clipped() -> None:
    day = np.arange(0, 200, 2)
    rise = 0.002 * day.astype(np.float64)
    assert clip_to_neighbours(day, rise) == pytest.approx(rise, abs=0.002 * 14)


def test_few_neighbours_leave_a_run_as_it_is() -> None:
    lone = np.array([0.0, 0.0, 1.0])
    assert clip_to_neighbours(np.array([0, 3, 6]), lone).tolist() == lone.tolist()
    assert clip_to_neighbours(np.array([5]), np.array([2.0])).tolist() == [2.0]


def test_what_hip_work_costs_the_next_days_is_taken_out_of_the_runs() -> None:
    tired = make_history("clean", 104, 0.0, 3, fatigue_cost=-0.05)
    rested = make_history("clean", 104, 0.0, 3, fatigue_cost=0.0)
    repaired = repair_weeks(tired.weeks, tired.runs, tired.days)
    assert repaired["acute_hip_dose"].to_list() == [0.0] * 104
    speed = pl.col("speed_at_reference_hr_m_per_s").log()
    gaps = [
        (frame.select(speed).to_series() - rested.weeks.select(speed).to_series()).drop_nulls().std()
        for frame in (tired.weeks, repaired)
    ]
    assert gaps[1] is not None
    assert gaps[0] is not None
    assert gaps[1] < 0.9 * gaps[0]  # type: ignore[operator]
    history = read_history(repaired)
    assert history is not None
    assert "acute_hip_dose" not in history.covariates


def test_runs_after_hip_work_count_for_a_little_less() -> None:
    made = make_history("clean", 104, 0.0, 3)
    history = read_history(repair_weeks(made.weeks, made.runs, made.days))
    assert history is not None
    assert (history.weight <= history.runs + 1e-9).all()
    assert (history.weight < history.runs).any()
    assert (history.weight > 0.8 * history.runs).all()


def test_where_no_cost_can_be_told_the_acute_dose_stays_a_covariate() -> None:
    made = make_history("clean", 40, 0.0, 3)
    lazy = made.days.with_columns(hip_dose=pl.lit(0.0))
    repaired = repair_weeks(made.weeks, made.runs, lazy)
    assert repaired["acute_hip_dose"].equals(made.weeks["acute_hip_dose"])
    assert (
        repaired["effective_runs"].drop_nulls().to_list() == made.weeks["runs"].filter(made.weeks["runs"] > 0).to_list()
    )


def test_without_runs_the_weeks_stay() -> None:
    made = make_history("clean", 10, 0.0, 3)
    assert repair_weeks(made.weeks, made.runs.clear(), made.days).equals(made.weeks)


def test_the_estimate_stands_on_repaired_weeks() -> None:
    made = make_history("clean", 104, 0.1, 5)
    plain, repaired = estimate_effect(made.weeks), estimate_effect(repair_weeks(made.weeks, made.runs, made.days))
    assert repaired.sustained.excludes(0)
    assert repaired.sustained.estimate is not None
    assert not plain.sustained.excludes(repaired.sustained.estimate)
