"""Raw running tables → the same on one clock, in UTC, and what was moved for that.

Three faults of clocks are told from a file alone: one that was set while it recorded (`clock_steps`), one that was
never set and counts from power-on, and local time written for UTC. A file without them passes untouched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hipdrive.tidy.clock_spans import ClockSpans, moved_by
from hipdrive.tidy.clock_steps import (
    FIRST_S,
    LAST_S,
    NO_PAUSE_S,
    SLACK_S,
    Clocks,
    RecordingFacts,
    Seconds,
    is_on_calendar,
    join_clocks,
)
from hipdrive.tidy.time_zones import (
    FileTimes,
    date_from_power_on,
    find_local_time,
    in_words,
    to_seconds,
)

FEW_STEPS = 3  # of a clock that are told one by one
_EMPTY = np.empty(0, np.int64)
_STRAY = "record with a time and a distance that do not fit the others: left out"


@dataclass(frozen=True)
class RawTables:
    """The raw tables of a batch of files, as `tidy_runs` takes them."""

    files: pl.DataFrame
    sessions: pl.DataFrame
    laps: pl.DataFrame
    timer_events: pl.DataFrame
    records: pl.DataFrame


@dataclass(frozen=True)
class OneClock:
    """Raw tables on one clock a file, `source_id` → `clock_repair` in words, and the rows left out."""

    tables: RawTables
    repairs: pl.DataFrame
    left_out: pl.DataFrame


def put_on_one_clock(tables: RawTables, time_zones: Mapping[str, str]) -> OneClock:
    """Tables whose times are UTC by one clock a file, as far as the file says enough.

    Args:
        tables: as read; of each file the records in the order in which they were written.
        time_zones: athlete → IANA zone.
    """
    repairs = {}
    for row in _overview(tables).iter_rows(named=True):
        file = _File(tables, row, time_zones.get(row["athlete_id"], "UTC"))
        if file.repair():
            repairs[row["source_id"]] = file
    mended = (
        tables
        if not repairs
        else RawTables(
            **{
                name: pl.concat(
                    [
                        getattr(tables, name).filter(~pl.col("source_id").is_in(list(repairs))),
                        *(getattr(file.tables, name) for file in repairs.values()),
                    ]
                )
                for name in ("files", "sessions", "laps", "timer_events", "records")
            }
        )
    )
    said = [{"source_id": name, "clock_repair": file.in_words()} for name, file in repairs.items() if file.in_words()]
    words = pl.DataFrame(said, schema={"source_id": pl.String, "clock_repair": pl.String})
    return OneClock(mended, words, _left_out([(name, file.strays) for name, file in repairs.items() if file.strays]))


def _left_out(strays: list[tuple[str, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"source_id": name, "place": "records", "reason": _STRAY, "rows": rows} for name, rows in strays],
        schema={"source_id": pl.String, "place": pl.String, "reason": pl.String, "rows": pl.Int64},
    )


def _overview(tables: RawTables) -> pl.DataFrame:
    """One row a file with what tells whether anything is wrong with its clock."""
    time, steps = pl.col("timestamp"), pl.col("timestamp").drop_nulls().diff()
    of_records = tables.records.group_by("source_id").agg(
        first=time.min(),
        last=time.max(),
        lowest_step=steps.min(),
        longest_step=steps.max(),
        longitude_deg=pl.col("position_long").drop_nulls().first() * (180 / 2**31),
    )
    of_sessions = tables.sessions.group_by("source_id").agg(
        sessions=pl.len(),
        # Some writers have the two the wrong way round.
        elapsed_s=pl.max_horizontal("total_elapsed_time", "total_timer_time").sum(),
        session_start=pl.col("start_time").min(),
        session_end=time.max(),
    )
    return tables.files.join(of_records, on="source_id", how="left").join(of_sessions, on="source_id", how="left")


class _File:
    """One file's tables while its clock is put right."""

    def __init__(self, tables: RawTables, row: Mapping[str, Any], zone: str) -> None:
        self._all, self._row = tables, row
        self._times = FileTimes.of(row, zone)
        self._said: list[str] = []
        self.strays = 0

    def in_words(self) -> str:
        """What was moved, and why."""
        return "; ".join(self._said)

    def repair(self) -> bool:
        """Put the file right as far as needed; whether anything was."""
        if not self._is_suspect() and find_local_time(self._times) is None:
            return False
        name = pl.col("source_id") == self._row["source_id"]
        self.tables = RawTables(
            **{
                table: getattr(self._all, table).filter(name)
                for table in ("files", "sessions", "laps", "timer_events", "records")
            }
        )
        if self._is_suspect():
            self._join()
        self._date()
        self._to_utc()
        return bool(self._said or self.strays)

    def _is_suspect(self) -> bool:
        row, times = self._row, self._times
        told = [time for time in (times.first, times.last, times.session_start) if time is not None]
        if not is_on_calendar(np.array(told, np.int64)).all():
            return True
        if times.first is None or times.last is None or row["lowest_step"] is None:
            return False
        longest_s = row["longest_step"].total_seconds()
        over_s = times.last - times.first - (row["elapsed_s"] or 0.0)
        return bool(
            row["lowest_step"].total_seconds() < 0
            or longest_s > NO_PAUSE_S
            or (row["sessions"] == 1 and row["elapsed_s"] and longest_s > 2 * SLACK_S and over_s > SLACK_S)
        )

    def _join(self) -> None:
        """Joins what different clocks wrote, records first, then what else was written by them."""
        dated = self.tables.records.filter(pl.col("timestamp").is_not_null())
        if dated.is_empty():
            return
        times = to_seconds(dated["timestamp"])
        clocks = join_clocks(
            times, dated["distance"].cast(pl.Float64).fill_null(np.nan).to_numpy(), self._recording_facts()
        )
        self.strays = int(clocks.is_stray.sum())
        if not self.strays and (clocks.times == times).all():
            return
        spans = ClockSpans.of(times, clocks, dated["byte_offset"])
        moved = dated.with_columns(moved_by("timestamp", clocks.times - times)).filter(pl.Series(~clocks.is_stray))
        undated = self.tables.records.filter(pl.col("timestamp").is_null())
        self.tables = RawTables(
            files=self.tables.files.with_columns(self._shifted_pair(spans)),
            sessions=spans.move(self.tables.sessions, "start_time", "timestamp"),
            laps=spans.move(self.tables.laps, "start_time", "timestamp"),
            timer_events=spans.move(self.tables.timer_events, "timestamp"),
            records=pl.concat([moved, undated]),
        )
        self._said += _steps_in_words(clocks, times)
        self._times = self._times.with_records(moved["timestamp"], self.tables.sessions)

    def _shifted_pair(self, spans: ClockSpans) -> list[pl.Expr]:
        """UTC and local time of the activity stay as far apart as they were."""
        if self._times.activity is None:
            return []
        shift = spans.shift_of(np.array([self._times.activity]), np.array([len(spans.first_s)]))
        self._times = self._times.with_activity_moved(int(shift[0]))
        return [moved_by("timestamp", int(shift[0])), moved_by("local_timestamp", int(shift[0]))]

    def _recording_facts(self) -> RecordingFacts:
        row, events = self._row, self.tables.timer_events.filter(pl.col("timestamp").is_not_null())
        is_stop = pl.col("event_type").str.starts_with("stop")
        starts = self.tables.sessions["start_time"].drop_nulls()
        ends = [time for time in (self._times.activity, self._times.session_end) if time is not None]
        return RecordingFacts(
            elapsed_s=row["elapsed_s"] or None if row["sessions"] == 1 else None,
            stops=to_seconds(events.filter(is_stop)["timestamp"]),
            starts=to_seconds(events.filter(pl.col("event_type") == "start")["timestamp"]),
            sessions=to_seconds(starts) if len(starts) > 1 else _EMPTY,
            ends=np.array(ends, np.int64),
        )

    def _date(self) -> None:
        """Dates what counts from power-on by whatever else the file says."""
        begun = [
            time
            for time in (
                self._times.first,
                self._times.session_start,
                *to_seconds(self.tables.timer_events["timestamp"].drop_nulls())[:1].tolist(),
            )
            if time is not None and not FIRST_S <= time < LAST_S
        ]
        is_dated = self._times.first is not None and FIRST_S <= self._times.first < LAST_S
        found = None if is_dated or not begun else date_from_power_on(self._times, min(begun))
        if found is not None:
            self._shift_all(found.shift_s, only_off_calendar=True)
            self._said.append(found.words)

    def _to_utc(self) -> None:
        found = find_local_time(self._times)
        if found is None:
            return
        self._said.append(found.words)
        if found.shift_s:
            self._shift_all(found.shift_s, only_records=found.only_records)
        if found.pair is not None:
            utc, local = found.pair
            self.tables = RawTables(
                **{
                    **self.tables.__dict__,
                    "files": self.tables.files.with_columns(
                        timestamp=pl.from_epoch(pl.lit(utc), "s")
                        .dt.replace_time_zone("UTC")
                        .cast(pl.Datetime("us", "UTC")),
                        local_timestamp=pl.from_epoch(pl.lit(local), "s").cast(pl.Datetime("us")),
                    ),
                }
            )

    def _shift_all(self, shift_s: int, *, only_off_calendar: bool = False, only_records: bool = False) -> None:
        def moved(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
            for name in names:
                off = ~pl.col(name).dt.epoch("s").is_between(FIRST_S, LAST_S, closed="left")
                here = off if only_off_calendar else pl.lit(value=True)
                frame = frame.with_columns(pl.when(here).then(moved_by(name, shift_s)).otherwise(name).alias(name))
            return frame

        both, tables = ("start_time", "timestamp"), self.tables
        self.tables = RawTables(
            files=moved(tables.files, "timestamp") if only_off_calendar else tables.files,
            sessions=tables.sessions if only_records else moved(tables.sessions, *both),
            laps=moved(tables.laps, *both),
            timer_events=moved(tables.timer_events, "timestamp"),
            records=moved(tables.records, "timestamp"),
        )
        self._times = self._times.with_records(self.tables.records["timestamp"], self.tables.sessions)


def _steps_in_words(clocks: Clocks, times: Seconds) -> list[str]:
    """What happened to the clock, and which records were moved by how much."""
    said = []
    for start, step in clocks.steps[:FEW_STEPS]:
        way = "forward" if step > 0 else "back"
        said.append(f"the clock was set {way} by {in_words(step)} at record {start + 1}")
    if len(clocks.steps) > FEW_STEPS:
        said.append(f"and {len(clocks.steps) - FEW_STEPS} more times")
    moved = int(((clocks.times != times) & ~clocks.is_stray & ~clocks.is_placed).sum())
    if clocks.steps:
        said.append(f"{moved} of {len(times)} records were moved to the clock of the others")
    if clocks.is_placed.any():
        said.append(f"{int(clocks.is_placed.sum())} records of another time were put between their neighbours")
    return [", ".join(said)] if said else []
