"""The days that strength logs speak for. On all others the dose is unknown, not zero.

A written log speaks for every day from its first to its last workout, however long the silence in between: a block
without strength work is a true zero. The export of an app speaks up to the day it says it was made on. Between two logs
and outside of all nobody knows. What a line `none` names is a known zero on its own days only.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.measure.strength_sessions import NOT_SETS
from hipdrive.tables.strength import LogSpan, StrengthSet
from hipdrive.tables.strength_overlap import StrengthLog

NAMED_FRACTION = 0.5  # of a watch's workout, for it to say what was done


def measure_log_spans(
    sets: dy.DataFrame[StrengthSet],
    logs: dy.DataFrame[StrengthLog] | None = None,
    none_spans: pl.DataFrame | None = None,
) -> dy.DataFrame[LogSpan]:
    """Per athlete the spans of days that strength logs speak for, apart from each other and in order.

    A watch records a strength workout when its wearer remembers to start one. So its workouts make a span only for an
    athlete without any written log, and only those whose exercises it could name. A workout that a later export no
    longer holds stretches nothing.

    Args:
        sets: of all files, superseded ones included.
        logs: what the ledger knows of each written log: its app, and the day its export states.
        none_spans: days of which the athlete says that there was no strength work: `athlete_id first_date last_date`.
    """
    logs = StrengthLog.create_empty() if logs is None else logs
    is_deleted = pl.col("superseded_by").is_not_null() & ~pl.col("superseded_by").is_in(sets["workout_id"].implode())
    done = sets.filter(~pl.col("set_type").is_in(NOT_SETS), ~is_deleted)
    written = (
        done.filter(pl.col("log_kind") == "written")
        .group_by("athlete_id", "source_id")
        .agg(first_date=pl.col("local_date").min(), last_date=pl.col("local_date").max())
        .join(logs.filter(pl.col("app").is_not_null()), on=["athlete_id", "source_id"], how="left")
        .select("athlete_id", "first_date", last_date=pl.max_horizontal("last_date", "exported_date"))
    )
    is_named = (pl.col("match") != "none").mean().over("athlete_id", "workout_id") >= NAMED_FRACTION
    watch = (
        done.filter(pl.col("log_kind") == "watch")
        .filter(is_named)
        .join(written, on="athlete_id", how="anti")
        .group_by("athlete_id")
        .agg(first_date=pl.col("local_date").min(), last_date=pl.col("local_date").max())
    )
    said = written.clear() if none_spans is None else none_spans.select(written.columns)
    spans = pl.concat(
        [
            pl.concat([written, said]).with_columns(log_kind=pl.lit("written")),
            watch.with_columns(log_kind=pl.lit("watch")),
        ]
    )
    return LogSpan.validate(_apart(spans), cast=True)


def _apart(spans: pl.DataFrame) -> pl.DataFrame:
    """Spans that touch or overlap made one; written where one of them is."""
    reached = pl.col("last_date").cum_max().shift(1).over("athlete_id")
    begins = (pl.col("first_date") > reached + pl.duration(days=1)).fill_null(value=True)
    return (
        spans.sort("athlete_id", "first_date", "last_date")
        .with_columns(span=begins.cum_sum().over("athlete_id"))
        .group_by("athlete_id", "span", maintain_order=True)
        .agg(
            pl.col("first_date").min(),
            pl.col("last_date").max(),
            log_kind=pl.when((pl.col("log_kind") == "written").any())
            .then(pl.lit("written"))
            .otherwise(pl.lit("watch")),
        )
        .drop("span")
    )


def unnamed_weeks(sets: dy.DataFrame[StrengthSet], weeks: pl.DataFrame) -> int:
    """Weeks with sets whose dose is unknown, because most sets of a day have no dose: nobody knows what they were.

    Args:
        sets: of one athlete.
        weeks: of the same: `week_start dose_known`.
    """
    unnamed = sets.filter(pl.col("hip_dose").is_null()).select(week_start=pl.col("local_date").dt.truncate("1w"))
    return weeks.filter(~pl.col("dose_known")).join(unnamed, on="week_start", how="semi").height
