"""From files to tables, batch by batch: read, tidy, measure. What a file raises stays with that file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta

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
from hipdrive.night.calendar import local_date
from hipdrive.night.firewall import in_words, is_files_fault
from hipdrive.night.ledger import Fate, joined, ledger_rows, opened_row, reading_row, reading_rows, unopened
from hipdrive.night.news import Ledger, Row, unknown_members
from hipdrive.night.provenance import read_with
from hipdrive.night.resting import keep_resting
from hipdrive.read.inbox import Offer, Opened, is_zip, list_members, open_offer
from hipdrive.read.monitoring import read_resting_heart_rates
from hipdrive.read.runs import RawRun, is_fit, read_run, stack_runs
from hipdrive.read.strength import read_strength, read_watch_sets, recognise_format
from hipdrive.read.wellness import read_daily_resting
from hipdrive.report import words
from hipdrive.settings import DEFAULT_ATHLETE, Settings
from hipdrive.tables.sources import Reading, Source
from hipdrive.tables.strength import NoneSpan, TidyStrengthSet
from hipdrive.tables.wellness import RestingHeartRate
from hipdrive.tidy.runs import tidy_runs
from hipdrive.tidy.strength import name_unstated_units, tidy_none_spans, tidy_strength_sets
from hipdrive.tidy.strength_doubts import doubt_loads

# A task of Prefect costs tens of ms, a file a few: so files travel in batches, bounded in number and in bytes.
BATCH_FILES = 50
BATCH_BYTES = 24_000_000
# Marks, in lower case, of things that people keep beside their exports and that are no log.
_NOT_WANTED = {
    b"%pdf": "a PDF",
    b"\x89png": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"gif8": "a picture",
    b"<gpx": "a GPX track; export the run as FIT, which holds heart rate and running dynamics too",
    b"<trainingcenterdatabase": "a TCX file; export the run as FIT, which holds running dynamics too",
    b"<!doctype html": "a web page",
    b"<html": "a web page",
}
_MARK_WITHIN = 400


@dataclass(frozen=True)
class Batch:
    """What some offers became: rows of the ledger and the readings, and the tables of what was read."""

    sources: dy.DataFrame[Source]
    readings: dy.DataFrame[Reading]
    tables: dict[str, pl.DataFrame]


@dataclass
class _Found:
    """What the files of a batch gave so far."""

    runs: list[RawRun] = field(default_factory=list)
    sets: list[pl.DataFrame] = field(default_factory=list)
    none_spans: list[pl.DataFrame] = field(default_factory=list)
    resting_heart_rates: list[pl.DataFrame] = field(default_factory=list)
    rejects: list[pl.DataFrame] = field(default_factory=list)

    def add(self, other: _Found) -> None:
        """Take in what one more file gave."""
        for one in fields(self):
            getattr(self, one.name).extend(getattr(other, one.name))


def expand_zips(
    offers: Iterable[Offer], settings: Settings, seen_at: datetime, ledger: Ledger
) -> tuple[list[Offer], dy.DataFrame[Source]]:
    """Offers with every zip replaced by those of its members that are news, and the ledger's rows of the zips."""
    found: list[Offer] = []
    rows = []
    for offer in offers:
        try:
            if not is_zip(offer):
                found.append(offer)
                continue
            source_id, members = list_members(offer, settings.archive)
        except UnreadableFile as error:
            rows.append(_unread(offer, settings, seen_at, error.reason))
        except OSError:
            found.append(offer)  # reading it will say why
        else:
            found.extend(unknown_members(members, ledger))
            row = unopened(offer, seen_at, f"{len(members)} members, each with a row of its own")
            made_with = read_with(settings, offer.athlete_id, "zip", "loaded")
            rows.append({**row, "source_id": source_id, "format": "zip", "status": "loaded", "read_with": made_with})
    return found, ledger_rows(rows)


def unreadable_folders(
    folders: Iterable[tuple[Offer, str]], settings: Settings, seen_at: datetime
) -> dy.DataFrame[Source]:
    """The ledger's rows of folders that could not be looked into."""
    rows = [
        _unread(folder, settings, seen_at, f"this folder cannot be looked into ({why}); nothing in it was read")
        for folder, why in folders
    ]
    return ledger_rows(rows)


