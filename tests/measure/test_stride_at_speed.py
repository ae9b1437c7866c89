"""Stride at one speed: by pencil, unmoved by how fast a day was, and honest about what it does not know."""

from __future__ import annotations

from math import exp, log, pi, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.measure.stride_at_speed import fit_at_reference, measure_run_strides
from hipdrive.tables.run_history import AthleteLevel, RunEfficiency
from hipdrive.tables.run_measures import RunWindow
from hipdrive.tables.weeks import AthleteSetting
from tests.makers.runs import Columns, Row, activities, activity, athlete_setting, typed, window_rows

STRIDE: Columns = {
    "speed_m_per_s": 3.0,
    "step_time_s": 60 / 170,
    "contact_time_s": 0.25,
    "step_length_m": 1.06,
    "vertical_oscillation_m": 0.08,
    "grade_fraction": 0.0,
}


def strides(windows: list[dict[str, object]], *, run_type: str = "easy", reference: float | None = 3.0) -> pl.DataFrame:
    names = sorted({str(row["activity_id"]) for row in windows})
    level: list[Row] = [{"athlete_id": "me", "reference_speed_m_per_s": reference}] if reference else []
    return measure_run_strides(
        activities(*(activity(name) for name in names)),
        typed(RunWindow, windows),
        typed(RunEfficiency, [{"activity_id": name, "run_type": run_type, "is_usable": True} for name in names]),
        typed(AthleteLevel, level),
        typed(AthleteSetting, [athlete_setting(mass_kg=70.0, height_m=1.78, leg_length_m=0.53 * 1.78)]),
    )


def test_the_sine_model_over_the_level_minutes() -> None:
    row = strides(window_rows(6, **STRIDE)).row(0, named=True)
    assert row["level_minutes"] == 6
    assert row["peak_force_bw"] == pytest.approx(pi / 2 * (60 / 170) / 0.25)
    assert row["leg_stiffness_n_per_m"] == pytest.approx(1523 / (0.9434 - 0.8657 + 0.0611), rel=0.001)
    assert row["contact_sweep_deg"] == pytest.approx(23.42, abs=0.05)


def test_a_run_at_the_reference_speed_is_what_it_was() -> None:
    row = strides(window_rows(6, **STRIDE)).row(0, named=True)
    assert row["contact_time_at_reference_speed_s"] == pytest.approx(0.25)
    assert row["cadence_at_reference_speed_spm"] == pytest.approx(170)
    assert row["vertical_ratio_at_reference_speed_fraction"] == pytest.approx(0.08 / 1.06)
    assert row["duty_factor_at_reference_speed_fraction"] == pytest.approx(0.25 / (2 * 60 / 170))


def at_speeds(name: str, speeds: list[float], contact_at_3: float) -> list[dict[str, object]]:
    """Minutes of a runner whose contact time falls with speed to the power of -0.6."""
    given: Columns = {
        **STRIDE,
        "speed_m_per_s": speeds,
        "contact_time_s": [contact_at_3 * (speed / 3) ** -0.6 for speed in speeds],
    }
    return window_rows(len(speeds), activity_id=name, **given)


def test_a_fast_day_is_no_new_stride() -> None:
    slow = at_speeds("a-0", [2.6 + 0.02 * step for step in range(20)], 0.25)
    fast = at_speeds("b-0", [3.3 + 0.02 * step for step in range(20)], 0.25)
    other = at_speeds("c-0", [3.3 + 0.02 * step for step in range(20)], 0.24)
    found = strides([*slow, *fast, *other])["contact_time_at_reference_speed_s"].to_list()
    assert found == pytest.approx([0.25, 0.25, 0.24], rel=0.001)


def test_by_pencil() -> None:
    """Two runs of 12 minutes, x = -0.1 and 0.1 about a mean of 0 and of 0.2, y = -0.5 x and a zigzag of 0.01."""
    run = np.repeat([0, 1], 12)
    x = np.tile([-0.1, 0.1], 12) + 0.2 * run
    zigzag = np.tile([0.01, 0.01, -0.01, -0.01], 6)
    value, error = fit_at_reference(run, x, -0.5 * x + zigzag)
    scatter = 24 * 0.01**2 / (24 - 2 - 1)
    precision = 12 * 0.1**2 / scatter + 1 / 0.3**2
    assert value == pytest.approx([0, 0], abs=1e-9)
    assert error == pytest.approx([sqrt(scatter / 12), sqrt(scatter / 12 + 0.2**2 / precision)])


