"""Resting heart rates as services answer them, day by day: intervals.icu's wellness and Garmin's daily heart rate.

A list of objects: `id` and `restingHR`, or `calendarDate` and `restingHeartRate`. What was carried over from
the day before (`tempRestingHR`) is not of the day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time

import dataframely as dy
import polars as pl

from hipdrive.tables.wellness import RawRestingHeartRate

_DAYS = (("id", "restingHR"), ("calendarDate", "restingHeartRate"))


def read_daily_resting(data: bytes) -> dy.DataFrame[RawRestingHeartRate] | None:
    """The days of such a file in UTC's noon; None where these bytes are none."""
    if data.lstrip()[:1] != b"[" or not any(rate.encode() in data for _, rate in _DAYS):
        return None
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        return None
    found = [day for row in rows if isinstance(row, dict) and (day := _day(row)) is not None]
    if not found:
        return None
    types = {name: column.dtype for name, column in RawRestingHeartRate.columns().items()}
    return RawRestingHeartRate.validate(pl.DataFrame(found, schema=types))


def _day(row: Mapping[str, object]) -> dict[str, object] | None:
    for name, rate in _DAYS:
        beats = row.get(rate)
        if isinstance(beats, int | float) and not isinstance(beats, bool):
            try:
                noon = datetime.combine(date.fromisoformat(str(row.get(name))), time(12), UTC)
            except ValueError:
                return None
            kind = "resting_heart_rate" if row.get("tempRestingHR") is True else "current_day_resting_heart_rate"
            return {
                "timestamp": noon,
                "utc_offset_s": 0,
                "resting_heart_rate": None,
                "current_day_resting_heart_rate": None,
                kind: float(beats),
            }
    return None
