"""From files to tables, batch by batch: read, tidy, measure. What a file raises stays with that file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.errors import UnreadableFile
from hipdrive.measure.best_efforts import measure_best_efforts
from hipdrive.measure.digits import keep_sensible_digits
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.stride import measure_strides
from hipdrive.measure.timer_spans import measure_timer_spans
from hipdrive.measure.windows import measure_run_windows
from hipdrive.night.archives import unread
from hipdrive.night.firewall import in_words, is_files_fault
from hipdrive.night.ledger import (
    joined,
    ledger_rows,
    opened_row,
    reading_row,
    reading_rows,
    refused,
    unopened,
    waiting,
)
from hipdrive.night.news import Row
from hipdrive.night.one_file import Found, read_file
from hipdrive.night.provenance import read_with
from hipdrive.read.archives import Opened, open_offer
from hipdrive.read.corrections import Corrections, digest
from hipdrive.read.inbox import Offer, is_still
from hipdrive.read.runs import RawRun, concat_runs
from hipdrive.settings import Settings
from hipdrive.tables.run_labels import ListedFile
from hipdrive.tables.sources import Reading, Source
from hipdrive.tables.strength import NoneSpan, TidyStrengthSet
from hipdrive.tables.wellness import RestingHeartRate
from hipdrive.tidy.runs import tidy_runs

# A task of Prefect costs tens of ms, a file a few: so files travel in batches, bounded in number and in bytes.
BATCH_FILES = 50
BATCH_BYTES = 10_000_000


@dataclass(frozen=True)
class Batch:
    """What some offers became: rows of the ledger and the readings, and the tables of what was read."""

    sources: dy.DataFrame[Source]
    readings: dy.DataFrame[Reading]
    tables: dict[str, pl.DataFrame]


def unreadable_folders(
    folders: Iterable[tuple[Offer, str]], settings: Settings, seen_at: datetime
) -> dy.DataFrame[Source]:
    """The ledger's rows of folders that could not be looked into."""
    rows = [
        unread(folder, settings, seen_at, f"this folder cannot be looked into ({why}); nothing in it was read")
        for folder, why in folders
    ]
    return ledger_rows(rows)


def cut_batches(offers: Iterable[Offer]) -> Iterator[list[Offer]]:
    """Offers in their order, athlete by athlete, in batches bounded by number and bytes."""
    batch: list[Offer] = []
    size = 0
    for offer in sorted(offers, key=lambda offer: offer.athlete_id):
        is_full = len(batch) >= BATCH_FILES or size + offer.size_bytes > BATCH_BYTES
        if batch and (is_full or offer.athlete_id != batch[0].athlete_id):
            yield batch
            batch, size = [], 0
        batch.append(offer)
        size += offer.size_bytes
    if batch:
        yield batch


def ingest_batch(
    offers: Sequence[Offer],
    settings: Settings,
    read_before: Mapping[str, Row],
    seen_at: datetime,
    resolver: Resolver,
    corrections: Corrections = Corrections(),  # noqa: B008  it cannot be changed
    *,
    is_last_try: bool = True,
) -> Batch:
    """Read, tidy and measure a batch of one athlete's files; one that cannot be read is quarantined, the others go on.

    Args:
        offers: files, or members of zips, of one athlete.
        settings: units, zones, bounds.
        read_before: the athlete's readings by `content_sha256`; what was read as it would be today is not read again.
        seen_at: the time to write into the ledger.
        resolver: names of exercises → catalogue.
        corrections: what the athletes know better.
        is_last_try: whether a file that cannot be opened just now is listed as such, to be offered again next night.

    Raises:
        OSError: a file could not be opened for a reason that may pass, and this is not the last try.
    """
    found = Found()
    rows: list[dict[str, object]] = []
    readings: dict[str, dict[str, object]] = {}
    for offer in offers:
        opened = _open(offer, settings, seen_at, is_last_try=is_last_try)
        if not isinstance(opened, Opened):
            rows.append(opened)
            continue
        rows.append(opened_row(opened, seen_at))
        content = opened.content_sha256
        lines = corrections.of(offer.name, opened.source_id, content)
        mark = digest(lines)
        if content not in readings and not _stands(read_before.get(content), settings, offer.athlete_id, mark):
            outcome = read_file(opened, settings, seen_at, resolver, found, lines)
            made_with = read_with(settings, offer.athlete_id, outcome.format, outcome.status, mark)
            readings[content] = reading_row(opened, outcome, made_with)
    tables, broken = _measure(found.runs, settings)
    _add_remarks(readings, tables.pop("remarks"))
    for source_id, reason in broken.items():
        for reading in readings.values():
            if reading["source_id"] == source_id:
                made_with = read_with(settings, str(reading["athlete_id"]), "fit", "quarantined")
                reading |= {"status": "quarantined", "reason": reason, "read_with": made_with, "records": 0, "sets": 0}
    kept = ~pl.col("source_id").is_in(list(broken))
    tables["strength_sets"] = pl.concat([TidyStrengthSet.create_empty(), *found.sets]).filter(kept)
    tables["none_spans"] = pl.concat([NoneSpan.create_empty(), *found.none_spans])
    tables["resting_heart_rates"] = pl.concat([RestingHeartRate.create_empty(), *found.resting_heart_rates]).filter(
        kept
    )
    tables["listed_files"] = pl.concat([ListedFile.create_empty(), *found.listed_files])
    tables["rejects"] = pl.concat([tables["rejects"], *found.rejects]).filter(kept)
    _enter_outcomes(rows, readings, read_before)
    return Batch(ledger_rows(rows), reading_rows(list(readings.values()), tables["activities"]), tables)


