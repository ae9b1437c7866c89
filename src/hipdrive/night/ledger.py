"""The ledger: what became of every path and content that was ever offered.

Two tables. `readings` says what was found in a content of an athlete, whatever path it lay under. `sources` says of
every path what became of it, and follows from the readings and from what lay where: which path a content counts under,
and which content of a path. It is settled anew every night, so that the order in which paths came does not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import dataframely as dy
import polars as pl

from hipdrive.read.archives import Opened
from hipdrive.read.inbox import Offer
from hipdrive.tables.sources import ARCHIVES, Reading, Source

_CONTENT = ["athlete_id", "content_sha256"]
_FOUND = ("format", "read_with", "activities", "records", "sets")


@dataclass(frozen=True)
class IngestOutcome:
    """What became of one content; `reason` also says what a loaded file lacks."""

    format: str
    status: str
    reason: str | None = None
    records: int = 0
    sets: int = 0


def unopened(offer: Offer, seen_at: datetime, reason: str) -> dict[str, object]:
    """The row of a file that could not be opened, or of which nothing is read but itself."""
    return {
        "path": offer.name,
        "source_id": "",
        "content_sha256": None,
        "container": offer.container,
        "format": "unknown",
        "size_bytes": offer.size_bytes,
        "modified_ns": offer.modified_ns,
        "first_seen_utc": seen_at,
        "last_offered_utc": seen_at,
        "athlete_id": offer.athlete_id,
        "status": "quarantined",
        "reason": reason,
        "read_with": None,
        "is_gone": False,
        "counted": 0,
        "activities": 0,
        "records": 0,
        "sets": 0,
    }


def waiting(offer: Offer, seen_at: datetime) -> dict[str, object]:
    """The row of a file that changed while it was read; the next night takes it for news again."""
    row = unopened(offer, seen_at, "it is still being written; the next night reads it")
    return {**row, "modified_ns": 0, "status": "skipped", "container": None}


def refused(offer: Offer, seen_at: datetime, read_with: str) -> dict[str, object]:
    """The row of what is not opened on purpose."""
    return {**unopened(offer, seen_at, offer.refusal or ""), "status": "skipped", "read_with": read_with}


def opened_row(opened: Opened, seen_at: datetime) -> dict[str, object]:
    """The row of a file that was opened; what became of it is settled from the readings."""
    return {
        **unopened(opened.offer, seen_at, ""),
        "source_id": opened.source_id,
        "content_sha256": opened.content_sha256,
    }


def reading_row(opened: Opened, outcome: IngestOutcome, read_with: str) -> dict[str, object]:
    """What was found in a content; its activities are counted later."""
    return {
        "athlete_id": opened.offer.athlete_id,
        "content_sha256": opened.content_sha256,
        "source_id": opened.source_id,
        "format": outcome.format,
        "status": outcome.status,
        "reason": joined(outcome.reason, opened.fault),
        "read_with": read_with,
        "activities": 0,
        "records": outcome.records,
        "sets": outcome.sets,
    }


def joined(*reasons: str | None) -> str | None:
    """Several reasons as one, those that are none left out."""
    return "; ".join(reason for reason in reasons if reason) or None


def ledger_rows(rows: Sequence[dict[str, object]]) -> dy.DataFrame[Source]:
    """Rows as the ledger's table."""
    return Source.validate(pl.DataFrame(list(rows), schema=_types(Source)))


def reading_rows(rows: Sequence[dict[str, object]], activities: pl.DataFrame) -> dy.DataFrame[Reading]:
    """Rows as the table of readings, with how many activities each gave and what of their totals was repaired."""
    found = activities.group_by("source_id").agg(
        _count=pl.len().cast(pl.Int64),
        _repaired=pl.col("reason").drop_nulls().unique(maintain_order=True).str.join("; "),
    )
    frame = pl.DataFrame(list(rows), schema=_types(Reading)).join(
        found, on="source_id", how="left", maintain_order="left"
    )
    is_loaded = pl.col("status") == "loaded"
    repaired = pl.when(is_loaded, pl.col("_repaired") != "").then("_repaired")
    reason = pl.concat_str("reason", repaired, separator="; ", ignore_nulls=True)
    return Reading.validate(
        frame.with_columns(
            activities=pl.when(is_loaded).then("_count").otherwise(0).fill_null(0),
            reason=pl.when(reason != "").then(reason),
        ).drop("_count", "_repaired")
    )


def _types(schema: type[dy.Schema]) -> dict[str, pl.DataType]:
    return {name: column.dtype for name, column in schema.columns().items()}


