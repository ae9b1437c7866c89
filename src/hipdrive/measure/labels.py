"""Names, gear and races of a service's list → the activities they are said of; the races as lines of the diary."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_labels import ListedFile, RunLabel
from hipdrive.tables.runs import Activity
from hipdrive.tables.sources import Source


def label_runs(
    listed: dy.DataFrame[ListedFile], sources: dy.DataFrame[Source], activities: dy.DataFrame[Activity]
) -> dy.DataFrame[RunLabel]:
    """What lists say of activities, by the files that they name; a run that another file counts for takes it along.

    Args:
        listed: of all lists of an athlete.
        sources: the ledger.
        activities: with `duplicate_of` settled.
    """
    lists = sources.filter(pl.col("source_id").is_in(listed["source_id"].unique().implode())).select(
        "source_id", folder=pl.col("path").str.replace(r"[^/]+$", ""), offered_utc="last_offered_utc"
    )
    named = listed.join(lists, on="source_id").with_columns(path=pl.concat_str("folder", "file"))
    counts = sources.filter(pl.col("status") == "loaded").select(
        "content_sha256", counts_as=pl.col("source_id"), athlete="athlete_id"
    )
    held = (
        sources.select("path", "content_sha256")
        .drop_nulls()
        .join(counts, on="content_sha256", how="left")
        .select("path", "counts_as")
        .drop_nulls()
    )
    found = (
        named.join(held, on="path")
        .join(activities.select("activity_id", "duplicate_of", counts_as="source_id"), on="counts_as")
        .with_columns(activity_id=pl.coalesce("duplicate_of", "activity_id"))
        .sort("offered_utc", "source_id", "file")
        .group_by("athlete_id", "activity_id", maintain_order=True)
        .agg(pl.col("name", "gear").drop_nulls().last(), pl.col("is_race").any())
    )
    return RunLabel.validate(found.select(list(RunLabel.columns())))


def told_races(
    labels: dy.DataFrame[RunLabel], activities: dy.DataFrame[Activity], diary: dy.DataFrame[DiaryLine]
) -> dy.DataFrame[DiaryLine]:
    """The diary with the races that lists tell of, on days on which it tells of none itself.

    Args:
        labels: of one athlete.
        activities: theirs.
        diary: what they wrote.
    """
    told = diary.filter(pl.col("kind") == "race").select("athlete_id", "local_date")
    running = activities.filter(pl.col("sport") == "running").select("activity_id", "local_date")
    races = (
        labels.filter("is_race")
        .join(running, on="activity_id")
        .join(told, on=["athlete_id", "local_date"], how="anti")
        .sort("local_date", "activity_id")
        .unique(["athlete_id", "local_date"], keep="first", maintain_order=True)
        .select("athlete_id", "local_date", kind=pl.lit("race").cast(diary.schema["kind"]), text="name")
    )
    return DiaryLine.validate(pl.concat([diary, races.select(diary.columns)]).sort("athlete_id", "local_date"))
