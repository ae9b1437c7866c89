"""The article's programme: what was prescribed, what was done, and what comes next.

The article names five exercises with their repetitions and metres, and no frequency; sessions a week and sets a
session are settings. Targets go up one repetition a session within the article's range, and bounds by ten metres from
50 to 100.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import dataframely as dy
import polars as pl

from hipdrive.measure.adherence import share_done
from hipdrive.tables.strength import Exercise, LogSpan, ProgrammeTarget, ProgrammeWeek, StrengthSet

REPS_STEP = 1.0
DISTANCE_STEP_M = 10.0  # assumption of this project: the article gives only 50 to 100 m
_ONE_SIDE_SETS = 0.5


def measure_programme(
    sets: dy.DataFrame[StrengthSet],
    exercises: dy.DataFrame[Exercise],
    spans: dy.DataFrame[LogSpan],
    *,
    sessions_per_week: float = 2.0,
    sets_per_session: int = 1,
) -> dy.DataFrame[ProgrammeWeek]:
    """One row per athlete, ISO week and item, none missing within a span of days that the athlete's logs speak for.

    Args:
        sets: measured sets; warm-ups and superseded ones are not counted.
        exercises: the catalogue.
        spans: the spans of days that each athlete's logs speak for.
        sessions_per_week: how often the programme is prescribed.
        sets_per_session: of each item.
    """
    items = exercises.filter("in_programme").select(
        "exercise", is_strengthening=pl.col("kind") != "mobility", order=pl.int_range(pl.len())
    )
    weeks = (
        spans.select(
            "athlete_id",
            week_start=pl.date_ranges(
                pl.col("first_date").dt.truncate("1w"), pl.col("last_date").dt.truncate("1w"), interval="1w"
            ),
        )
        .explode("week_start")
        .unique()
        .join(items, how="cross")
    )
    done = (
        _done(sets)
        .group_by("athlete_id", pl.col("local_date").dt.truncate("1w").alias("week_start"), "exercise")
        .agg(done_sets=pl.when(pl.col("side").is_not_null()).then(_ONE_SIDE_SETS).otherwise(1.0).sum())
    )
    programme = (
        weeks.join(done, on=["athlete_id", "week_start", "exercise"], how="left")
        .with_columns(
            pl.col("done_sets").fill_null(0.0), prescribed_sets=pl.lit(sessions_per_week * sets_per_session, pl.Float64)
        )
        .with_columns(adherence_fraction=share_done())
        .sort("athlete_id", "week_start", "order")
    )
    return ProgrammeWeek.validate(programme.select(list(ProgrammeWeek.create_empty().schema)), cast=True)


def measure_targets(
    sets: dy.DataFrame[StrengthSet],
    exercises: dy.DataFrame[Exercise],
    *,
    sets_per_session: int = 1,
    athlete_ids: Sequence[str] = (),
) -> dy.DataFrame[ProgrammeTarget]:
    """What to do in the next session: one row per athlete and item.

    The weakest set of an item's last day decides. One repetition more than it, or ten metres more, but never below the
    article's range nor above it; who has never done an item begins at the lower end.

    Args:
        sets: measured sets of any number of athletes.
        exercises: the catalogue.
        sets_per_session: of each item.
        athlete_ids: athletes who have targets even without a set.
    """
    items = exercises.filter("in_programme").with_columns(order=pl.int_range(pl.len()))
    last = (
        _done(sets)
        .filter(pl.col("local_date") == pl.col("local_date").max().over("athlete_id", "exercise"))
        .group_by("athlete_id", "exercise")
        .agg(
            last_date=pl.col("local_date").max(),
            last_reps=pl.col("reps").min(),
            last_distance_m=pl.col("distance_m").min(),
        )
    )
    athletes = pl.DataFrame(
        {"athlete_id": sorted({*sets["athlete_id"], *athlete_ids})}, schema={"athlete_id": pl.String}
    )
    plan = athletes.join(items, how="cross").join(last, on=["athlete_id", "exercise"], how="left")
    by_distance = pl.col("quantity") == "distance"
    targets = plan.with_columns(
        sets=pl.lit(sets_per_session, pl.Int64),
        reps=pl.when(~by_distance).then(_next("last_reps", REPS_STEP, "reps_min", "reps_max")),
        distance_m=pl.when(by_distance).then(
            _next("last_distance_m", DISTANCE_STEP_M, "distance_min_m", "distance_max_m")
        ),
    ).sort("athlete_id", "order")
    return ProgrammeTarget.validate(targets.select(list(ProgrammeTarget.create_empty().schema)), cast=True)


def _done(sets: pl.DataFrame) -> pl.DataFrame:
    """Working sets of known exercises that no other log covers."""
    return sets.filter(
        pl.col("superseded_by").is_null(),
        pl.col("exercise").is_not_null(),
        pl.col("set_type").is_in(["normal", "drop", "failure"]),
    )


def _next(last: str, step: float, least: str, most: str) -> pl.Expr:
    raised = (pl.col(last) + step).fill_null(-math.inf)
    return pl.max_horizontal(raised, least).pipe(
        lambda target: pl.min_horizontal(target, pl.col(most).fill_null(math.inf))
    )
