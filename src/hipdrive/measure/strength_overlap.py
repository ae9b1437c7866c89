"""One workout in two logs counts once.

A written log beats the watch for the same workout. Of two written logs that hold the same workout, as when an app's
whole history is exported again every month, the one whose log ends later counts, because it is the newer export.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.strength import TidyStrengthSet

WATCH_MARGIN_S = 45 * 60.0  # a log may be opened before the watch is started, or the other way round
UNSTATED_DURATION_S = 90 * 60.0  # of a written workout that states none
SAME_SETS_FRACTION = 0.5  # of the smaller workout, where a log gives only the day


def mark_superseded(sets: dy.DataFrame[TidyStrengthSet]) -> pl.DataFrame:
    """The sets with `superseded_by`: the `workout_id` that counts in place of this one's, or null.

    A watch's workout is covered when a written one overlaps it in time, 45 minutes allowed on both sides, or lies on
    the same day where the written log has no clock.
    """
    workouts = sets.group_by("workout_id").agg(
        pl.col("athlete_id", "source_id", "log_kind", "started_utc", "has_clock", "local_date").first(),
        pl.col("duration_s").max(),
        sets=pl.len(),
    )
    ends = sets.group_by("source_id").agg(log_end=pl.col("started_utc").max())
    workouts = workouts.join(ends, on="source_id")
    written = workouts.filter(pl.col("log_kind") == "written")
    older = _older_exports(written, sets)
    newest = written.join(older, on="workout_id", how="anti")
    watch = _covered_by_log(workouts.filter(pl.col("log_kind") == "watch"), newest)
    return sets.join(pl.concat([older, watch]), on="workout_id", how="left", maintain_order="left")


def _covered_by_log(watch: pl.DataFrame, written: pl.DataFrame) -> pl.DataFrame:
    pairs = watch.join(written, on="athlete_id", suffix="_log").filter(
        (pl.col("local_date") - pl.col("local_date_log")).dt.total_days().abs() <= 1
    )
    start = (pl.col("started_utc") - pl.col("started_utc_log")).dt.total_seconds()
    end = start + pl.col("duration_s").fill_null(0.0)
    log_end = pl.col("duration_s_log").fill_null(UNSTATED_DURATION_S)
    overlaps = (start <= log_end + WATCH_MARGIN_S) & (end >= -WATCH_MARGIN_S)
    same_day = pl.col("local_date") == pl.col("local_date_log")
    covering = pairs.filter(pl.when("has_clock_log").then(overlaps).otherwise(same_day))
    nearest = covering.sort(start.abs(), "workout_id_log").group_by("workout_id", maintain_order=True).first()
    return nearest.select("workout_id", pl.col("workout_id_log").alias("superseded_by"))


def _older_exports(written: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """Written workouts that another file holds too: begun in the same minute, or on the same day with the same sets."""
    pairs = written.join(written, on=["athlete_id", "local_date"], suffix="_other").filter(
        pl.col("source_id") != pl.col("source_id_other"), _is_newer("_other")
    )
    if pairs.is_empty():
        return pl.DataFrame(schema={"workout_id": pl.String, "superseded_by": pl.String})
    same_minute = (
        pl.col("has_clock")
        & pl.col("has_clock_other")
        & (pl.col("started_utc").dt.truncate("1m") == pl.col("started_utc_other").dt.truncate("1m"))
    )
    day_only = ~(pl.col("has_clock") & pl.col("has_clock_other"))
    shared = _shared_sets(pairs.filter(day_only), sets)
    pairs = pairs.join(shared, on=["workout_id", "workout_id_other"], how="left").filter(
        same_minute | (pl.col("shared") >= SAME_SETS_FRACTION * pl.min_horizontal("sets", "sets_other"))
    )
    newest = pairs.sort("log_end_other", "sets_other", "source_id_other", "workout_id_other", descending=True)
    return newest.group_by("workout_id", maintain_order=True).agg(
        pl.col("workout_id_other").first().alias("superseded_by")
    )


def _is_newer(suffix: str) -> pl.Expr:
    """Whether the other log ends later; where both end together the one with more sets, then the name, decides."""
    is_newer = pl.lit(value=False)
    equal = pl.lit(value=True)
    for name in ("log_end", "sets", "source_id"):
        is_newer |= equal & (pl.col(f"{name}{suffix}") > pl.col(name))
        equal &= pl.col(f"{name}{suffix}") == pl.col(name)
    return is_newer


def _shared_sets(pairs: pl.DataFrame, sets: pl.DataFrame) -> pl.DataFrame:
    """How many sets of two workouts agree in exercise, repetitions and load."""
    kind_of_set = ["what", "reps", "load"]
    counted = (
        sets.select(
            "workout_id",
            what=pl.coalesce("exercise", "exercise_name"),
            reps=pl.col("reps").fill_null(0.0),
            load=pl.col("weight_kg").fill_null(0.0).round(0),
        )
        .group_by("workout_id", *kind_of_set)
        .len()
    )
    both = (
        pairs.select("workout_id", "workout_id_other")
        .join(counted, on="workout_id")
        .join(
            counted, left_on=["workout_id_other", *kind_of_set], right_on=["workout_id", *kind_of_set], suffix="_other"
        )
    )
    return both.group_by("workout_id", "workout_id_other").agg(shared=pl.min_horizontal("len", "len_other").sum())
