"""The order of the stages from files to finished tables, without Prefect: `nightly` wraps it, `ingest` runs it bare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.errors import UnreadableFile
from hipdrive.measure.duplicates import mark_duplicates
from hipdrive.measure.efficiency import measure_efficiency
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.load import measure_daily_load
from hipdrive.measure.programme import measure_programme, next_targets
from hipdrive.measure.runs import measure_run_windows, measure_runs
from hipdrive.measure.strength import log_spans, measure_strength_sets
from hipdrive.read.inbox import Offer, Opened, is_zip, list_members, open_offer
from hipdrive.read.runs import RawRun, is_fit, read_run
from hipdrive.read.strength import read_strength, read_watch_sets, recognise_format
from hipdrive.settings import Home, Settings
from hipdrive.tables.runs import (
    Activity,
    RawFile,
    RawLap,
    RawRecord,
    RawSession,
    RawTimerEvent,
    RunMeasure,
    RunWindow,
)
from hipdrive.tables.sources import Source
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.weeks import AthleteSetting
from hipdrive.tidy.runs import tidy_runs
from hipdrive.tidy.strength import tidy_strength_sets
from hipdrive.warehouse import CheckResult, Warehouse, read_nights

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


@dataclass(frozen=True)
class _Fate:
    """What became of one offer; `reason` also says what a loaded file lacks."""

    format: str
    status: str
    reason: str | None = None
    activities: int = 0
    records: int = 0
    sets: int = 0


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
            rows.append(_unopened(offer, seen_at, error.reason))
        except OSError:
            found.append(offer)  # reading it will say why
        else:
            found.extend(members)
            row = _unopened(offer, seen_at, f"{len(members)} members, each with a row of its own")
            rows.append({**row, "source_id": source_id, "format": "zip", "status": "loaded"})
    return found, _rows(rows, Source)


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
    offers: Sequence[Offer], settings: Settings, known_contents: Set[str], seen_at: datetime, *, is_last_try: bool = True
) -> Batch:
    """Read, tidy and measure a batch of files; one that cannot be read is quarantined and the others go on.

    Args:
        offers: files, or members of zips.
        settings: units, zones, bounds.
        known_contents: sha256 of contents already in the warehouse; they are not read again.
        seen_at: the time to write into the ledger.
        is_last_try: whether a file that cannot be opened just now is listed as such, to be offered again next night.

    Raises:
        OSError: a file could not be opened for a reason that may pass, and this is not the last try.
    """
    resolver = Resolver(load_catalogue(), settings.aliases)
    runs: list[RawRun] = []
    sets: list[pl.DataFrame] = []
    rejects: list[pl.DataFrame] = []
    rows: list[dict[str, object]] = []
    contents = set(known_contents)
    for offer in offers:
        try:
            opened = open_offer(offer, settings.archive)
        except UnreadableFile as error:
            rows.append(_unopened(offer, seen_at, error.reason))
            continue
        except OSError as error:
            if not is_last_try:
                raise
            reason = f"it could not be opened ({error.strerror or error}); hipdrive tries again next night"
            rows.append(_unopened(replace(offer, modified_ns=0), seen_at, reason))
            continue
        if opened.content_sha256 in contents:
            fate = _Fate("unknown", "duplicate", _DUPLICATE)
        else:
            fate = _read(opened, settings, resolver, runs, sets, rejects)
            contents.add(opened.content_sha256)
        rows.append(_ledger_row(opened, fate, seen_at))
    tables = _measure_runs(runs, settings)
    tables["strength_sets"] = pl.concat([TidyStrengthSet.create_empty(), *sets])
    tables["rejects"] = pl.concat([tables["rejects"], *rejects])
    tables["sources"] = _count_activities(_rows(rows, Source), tables["activities"])
    return Batch(tables)


def _read(
    opened: Opened,
    settings: Settings,
    resolver: Resolver,
    runs: list[RawRun],
    sets: list[pl.DataFrame],
    rejects: list[pl.DataFrame],
) -> _Fate:
    """Read one file by what its bytes are, and say what became of it."""
    data, name = opened.data, opened.offer.name
    try:
        if is_fit(data) or name.lower().endswith((".fit", ".fit.gz")):
            return _read_fit(opened, settings, resolver, runs, sets, rejects)
        log_format = recognise_format(data)
        if log_format is not None:
            return _read_log(opened, log_format, settings, resolver, sets, rejects)
    except UnreadableFile as error:
        return _Fate("unknown", "quarantined", error.reason)
    head = data[:_MARK_WITHIN].lower()
    for mark, what in _NOT_WANTED.items():
        if mark in head:
            return _Fate("unknown", "skipped", what)
    if not data:
        return _Fate("unknown", "quarantined", "the file is empty; export it again")
    first_line = data[:80].split(b"\n")[0].decode("utf-8", "replace").strip()
    return _Fate(
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
) -> _Fate:
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
        return _Fate("fit", "skipped", _joined(run.not_an_activity, faults))
    runs.append(run)
    watch = tidy_strength_sets(
        read_watch_sets(run.frames),
        athlete_id=athlete,
        source_id=opened.source_id,
        time_zone=settings.of(athlete).time_zone,
        weight_unit=settings.strength.weight_unit,
        distance_unit=settings.strength.distance_unit,
        resolver=resolver,
    )
    sets.append(watch.sets)
    rejects.append(_placed(watch.rejects, opened.source_id))
    reason = f"read up to a fault: {faults}" if faults else None
    return _Fate("fit", "loaded", reason, 0, run.records.height, watch.sets.height)


def _read_log(
    opened: Opened,
    log_format: str,
    settings: Settings,
    resolver: Resolver,
    sets: list[pl.DataFrame],
    rejects: list[pl.DataFrame],
) -> _Fate:
    athlete = opened.offer.athlete_id
    log = read_strength(opened.data, opened.offer.name)
    tidy = tidy_strength_sets(
        log.sets,
        athlete_id=athlete,
        source_id=opened.source_id,
        time_zone=settings.of(athlete).time_zone,
        weight_unit=settings.strength.weight_unit,
        distance_unit=settings.strength.distance_unit,
        resolver=resolver,
    )
    sets.append(tidy.sets)
    bad = pl.concat([log.rejects, tidy.rejects])
    rejects.append(_placed(bad, opened.source_id))
    reason = f"{bad.height} rows could not be used; `rejects` in the warehouse says which" if bad.height else None
    return _Fate(log_format, "loaded", reason, 0, 0, tidy.sets.height)


def _measure_runs(runs: Sequence[RawRun], settings: Settings) -> dict[str, pl.DataFrame]:
    """The running tables of a batch; empty ones where no file was a run."""
    tidy = tidy_runs(
        pl.concat([RawFile.create_empty(), *(run.file for run in runs)]),
        pl.concat([RawSession.create_empty(), *(run.sessions for run in runs)]),
        pl.concat([RawLap.create_empty(), *(run.laps for run in runs)]),
        pl.concat([RawTimerEvent.create_empty(), *(run.timer_events for run in runs)]),
        pl.concat([RawRecord.create_empty(), *(run.records for run in runs)]),
        {athlete: settings.of(athlete).time_zone for athlete in settings.athlete_ids},
    )
    samples = measure_grade(tidy.samples)
    windows = measure_run_windows(tidy.activities, samples)
    return {
        "activities": tidy.activities,
        "samples": samples,
        "laps": tidy.laps,
        "run_windows": windows,
        "run_measures": measure_runs(tidy.activities, samples, windows),
        "rejects": tidy.rejects,
    }


def store(warehouse: Warehouse, batch: Batch) -> dy.DataFrame[Source]:
    """Put a batch into the private copy, whole or not at all, and give its ledger rows."""
    with warehouse.all_or_nothing():
        for table, frame in batch.tables.items():
            if table == "sources":
                warehouse.merge_sources(frame)
            else:
                warehouse.append(table, frame)
    return Source.validate(batch.tables["sources"])


def _unopened(offer: Offer, seen_at: datetime, reason: str) -> dict[str, object]:
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


def _ledger_row(opened: Opened, fate: _Fate, seen_at: datetime) -> dict[str, object]:
    return {
        **_unopened(opened.offer, seen_at, ""),
        "source_id": opened.source_id,
        "content_sha256": opened.content_sha256,
        "format": fate.format,
        "status": fate.status,
        "reason": _joined(fate.reason, opened.fault),
        "records": fate.records,
        "sets": fate.sets,
    }


def _joined(*reasons: str | None) -> str | None:
    return "; ".join(reason for reason in reasons if reason) or None


def _rows(rows: Sequence[dict[str, object]], schema: type[Source]) -> dy.DataFrame[Source]:
    types = {name: column.dtype for name, column in schema.columns().items()}
    return schema.validate(pl.DataFrame(list(rows), schema=types))


def _count_activities(sources: pl.DataFrame, activities: pl.DataFrame) -> dy.DataFrame[Source]:
    counts = activities.group_by("source_id").agg(pl.len().cast(pl.Int64).alias("counted"))
    counted = sources.join(counts, on="source_id", how="left", maintain_order="left")
    return Source.validate(
        counted.with_columns(
            activities=pl.when(pl.col("status") == "loaded").then("counted").otherwise(0).fill_null(0)
        ).drop("counted")
    )


def _placed(rejects: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Rejected rows of a strength log as rows of the common table."""
    return rejects.select(
        pl.lit(source_id).alias("source_id"),
        pl.format("line {}", "line").alias("place"),
        "reason",
        pl.lit(1, dtype=pl.Int64).alias("rows"),
    )