def _unread(offer: Offer, settings: Settings, seen_at: datetime, reason: str) -> dict[str, object]:
    row = unopened(offer, seen_at, reason)
    return {**row, "read_with": read_with(settings, offer.athlete_id, "unknown", "quarantined")}


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
        is_last_try: whether a file that cannot be opened just now is listed as such, to be offered again next night.

    Raises:
        OSError: a file could not be opened for a reason that may pass, and this is not the last try.
    """
    found = _Found()
    rows: list[dict[str, object]] = []
    readings: dict[str, dict[str, object]] = {}
    for offer in offers:
        try:
            opened = open_offer(offer, settings.archive)
        except UnreadableFile as error:
            rows.append(_unread(offer, settings, seen_at, error.reason))
            continue
        except OSError as error:
            if not is_last_try:
                raise
            reason = f"it could not be opened ({error.strerror or error}); hipdrive tries again next night"
            rows.append(unopened(replace(offer, modified_ns=0), seen_at, reason))
            continue
        rows.append(opened_row(opened, seen_at))
        content = opened.content_sha256
        if content not in readings and not _stands(read_before.get(content), settings, offer.athlete_id):
            fate = _read(opened, settings, seen_at, resolver, found)
            made_with = read_with(settings, offer.athlete_id, fate.format, fate.status)
            readings[content] = reading_row(opened, fate, made_with)
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
    tables["rejects"] = pl.concat([tables["rejects"], *found.rejects]).filter(kept)
    _tell_fates(rows, readings, read_before)
    return Batch(ledger_rows(rows), reading_rows(list(readings.values()), tables["activities"]), tables)


def _tell_fates(rows: Sequence[dict[str, object]], readings: Mapping[str, Row], read_before: Mapping[str, Row]) -> None:
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


def _stands(reading: Row | None, settings: Settings, athlete: str) -> bool:
    if reading is None:
        return False
    is_fresh = bool(reading["read_with"] == read_with(settings, athlete, reading["format"], reading["status"]))
    return is_fresh or bool(reading["status"] == "forgotten")


def _read(opened: Opened, settings: Settings, seen_at: datetime, resolver: Resolver, found: _Found) -> Fate:
    """Read one file by what its bytes are, and say what became of it, whatever it raises."""
    alone = _Found()
    try:
        fate = _read_by_kind(opened, settings, seen_at, resolver, alone)
    except UnreadableFile as error:
        return Fate("unknown", "quarantined", error.reason)
    except BaseException as error:
        if not is_files_fault(error):
            raise
        return Fate("unknown", "quarantined", in_words(error))
    found.add(alone)
    return fate


def _read_by_kind(opened: Opened, settings: Settings, seen_at: datetime, resolver: Resolver, found: _Found) -> Fate:
    data, name, athlete = opened.data, opened.offer.name, opened.offer.athlete_id
    if not data:
        return Fate("unknown", "quarantined", "the file is empty; export it again")
    if is_fit(data) or name.lower().endswith((".fit", ".fit.gz")):
        return _read_fit(opened, settings, seen_at, resolver, found)
    resting = read_daily_resting(data)
    if resting is not None:
        days = keep_resting(opened, resting, settings, found.resting_heart_rates, _tomorrow(settings, athlete, seen_at))
        return Fate("wellness", "loaded", f"resting heart rate of {words.count(days, 'day')}")
    log_format = recognise_format(data)
    if log_format is not None:
        return _read_log(opened, log_format, settings, seen_at, resolver, found)
    head = data[:_MARK_WITHIN].lower()
    for mark, what in _NOT_WANTED.items():
        if mark in head:
            return Fate("unknown", "skipped", what)
    return Fate(
        "unknown",
        "quarantined",
        f"neither FIT nor a strength log that hipdrive knows ({_described(data)}); the README lists what it reads",
    )


def _read_fit(opened: Opened, settings: Settings, seen_at: datetime, resolver: Resolver, found: _Found) -> Fate:
    athlete = opened.offer.athlete_id
    run = read_run(
        opened.data,
        opened.offer.name,
        source_id=opened.source_id,
        content_sha256=_own_content(athlete, opened.content_sha256),
        athlete_id=athlete,
    )
    faults = "; ".join(f"byte {fault.offset}: {fault.reason}" for fault in run.faults[:2]) or None
    heart, last_date = read_resting_heart_rates(run.frames), _tomorrow(settings, athlete, seen_at)
    told = keep_resting(opened, heart, settings, found.resting_heart_rates, last_date)
    days = f"resting heart rate of {words.count(told, 'day')}" if told else None
    if run.not_an_activity:
        return Fate("fit", "loaded" if days else "skipped", joined(run.not_an_activity, days, faults))
    found.runs.append(run)
    watch_sets = 0
    if "set" in run.frames:
        watch, bad = tidy_strength_sets(
            read_watch_sets(run.frames),
            athlete_id=athlete,
            source_id=opened.source_id,
            time_zone=settings.of(athlete).time_zone,
            weight_unit=settings.strength.weight_unit,
            distance_unit=settings.strength.distance_unit,
            resolver=resolver,
            last_date=_tomorrow(settings, athlete, seen_at),
        )
        found.sets.append(watch)
        found.rejects.append(_placed(bad, opened.source_id))
        watch_sets = watch.height
    reason = f"read up to a fault: {faults}" if faults else None
    return Fate("fit", "loaded", joined(days, reason), run.records, watch_sets)


def _own_content(athlete: str, content_sha256: str) -> str:
    """What an activity's id is made of: one file in two athletes' folders is two athletes' run."""
    if athlete == DEFAULT_ATHLETE:
        return content_sha256
    return hashlib.sha256(f"{athlete}/{content_sha256}".encode()).hexdigest()


