from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.mathematical_coupling import MathematicalCoupling, measure_coupling


def drawn_windows(slope: float = 0.3, contact_sd: float = 0.03, runs: int = 20, seed: int = 1) -> pl.DataFrame:
    """Step time follows contact time by `slope` at one speed; both fall with speed."""
    rng = np.random.default_rng(seed)
    count = 30 * runs
    run = np.repeat(np.arange(runs), 30)
    ln_speed = np.log(3.3) + rng.normal(0, 0.08, count)
    own = rng.normal(0, contact_sd, count)
    contact = 0.25 * np.exp(-0.6 * (ln_speed - np.log(3.3)) + own)
    step = 0.35 * np.exp(-0.15 * (ln_speed - np.log(3.3)) + slope * own + rng.normal(0, 0.005, count))
    start = datetime(2024, 1, 1, tzinfo=UTC)
    return pl.DataFrame(
        {
            "activity_id": [f"run-{one:03}" for one in run],
            "window_start_utc": [start + timedelta(days=int(one), minutes=i % 30) for i, one in enumerate(run)],
            "speed_m_per_s": np.exp(ln_speed),
            "grade_fraction": np.zeros(count),
            "step_time_s": step,
            "contact_time_s": contact,
        }
    )


def measured(windows: pl.DataFrame) -> MathematicalCoupling:
    found = measure_coupling(windows, 0.53 * 1.78)
    assert found is not None
    return found


def test_force_and_angle_are_inverses_where_cadence_is_fixed() -> None:
    windows = drawn_windows(slope=0.0).with_columns(step_time_s=pl.lit(0.35))
    assert measured(windows).at_one_speed < -0.99


def test_pooled_over_speeds_the_sign_turns() -> None:
    windows = drawn_windows(contact_sd=0.002).with_columns(
        contact_time_s=0.25 * (pl.col("speed_m_per_s") / 3.3) ** -0.5
    )
    found = measured(windows)
    assert found.pooled > 0.5


@pytest.mark.parametrize("slope", [0.3, 1.4])
def test_the_slope_of_step_time_on_contact_time_is_found(slope: float) -> None:
    found = measured(drawn_windows(slope))
    assert found.slope_lo < slope < found.slope_hi
    assert (found.at_one_speed > 0) is (slope > 1)


def test_a_runner_whose_cadence_ignores_contact_time_is_what_the_formulas_build_in() -> None:
    assert measured(drawn_windows(slope=0.0)).p_value > 0.05
    bound = measured(drawn_windows(slope=0.9))
    assert bound.p_value == pytest.approx(1 / 1000)
    assert bound.at_one_speed > bound.built_in_hi


def test_hills_and_impossible_steps_are_left_out() -> None:
    windows = drawn_windows()
    assert measured(windows).windows == 600
    hilly = windows.with_columns(grade_fraction=pl.when(pl.int_range(600) < 300).then(0.02).otherwise(0.0))
    assert (measured(hilly).windows, measured(hilly).runs) == (300, 10)
    assert measure_coupling(windows.with_columns(contact_time_s=pl.lit(0.9)), 0.53 * 1.78) is None


def test_under_eight_runs_there_is_no_answer() -> None:
    assert measure_coupling(drawn_windows(runs=7), 0.53 * 1.78) is None


def test_the_same_windows_give_the_same_bits_in_any_order() -> None:
    windows = drawn_windows()
    assert measured(windows.sample(fraction=1, shuffle=True, seed=2)) == measured(windows)


def test_weeks_that_sway_together_stand_out_of_their_own_shifts() -> None:
    windows = drawn_windows(slope=0.0, runs=60)
    assert measured(windows).across_weeks is None
    weekly = windows.with_columns(week=pl.col("activity_id").str.slice(4).cast(pl.Int64)).with_columns(
        window_start_utc=pl.col("window_start_utc") + pl.duration(days=6 * pl.col("week")),
        sway=0.05 * (pl.col("week") * 0.35).sin(),
    )
    tied = weekly.with_columns(
        pl.col("contact_time_s") * pl.col("sway").exp(), pl.col("step_time_s") * (1.5 * pl.col("sway")).exp()
    )
    found = measured(tied)
    assert found.across_weeks is not None
    assert found.across_weeks_hi is not None
    assert found.across_weeks > 0.8
    assert found.across_weeks >= found.across_weeks_hi
    loose = measured(weekly.with_columns(pl.col("contact_time_s") * pl.col("sway").exp()))
    assert loose.across_weeks is not None
    assert loose.across_weeks < -0.9
