from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.halves import compare_halves

if TYPE_CHECKING:
    from collections.abc import Sequence


def runs_of(values: Sequence[float | None], measure: str = "contact_time_at_reference_speed_s") -> pl.DataFrame:
    return pl.DataFrame(
        {"local_date": [date(2024, 1, 1) + timedelta(days=2 * run) for run in range(len(values))], measure: values}
    )


def change_of(values: Sequence[float]) -> tuple[float, float, float]:
    row = compare_halves(runs_of(values)).row(0, named=True)
    return row["change_fraction"], row["lo_fraction"], row["hi_fraction"]


def wandering(seed: int, runs: int = 180, sd: float = 0.012, tau_days: float = 70, noise: float = 0.012) -> list[float]:
    """A stride that wanders slowly by 1.2 % and scatters by as much from run to run, and never moves for good."""
    rng = np.random.default_rng(seed)
    keep = np.exp(-2 / tau_days)
    level = [rng.normal(0, sd)]
    for _ in range(runs - 1):
        level.append(keep * level[-1] + rng.normal(0, sd * np.sqrt(1 - keep**2)))
    return [0.25 * float(np.exp(one + rng.normal(0, noise))) for one in level]


def test_a_step_between_the_halves_is_found() -> None:
    rng = np.random.default_rng(1)
    change, lo, hi = change_of((np.repeat([0.25, 0.24], 60) + rng.normal(0, 0.002, 120)).tolist())
    assert change == pytest.approx(-0.04, abs=0.006)
    assert lo < -0.04 < hi < 0


def test_a_slow_wander_is_no_move() -> None:
    """Of runners without any change no more than 6 % seem to have moved: 150 runners, to three errors."""
    moved = [lo > 0 or hi < 0 for _, lo, hi in (change_of(wandering(seed)) for seed in range(150))]
    assert np.mean(moved) <= 0.06 + 3 * np.sqrt(0.06 * 0.94 / 150)


def test_who_wanders_more_is_known_less() -> None:
    steady, restless = (change_of(wandering(3, sd=sd)) for sd in (0.001, 0.03))
    assert restless[2] - restless[1] > 2 * (steady[2] - steady[1])


def test_under_eight_runs_in_a_half_there_is_no_interval() -> None:
    row = compare_halves(runs_of([0.25] * 7 + [0.26] * 8)).row(0, named=True)
    assert row["change_fraction"] is None
    assert row["runs"] == 15
    assert compare_halves(runs_of([None, None])).row(0, named=True)["runs"] == 0


def test_halves_are_of_the_dates_and_measures_those_that_are_there() -> None:
    values = np.random.default_rng(0).normal(170, 1, 40)
    found = compare_halves(runs_of(values.tolist(), "cadence_at_reference_speed_spm"))
    assert found["measure"].to_list() == ["cadence_at_reference_speed_spm"]
    assert found["first_half_mean"][0] == pytest.approx(values[:20].mean())
    # twenty days after the middle belong to the second half, whatever the number of runs before it
    late = runs_of([0.25] * 30 + [0.26] * 10).with_columns(
        local_date=pl.Series([date(2024, 1, 1) + timedelta(days=day) for day in [*range(30), *range(100, 110)]])
    )
    assert compare_halves(late)["change_fraction"][0] == pytest.approx(0.04, abs=0.005)