def _read_log(
    opened: Opened, log_format: str, settings: Settings, seen_at: datetime, resolver: Resolver, found: _Found
) -> Fate:
    athlete = opened.offer.athlete_id
    weight_unit, distance_unit = settings.strength.weight_unit, settings.strength.distance_unit
    log = read_strength(opened.data, opened.offer.name, day_first=settings.strength.day_first)
    tidy, untrue = tidy_strength_sets(
        log.sets,
        athlete_id=athlete,
        source_id=opened.source_id,
        time_zone=settings.of(athlete).time_zone,
        weight_unit=weight_unit,
        distance_unit=distance_unit,
        resolver=resolver,
        last_date=_tomorrow(settings, athlete, seen_at),
    )
    units = name_unstated_units(log.sets, weight_unit=weight_unit, distance_unit=distance_unit)
    doubts = doubt_loads(tidy, log.sets, weight_unit=weight_unit)
    found.sets.append(tidy)
    found.none_spans.append(tidy_none_spans(log.none_spans, athlete_id=athlete, source_id=opened.source_id))
    bad = pl.concat([log.rejects, untrue])
    found.rejects.append(_placed(bad, opened.source_id))
    reason = f"{bad.height} rows could not be used; `rejects` in the warehouse says which" if bad.height else None
    return Fate(log_format, "loaded", joined(*log.remarks, *units, *doubts, reason), 0, tidy.height)


def _placed(rejects: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Rejected rows of a strength log as rows of the common table."""
    return rejects.select(
        pl.lit(source_id).alias("source_id"),
        pl.format("line {}", "line").alias("place"),
        "reason",
        pl.lit(1, dtype=pl.Int64).alias("rows"),
    )


def _described(data: bytes) -> str:
    """What kind of bytes these are; never what they say, because strangers' words have no place in a ledger."""
    head = data[:_MARK_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in {b"{", b"["}:
        return "it looks like JSON"
    if head[:1] == b"<":
        return "it looks like XML"
    if b"\0" in head:
        return "it is no text"
    return f"it is text of {words.count(len(data.splitlines()), 'line')}"


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


def _tomorrow(settings: Settings, athlete: str, now: datetime) -> date:
    """The last day that anything can have happened on: an athlete may be ahead of the zone of the settings."""
    return local_date(settings, athlete, now) + timedelta(days=1)


def _measure_runs(runs: Sequence[RawRun], settings: Settings) -> dict[str, pl.DataFrame]:
    """The running tables of some files; empty ones where none was a run."""
    raw = stack_runs(runs)
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
