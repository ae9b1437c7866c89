from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.late_in_long_runs import LATE, estimate_late_in_long_runs, measure_late_in_long_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

SLOPE = 0.008


def windows(run: str, minutes: int, fade: float = 0.0, drift: float = 0.0) -> pl.DataFrame:
    """A run whose ln speed falls and heart rate rises from minute 60 on."""
    minute = np.arange(minutes)
    late = minute >= 60
    return pl.DataFrame(
        {
            "activity_id": run,
            "window_index": minute,
            "graded_speed_m_per_s": 3 * np.exp(-fade * late),
            "heart_rate_bpm": 140.0 + drift * late,
            "is_usable": minute >= 10,
        }
    )


def runs(*days: tuple[str, date], usable: bool = True) -> pl.DataFrame:
    return pl.DataFrame([{"activity_id": run, "local_date": day, "is_usable": usable} for run, day in days])


def test_a_long_run_that_fades_with_a_rising_heart_counts_both(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    day = draw_weeks(2)["week_start"][0]
    found = measure_late_in_long_runs(runs(("a", day)), windows("a", 100, fade=0.03, drift=5.0), SLOPE)
    assert found.rows() == [(day, pytest.approx(math.exp(-0.03 - SLOPE * 5)))]


@pytest.mark.parametrize(("minutes", "counts"), [(75, 1), (74, 0)])
def test_only_runs_of_seventy_five_minutes_count(
    draw_weeks: Callable[..., pl.DataFrame], minutes: int, counts: int
) -> None:
    day = draw_weeks(2)["week_start"][0]
    assert measure_late_in_long_runs(runs(("a", day)), windows("a", minutes), SLOPE).height == counts
    assert measure_late_in_long_runs(runs(("a", day), usable=False), windows("a", minutes), SLOPE).is_empty()


def test_a_run_with_few_usable_minutes_late_does_not_count(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    day = draw_weeks(2)["week_start"][0]
    stops = windows("a", 100).with_columns(is_usable=pl.col("window_index").is_between(10, 68))
    assert measure_late_in_long_runs(runs(("a", day)), stops, SLOPE).is_empty()


def test_what_is_planted_late_in_long_runs_is_found(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(104)
    rng = np.random.default_rng(1)
    dose = weeks["hip_dose"].to_numpy()
    lagged = np.convolve(dose, np.exp(-np.arange(25) / 5) / np.exp(-np.arange(25) / 5).sum())[:104]
    days = [(f"{week}", monday + timedelta(days=6)) for week, monday in enumerate(weeks["week_start"])]
    drawn = [windows(run, 90, fade=0.06 - 0.05 * lagged[int(run)] + rng.normal(0, 0.01)) for run, _ in days]
    effect = estimate_late_in_long_runs(weeks, runs(*days), pl.concat(drawn), [SLOPE])
    assert effect is not None
    assert effect.sustained.lo is not None
    assert effect.sustained.lo > 0.02
    assert estimate_late_in_long_runs(weeks, runs(*days), pl.concat(drawn), [None]) is None
    assert LATE.endswith("_ratio")