def test_a_run_at_one_pace_borrows_the_slope_of_the_others_and_its_error_says_so() -> None:
    rng = np.random.default_rng(1)
    run = np.repeat([0, 1, 2], 20)
    x = np.r_[rng.uniform(-0.2, 0.2, 40), np.full(20, 0.25)]
    y = log(0.25) - 0.6 * x + rng.normal(0, 0.01, 60)
    value, error = fit_at_reference(run, x, y)
    assert exp(value[2]) == pytest.approx(0.25, rel=0.03)
    assert error[2] == pytest.approx(0.25 * 0.3, rel=0.05)
    assert error[0] < 0.004


def test_a_run_that_shows_its_own_slope_is_taken_along_it() -> None:
    """Two runs that bend differently, each over speeds 10 to 50 % above the reference, are both 0 at the reference."""
    x = np.tile(np.linspace(0.1, 0.4, 40), 2)
    run, slopes = np.repeat([0, 1], 40), np.repeat([-0.3, -0.9], 40)
    zigzag = np.tile([0.002, -0.002], 40)
    value, _ = fit_at_reference(run, x, slopes * x + zigzag)
    assert value == pytest.approx([0, 0], abs=0.025)


@given(st.integers(0, 2**32 - 1))
def test_the_error_is_about_as_large_as_the_errors_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    run = np.repeat(np.arange(40), 25)
    x = rng.normal(0.05, 0.08, run.size)
    y = -0.6 * x + rng.normal(0, 0.02, run.size)
    value, error = fit_at_reference(run, x, y)
    assert 0.5 < float(np.sqrt(np.mean(np.square(value / error)))) < 1.6


@pytest.mark.parametrize(
    ("columns", "minutes"),
    [({"grade_fraction": 0.021}, 0), ({"within_limits_s": 49.0}, 0), ({"grade_fraction": None}, 6), ({}, 6)],
)
def test_only_whole_minutes_on_the_level_speak(columns: Columns, minutes: int) -> None:
    given: Columns = {**STRIDE, **columns}
    found = strides(window_rows(6, **given))
    assert (found["level_minutes"][0] if found.height else 0) == minutes


def test_under_five_minutes_have_no_value_at_one_speed() -> None:
    row = strides(window_rows(4, **STRIDE)).row(0, named=True)
    assert row["contact_time_at_reference_speed_s"] is None
    assert row["peak_force_bw"] is not None


def test_without_a_scatter_there_is_a_value_and_no_error() -> None:
    row = strides(window_rows(6, **STRIDE)).row(0, named=True)
    assert row["contact_time_at_reference_speed_se_s"] is None


def test_of_minutes_exactly_on_one_line_the_common_slope_tells_without_an_error() -> None:
    run, x = np.repeat([0, 1], 12), np.resize([-0.25, 0.25], 24)
    value, error = fit_at_reference(run, x, 2 * x)
    assert value.tolist() == [0, 0]
    assert error.tolist() == [0, 0]


@pytest.mark.parametrize(("minutes", "is_told"), [(23, True), (22, False)])
def test_an_error_needs_twenty_minutes_beyond_the_lines_that_are_fitted(minutes: int, *, is_told: bool) -> None:
    run = np.repeat([0, 1], [11, minutes - 11])  # two means and one common slope are fitted
    x, y = np.resize([-0.1, 0.1], minutes), np.resize([0.01, -0.01, 0.02], minutes)
    value, error = fit_at_reference(run, x, y)
    assert np.isfinite(value).all()
    assert bool(np.isfinite(error).all()) == is_told


def test_a_treadmill_s_speed_is_a_guess() -> None:
    assert strides(window_rows(6, **STRIDE), run_type="treadmill").is_empty()


def test_without_a_heart_rate_the_median_speed_is_the_reference() -> None:
    row = strides(window_rows(6, **STRIDE), reference=None).row(0, named=True)
    assert row["stride_reference_speed_m_per_s"] == 3.0


def test_a_watch_without_dynamics_still_tells_the_cadence() -> None:
    given: Columns = {**STRIDE, "contact_time_s": None, "vertical_oscillation_m": None}
    row = strides(window_rows(6, **given)).row(0, named=True)
    assert row["cadence_at_reference_speed_spm"] == pytest.approx(170)
    names = ("contact_time_at_reference_speed_s", "peak_force_bw", "vertical_ratio_at_reference_speed_fraction")
    assert [row[name] for name in names] == [None] * 3


def test_no_runs_have_no_strides() -> None:
    assert strides([]).is_empty()
