"""Samples → one row a run.

Every mean is weighted by moving time, so that a paused hour adds nothing and a smart recording with a record every
few seconds says the same as one with a record every second.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.measure.fast_pieces import count_fast_pieces
from hipdrive.measure.windows import RUN_SPORT
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.runs import Activity, Sample
from hipdrive.tidy.run_cadence import is_running

COVERED_FRACTION = 0.5  # a mean over less than half of the moving time is not the run's mean
A_VALUE_STANDS_FOR_S = 60.0  # at most: of a phone's records minutes apart each is known for a moment only
STOP_S = 10.0
FASTEST_S_PER_KM = 120.0  # 8.3 m/s: nobody runs a kilometre so fast
LONGEST_DUTY_FACTOR = 0.5  # from which on one foot is always on the ground: a walk
EXCEEDS = 1.01  # a time that is longer than another by so much contradicts it
DECOUPLING_WINDOWS = 20  # ten minutes a half
_MEANS = {
    "heart_rate_bpm": "heart_rate_bpm",
    "cadence_spm": "stepping_spm",
    "step_length_m": "step_length_m",
    "vertical_oscillation_m": "vertical_oscillation_m",
    "vertical_ratio_fraction": "vertical_ratio_fraction",
    "power_w": "power_w",
    "foot_pod_stiffness_n_per_m": "foot_pod_stiffness_n_per_m",
    "temperature_c": "temperature_c",
}
_TOTALS = (
    "activity_id",
    "distance_m",
    "told_distance_m",
    "timer_time_s",
    "elapsed_time_s",
    "jump_distance_m",
    "vehicle_distance_m",
    "ascent_m",
    "told_heart_rate_bpm",
    "contradiction",
)
_RUNNING_MEANS = ("contact_time_s", "flight_time_s", "duty_factor")


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
        runs.select(*_TOTALS, speed_difference_fraction="field_difference_fraction")
        .join(_means(of_runs), on="activity_id", how="left")
        .join(_standing(of_runs), on="activity_id", how="left")
        .join(usable, on="activity_id", how="left")
        .join(_decoupling(windows), on="activity_id", how="left")
        .join(_climb(of_runs), on="activity_id", how="left")
        .join(count_fast_pieces(of_runs), on="activity_id", how="left")
        .with_columns(_of_totals_alone())
        .with_columns(
            pl.col("distance_m", "moving_time_s", "standing_time_s", "stops", "jump_distance_m").fill_null(0),
            pl.col("vehicle_distance_m", "masked_heart_rate_s", "usable_windows", "samples").fill_null(0),
            pl.col("known_speed_s", "known_heart_rate_s").fill_null(0),
        )
        .with_columns(
            pace_s_per_km=pl.when(pl.col("moving_time_s") > 0, pl.col("distance_m") > 0).then(
                1000 * pl.col("moving_time_s") / pl.col("distance_m")
            )
        )
        .with_columns(
            grade_adjusted_pace_s_per_km=pl.col("pace_s_per_km") / pl.col("graded_over_plain"),
            stride_length_m=2 * pl.col("step_length_m"),
            contradiction=_contradiction(),
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


def _contradiction() -> pl.Expr:
    """What the records themselves contradict, then what the measures do."""
    moving_s, timer_s, pace = pl.col("moving_time_s"), pl.col("timer_time_s"), pl.col("pace_s_per_km")
    seconds = [value.round(0).cast(pl.Int64) for value in (moving_s, timer_s, pl.col("elapsed_time_s"))]
    return (
        pl.when(pl.col("contradiction").is_not_null())
        .then("contradiction")
        .when(moving_s > EXCEEDS * timer_s)
        .then(pl.format("it moves for {} s of a timer of {} s", *seconds[:2]))
        .when(timer_s > EXCEEDS * pl.col("elapsed_time_s"))
        .then(pl.format("its timer of {} s is longer than the {} s from start to end", *seconds[1:]))
        .when(pace < FASTEST_S_PER_KM)
        .then(pl.format("a pace of {} s/km, which nobody runs", pace.round(0).cast(pl.Int64)))
        .when(pl.col("duty_factor") >= LONGEST_DUTY_FACTOR)
        .then(pl.format("contact times that leave no flight (duty factor {})", pl.col("duty_factor").round(2)))
    )


def _means(of_runs: pl.DataFrame) -> pl.DataFrame:
    moving = of_runs.filter("is_moving").with_columns(
        graded_m=pl.col("graded_speed_m_per_s") * pl.col("moving_s"),
        plain_m=pl.col("speed_m_per_s") * pl.col("moving_s"),
        stepping_spm=pl.when(pl.col("cadence_spm") > 0).then("cadence_spm"),
        value_s=pl.col("moving_s").clip(upper_bound=A_VALUE_STANDS_FOR_S),
    )
    plain_m = pl.col("plain_m").sum()
    runs = is_running(pl.col("speed_m_per_s"), pl.col("cadence_spm"))
    return moving.group_by("activity_id").agg(
        moving_time_s=pl.col("moving_s").sum(),
        graded_over_plain=pl.when(plain_m > 0).then(pl.col("graded_m").sum() / plain_m),
        masked_heart_rate_s=pl.col("value_s").filter(pl.col("heart_rate_fault").is_not_null()).sum(),
        known_heart_rate_s=pl.col("value_s").filter(pl.col("heart_rate_bpm").is_not_null()).sum(),
        known_speed_s=pl.col("moving_s").filter(pl.col("speed_m_per_s") > 0).sum(),
        is_step_length_measured=pl.col("is_step_length_measured").drop_nulls().first(),
        **{name: _mean_over_moving(source) for name, source in _MEANS.items()},
        **{name: _mean_over_moving(name, runs) for name in _RUNNING_MEANS},
    )


def _mean_over_moving(name: str, counts: pl.Expr | None = None) -> pl.Expr:
    """Mean weighted by moving time (that which counts), null where the value covers too little of it."""
    counted = pl.lit(True) if counts is None else counts
    known = counted & pl.col(name).is_not_null()
    weight = pl.col("value_s").filter(known).sum()
    mean = (pl.col(name) * pl.col("value_s")).filter(known).sum() / weight
    return pl.when(weight >= COVERED_FRACTION * pl.col("moving_s").filter(counted).sum(), weight > 0).then(mean)


def _standing(of_runs: pl.DataFrame) -> pl.DataFrame:
    """Time and number of halts with the timer running, and how many samples there are."""
    halts = (
        of_runs.select(
            "activity_id",
            "is_moving",
            step_s=pl.col("timer_s").diff().fill_null(0.0).over("activity_id"),
            halt=pl.struct("activity_id", "is_moving").rle_id(),
        )
        .with_columns(stood_s=pl.when(~pl.col("is_moving")).then("step_s").otherwise(0.0))
        .group_by("activity_id", "halt")
        .agg(pl.col("stood_s").sum(), samples=pl.len())
    )
    return halts.group_by("activity_id").agg(
        samples=pl.col("samples").sum().cast(pl.Int64),
        standing_time_s=pl.col("stood_s").sum(),
        stops=(pl.col("stood_s") >= STOP_S).sum().cast(pl.Int64),
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
