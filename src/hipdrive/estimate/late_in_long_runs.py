"""The second declared outcome: how well speed at one heart rate holds late in long runs.

Strength work may show late before it shows at all: after ten weeks of it running economy held better in the last third
of ninety minutes (Zanini and others 2025). Declared beside the primary outcome, explained by the same model, shown
apart, and without a say in the verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.effect import Effect, estimate_outcome
from hipdrive.estimate.mechanisms import weekly_means

if TYPE_CHECKING:
    from collections.abc import Sequence

LATE = "late_in_long_runs_speed_ratio"
FROM_MIN = 75  # of timer: what a long run is here
EARLY_MIN, LATE_MIN = (10, 40), (60, 100)
FEWEST_EARLY, FEWEST_LATE = 15, 10  # usable minutes


def measure_late_in_long_runs(runs: pl.DataFrame, windows: pl.DataFrame, hr_slope_per_bpm: float) -> pl.DataFrame:
    """Each usable run of 75 minutes or more: its speed at one heart rate in minutes 60 to 100 over that in 10 to 40.

    Mean ln graded speed late less early, less the athlete's slope times the difference of mean heart rate, as a ratio.

    Args:
        runs: one athlete's: `activity_id`, `local_date`, `is_usable`.
        windows: their minutes: `activity_id`, `window_index`, `graded_speed_m_per_s`, `heart_rate_bpm`, `is_usable`.
        hr_slope_per_bpm: ln speed a beat, found within weeks.

    Returns:
        `local_date` and the ratio under the outcome's name; no row for a run with too few usable minutes in either.
    """
    usable = pl.col("is_usable")
    spans = {"early": EARLY_MIN, "late": LATE_MIN}
    inside = {name: usable & pl.col("window_index").is_between(*span, closed="left") for name, span in spans.items()}
    per_run = windows.group_by("activity_id").agg(
        minutes=pl.col("window_index").max() + 1,
        **{f"{name}_minutes": where.sum() for name, where in inside.items()},
        **{
            f"{name}_speed": pl.col("graded_speed_m_per_s").filter(where).log().mean() for name, where in inside.items()
        },
        **{f"{name}_rate": pl.col("heart_rate_bpm").filter(where).mean() for name, where in inside.items()},
    )
    change = pl.col("late_speed") - pl.col("early_speed")
    drift = pl.col("late_rate") - pl.col("early_rate")
    return (
        runs.filter(pl.col("is_usable"))
        .select("activity_id", "local_date")
        .join(per_run, on="activity_id")
        .filter(
            pl.col("minutes") >= FROM_MIN,
            pl.col("early_minutes") >= FEWEST_EARLY,
            pl.col("late_minutes") >= FEWEST_LATE,
        )
        .select("local_date", (change - hr_slope_per_bpm * drift).exp().alias(LATE))
        .drop_nulls()
        .sort("local_date", LATE)
    )


def estimate_late_in_long_runs(
    weeks: pl.DataFrame, runs: pl.DataFrame, windows: pl.DataFrame, hr_slopes_per_bpm: Sequence[float | None]
) -> Effect | None:
    """The same model with that ratio's weekly mean in place of speed; None without a slope or a long run.

    Args:
        weeks: as for `estimate_effect`.
        runs: as for `measure_late_in_long_runs`.
        windows: as for `measure_late_in_long_runs`.
        hr_slopes_per_bpm: the athlete's slope, null before it is known.
    """
    slope = next((slope for slope in hr_slopes_per_bpm if slope is not None), None)
    if slope is None:
        return None
    late = measure_late_in_long_runs(runs, windows, slope)
    return None if late.is_empty() else estimate_outcome(weekly_means(weeks, late, LATE), LATE)
