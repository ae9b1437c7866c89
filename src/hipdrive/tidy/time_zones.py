"""What a file says of its own date and zone: times that count from power-on, and local time written for UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from hipdrive.tidy.clock_steps import DAY_S, FIRST_S, HOUR_S, LAST_S, MINUTE_S, NEAR_END_S, Seconds

FIT_EPOCH_S = 631_065_600  # 1989-12-31 00:00 UTC
FIRST, LAST = (pl.lit(datetime.fromtimestamp(at_s, UTC)).cast(pl.Datetime("us", "UTC")) for at_s in (FIRST_S, LAST_S))
QUARTER_HOUR_S = 900
WIDEST_OFFSET_S = 15 * HOUR_S
EXACT_S = 2 * MINUTE_S  # two times that differ by the zone's offset alone
_SECONDS_PER_DEG = DAY_S / 360  # of longitude, by the sun


@dataclass(frozen=True)
class FileTimes:
    """The times that one file tells, in seconds since 1970 (local time as if it were UTC), None where it does not."""

    zone: str
    first: int | None
    last: int | None
    session_start: int | None
    session_end: int | None
    activity: int | None
    activity_local: int | None
    created: int | None
    power_on: int | None
    longitude_deg: float | None

    @classmethod
    def of(cls, row: Mapping[str, Any], zone: str) -> FileTimes:
        """Those of a row of the overview over files."""
        sessions = row["sessions"] or 0
        return cls(
            zone,
            _epoch(row["first"]),
            _epoch(row["last"]),
            _epoch(row["session_start"]) if sessions else None,
            _epoch(row["session_end"]) if sessions else None,
            _epoch(row["timestamp"]),
            _epoch(row["local_timestamp"]),
            _epoch(row["time_created"]),
            _epoch(row["power_on"]),
            row["longitude_deg"],
        )

    def with_records(self, times: pl.Series, sessions: pl.DataFrame) -> FileTimes:
        """The same with other times of records and sessions."""
        begun, ended = sessions["start_time"].min(), sessions["timestamp"].max()
        return replace(
            self,
            first=_epoch(times.min()),
            last=_epoch(times.max()),
            session_start=_epoch(begun),
            session_end=_epoch(ended),
        )

    def with_activity_moved(self, shift_s: int) -> FileTimes:
        """The same with the activity's two times moved."""
        utc, local = (time if time is None else time + shift_s for time in (self.activity, self.activity_local))
        return replace(self, activity=utc, activity_local=local)

    def zone_offset_s(self, at_s: int) -> int:
        """Local time minus UTC in the athlete's zone at a time."""
        offset = ZoneInfo(self.zone).utcoffset(datetime.fromtimestamp(at_s, UTC).astimezone(ZoneInfo(self.zone)))
        return 0 if offset is None else round(offset.total_seconds())


@dataclass(frozen=True)
class Shift:
    """By how much times are to be moved, and why.

    Attributes:
        shift_s: to add.
        words: what was done.
        only_records: sessions are right as they are.
        pair: UTC and local time of the activity, where they are others than told.
    """

    shift_s: int
    words: str
    only_records: bool = False
    pair: tuple[int, int] | None = None


def date_from_power_on(times: FileTimes, begun_s: int) -> Shift | None:
    """How to date times that count from power-on, by the best that the file says; None where it says nothing.

    Args:
        times: what the file tells.
        begun_s: the earliest of the times that count from power-on.
    """
    last = times.last if times.last is not None else times.session_end
    local_s = times.activity_local
    local_utc_s = local_s - times.zone_offset_s(local_s) if local_s is not None else None
    anchors = [
        (times.power_on, FIT_EPOCH_S, "timestamp_correlation"),
        (times.session_start, begun_s, "its session"),
        (times.activity, last, "its activity message"),
        (times.created, begun_s, "time_created"),
        (local_utc_s, times.activity, "its local time"),
    ]
    shifts = (
        (known - at, what) for known, at, what in anchors if is_known(known) and known is not None and at is not None
    )
    shift, what = next(shifts, (None, ""))
    if shift is None:
        return None
    begins = datetime.fromtimestamp(begun_s + shift, UTC)
    return Shift(shift, f"its time stamps count from power-on: dated by {what} ({begins:%Y-%m-%d %H:%M} UTC)")


