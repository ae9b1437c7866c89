"""What a strength workout is, for telling whether two files hold the same one: its moment, and its sets by kind.

Two sets are alike when the exercise, the repetitions and the load agree. The exercise is the catalogue's key, or where
the name is not understood the name without case and marks. Loads agree within 0.5 kg or 1 %, and also when one is the
other read in the wrong unit, because many exports state none. A set without repetitions has its seconds or metres in
their place.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.tables.strength import TidyStrengthSet

LOAD_TOLERANCE = 0.5  # kg; and of a hold or distance, s or m
LOAD_TOLERANCE_FRACTION = 0.01
_LB = 0.45359237
NOT_SETS = ("rest", "note", "none")
KIND = ("key", "reps", "extent", "load")


def list_sessions(sets: dy.DataFrame[TidyStrengthSet]) -> pl.DataFrame:
    """One row a workout.

    Columns `athlete_id workout_id source_id log_kind local_date has_clock start_s duration_s sets is_named known`;
    `start_s` is in seconds since 1970, UTC; `sets` leaves out rests and notes; `known` are the sets with an exercise.
    """
    is_set = ~pl.col("set_type").is_in(NOT_SETS)
    return (
        sets.group_by("athlete_id", "workout_id")
        .agg(
            pl.col("source_id", "log_kind", "local_date", "has_clock").first(),
            start_s=pl.col("started_utc").first().dt.epoch("us") / 1e6,
            duration_s=pl.col("duration_s").max(),
            sets=is_set.sum().cast(pl.Int64),
            is_named=pl.col("workout_name").is_not_null().any(),
            known=(is_set & pl.col("exercise").is_not_null()).sum().cast(pl.Int64),
        )
        .sort("athlete_id", "start_s", "workout_id")
    )


def count_kinds(sets: dy.DataFrame[TidyStrengthSet]) -> pl.DataFrame:
    """How many sets of each kind a workout holds: `athlete_id workout_id key reps extent load count`.

    `key` is empty where a watch could not name the exercise.
    """
    done = sets.filter(~pl.col("set_type").is_in(NOT_SETS))
    names = done.filter(pl.col("exercise").is_null())["exercise_name"].drop_nulls().unique().to_list()
    spelt = pl.DataFrame(
        {"exercise_name": names, "spelt": [f"“{_without_marks(name)}”" for name in names]},
        schema={"exercise_name": pl.String, "spelt": pl.String},
    )
    extent = pl.coalesce(pl.col("hold_s").round(0), pl.col("distance_m").round(0), 0.0)
    return (
        done.join(spelt, on="exercise_name", how="left")
        .select(
            "athlete_id",
            "workout_id",
            key=pl.when(pl.col("log_kind") == "watch")
            .then("exercise")
            .otherwise(pl.coalesce("exercise", "spelt"))
            .fill_null(""),
            reps=pl.col("reps").fill_null(-1.0),
            extent=pl.when(pl.col("reps").is_null()).then(extent).otherwise(0.0),
            load=pl.col("weight_kg").fill_null(0.0).round(2),
        )
        .group_by("athlete_id", "workout_id", *KIND)
        .agg(count=pl.len().cast(pl.Int64))
    )


def count_shared(pairs: pl.DataFrame, left: pl.DataFrame, right: pl.DataFrame) -> pl.Series:
    """For each pair of workouts `x y`, how many sets of one find an equal in the other.

    Args:
        pairs: `x` and `y`, workouts of two files.
        left: kinds of sets of the workouts in `x`: `id key reps extent load count`.
        right: of those in `y`.
    """
    numbered = pairs.select("x", "y").with_row_index("pair")
    both = (
        numbered.join(left, left_on="x", right_on="id")
        .join(right, left_on=["y", "key", "reps"], right_on=["id", "key", "reps"], suffix="_y")
        .filter(_loads_agree(), _agree(pl.col("extent"), pl.col("extent_y")))
    )
    shared = both.group_by("pair").agg(shared=pl.min_horizontal("count", "count_y").sum())
    return numbered.join(shared, on="pair", how="left", maintain_order="left")["shared"].fill_null(0)


def _without_marks(name: str) -> str:
    """A name without case and marks; one in letters that have no plain form is kept as it is."""
    return plain(name) or " ".join(name.casefold().split())


def _loads_agree() -> pl.Expr:
    load, other = pl.col("load"), pl.col("load_y")
    return _agree(load, other) | _agree(load * _LB, other) | _agree(load, other * _LB)


def _agree(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    tolerance = pl.max_horizontal(pl.lit(LOAD_TOLERANCE), LOAD_TOLERANCE_FRACTION * pl.max_horizontal(one, other))
    return (one - other).abs() <= tolerance
