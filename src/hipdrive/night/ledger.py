"""Rows of the ledger: what became of every file, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import dataframely as dy
import polars as pl

from hipdrive.read.inbox import Offer, Opened
from hipdrive.tables.sources import Source


@dataclass(frozen=True)
class Fate:
    """What became of one offer; `reason` also says what a loaded file lacks."""

    format: str
    status: str
    reason: str | None = None
    activities: int = 0
    records: int = 0
    sets: int = 0


def unopened(offer: Offer, seen_at: datetime, reason: str) -> dict[str, object]:
    """The row of a file that could not be opened."""
    return {
        "path": offer.name,
        "source_id": "",
        "content_sha256": None,
        "container": offer.container,
        "format": "unknown",
        "size_bytes": offer.size_bytes,
        "modified_ns": offer.modified_ns,
        "first_seen_utc": seen_at,
        "athlete_id": offer.athlete_id,
        "status": "quarantined",
        "reason": reason,
        "activities": 0,
        "records": 0,
        "sets": 0,
    }


def opened_row(opened: Opened, fate: Fate, seen_at: datetime) -> dict[str, object]:
    """The row of a file that was opened; its activities are counted later."""
    return {
        **unopened(opened.offer, seen_at, ""),
        "source_id": opened.source_id,
        "content_sha256": opened.content_sha256,
        "format": fate.format,
        "status": fate.status,
        "reason": joined(fate.reason, opened.fault),
        "records": fate.records,
        "sets": fate.sets,
    }


def joined(*reasons: str | None) -> str | None:
    """Several reasons as one, those that are none left out."""
    return "; ".join(reason for reason in reasons if reason) or None


def ledger_rows(rows: Sequence[dict[str, object]]) -> dy.DataFrame[Source]:
    """Rows as the ledger's table."""
    types = {name: column.dtype for name, column in Source.columns().items()}
    return Source.validate(pl.DataFrame(list(rows), schema=types))


def count_activities(sources: pl.DataFrame, activities: pl.DataFrame) -> dy.DataFrame[Source]:
    """Ledger rows with the number of activities that each loaded file gave."""
    counts = activities.group_by("source_id").agg(pl.len().cast(pl.Int64).alias("counted"))
    counted = sources.join(counts, on="source_id", how="left", maintain_order="left")
    return Source.validate(
        counted.with_columns(
            activities=pl.when(pl.col("status") == "loaded").then("counted").otherwise(0).fill_null(0)
        ).drop("counted")
    )


def place_rejects(rejects: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Rejected rows of a strength log as rows of the common table."""
    return rejects.select(
        pl.lit(source_id).alias("source_id"),
        pl.format("line {}", "line").alias("place"),
        "reason",
        pl.lit(1, dtype=pl.Int64).alias("rows"),
    )
