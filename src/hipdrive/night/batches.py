"""From files to tables, batch by batch, without Prefect: `nightly` wraps it in tasks, `ingest` runs it bare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
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
from hipdrive.measure.windows import measure_run_windows
from hipdrive.night.ledger import Fate, count_activities, joined, ledger_rows, opened_row, place_rejects, unopened
from hipdrive.read.inbox import Offer, Opened, is_zip, list_members, open_offer
from hipdrive.read.runs import RawRun, is_fit, read_run, stack_runs
from hipdrive.read.strength import read_strength, read_watch_sets, recognise_format
from hipdrive.settings import Settings
from hipdrive.tables.sources import Source
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tidy.runs import tidy_runs
from hipdrive.tidy.strength import name_unstated_units, tidy_strength_sets
from hipdrive.warehouse import Warehouse

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
_DUPLICATE = "the same content was read before, under this or another name"


@dataclass(frozen=True)
class Batch:
    """What some offers became: rows for the ledger, and the tables of those that were read."""

    tables: dict[str, pl.DataFrame]

    @property
    def sources(self) -> pl.DataFrame:
        """The ledger rows."""
        return self.tables["sources"]


def expand_zips(offers: Iterable[Offer], settings: Settings, seen_at: datetime) -> tuple[list[Offer], pl.DataFrame]:
    """Offers with every zip replaced by its members, and the ledger rows of the zips themselves."""
    found: list[Offer] = []
    rows = []
    for offer in offers:
        try:
            if not is_zip(offer):
                found.append(offer)
                continue
            source_id, members = list_members(offer, settings.archive)
        except UnreadableFile as error:
            rows.append(unopened(offer, seen_at, error.reason))
        except OSError:
            found.append(offer)  # reading it will say why
        else:
            found.extend(members)
            row = unopened(offer, seen_at, f"{len(members)} members, each with a row of its own")
            rows.append({**row, "source_id": source_id, "format": "zip", "status": "loaded"})
    return found, ledger_rows(rows)


def cut_batches(offers: Iterable[Offer]) -> Iterator[list[Offer]]:
    """Offers in their order, in batches bounded by number and bytes."""
    batch: list[Offer] = []
    size = 0
    for offer in offers:
        if batch and (len(batch) >= BATCH_FILES or size + offer.size_bytes > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(offer)
        size += offer.size_bytes
    if batch:
        yield batch


def ingest_batch(
    offers: Sequence[Offer],
    settings: Settings,
    known_contents: AbstractSet[str],
    seen_at: datetime,
    resolver: Resolver,
    *,
    is_last_try: bool = True,
) -> Batch:
    """Read, tidy and measure a batch of files; one that cannot be read is quarantined and the others go on.

    Args:
        offers: files, or members of zips.
        settings: units, zones, bounds.
        known_contents: sha256 of contents already in the warehouse; they are not read again.
        seen_at: the time to write into the ledger.
        resolver: names of exercises → catalogue.
        is_last_try: whether a file that cannot be opened just now is listed as such, to be offered again next night.

    Raises:
        OSError: a file could not be opened for a reason that may pass, and this is not the last try.
    """
    runs: list[RawRun] = []
    sets: list[pl.DataFrame] = []
    rejects: list[pl.DataFrame] = []
    rows: list[dict[str, object]] = []
    contents = set(known_contents)
    for offer in offers:
        try:
            opened = open_offer(offer, settings.archive)
        except UnreadableFile as error:
            rows.append(unopened(offer, seen_at, error.reason))
            continue
        except OSError as error:
            if not is_last_try:
                raise
            reason = f"it could not be opened ({error.strerror or error}); hipdrive tries again next night"
            rows.append(unopened(replace(offer, modified_ns=0), seen_at, reason))
            continue
        if opened.content_sha256 in contents:
            fate = Fate("unknown", "duplicate", _DUPLICATE)
        else:
            fate = _read(opened, settings, resolver, runs, sets, rejects)
            contents.add(opened.content_sha256)
        rows.append(opened_row(opened, fate, seen_at))
    tables = _measure_runs(runs, settings)
    tables["strength_sets"] = pl.concat([TidyStrengthSet.create_empty(), *sets])
    tables["rejects"] = pl.concat([tables["rejects"], *rejects])
    tables["sources"] = count_activities(ledger_rows(rows), tables["activities"])
    return Batch(tables)


def _read(
    opened: Opened,
    settings: Settings,
    resolver: Resolver,
    runs: list[RawRun],
    sets: list[pl.DataFrame],
    rejects: list[pl.DataFrame],
) -> Fate:
    """Read one file by what its bytes are, and say what became of it."""
    data, name = opened.data, opened.offer.name
    try:
        if is_fit(data) or name.lower().endswith((".fit", ".fit.gz")):
            return _read_fit(opened, settings, resolver, runs, sets, rejects)
        log_format = recognise_format(data)
        if log_format is not None:
            return _read_log(opened, log_format, settings, resolver, sets, rejects)
    except UnreadableFile as error:
        return Fate("unknown", "quarantined", error.reason)
    head = data[:_MARK_WITHIN].lower()
    for mark, what in _NOT_WANTED.items():
        if mark in head:
            return Fate("unknown", "skipped", what)
    if not data:
        return Fate("unknown", "quarantined", "the file is empty; export it again")
    first_line = data[:80].split(b"\n")[0].decode("utf-8", "replace").strip()
    return Fate(
        "unknown",
        "quarantined",
        f"neither FIT nor a strength log that hipdrive knows (it begins with “{first_line}”); "
        "the README lists the exports it reads",
    )


def _read_fit(
    opened: Opened,
    settings: Settings,
    resolver: Resolver,
    runs: list[RawRun],
    sets: list[pl.DataFrame],
    rejects: list[pl.DataFrame],
) -> Fate:
    athlete = opened.offer.athlete_id
    run = read_run(
        opened.data,
        opened.offer.name,
        source_id=opened.source_id,
        content_sha256=opened.content_sha256,
        athlete_id=athlete,
    )
    faults = "; ".join(f"byte {fault.offset}: {fault.reason}" for fault in run.faults[:2]) or None
    if run.not_an_activity:
        return Fate("fit", "skipped", joined(run.not_an_activity, faults))
    runs.append(run)
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
        )
        sets.append(watch)
        rejects.append(place_rejects(bad, opened.source_id))
        watch_sets = watch.height
    reason = f"read up to a fault: {faults}" if faults else None
    return Fate("fit", "loaded", reason, 0, run.records, watch_sets)


def _read_log(
    opened: Opened,
    log_format: str,
    settings: Settings,
    resolver: Resolver,
    sets: list[pl.DataFrame],
    rejects: list[pl.DataFrame],
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
    )
    units = name_unstated_units(log.sets, weight_unit=weight_unit, distance_unit=distance_unit)
    sets.append(tidy)
    bad = pl.concat([log.rejects, untrue])
    rejects.append(place_rejects(bad, opened.source_id))
    reason = f"{bad.height} rows could not be used; `rejects` in the warehouse says which" if bad.height else None
    return Fate(log_format, "loaded", joined(*log.remarks, *units, reason), 0, 0, tidy.height)


def _measure_runs(runs: Sequence[RawRun], settings: Settings) -> dict[str, pl.DataFrame]:
    """The running tables of a batch; empty ones where no file was a run."""
    raw = stack_runs(runs)
    zones = {athlete: settings.of(athlete).time_zone for athlete in settings.athlete_ids}
    tidy = tidy_runs(raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records, zones)
    samples = measure_strides(measure_grade(tidy.samples))
    windows = measure_run_windows(tidy.activities, samples)
    return {
        "activities": tidy.activities,
        "samples": keep_sensible_digits(samples),
        "laps": tidy.laps,
        "run_windows": windows,
        "run_measures": measure_runs(tidy.activities, samples, windows),
        "best_efforts": measure_best_efforts(tidy.activities, samples),
        "rejects": tidy.rejects,
    }


def store(warehouse: Warehouse, batch: Batch) -> dy.DataFrame[Source]:
    """Put a batch into the private copy, whole or not at all, and give the ledger rows that are news."""
    with warehouse.all_or_nothing():
        warehouse.make_way(batch.tables)
        for table, frame in batch.tables.items():
            if table != "sources":
                warehouse.append(table, frame)
        return warehouse.merge_sources(batch.tables["sources"])
