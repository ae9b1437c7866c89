"""What kind of session a run was, by declared rules; the first that holds, in this order.

0. race: the athlete's diary says so; of several runs of that day, the fastest for its grades.
1. treadmill: the device says so (treadmill, indoor running, virtual activity).
2. intervals: at least three fast pieces (`fast_pieces`): two speeds, and to and fro between them.
3. hills: at least 20 m of climb a km, by the run's own altitude, else as the device tells it.
4. tempo: mean heart rate of the usable windows at or above 90 % of the athlete's own high mark (the 99th percentile
   of all usable windows), and at least 8 % above that of their quieter runs (the lower quartile): whoever only ever
   runs easily has a low mark, and no tempo.
5. long: moving for at least 90 minutes, or for 1.5 times the athlete's median run and at least 70 minutes.
6. easy: everything else.

A race is only ever told by the athlete, because a watch cannot tell a race from a hard day. No rule looks at how fast a
run was beside the athlete's other runs: the kind of their runs would change as they get faster, and what is taken off
for the kind would hide the gain.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_history import RUN_TYPES
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.runs import Activity

HILLY_M_PER_KM = 20.0
FEWEST_FAST_PIECES = 3
TEMPO_FRACTION = 0.90
HIGH_MARK_QUANTILE = 0.99
QUIET_QUANTILE = 0.25
TEMPO_ABOVE_QUIET = 1.08
LONG_S = 90 * 60.0
LONG_OVER_MEDIAN = 1.5
LONG_AT_LEAST_S = 70 * 60.0
WITHOUT_GROUND = ("treadmill", "indoor_running", "virtual_activity")  # FIT sub sports: a guessed speed, no grade


def classify_runs(
    runs: dy.DataFrame[RunMeasure],
    windows: dy.DataFrame[RunWindow],
    activities: dy.DataFrame[Activity],
    diary: dy.DataFrame[DiaryLine],
) -> pl.DataFrame:
    """`activity_id`, `run_type` for every run; the athlete's own history sets what counts as long and as hard.

    Args:
        runs: all runs of any number of athletes.
        windows: theirs.
        activities: theirs; says whose a run is and whether it was on a treadmill. A second recording of a run is given
            its type too, but sets no standard.
        diary: theirs; says which days had a race.
    """
    by_run = windows.filter("is_usable").group_by("activity_id").agg(usable_hr_bpm=pl.col("heart_rate_bpm").mean())
    whose = activities.select("activity_id", "athlete_id", "local_date", "sub_sport", "duplicate_of")
    races = diary.filter(pl.col("kind") == "race").select("athlete_id", "local_date", is_race_day=True).unique()
    high_marks = (
        windows.filter("is_usable")
        .join(whose, on="activity_id")
        .filter(pl.col("duplicate_of").is_null())
        .group_by("athlete_id")
        .agg(high_hr_bpm=pl.col("heart_rate_bpm").quantile(HIGH_MARK_QUANTILE))
    )
    typed = (
        runs.join(whose, on="activity_id")
        .join(by_run, on="activity_id", how="left")
        .join(high_marks, on="athlete_id", how="left")
        .join(races, on=["athlete_id", "local_date"], how="left")
        .with_columns(
            median_s=pl.col("moving_time_s").filter(pl.col("duplicate_of").is_null()).median().over("athlete_id"),
            quiet_hr_bpm=pl.col("usable_hr_bpm")
            .filter(pl.col("duplicate_of").is_null())
            .quantile(QUIET_QUANTILE, interpolation="linear")
            .over("athlete_id"),
            race_pace=pl.col("grade_adjusted_pace_s_per_km")
            .filter(pl.col("duplicate_of").is_null())
            .min()
            .over("athlete_id", "local_date"),
        )
    )
    is_race = pl.col("is_race_day") & (pl.col("grade_adjusted_pace_s_per_km") == pl.col("race_pace"))
    is_hard = (
        pl.col("heart_rate_bpm").is_not_null()
        & (pl.col("usable_hr_bpm") >= TEMPO_FRACTION * pl.col("high_hr_bpm"))
        & (pl.col("usable_hr_bpm") >= TEMPO_ABOVE_QUIET * pl.col("quiet_hr_bpm"))
    )
    climb = pl.coalesce("ascent_by_altitude_m", "ascent_m") / (pl.col("distance_m") / 1000)
    long_s = pl.max_horizontal(LONG_OVER_MEDIAN * pl.col("median_s"), LONG_AT_LEAST_S).clip(upper_bound=LONG_S)
    return typed.select(
        "activity_id",
        pl.when(is_race)
        .then(pl.lit("race"))
        .when(pl.col("sub_sport").is_in(WITHOUT_GROUND))
        .then(pl.lit("treadmill"))
        .when(pl.col("fast_pieces") >= FEWEST_FAST_PIECES)
        .then(pl.lit("intervals"))
        .when((climb >= HILLY_M_PER_KM) & (pl.col("distance_m") > 0))
        .then(pl.lit("hills"))
        .when(is_hard)
        .then(pl.lit("tempo"))
        .when(pl.col("moving_time_s") >= long_s)
        .then(pl.lit("long"))
        .otherwise(pl.lit("easy"))
        .cast(pl.Enum(RUN_TYPES))
        .alias("run_type"),
    )
