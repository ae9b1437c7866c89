"""Resting heart rates as services answer them, day by day: intervals.icu's wellness and Garmin's daily heart rate.

A list of objects: `id` and `restingHR`, or `calendarDate` and `restingHeartRate`. What was carried over from
the day before (`tempRestingHR`) is not of the day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import dataframely as dy
import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.tables.wellness import RawDailySummary

FORMAT = "service_days"
_DAYS = (("id", "restingHR"), ("calendarDate", "restingHeartRate"))


def recognise(data: bytes) -> str | None:
    """`service_days`; None for anything else."""
    is_list = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"["
    is_of_days = is_list and any(f'"{day}"'.encode() in data and f'"{rate}"'.encode() in data for day, rate in _DAYS)
    return FORMAT if is_of_days else None


def read_days(data: bytes, name: str) -> dy.DataFrame[RawDailySummary]:
    """The days of such a list that tell a resting heart rate, in the order written.

    Args:
        data: the file.
        name: for the error.

    Raises:
        UnreadableFile: it is not JSON.
    """
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        raise UnreadableFile(name, "this list of days is not complete JSON; fetch it again") from None
    found = [day for row in rows if isinstance(row, dict) and (day := _day(row)) is not None]
    types = {column: kind.dtype for column, kind in RawDailySummary.columns().items()}
    return RawDailySummary.validate(pl.DataFrame(found, schema=types))


def _day(row: Mapping[str, object]) -> dict[str, object] | None:
    for name, rate in _DAYS:
        beats = row.get(rate)
        if isinstance(beats, int | float) and not isinstance(beats, bool):
            try:
                told_of = date.fromisoformat(str(row.get(name)))
            except ValueError:
                return None
            is_of_day = row.get("tempRestingHR") is not True
            own, mean = (float(beats), None) if is_of_day else (None, float(beats))
            return {"local_date": told_of, "resting_heart_rate": mean, "current_day_resting_heart_rate": own}
    return None