def take_offers(known: dy.DataFrame[Source], offered: dy.DataFrame[Source]) -> dy.DataFrame[Source]:
    """The ledger with tonight's offers in it.

    A row of a file that could not be opened goes as soon as there is a newer one. A content that is met again where it
    lay before keeps when it was first seen, and when it was last news, unless another content came between.

    Args:
        known: the ledger so far.
        offered: what was opened tonight, a row a path and content.
    """
    key = ["path", "source_id"]
    offered_again = offered.unique(key, keep="last", maintain_order=True)
    kept = known.filter(~((pl.col("source_id") == "") & pl.col("path").is_in(offered["path"].implode())))
    before = kept.with_columns(_was_newest=pl.col("last_offered_utc") == pl.col("last_offered_utc").max().over("path"))
    before = before.select(*key, "first_seen_utc", "last_offered_utc", "modified_ns", "counted", "_was_newest")
    news = offered_again.join(before, on=key, how="left", suffix="_before", maintain_order="left").with_columns(
        first_seen_utc=pl.coalesce("first_seen_utc_before", "first_seen_utc"),
        last_offered_utc=pl.when(pl.col("_was_newest") & (pl.col("modified_ns") == pl.col("modified_ns_before")))
        .then("last_offered_utc_before")
        .otherwise("last_offered_utc"),
        counted=pl.col("counted_before").fill_null(0),
    )
    rest = kept.join(offered_again, on=key, how="anti", maintain_order="left")
    return Source.validate(pl.concat([rest, news.select(known.columns)]).sort(key))


def mark_gone(sources: dy.DataFrame[Source], gone: Iterable[str]) -> dy.DataFrame[Source]:
    """The ledger with the files marked that are no longer where they lay, members of archives by their archive.

    A row of what could never be opened goes with its file.

    Args:
        sources: the ledger.
        gone: paths of files that are not there.
    """
    missing = pl.Series(list(gone), dtype=pl.String).implode()
    zips = sources.filter(pl.col("format").is_in(ARCHIVES)).select(
        container="source_id",
        zip_is_gone=pl.col("path").is_in(missing)
        | (pl.col("last_offered_utc") < pl.col("last_offered_utc").max().over("path")),
    )
    zips = zips.group_by("container").agg(pl.col("zip_is_gone").all())
    here = sources.filter(~((pl.col("source_id") == "") & pl.col("path").is_in(missing)))
    marked = here.join(zips, on="container", how="left", maintain_order="left").with_columns(
        is_gone=pl.when(pl.col("container").is_null())
        .then(pl.col("path").is_in(missing))
        .otherwise(pl.col("zip_is_gone").fill_null(value=True))
    )
    return Source.validate(marked.select(sources.columns))


def settle(
    sources: dy.DataFrame[Source], readings: dy.DataFrame[Reading], elsewhere: frozenset[str] = frozenset()
) -> dy.DataFrame[Source]:
    """What became of every path, from what lies where and what was found in it.

    Of the contents of one path the one offered last is current (all those of one archive are). A content counts under
    the first of the paths that hold it now, those that are gone last; under none it is replaced. A file that lies in
    another athlete's folder now and in its own no more was moved, and its row goes along.

    Args:
        sources: the ledger.
        readings: what was found in each content.
        elsewhere: contents that lie in the folder of an athlete whom this ledger does not know.
    """
    rest = sources.filter(pl.col("content_sha256").is_null())
    opened = sources.filter(pl.col("content_sha256").is_not_null())
    newest = pl.col("last_offered_utc") == pl.col("last_offered_utc").max()
    newest_container = pl.col("container").filter(newest).first().over("path")
    opened = opened.with_columns(
        _is_current=newest.over("path") | (pl.col("container") == newest_container).fill_null(value=False)
    )
    lies = ~pl.col("is_gone")
    away = pl.Series(list(elsewhere), dtype=pl.String).implode()
    opened = opened.with_columns(
        _lies_here=lies.any().over(_CONTENT),
        _lies_somewhere=lies.any().over("content_sha256") | pl.col("content_sha256").is_in(away),
    )
    opened = opened.filter(pl.col("_lies_here") | ~pl.col("_lies_somewhere"))
    held = opened.filter("_is_current").sort("is_gone", "path", "source_id").group_by(_CONTENT, maintain_order=True)
    owners = held.agg(_owner=pl.col("path").first(), _owner_id=pl.col("source_id").first())
    found = readings.select(*_CONTENT, *_FOUND, found="status", found_reason="reason")
    told = (
        opened.drop(*_FOUND)
        .join(owners, on=_CONTENT, how="left", maintain_order="left")
        .join(found, on=_CONTENT, how="left", maintain_order="left")
    )
    is_owner = (pl.col("path") == pl.col("_owner")) & (pl.col("source_id") == pl.col("_owner_id"))
    is_duplicate = pl.col("_is_current") & (pl.col("found") == "loaded") & ~is_owner
    status = (
        pl.when(pl.col("found") == "forgotten")
        .then(pl.lit("forgotten"))
        .when(~pl.col("_is_current"))
        .then(pl.lit("replaced"))
        .when(is_duplicate)
        .then(pl.lit("duplicate"))
        .otherwise(pl.coalesce(pl.col("found").cast(pl.String), pl.col("status").cast(pl.String)))
    )
    told = told.with_columns(_status=status).with_columns(
        status=pl.col("_status").cast(Source.columns()["status"].dtype),
        reason=pl.when(pl.col("_status") == "duplicate")
        .then(pl.format("the same content as {}", "_owner"))
        .when(pl.col("_status") == "replaced")
        .then(pl.lit("a newer content of this path counts in its place"))
        .when(pl.col("_status") == "forgotten")
        .then(pl.lit("forgotten at your request; only its sha256 is kept, so that it is not read again"))
        .otherwise("found_reason"),
    )
    counts_elsewhere = pl.col("_status").is_in(["duplicate", "forgotten"])
    told = told.with_columns(
        pl.when(counts_elsewhere).then(0).otherwise(pl.col(name)).cast(pl.Int64).alias(name)
        for name in ("activities", "records", "sets")
    )
    return Source.validate(pl.concat([rest, told.select(sources.columns)]).sort("path", "source_id"))


