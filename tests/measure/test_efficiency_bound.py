"""A value that the slopes invented is not shown; and the slopes are told."""

from __future__ import annotations

from math import sqrt

import numpy as np
import polars as pl
import pytest

from tests.makers.run_history import Athlete, efficiency


def bounded(me: Athlete) -> pl.DataFrame:
    return efficiency(me).runs.select(
        "speed_at_reference_hr_m_per_s",
        "bounded_speed_at_reference_hr_m_per_s",
        "speed_at_reference_hr_reason",
        "is_usable",
        "speed_at_reference_hr_se_m_per_s",
    )


def test_a_value_far_outside_the_speeds_as_run_is_not_shown_and_counts_at_the_bound() -> None:
    """Alone in its week, 30 beats below the reference: 2.5 m/s becomes 2.5 e^0.24 = 3.18, of runs up to 2.7 m/s."""
    me = Athlete()
    for day in (0, 7, 14):
        me.run(day, 2.7, 150.0)
    me.run(21, 2.5, 120.0)
    last = bounded(me).row(3, named=True)
    assert last["speed_at_reference_hr_m_per_s"] is None
    assert last["bounded_speed_at_reference_hr_m_per_s"] == pytest.approx(1.15 * 2.7)
    assert last["speed_at_reference_hr_reason"].startswith("at the reference heart rate it comes to a speed more than")
    assert last["is_usable"]
    assert last["speed_at_reference_hr_se_m_per_s"] > 0
    assert bounded(me)["speed_at_reference_hr_reason"].null_count() == 3


def test_the_bound_below_is_15_percent_under_the_slowest_of_them() -> None:
    me = Athlete()
    for day in (0, 7, 14):
        me.run(day, 3.0, 150.0)
    me.run(21, 3.1, 185.0)
    last = bounded(me).row(3, named=True)
    assert last["bounded_speed_at_reference_hr_m_per_s"] == pytest.approx(0.85 * 3.0)


@pytest.mark.parametrize(("days", "is_shown"), [(55, True), (56, False)])
def test_the_bound_is_of_the_56_days_to_the_run_s_day(days: int, is_shown: bool) -> None:  # noqa: FBT001
    me = Athlete()
    me.run(-300, 3.0, 150.0)
    me.run(0, 3.0, 150.0)
    me.run(days, 2.5, 125.0)
    me.run(days + 1, 3.2, 150.0)  # later runs say nothing of it
    assert (bounded(me)["speed_at_reference_hr_m_per_s"][2] is not None) == is_shown


def test_the_slopes_and_their_covariances_are_told() -> None:
    me = Athlete()
    me.run(0, 3.0, 145.0)
    me.run(2, 3.1, 155.0)
    rows = efficiency(me).slopes
    assert rows["slope"].to_list() == ["heart_rate", "long", "tempo", "intervals", "heat"]
    matrix = rows.select(pl.selectors.starts_with("covariance_with_")).to_numpy()
    assert matrix == pytest.approx(matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0
    assert rows["per_unit"][0] == efficiency(me).athletes["hr_slope_per_bpm"].item()
    # Of a kind that was never run nothing is known but the prior.
    assert sqrt(matrix[1, 1]) == pytest.approx(0.03)
