"""Samples → one row a run.

Every mean is weighted by moving time, so that a paused hour adds nothing and a smart recording with a record every
few seconds says the same as one with a record every second.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.measure.fast_pieces import count_fast_pieces
from hipdrive.measure.jumps import has_leapt, is_jump
from hipdrive.measure.windows import RUN_SPORT
from hipdrive.tables.runs import Activity, RunMeasure, RunWindow, Sample

COVERED_FRACTION = 0.5  # a mean over less than half of the moving time is not the run's mean
A_VALUE_STANDS_FOR_S = 60.0  # at most: of a phone's records minutes apart each is known for a moment only
STOP_S = 10.0
DECOUPLING_WINDOWS = 20  # ten minutes a half
_MEANS = {
    "heart_rate_bpm": "heart_rate_bpm",
    "cadence_spm": "stepping_spm",
    "step_length_m": "step_length_m",
    "contact_time_s": "contact_time_s",
    "flight_time_s": "flight_time_s",
    "duty_factor": "duty_factor",
    "vertical_oscillation_m": "vertical_oscillation_m",
    "vertical_ratio_fraction": "vertical_ratio_fraction",
    "power_w": "power_w",
    "foot_pod_stiffness_n_per_m": "foot_pod_stiffness_n_per_m",
    "temperature_c": "temperature_c",
}


def measure_runs(
    activities: dy.DataFrame[Activity], samples: dy.DataFrame[Sample], windows: dy.DataFrame[RunWindow]
) -> dy.DataFrame[RunMeasure]:
    """One row a running activity.

    Ten minutes at 3 m/s and 180 steps a minute are 1800 m at 333 s/km with steps of 1 m.

    Args:
        activities: any sport; only running is measured.
        samples: theirs, graded and with strides.
        windows: theirs, from `measure_run_windows`.
    """
    runs = activities.filter(pl.col("sport") == RUN_SPORT)
    of_runs = samples.join(runs.select("activity_id"), on="activity_id", how="semi")
    usable = windows.group_by("activity_id").agg(usable_windows=pl.col("is_usable").sum().cast(pl.Int64))
    measured = (
        runs.select(
            "activity_id", pl.col("distance_m").fill_null(0.0), "timer_time_s", "ascent_m", "told_heart_rate_bpm"
        )
        .join(_means(of_runs), on="activity_id", how="left")
        .join(_standing(of_runs), on="activity_id", how="left")
        .join(usable, on="activity_id", how="left")
        .join(_decoupling(windows), on="activity_id", how="left")
        .join(_climb(of_runs), on="activity_id", how="left")
        .join(count_fast_pieces(of_runs), on="activity_id", how="left")
        .with_columns(_of_totals_alone())
        .with_columns(
            pl.col("moving_time_s", "standing_time_s", "stops", "jump_distance_m").fill_null(0),
            pl.col("masked_heart_rate_s", "usable_windows", "samples").fill_null(0),
            pl.col("known_speed_s", "known_heart_rate_s").fill_null(0),
        )
        .with_columns(pace_s_per_km=_pace())
        .with_columns(
            grade_adjusted_pace_s_per_km=pl.col("pace_s_per_km") / pl.col("graded_over_plain"),
            stride_length_m=2 * pl.col("step_length_m"),
        )
    )
    return RunMeasure.validate(measured.select(list(RunMeasure.columns())).sort("activity_id"))


def _of_totals_alone() -> list[pl.Expr]:
    """What a run without a sample has: the timer's time for moving, and the session's mean heart rate."""
    alone = pl.col("samples").is_null()
    return [
        pl.when(alone).then("timer_time_s").otherwise("moving_time_s").alias("moving_time_s"),
        pl.when(alone).then("told_heart_rate_bpm").otherwise("heart_rate_bpm").alias("heart_rate_bpm"),
    ]


def _means(of_runs: pl.DataFrame) -> pl.DataFrame:
    moving = of_runs.filter("is_moving").with_columns(
        graded_m=pl.col("graded_speed_m_per_s") * pl.col("moving_s"),
        plain_m=pl.col("speed_m_per_s") * pl.col("moving_s"),
        stepping_spm=pl.when(pl.col("cadence_spm") > 0).then("cadence_spm"),
        value_s=pl.col("moving_s").clip(upper_bound=A_VALUE_STANDS_FOR_S),
    )
    plain_m = pl.col("plain_m").sum()
    return moving.group_by("activity_id").agg(
        moving_time_s=pl.col("moving_s").sum(),
        graded_over_plain=pl.when(plain_m > 0).then(pl.col("graded_m").sum() / plain_m),
        masked_heart_rate_s=pl.col("value_s").filter(pl.col("heart_rate_fault").is_not_null()).sum(),
        known_heart_rate_s=pl.col("value_s").filter(pl.col("heart_rate_bpm").is_not_null()).sum(),
        known_speed_s=pl.col("moving_s").filter(pl.col("speed_m_per_s") > 0).sum(),
        is_step_length_measured=pl.col("is_step_length_measured").drop_nulls().first(),
        **{name: _mean_over_moving(source) for name, source in _MEANS.items()},
    )


def _mean_over_moving(name: str) -> pl.Expr:
    """Mean weighted by moving time, null where the value covers too little of it."""
    weight = pl.col("value_s").filter(pl.col(name).is_not_null()).sum()
    mean = (pl.col(name) * pl.col("value_s")).sum() / weight
    return pl.when(weight >= COVERED_FRACTION * pl.col("moving_s").sum(), weight > 0).then(mean)


def _standing(of_runs: pl.DataFrame) -> pl.DataFrame:
    """Time and number of halts with the timer running, the distance the records tell, and what of it leapt."""
    step_m = pl.col("distance_m").diff().fill_null(0.0).over("activity_id")
    halts = (
        of_runs.select(
            "activity_id",
            "distance_m",
            "is_moving",
            step_s=pl.col("timer_s").diff().fill_null(0.0).over("activity_id"),
            jumped_m=pl.when(is_jump()).then(step_m).otherwise(0.0),
            halt=pl.struct("activity_id", "is_moving").rle_id(),
        )
        .with_columns(stood_s=pl.when(~pl.col("is_moving")).then("step_s").otherwise(0.0))
        .group_by("activity_id", "halt")
        .agg(
            pl.col("stood_s", "jumped_m").sum(),
            samples=pl.len(),
            lowest_m=pl.col("distance_m").min(),
            highest_m=pl.col("distance_m").max(),
        )
    )
    return halts.group_by("activity_id").agg(
        samples=pl.col("samples").sum().cast(pl.Int64),
        standing_time_s=pl.col("stood_s").sum(),
        stops=(pl.col("stood_s") >= STOP_S).sum().cast(pl.Int64),
        jump_distance_m=pl.col("jumped_m").sum().clip(0.0),
        recorded_m=pl.col("highest_m").max() - pl.col("lowest_m").min(),
    )


def _climb(of_runs: pl.DataFrame) -> pl.DataFrame:
    """Metres climbed, by the smoothed grade; null where it is known over less than half of the way."""
    way_m = (pl.col("speed_m_per_s") * pl.col("moving_s")).fill_null(0.0)
    known_m = way_m.filter(pl.col("grade_fraction").is_not_null()).sum()
    up = pl.col("grade_fraction").forward_fill().backward_fill().clip(lower_bound=0.0)  # at the ends as next to them
    step_up = (up + up.shift().fill_null(up)).over("activity_id") / 2  # the grade of a step lies between its ends'
    return (
        of_runs.with_columns(climbed_m=way_m * step_up)
        .group_by("activity_id")
        .agg(ascent_by_altitude_m=pl.when(known_m > COVERED_FRACTION * way_m.sum()).then(pl.col("climbed_m").sum()))
    )


def _pace() -> pl.Expr:
    # Time and distance of the same records: a file that breaks off may still tell the whole distance.
    run_m = pl.col("recorded_m") - pl.col("jump_distance_m")
    paced_m = pl.when(run_m > 0).then(run_m).otherwise("distance_m")
    told = pl.when(pl.col("timer_time_s") > 0, pl.col("distance_m") > 0).then(
        1000 * pl.col("timer_time_s") / pl.col("distance_m")
    )
    recorded = pl.when(pl.col("moving_time_s") > 0, paced_m > 0).then(1000 * pl.col("moving_time_s") / paced_m)
    return pl.when(has_leapt(pl.col("recorded_m"))).then(told).otherwise(recorded)


def _decoupling(windows: dy.DataFrame[RunWindow]) -> pl.DataFrame:
    """1 - (graded speed per beat in the second half of the usable minutes) / (in the first).

    3.0 m/s at 150 bpm, then 2.9 m/s at 155: 1 - (2.9/155)/(3.0/150) = 0.065.
    """
    per_beat = pl.col("graded_speed_m_per_s").sum() / pl.col("heart_rate_bpm").sum()
    return (
        windows.filter("is_usable")
        .sort("activity_id", "window_index")
        .with_columns(
            place=pl.int_range(pl.len()).over("activity_id"), of_all=pl.len().over("activity_id").cast(pl.Int64)
        )
        .filter(pl.col("of_all") >= DECOUPLING_WINDOWS)
        .group_by("activity_id", is_second=pl.col("place") >= pl.col("of_all") / 2)
        .agg(per_beat=per_beat)
        .group_by("activity_id")
        .agg(
            decoupling_fraction=1
            - pl.col("per_beat").filter("is_second").first() / pl.col("per_beat").filter(~pl.col("is_second")).first()
        )
    )
