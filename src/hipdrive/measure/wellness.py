"""Which of several tellings of a day's resting heart rate counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.tables.wellness import DailyWellness

if TYPE_CHECKING:
    import dataframely as dy

    from hipdrive.tables.diary import DiaryLine
    from hipdrive.tables.sources import Source
    from hipdrive.tables.wellness import RestingHeartRate


def measure_daily_wellness(
    told: dy.DataFrame[RestingHeartRate], diary: dy.DataFrame[DiaryLine], sources: dy.DataFrame[Source]
) -> dy.DataFrame[DailyWellness]:
    """One row an athlete and day: the diary's word, else what a watch told last of that day, else its mean of seven.

    A file that a newer content of its path replaced still speaks for days that nothing else tells of.

    Args:
        told: by watches, one row a file and day.
        diary: every line.
        sources: the ledger.
    """
    key = ["athlete_id", "source_id"]
    counts = sources.filter(pl.col("status").is_in(["loaded", "replaced"])).select(
        *key, is_loaded=pl.col("status").cast(pl.String) == "loaded"
    )
    live = told.join(counts.group_by(key).agg(pl.col("is_loaded").any()), on=key)
    by_watch = live.select(
        *key,
        "local_date",
        "resting_heart_rate_bpm",
        "told_utc",
        source=pl.when("is_of_day").then(pl.lit("watch")).otherwise(pl.lit("watch_seven_days")),
        rank=2 * pl.col("is_loaded").cast(pl.Int64) + pl.col("is_of_day").cast(pl.Int64),
    )
    by_hand = diary.filter(pl.col("kind") == "resting_heart_rate").select(
        "athlete_id",
        "local_date",
        resting_heart_rate_bpm=pl.col("text").cast(pl.Float64),
        source=pl.lit("diary"),
        rank=pl.lit(4, dtype=pl.Int64),
    )
    best = (
        pl.concat([by_watch, by_hand], how="diagonal")
        .sort("athlete_id", "local_date", "rank", "told_utc", "source_id", nulls_last=False, maintain_order=True)
        .unique(["athlete_id", "local_date"], keep="last", maintain_order=True)
    )
    return DailyWellness.validate(best.select(DailyWellness.column_names()), cast=True)