def find_local_time(times: FileTimes) -> Shift | None:
    """Local time that stands where UTC should, by what the file and the athlete's zone say; None where all is right."""
    if times.first is None or times.last is None or not is_known(times.first):
        return None
    zone_s = times.zone_offset_s(times.first)
    if times.activity is not None and times.activity_local is not None and is_known(times.activity_local):
        return _from_the_activity(times, times.activity, times.activity_local, zone_s)
    if not zone_s:
        return None
    if times.session_start is not None and times.session_end is not None:
        off = (times.first - times.session_start, times.last - times.session_end)
        if all(abs(one - zone_s) <= EXACT_S for one in off):
            return Shift(-zone_s, _in_local_time(zone_s), only_records=True)
    if times.created is not None and abs(times.first - zone_s - times.created) <= MINUTE_S:
        others = [time for time in (times.last, times.session_end) if time is not None]
        if all(abs(times.created - other) > NEAR_END_S for other in others):
            return Shift(-zone_s, _in_local_time(zone_s))
    return None


def _from_the_activity(times: FileTimes, utc_s: int, local_s: int, zone_s: int) -> Shift | None:
    told_s = round((local_s - utc_s) / QUARTER_HOUR_S) * QUARTER_HOUR_S
    if not told_s or abs(told_s) > WIDEST_OFFSET_S:
        return None
    edges = [edge for edge in (times.first, times.last) if edge is not None]
    from_utc, from_local = (min(abs(time - edge) for edge in edges) for time in (utc_s, local_s))
    sun_s = None if times.longitude_deg is None else times.longitude_deg * _SECONDS_PER_DEG
    told_is_likely = told_s == zone_s if sun_s is None else abs(sun_s - told_s) <= abs(sun_s + told_s)
    if from_local <= NEAR_END_S < from_utc:
        if told_is_likely:
            return Shift(-told_s, _in_local_time(told_s))
        return Shift(0, "UTC and local time were swapped in its activity message", pair=(local_s, utc_s))
    if told_s == -zone_s and (sun_s is None or not told_is_likely):
        words = f"UTC and local time were swapped: all times were moved by {in_words(told_s, signed=True)}"
        return Shift(told_s, words, pair=(local_s, utc_s))
    return None


def on_calendar(name: str) -> pl.Expr:
    """Whether a time is one that a clock that was once set can show; null without a time."""
    return pl.col(name).is_between(FIRST, LAST, closed="left")


def utc_offset_s(time_zones: Mapping[str, str]) -> pl.Expr:
    """Local time minus UTC at `start`: the file's own word, else the athlete's zone.

    A file tells it for its end. Where that is the athlete's zone, summer time may have begun or ended since the start.

    Args:
        time_zones: athlete → IANA zone.
    """
    told_s = (pl.col("local_timestamp") - pl.col("timestamp_of_file").dt.replace_time_zone(None)).dt.total_seconds()
    rounded_s = (told_s / QUARTER_HOUR_S).round() * QUARTER_HOUR_S
    sane_s = pl.when(rounded_s.abs() <= WIDEST_OFFSET_S).then(rounded_s.cast(pl.Int64))
    at_start, at_end = _zone_offset_s("start", time_zones), _zone_offset_s("timestamp_of_file", time_zones)
    return pl.coalesce(pl.when(sane_s == at_end).then(at_start), sane_s, at_start, 0).cast(pl.Int64)


def _zone_offset_s(name: str, time_zones: Mapping[str, str]) -> pl.Expr:
    return pl.coalesce(
        pl.lit(None, dtype=pl.Int64),
        *(
            pl.when(pl.col("athlete_id") == athlete).then(
                (
                    pl.col(name).dt.convert_time_zone(zone).dt.replace_time_zone(None)
                    - pl.col(name).dt.replace_time_zone(None)
                ).dt.total_seconds()
            )
            for athlete, zone in time_zones.items()
        ),
    )


def _in_local_time(offset_s: int) -> str:
    return f"its records stood in local time: moved by {in_words(-offset_s, signed=True)} to UTC"


def is_known(time_s: int | None) -> bool:
    """Whether a time is told, and one that a clock that was once set can show."""
    return time_s is not None and FIRST_S <= time_s < LAST_S


def in_words(seconds: int, *, signed: bool = False) -> str:
    """A span of time in its two largest units: 21 days, 1 h 30 min, 37 s."""
    sign = ("-" if seconds < 0 else "+") if signed else ""
    rest, words = abs(seconds), []
    for size, unit in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min"), (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            words.append(f"{count} {unit}")
    return sign + " ".join(words[:2])


def to_seconds(times: pl.Series) -> Seconds:
    """Times as whole seconds since 1970."""
    seconds: Seconds = times.dt.epoch("s").to_numpy().astype(np.int64)
    return seconds


def _epoch(time: object) -> int | None:
    if not isinstance(time, datetime):
        return None
    aware = time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    return (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
