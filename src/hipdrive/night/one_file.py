"""One file → its sets, runs, days and lists, and what became of it, whatever reading it raises."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.errors import UnreadableFile
from hipdrive.night.calendar import local_date
from hipdrive.night.firewall import in_words, is_files_fault
from hipdrive.night.ledger import IngestOutcome, joined
from hipdrive.read import garmin_export, strava_export, wellness
from hipdrive.read.archives import Opened
from hipdrive.read.corrections import FILE, Correction
from hipdrive.read.kinds import described, not_wanted, recognise
from hipdrive.read.monitoring import MESSAGE, read_resting_heart_rates
from hipdrive.read.runs import RawRun, read_run
from hipdrive.read.strength import read_strength, read_watch_sets
from hipdrive.read.tracks import read_track
from hipdrive.report import words
from hipdrive.settings import DEFAULT_ATHLETE, Settings
from hipdrive.tables.run_files import FILE_FORMATS
from hipdrive.tables.run_labels import ListedFile
from hipdrive.tables.strength import RawStrengthSet, RejectedRow, TidyStrengthSet
from hipdrive.tidy.corrections import correct_columns, correct_frames, refuse_all
from hipdrive.tidy.strength import name_unstated_units, tidy_none_spans, tidy_strength_sets
from hipdrive.tidy.strength_doubts import doubt_loads
from hipdrive.tidy.wellness import tidy_daily_summaries, tidy_resting_heart_rates

_DAYS = {garmin_export.DAYS: garmin_export.read_days, wellness.FORMAT: wellness.read_days}
_LISTS = (*_DAYS, garmin_export.ACTIVITIES, strava_export.FORMAT)


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


def read_file(
    opened: Opened,
    settings: Settings,
    seen_at: datetime,
    resolver: Resolver,
    found: Found,
    corrections: Sequence[Correction] = (),
) -> IngestOutcome:
    """Read one file by what its bytes are, and say what became of it, whatever it raises."""
    alone = Found()
    reader = _Reader(opened, settings, seen_at, resolver, alone, corrections)
    try:
        outcome = reader.read()
    except UnreadableFile as error:
        return IngestOutcome("unknown", "quarantined", error.reason)
    except BaseException as error:
        if not is_files_fault(error):
            raise
        return IngestOutcome("unknown", "quarantined", in_words(error))
    found.add(alone)
    if not reader.corrected:
        return outcome
    counted = f"{words.count(reader.corrected, 'value')} put right by {FILE}"
    return replace(outcome, reason=joined(counted, outcome.reason))


@dataclass
class _Reader:
    """One file while it is read."""

    opened: Opened
    settings: Settings
    seen_at: datetime
    resolver: Resolver
    found: Found
    corrections: Sequence[Correction]
    corrected: int = 0

    def read(self) -> IngestOutcome:
        """What became of it; what it gave is in `found`."""
        data, name = self.opened.data, self.opened.offer.name
        if not data:
            return IngestOutcome("unknown", "quarantined", "the file is empty; export it again")
        kind = recognise(data, name)
        if kind == "fit":
            return self._fit()
        if kind in FILE_FORMATS:
            return self._track(str(kind))
        if kind is not None and kind not in _LISTS:
            return self._log(kind)
        refuse_all(self.corrections, name)
        return _nothing(data) if kind is None else self._list(kind)

    @property
    def _athlete(self) -> str:
        return self.opened.offer.athlete_id

    @property
    def _identity(self) -> dict[str, str]:
        own = _own_content(self._athlete, self.opened.content_sha256)
        return {"source_id": self.opened.source_id, "content_sha256": own, "athlete_id": self._athlete}

    @property
    def _last_date(self) -> date:
        """The last day that anything can have happened on: an athlete may be ahead of the zone of the settings."""
        return local_date(self.settings, self._athlete, self.seen_at) + timedelta(days=1)

    def _mend(self, frames: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        mended, self.corrected = correct_frames(frames, self.corrections, self.opened.offer.name)
        return mended

    def _fit(self) -> IngestOutcome:
        mend = self._mend if self.corrections else None
        run = read_run(self.opened.data, self.opened.offer.name, **self._identity, mend=mend)
        faults = "; ".join(f"byte {fault.offset}: {fault.reason}" for fault in run.faults[:2]) or None
        told = self._resting_heart_rates(run) if MESSAGE in run.frames else 0
        days = f"resting heart rate of {words.count(told, 'day')}" if told else None
        if run.not_an_activity:
            return IngestOutcome("fit", "loaded" if days else "skipped", joined(run.not_an_activity, days, faults))
        self.found.runs.append(run)
        sets = self._sets(read_watch_sets(run.frames)) if "set" in run.frames else 0
        reason = f"read up to a fault: {faults}" if faults else None
        return IngestOutcome("fit", "loaded", joined(days, reason), run.records, sets)

    def _resting_heart_rates(self, run: RawRun) -> int:
        """What a day's file tells of rest; gives of how many days."""
        told = tidy_resting_heart_rates(
            read_resting_heart_rates(run.frames),
            athlete_id=self._athlete,
            source_id=self.opened.source_id,
            time_zone=self.settings.of(self._athlete).time_zone,
            last_date=self._last_date,
        )
        if told.height:
            self.found.resting_heart_rates.append(told)
        return told.height

    def _track(self, kind: str) -> IngestOutcome:
        run = read_track(self.opened.data, kind, self.opened.offer.name, **self._identity, mend=self._mend)
        if run.not_an_activity:
            return IngestOutcome(kind, "skipped", run.not_an_activity)
        self.found.runs.append(run)
        faults = "; ".join(f"byte {fault.offset}: {fault.reason}" for fault in run.faults) or None
        return IngestOutcome(kind, "loaded", joined("read up to a fault" if faults else None, faults), run.records)

    def _list(self, kind: str) -> IngestOutcome:
        """A list of a service's export: days, strength sets, or what its athlete called the runs."""
        data, name = self.opened.data, self.opened.offer.name
        of_list = {"athlete_id": self._athlete, "source_id": self.opened.source_id}
        if kind in _DAYS:
            days = tidy_daily_summaries(_DAYS[kind](data, name), **of_list, last_date=self._last_date)
            self.found.resting_heart_rates.append(days)
            return IngestOutcome(kind, "loaded", f"resting heart rate of {words.count(days.height, 'day')}")
        if kind == strava_export.FORMAT:
            labels = strava_export.read_labels(data, name)
            listed = labels.select(*(pl.lit(value).alias(key) for key, value in of_list.items()), pl.all())
            self.found.listed_files.append(listed.select(ListedFile.column_names()))
            races = words.count(int(labels["is_race"].sum()), "race")
            return IngestOutcome(
                kind, "loaded", f"names and gear of {words.count(labels.height, 'activity', 'activities')}, {races}"
            )
        sets = self._sets(garmin_export.read_sets(data, name))
        told = words.count(garmin_export.count_activities(data, name), "activity", "activities")
        return IngestOutcome(kind, "loaded", f"a list of {told}; of those of strength its sets", 0, sets)

    def _log(self, log_format: str) -> IngestOutcome:
        strength, name = self.settings.strength, self.opened.offer.name
        units = {"weight_unit": strength.weight_unit, "distance_unit": strength.distance_unit}
        log = read_strength(self.opened.data, name, day_first=strength.day_first)
        mended, self.corrected = correct_columns(log.sets, self.corrections, name)
        sets = RawStrengthSet.validate(mended)
        before = len(self.found.sets)
        count = self._sets(sets, log.rejects)
        spans = tidy_none_spans(log.none_spans, athlete_id=self._athlete, source_id=self.opened.source_id)
        self.found.none_spans.append(spans)
        doubts = doubt_loads(TidyStrengthSet.cast(self.found.sets[before]), sets, weight_unit=strength.weight_unit)
        bad = self.found.rejects[-1].height
        reason = f"{bad} rows could not be used; `rejects` in the warehouse says which" if bad else None
        told = joined(*log.remarks, *name_unstated_units(sets, **units), *doubts, reason)
        return IngestOutcome(log_format, "loaded", told, 0, count)

    def _sets(self, raw: dy.DataFrame[RawStrengthSet], unreadable: dy.DataFrame[RejectedRow] | None = None) -> int:
        """Tidy the sets of a log or a watch; gives how many can be true."""
        tidy, untrue = tidy_strength_sets(
            raw,
            athlete_id=self._athlete,
            source_id=self.opened.source_id,
            time_zone=self.settings.of(self._athlete).time_zone,
            weight_unit=self.settings.strength.weight_unit,
            distance_unit=self.settings.strength.distance_unit,
            resolver=self.resolver,
            last_date=self._last_date,
        )
        self.found.sets.append(tidy)
        bad = untrue if unreadable is None else pl.concat([unreadable, untrue])
        self.found.rejects.append(_to_reject_rows(bad, self.opened.source_id))
        return tidy.height


def _nothing(data: bytes) -> IngestOutcome:
    what = not_wanted(data)
    if what is not None:
        return IngestOutcome("unknown", "skipped", what)
    return IngestOutcome(
        "unknown",
        "quarantined",
        f"neither FIT nor a strength log that hipdrive knows ({described(data)}); the documentation lists "
        "what it reads, under “Get your data out”",
    )


def _own_content(athlete: str, content_sha256: str) -> str:
    """What an activity's id is made of: one file in two athletes' folders is two athletes' run."""
    if athlete == DEFAULT_ATHLETE:
        return content_sha256
    return hashlib.sha256(f"{athlete}/{content_sha256}".encode()).hexdigest()


def _to_reject_rows(rejects: pl.DataFrame, source_id: str) -> pl.DataFrame:
    """Rejected rows of a strength log as rows of the common table."""
    return rejects.select(
        pl.lit(source_id).alias("source_id"),
        pl.format("line {}", "line").alias("place"),
        "reason",
        pl.lit(1, dtype=pl.Int64).alias("rows"),
    )