def homeless(sources: dy.DataFrame[Source], readings: dy.DataFrame[Reading]) -> dy.DataFrame[Reading]:
    """Readings of contents that no path of their athlete holds any more: the file was moved to another athlete."""
    return Reading.cast(readings.join(sources, on=_CONTENT, how="anti", maintain_order="left"))


def renamed(sources: dy.DataFrame[Source], readings: dy.DataFrame[Reading]) -> pl.DataFrame:
    """Readings whose rows should stand under the `source_id` of the path that they count under now.

    Gives `athlete_id content_sha256 source_id new_source_id`; a file and its `.gz` are one content of two ids.
    """
    owners = sources.filter(pl.col("status") == "loaded").select(*_CONTENT, new_source_id="source_id")
    pairs = readings.select(*_CONTENT, "source_id").join(owners, on=_CONTENT)
    return pairs.filter(pl.col("source_id") != pl.col("new_source_id"))


def what_counts(
    sources: dy.DataFrame[Source],
    sets: pl.DataFrame,
    runs: pl.DataFrame,
    sports: pl.DataFrame,
    wellness: pl.DataFrame,
) -> dy.DataFrame[Source]:
    """The ledger with how much of each file counts, and why where nothing does.

    Args:
        sources: settled.
        sets: how many sets of each file count, and how many another has: `athlete_id source_id counted covered`.
        runs: runs that count: `athlete_id source_id`.
        sports: of every activity: `athlete_id source_id sport duplicate_of`.
        wellness: days that count: `athlete_id source_id`.
    """
    key = ["athlete_id", "source_id"]
    each = pl.concat([runs.select(key), wellness.select(key).drop_nulls()])
    each = each.group_by(key).agg(counted=pl.len().cast(pl.Int64))
    counted = pl.concat([sets.select(*key, "counted"), each]).group_by(key).agg(_counted=pl.col("counted").sum())
    named = sports.group_by(key).agg(
        _sports=pl.col("sport").unique().sort().str.replace_all("_", " ").str.join(", "),
        _is_again=pl.col("duplicate_of").is_not_null().all(),
    )
    covered = sets.select(*key, _covered="covered")
    told: pl.DataFrame = sources
    for more in (counted, named, covered):
        told = told.join(more, on=key, how="left", maintain_order="left")
    is_read = pl.col("status").is_in(["loaded", "replaced"])
    told = told.with_columns(counted=pl.when(is_read).then(pl.col("_counted").fill_null(0)).otherwise(0))
    nothing = (
        pl.when(pl.col("sets") > 0)
        .then(pl.lit("every set of it counts in another log (`hipdrive sources --overlaps`)"))
        .when(pl.col("_is_again"))
        .then(pl.lit("the same activity was recorded in another file, which counts"))
        .when(pl.col("_sports").is_not_null())
        .then(pl.format("no run that counts in it (sport: {})", "_sports"))
        .when(pl.col("reason").str.contains("resting heart rate of "))
        .then(pl.lit("each of its days is in another file or in the diary"))
        .when(pl.col("reason").str.starts_with("names and gear of "))
        .then(pl.lit(None, dtype=pl.String))
        .otherwise(pl.lit("nothing in it that counts"))
    )
    is_empty = (pl.col("status") == "loaded") & (pl.col("counted") == 0) & (~pl.col("format").is_in(ARCHIVES))
    in_part = pl.format("{} of its sets count in another log (`hipdrive sources --overlaps`)", "_covered")
    still = pl.format("{}; {} sets of earlier days still count", "reason", "counted")
    reason = (
        pl.when(is_empty)
        .then(pl.concat_str([pl.col("reason"), nothing], separator="; ", ignore_nulls=True))
        .when((pl.col("status") == "replaced") & (pl.col("counted") > 0))
        .then(still)
        .when((pl.col("status") == "loaded") & (pl.col("_covered") > 0))
        .then(pl.concat_str([pl.col("reason"), in_part], separator="; ", ignore_nulls=True))
        .otherwise("reason")
    )
    return Source.validate(told.with_columns(reason=reason).select(sources.columns))
