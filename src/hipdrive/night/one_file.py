"""One file → its sets, runs, days and lists, and what became of it, whatever reading it raises."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.errors import UnreadableFile
from hipdrive.night.calendar import local_date
from hipdrive.night.firewall import in_words, is_files_fault
from hipdrive.night.ledger import Fate, joined
from hipdrive.read import garmin_export, strava_export
from hipdrive.read.archives import Opened
from hipdrive.read.kinds import described, not_wanted, recognise
from hipdrive.read.monitoring import read_resting_heart_rates
from hipdrive.read.runs import RawRun, read_run
from hipdrive.read.strength import read_strength, read_watch_sets
from hipdrive.read.tracks import read_track
from hipdrive.report import words
from hipdrive.settings import DEFAULT_ATHLETE, Settings
from hipdrive.tables.run_files import FILE_FORMATS
from hipdrive.tables.run_labels import ListedFile
from hipdrive.tables.strength import RawStrengthSet, RejectedRow, TidyStrengthSet
from hipdrive.tidy.strength import name_unstated_units, tidy_none_spans, tidy_strength_sets
from hipdrive.tidy.strength_doubts import doubt_loads
from hipdrive.tidy.wellness import tidy_daily_summaries, tidy_resting_heart_rates


@dataclass
class Found:
    """What the files of a batch gave so far."""

    runs: list[RawRun] = field(default_factory=list)
    sets: list[pl.DataFrame] = field(default_factory=list)
    none_spans: list[pl.DataFrame] = field(default_factory=list)
    resting_heart_rates: list[pl.DataFrame] = field(default_factory=list)
    listed_files: list[pl.DataFrame] = field(default_factory=list)
    rejects: list[pl.DataFrame] = field(default_factory=list)

    def add(self, other: Found) -> None:
        """Take in what one more file gave."""
        for one in fields(self):
            getattr(self, one.name).extend(getattr(other, one.name))


def read_file(opened: Opened, settings: Settings, seen_at: datetime, resolver: Resolver, found: Found) -> Fate:
    """Read one file by what its bytes are, and say what became of it, whatever it raises."""
    alone = Found()
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


def _read_by_kind(opened: Opened, settings: Settings, seen_at: datetime, resolver: Resolver, found: Found) -> Fate:
    data, name = opened.data, opened.offer.name
    if not data:
        return Fate("unknown", "quarantined", "the file is empty; export it again")
    kind = recognise(data, name)
    if kind is None:
        return _read_nothing(data)
    if kind == "fit":
        return _read_fit(opened, settings, seen_at, resolver, found)
    if kind in FILE_FORMATS:
        return _read_track(opened, kind, found)
    is_list = kind in (garmin_export.DAYS, garmin_export.ACTIVITIES, strava_export.FORMAT)
    read = _read_list if is_list else _read_log
    return read(opened, kind, settings, seen_at, resolver, found)


def _read_nothing(data: bytes) -> Fate:
    what = not_wanted(data)
    if what is not None:
        return Fate("unknown", "skipped", what)
    return Fate(
        "unknown",
        "quarantined",
        f"neither FIT nor a strength log that hipdrive knows ({described(data)}); the README lists what it reads",
    )


def _read_fit(opened: Opened, settings: Settings, seen_at: datetime, resolver: Resolver, found: Found) -> Fate:
    athlete = opened.offer.athlete_id
    run = read_run(
        opened.data,
        opened.offer.name,
        source_id=opened.source_id,
        content_sha256=_own_content(athlete, opened.content_sha256),
        athlete_id=athlete,
    )
    faults = "; ".join(f"byte {fault.offset}: {fault.reason}" for fault in run.faults[:2]) or None
    told = tidy_resting_heart_rates(
        read_resting_heart_rates(run.frames),
        athlete_id=athlete,
        source_id=opened.source_id,
        time_zone=settings.of(athlete).time_zone,
        last_date=_tomorrow(settings, athlete, seen_at),
    )
    if told.height:
        found.resting_heart_rates.append(told)
    days = f"resting heart rate of {words.count(told.height, 'day')}" if told.height else None
    if run.not_an_activity:
        return Fate("fit", "loaded" if days else "skipped", joined(run.not_an_activity, days, faults))
    found.runs.append(run)
    watch_sets = 0
    if "set" in run.frames:
        watch, bad = _tidy_sets(read_watch_sets(run.frames), opened, settings, seen_at, resolver)
        found.sets.append(watch)
        found.rejects.append(_placed(bad, opened.source_id))
        watch_sets = watch.height
    reason = f"read up to a fault: {faults}" if faults else None
    return Fate("fit", "loaded", joined(days, reason), run.records, watch_sets)


def _read_track(opened: Opened, kind: str, found: Found) -> Fate:
    athlete = opened.offer.athlete_id
    run = read_track(
        opened.data,
        kind,
        opened.offer.name,
        source_id=opened.source_id,
        content_sha256=_own_content(athlete, opened.content_sha256),
        athlete_id=athlete,
    )
    if run.not_an_activity:
        return Fate(kind, "skipped", run.not_an_activity)
    found.runs.append(run)
    faults = "; ".join(f"byte {fault.offset}: {fault.reason}" for fault in run.faults) or None
    return Fate(kind, "loaded", joined("read up to a fault" if faults else None, faults), run.records)


def _read_list(
    opened: Opened, kind: str, settings: Settings, seen_at: datetime, resolver: Resolver, found: Found
) -> Fate:
    """A list of a service's export: days, strength sets, or what its athlete called the runs."""
    data, name, athlete = opened.data, opened.offer.name, opened.offer.athlete_id
    of_list = {"athlete_id": athlete, "source_id": opened.source_id}
    last_date = _tomorrow(settings, athlete, seen_at)
    if kind == garmin_export.DAYS:
        days = tidy_daily_summaries(garmin_export.read_days(data, name), **of_list, last_date=last_date)
        found.resting_heart_rates.append(days)
        return Fate(kind, "loaded", f"resting heart rate of {words.count(days.height, 'day')}")
    if kind == strava_export.FORMAT:
        labels = strava_export.read_labels(data, name)
        with_list = labels.with_columns(**{key: pl.lit(value) for key, value in of_list.items()})
        found.listed_files.append(with_list.select(ListedFile.column_names()))
        races = words.count(int(labels["is_race"].sum()), "race")
        return Fate(kind, "loaded", f"names and gear of {words.count(labels.height, 'activity')}, {races}")
    sets, bad = _tidy_sets(garmin_export.read_sets(data, name), opened, settings, seen_at, resolver)
    found.sets.append(sets)
    found.rejects.append(_placed(bad, opened.source_id))
    listed = words.count(garmin_export.count_activities(data, name), "activity")
    return Fate(kind, "loaded", f"a list of {listed}; of those of strength its sets", 0, sets.height)


