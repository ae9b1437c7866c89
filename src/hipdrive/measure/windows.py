"""Samples → 60 s windows of runs, counted on the timer.

Limits of speed and grade hold for records, before the windows are cut; what lies outside says nothing of how fast the
runner is at a heart rate. Heart rate answers a change of speed late, so each window takes that of the 60 s which begin
25 s later.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.run_measures import RunWindow
from hipdrive.tables.runs import Activity, Sample

RUN_SPORT = "running"
WINDOW_S = 60.0
HEART_RATE_LAG_S = 25.0  # heart rate answers a change of speed about this much later
WARM_UP_S = 600.0  # heart rate still climbs towards what the pace demands
WHOLE_WINDOW_S = 50.0
HALF_WINDOW_S = 30.0
SLOWEST_M_PER_S = 2.0
STEEPEST_FRACTION = 0.10
HEART_RATE_RANGE_BPM = (60.0, 220.0)  # of a running adult; outside is the sensor
_LIMITED = (
    "speed_m_per_s",
    "graded_speed_m_per_s",
    "grade_fraction",
    "temperature_c",
    "stepping_spm",
    "step_length_m",
    "contact_time_s",
    "vertical_oscillation_m",
)


def measure_run_windows(activities: dy.DataFrame[Activity], samples: dy.DataFrame[Sample]) -> dy.DataFrame[RunWindow]:
    """The 60 s windows of running activities, with what makes each usable.

    Of a minute with 40 s at 3 m/s and 20 s of walking at 1.5 m/s only the 40 s count: 3 m/s, 40 s within limits, which
    is over half of it and makes it usable.

    Args:
        activities: any sport; only running is cut.
        samples: theirs, graded.
    """
    runs = activities.filter(pl.col("sport") == RUN_SPORT).select("activity_id")
    of_runs = samples.join(runs, on="activity_id", how="semi")
    is_within = (pl.col("speed_m_per_s") >= SLOWEST_M_PER_S) & (
        pl.col("grade_fraction").fill_null(0.0).abs() <= STEEPEST_FRACTION
    )
    moving = (
        of_runs.filter("is_moving")
        .with_columns(
            window_index=(pl.col("timer_s") / WINDOW_S).floor().cast(pl.Int64),
            stepping_spm=pl.when(pl.col("cadence_spm") > 0).then("cadence_spm"),
            within_s=pl.when(is_within).then("moving_s").otherwise(0.0),
        )
        .group_by("activity_id", "window_index")
        .agg(
            window_start_utc=pl.col("time_utc").min(),
            moving_time_s=pl.col("moving_s").sum(),
            within_limits_s=pl.col("within_s").sum(),
            **{name: _weighted(name, "within_s") for name in _LIMITED},
        )
        .with_columns(step_time_s=60 / pl.col("stepping_spm"))
    )
    timed_bpm = pl.col("heart_rate_bpm") * pl.col("step_s")
    hearts = (
        # Weighted by time on the timer, so that what is recorded in a pause weighs nothing.
        of_runs.with_columns(step_s=pl.col("timer_s").diff().over("activity_id").clip(0.0, WINDOW_S))
        .filter(
            pl.col("timer_s") >= HEART_RATE_LAG_S,
            pl.col("heart_rate_bpm").is_between(*HEART_RATE_RANGE_BPM),
            pl.col("step_s") > 0,
        )
        .with_columns(window_index=((pl.col("timer_s") - HEART_RATE_LAG_S) / WINDOW_S).floor().cast(pl.Int64))
        .group_by("activity_id", "window_index")
        .agg(heart_rate_bpm=timed_bpm.sum() / pl.col("step_s").sum(), covered_s=pl.col("step_s").sum())
        .filter(pl.col("covered_s") >= HALF_WINDOW_S)
    )
    windows = (
        moving.join(hearts, on=["activity_id", "window_index"], how="left")
        .with_columns(
            is_usable=(pl.col("window_index") * WINDOW_S >= WARM_UP_S)
            & (pl.col("moving_time_s") >= WHOLE_WINDOW_S)
            & (pl.col("within_limits_s") >= HALF_WINDOW_S)
            & pl.col("heart_rate_bpm").is_not_null()
        )
        .sort("activity_id", "window_index")
    )
    return RunWindow.validate(windows.select(list(RunWindow.columns())))


def _weighted(name: str, weight: str) -> pl.Expr:
    """Mean weighted by time over the records that have a value; null where they weigh nothing."""
    total = pl.col(weight).filter(pl.col(name).is_not_null()).sum()
    return pl.when(total > 0).then((pl.col(name) * pl.col(weight)).sum() / total)