def finish_tables(warehouse: Warehouse, home: Home, tonight: date) -> list[CheckResult]:
    """What looks over all files at once: duplicates, efficiency, load, dose, programme; then views and checks.

    Args:
        warehouse: the private copy, with every batch stored.
        home: settings.
        tonight: the day the night speaks for; the week it lies in is not complete.

    Raises:
        FailedCheck: rows that must not exist.
    """
    settings = home.settings
    activities = mark_duplicates(warehouse.read("activities", Activity))
    warehouse.replace("activities", activities)
    runs, windows = warehouse.read("run_measures", RunMeasure), warehouse.read("run_windows", RunWindow)
    efficiency = measure_efficiency(activities, runs, windows)
    warehouse.replace("run_efficiency", efficiency.runs)
    warehouse.replace("athlete_levels", efficiency.athletes)

    catalogue = load_catalogue()
    resolver = Resolver(catalogue, settings.aliases)
    sets = measure_strength_sets(
        resolve_again(warehouse.read("strength_sets", TidyStrengthSet), resolver),
        catalogue.exercises,
        sessions_per_week=settings.programme.sessions_per_week,
        sets_per_session=settings.programme.sets_per_session,
    )
    warehouse.replace("strength_sets", sets)
    warehouse.replace("exercises", catalogue.exercises)

    run_days = (
        runs.join(activities.filter(pl.col("duplicate_of").is_null()), on="activity_id")
        .group_by("athlete_id", "local_date")
        .agg(run_distance_m=pl.col("distance_m").sum(), run_time_s=pl.col("moving_time_s").sum())
    )
    dates = pl.concat([run_days.select("athlete_id", "local_date"), sets.select("athlete_id", "local_date")])
    spans = dates.group_by("athlete_id").agg(
        first_date=pl.col("local_date").min(), last_date=pl.col("local_date").max()
    )
    warehouse.replace("daily_load", measure_daily_load(run_days, spans))
    warehouse.replace("athlete_settings", _athlete_settings(settings))
    warehouse.replace("nightly_runs", read_nights(home))
    warehouse.remember({"tonight": tonight.isoformat()})
    warehouse.build_views()
    return warehouse.run_checks()


def _athlete_settings(settings: Settings) -> dy.DataFrame[AthleteSetting]:
    rows = [
        {
            "athlete_id": athlete,
            "time_zone": settings.of(athlete).time_zone,
            "mass_kg": settings.of(athlete).mass_kg,
            "height_m": settings.of(athlete).height_m,
        }
        for athlete in settings.athlete_ids
    ]
    return AthleteSetting.validate(pl.DataFrame(rows))