def _own_content(athlete: str, content_sha256: str) -> str:
    """What an activity's id is made of: one file in two athletes' folders is two athletes' run."""
    if athlete == DEFAULT_ATHLETE:
        return content_sha256
    return hashlib.sha256(f"{athlete}/{content_sha256}".encode()).hexdigest()


def _read_log(
    opened: Opened, log_format: str, settings: Settings, seen_at: datetime, resolver: Resolver, found: Found
) -> Fate:
    athlete = opened.offer.athlete_id
    weight_unit, distance_unit = settings.strength.weight_unit, settings.strength.distance_unit
    log = read_strength(opened.data, opened.offer.name, day_first=settings.strength.day_first)
    tidy, untrue = _tidy_sets(log.sets, opened, settings, seen_at, resolver)
    units = name_unstated_units(log.sets, weight_unit=weight_unit, distance_unit=distance_unit)
    doubts = doubt_loads(tidy, log.sets, weight_unit=weight_unit)
    found.sets.append(tidy)
    found.none_spans.append(tidy_none_spans(log.none_spans, athlete_id=athlete, source_id=opened.source_id))
    bad = pl.concat([log.rejects, untrue])
    found.rejects.append(_placed(bad, opened.source_id))
    reason = f"{bad.height} rows could not be used; `rejects` in the warehouse says which" if bad.height else None
    return Fate(log_format, "loaded", joined(*log.remarks, *units, *doubts, reason), 0, tidy.height)


def _tidy_sets(
    raw: dy.DataFrame[RawStrengthSet], opened: Opened, settings: Settings, seen_at: datetime, resolver: Resolver
) -> tuple[dy.DataFrame[TidyStrengthSet], dy.DataFrame[RejectedRow]]:
    athlete = opened.offer.athlete_id
    return tidy_strength_sets(
        raw,
        athlete_id=athlete,
        source_id=opened.source_id,
        time_zone=settings.of(athlete).time_zone,
        weight_unit=settings.strength.weight_unit,
        distance_unit=settings.strength.distance_unit,
        resolver=resolver,
        last_date=_tomorrow(settings, athlete, seen_at),
    )


def _placed(rejects: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Rejected rows of a strength log as rows of the common table."""
    return rejects.select(
        pl.lit(source_id).alias("source_id"),
        pl.format("line {}", "line").alias("place"),
        "reason",
        pl.lit(1, dtype=pl.Int64).alias("rows"),
    )


def _tomorrow(settings: Settings, athlete: str, now: datetime) -> date:
    """The last day that anything can have happened on: an athlete may be ahead of the zone of the settings."""
    return local_date(settings, athlete, now) + timedelta(days=1)
