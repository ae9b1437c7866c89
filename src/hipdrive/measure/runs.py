"""Samples → one row a run, and its 60 s windows.

Every mean is weighted by moving time, so that a paused hour adds nothing and a smart recording with a record every
few seconds says the same as one with a record every second.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.measure.grade import graded_speed
from hipdrive.tables.runs import Activity, RunMeasure, RunWindow, Sample

RUN_SPORT = "running"
COVERED_FRACTION = 0.5  # a mean over less than half of the moving time is not the run's mean
WINDOW_S = 60.0
HEART_RATE_LAG_S = 25.0  # heart rate answers a change of speed about this much later
WARM_UP_S = 600.0  # heart rate still climbs towards what the pace demands
WHOLE_WINDOW_S = 50.0
SLOWEST_M_PER_S = 2.0
STEEPEST_FRACTION = 0.10
HEART_RATE_RANGE_BPM = (60.0, 220.0)  # of a running adult; outside is the sensor


def measure_runs(
    activities: dy.DataFrame[Activity], samples: dy.DataFrame[Sample], windows: dy.DataFrame[RunWindow]
) -> dy.DataFrame[RunMeasure]:
    """One row a running activity.

    Ten minutes at 3 m/s and 180 steps a minute are 1800 m at 333 s/km with steps of 1 m; a contact time of 0.250 s
    then leaves 60/180 - 0.250 = 0.083 s of flight and a duty factor of 0.250/(2 x 0.333) = 0.375.

    Args:
        activities: any sport; only running is measured.
        samples: theirs, graded.
        windows: theirs, from `measure_run_windows`.
    """
    runs = activities.filter(pl.col("sport") == RUN_SPORT)
    of_runs = samples.join(runs.select("activity_id"), on="activity_id", how="semi")
    recorded = of_runs.group_by("activity_id").agg(recorded_m=pl.col("distance_m").max() - pl.col("distance_m").min())
    means = (
        of_runs.filter("is_moving")
        .with_columns(
            graded_m=graded_speed(pl.col("speed_m_per_s"), pl.col("grade_fraction")) * pl.col("moving_s"),
            plain_m=pl.col("speed_m_per_s") * pl.col("moving_s"),
            stepping_spm=pl.when(pl.col("cadence_spm") > 0).then("cadence_spm"),
            step_time_s=pl.when(pl.col("cadence_spm") > 0).then(60 / pl.col("cadence_spm")),
        )
        .with_columns(
            flight_time_s=pl.col("step_time_s") - pl.col("contact_time_s"),
            duty_factor=pl.col("contact_time_s") / (2 * pl.col("step_time_s")),
            vertical_ratio_fraction=pl.col("vertical_oscillation_m") / pl.col("step_length_m"),
        )
        .group_by("activity_id")
        .agg(
            moving_time_s=pl.col("moving_s").sum(),
            graded_over_plain=pl.col("graded_m").sum()
            / pl.when(pl.col("plain_m").sum() > 0).then(pl.col("plain_m").sum()),
            **{
                name: _mean_over_moving(source)
                for name, source in {
                    "heart_rate_bpm": "heart_rate_bpm",
                    "cadence_spm": "stepping_spm",
                    "step_length_m": "step_length_m",
                    "contact_time_s": "contact_time_s",
                    "flight_time_s": "flight_time_s",
                    "duty_factor": "duty_factor",
                    "vertical_oscillation_m": "vertical_oscillation_m",
                    "vertical_ratio_fraction": "vertical_ratio_fraction",
                    "power_w": "power_w",
                    "temperature_c": "temperature_c",
                }.items()
            },
        )
    )
    usable = windows.group_by("activity_id").agg(usable_windows=pl.col("is_usable").sum().cast(pl.Int64))
    # Time and distance of the same records: a file that breaks off may still tell the whole distance.
    paced_m = pl.when(pl.col("recorded_m") > 0).then("recorded_m").otherwise("distance_m")
    pace = pl.when(pl.col("moving_time_s") > 0, paced_m > 0).then(1000 * pl.col("moving_time_s") / paced_m)
    measured = (
        runs.select("activity_id", pl.col("distance_m").fill_null(0.0), "ascent_m")
        .join(means, on="activity_id", how="left")
        .join(usable, on="activity_id", how="left")
        .join(recorded, on="activity_id", how="left")
        .with_columns(pl.col("moving_time_s", "usable_windows").fill_null(0))
        .with_columns(
            pace_s_per_km=pace,
            grade_adjusted_pace_s_per_km=pace / pl.col("graded_over_plain"),
            stride_length_m=2 * pl.col("step_length_m"),
        )
    )
    return RunMeasure.validate(measured.select(list(RunMeasure.columns())).sort("activity_id"))


def _mean_over_moving(name: str) -> pl.Expr:
    """Mean weighted by moving time, null where the value covers too little of it."""
    weight = pl.col("moving_s").filter(pl.col(name).is_not_null())
    mean = (pl.col(name) * pl.col("moving_s")).sum() / weight.sum()
    return pl.when(weight.sum() >= COVERED_FRACTION * pl.col("moving_s").sum(), weight.sum() > 0).then(mean)


def measure_run_windows(activities: dy.DataFrame[Activity], samples: dy.DataFrame[Sample]) -> dy.DataFrame[RunWindow]:
    """The 60 s windows of running activities, counted on the timer, with what makes each usable.

    Heart rate is taken from the 60 s that begin 25 s later, because it answers late.

    Args:
        activities: any sport; only running is cut.
        samples: theirs, graded.
    """
    runs = activities.filter(pl.col("sport") == RUN_SPORT).select("activity_id")
    of_runs = samples.join(runs, on="activity_id", how="semi")
    moving = (
        of_runs.filter("is_moving")
        .with_columns(
            window_index=(pl.col("timer_s") / WINDOW_S).floor().cast(pl.Int64),
            stepping_spm=pl.when(pl.col("cadence_spm") > 0).then("cadence_spm"),
            graded=graded_speed(pl.col("speed_m_per_s"), pl.col("grade_fraction")),
        )
        .group_by("activity_id", "window_index")
        .agg(
            window_start_utc=pl.col("time_utc").min(),
            moving_time_s=pl.col("moving_s").sum(),
            speed_m_per_s=_weighted("speed_m_per_s"),
            graded_speed_m_per_s=_weighted("graded"),
            grade_fraction=_weighted("grade_fraction"),
            temperature_c=_weighted("temperature_c"),
            step_time_s=60 / _weighted("stepping_spm"),
            contact_time_s=_weighted("contact_time_s"),
        )
    )
    timed_bpm = pl.col("heart_rate_bpm") * pl.col("step_s")
    hearts = (
        # Weighted by time on the timer, so that what is recorded in a pause weighs nothing.
        of_runs.with_columns(step_s=pl.col("timer_s").diff().over("activity_id").clip(0.0, WINDOW_S))
        .filter(pl.col("timer_s") >= HEART_RATE_LAG_S, pl.col("heart_rate_bpm").is_not_null(), pl.col("step_s") > 0)
        .with_columns(window_index=((pl.col("timer_s") - HEART_RATE_LAG_S) / WINDOW_S).floor().cast(pl.Int64))
        .group_by("activity_id", "window_index")
        .agg(heart_rate_bpm=timed_bpm.sum() / pl.col("step_s").sum())
    )
    windows = (
        moving.join(hearts, on=["activity_id", "window_index"], how="left")
        .with_columns(
            is_usable=(
                (pl.col("window_index") * WINDOW_S >= WARM_UP_S)
                & (pl.col("moving_time_s") >= WHOLE_WINDOW_S)
                & (pl.col("speed_m_per_s") >= SLOWEST_M_PER_S)
                & (pl.col("grade_fraction").fill_null(0.0).abs() <= STEEPEST_FRACTION)
                & pl.col("heart_rate_bpm").is_between(*HEART_RATE_RANGE_BPM)
            ).fill_null(value=False)
        )
        .sort("activity_id", "window_index")
    )
    return RunWindow.validate(windows.select(list(RunWindow.columns())))


def _weighted(name: str) -> pl.Expr:
    """Mean weighted by moving time over the records that have a value; null without one."""
    weight = pl.col("moving_s").filter(pl.col(name).is_not_null()).sum()
    return pl.when(weight > 0).then((pl.col(name) * pl.col("moving_s")).sum() / weight)