def _open(offer: Offer, settings: Settings, seen_at: datetime, *, is_last_try: bool) -> Opened | dict[str, object]:
    """A file with its bytes, or the ledger's row of one that is not to be read tonight."""
    if offer.refusal:
        return refused(offer, seen_at, read_with(settings, offer.athlete_id, "unknown", "skipped"))
    try:
        opened = open_offer(offer, settings.archive)
    except UnreadableFile as error:
        return unread(offer, settings, seen_at, error.reason)
    except OSError as error:
        if not is_last_try:
            raise
        reason = f"it could not be opened ({error.strerror or error}); hipdrive tries again next night"
        return unopened(replace(offer, modified_ns=0), seen_at, reason)
    return opened if is_still(offer) else waiting(offer, seen_at)


def _enter_outcomes(
    rows: Sequence[dict[str, object]], readings: Mapping[str, Row], read_before: Mapping[str, Row]
) -> None:
    """Say at once what a file was read with, so that a night that goes on with this one's copy opens none again."""
    for row in rows:
        content = str(row["content_sha256"])
        found = readings.get(content) or read_before.get(content)
        if found is not None:
            row.update({name: found[name] for name in ("format", "status", "read_with")})


def _add_remarks(readings: Mapping[str, dict[str, object]], remarks: pl.DataFrame) -> None:
    """What tidying found out about files, said with the rest of what is said of each."""
    said = dict(remarks.iter_rows())
    for reading in readings.values():
        told = reading["reason"]
        reading["reason"] = joined(None if told is None else str(told), said.get(reading["source_id"]))


def _stands(reading: Row | None, settings: Settings, athlete: str, mark: str) -> bool:
    if reading is None:
        return False
    is_fresh = bool(reading["read_with"] == read_with(settings, athlete, reading["format"], reading["status"], mark))
    return is_fresh or bool(reading["status"] == "forgotten")


def _measure(runs: Sequence[RawRun], settings: Settings) -> tuple[dict[str, pl.DataFrame], dict[str, str]]:
    """The running tables of a batch, and of each file that cannot be measured its `source_id` and why."""
    try:
        return _measure_runs(runs, settings), {}
    except BaseException as error:
        if not is_files_fault(error):
            raise
    alone: list[dict[str, pl.DataFrame]] = [_measure_runs([], settings)]
    broken = {}
    for run in runs:
        try:
            alone.append(_measure_runs([run], settings))
        except BaseException as error:
            if not is_files_fault(error):
                raise
            broken[run.source_id] = in_words(error)
    return {table: pl.concat([tables[table] for tables in alone]) for table in alone[0]}, broken


def _measure_runs(runs: Sequence[RawRun], settings: Settings) -> dict[str, pl.DataFrame]:
    """The running tables of some files; empty ones where none was a run."""
    raw = concat_runs(runs)
    zones = {athlete: settings.of(athlete).time_zone for athlete in settings.athlete_ids}
    tidy = tidy_runs(raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records, zones)
    samples = measure_strides(measure_grade(tidy.samples))
    windows = measure_run_windows(tidy.activities, samples)
    return {
        "activities": tidy.activities,
        "samples": keep_sensible_digits(samples),
        "laps": tidy.laps,
        "timer_spans": measure_timer_spans(tidy.samples),
        "run_windows": windows,
        "run_measures": measure_runs(tidy.activities, samples, windows),
        "best_efforts": measure_best_efforts(tidy.activities, samples),
        "rejects": tidy.rejects,
        "remarks": tidy.remarks,
    }
