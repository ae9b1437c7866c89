"""Garmin's account export, besides its FIT files: daily summaries and the list of activities, both JSON.

`DI-Connect-Aggregator/UDSFile_*.json` is a list of days; `DI-Connect-Fitness/*_summarizedActivities.json` a list of one
object that holds the activities, those of strength with `summarizedExerciseSets`: per exercise how many sets and
repetitions, times in ms and loads in g. Their names are those that the wearer corrected.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import dataframely as dy
import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.fit import value_number
from hipdrive.tables.strength import RawStrengthSet
from hipdrive.tables.wellness import RawDailySummary

DAYS, ACTIVITIES = "garmin_days", "garmin_activities"
_DAY_MARKS = (b'"calendarDate"', b"estingHeartRate")
_ACTIVITY_MARK = b'"summarizedActivitiesExport"'
_MARK_WITHIN = 2000
_MOST_SETS = 100  # of one exercise in one workout
_UNNAMED = ("", "unknown", "none", "invalid")
_NAMED = "strength"  # of a workout that its wearer gave no name


def recognise(data: bytes) -> str | None:
    """`garmin_days` or `garmin_activities`; None for anything else, Garmin's other lists included."""
    head = data[:_MARK_WITHIN].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in {b"[", b"{"}:
        return None
    if _ACTIVITY_MARK in head:
        return ACTIVITIES
    # A day's summary is long, and its heart rate may stand far behind its date.
    return DAYS if _DAY_MARKS[0] in head and _DAY_MARKS[1] in data and b'"totalSteps"' in data else None


def read_days(data: bytes, name: str) -> dy.DataFrame[RawDailySummary]:
    """The days of a file of daily summaries that tell a resting heart rate, in the order written.

    Args:
        data: the file.
        name: for the error.

    Raises:
        UnreadableFile: it is not JSON.
    """
    rows = [
        {
            "local_date": _day(entry.get("calendarDate")),
            "resting_heart_rate": _number(entry.get("restingHeartRate")),
            "current_day_resting_heart_rate": _number(entry.get("currentDayRestingHeartRate")),
        }
        for entry in _objects(_parsed(data, name))
    ]
    types = {column: kind.dtype for column, kind in RawDailySummary.columns().items()}
    frame = pl.DataFrame(rows, schema=types).filter(
        pl.col("local_date").is_not_null(),
        pl.any_horizontal(pl.col("resting_heart_rate", "current_day_resting_heart_rate").is_not_null()),
    )
    return RawDailySummary.validate(frame)


def read_sets(data: bytes, name: str) -> dy.DataFrame[RawStrengthSet]:
    """The sets of all strength activities of the list, each exercise's repetitions spread over its sets.

    The load is the heaviest of the exercise's sets; what stands there is all that the list tells.

    Args:
        data: the file.
        name: for the error.

    Raises:
        UnreadableFile: it is not JSON.
    """
    rows = [row for activity in _activities(_parsed(data, name)) for row in _sets_of(activity)]
    types = {column: kind.dtype for column, kind in RawStrengthSet.columns().items()}
    given = [{**dict.fromkeys(types), **row, "line": line} for line, row in enumerate(rows)]
    return RawStrengthSet.validate(pl.DataFrame(given, schema=types))


def count_activities(data: bytes, name: str) -> int:
    """How many activities the list holds."""
    return sum(1 for _ in _activities(_parsed(data, name)))


def _sets_of(activity: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    started = _moment(activity.get("beginTimestamp")) or _moment(activity.get("startTimeGmt"))
    local = _moment(activity.get("startTimeLocal"))
    duration_ms = _number(activity.get("elapsedDuration")) or _number(activity.get("duration"))
    exercises = activity.get("summarizedExerciseSets")
    if started is None or not isinstance(exercises, list):
        return
    for entry in _objects(exercises):
        category, exercise = (str(entry.get(key) or "").lower() for key in ("category", "subCategory"))
        sets = round(_number(entry.get("sets")) or 0) or 1
        reps, hold_ms = _number(entry.get("reps")), _number(entry.get("duration"))
        load_g = _number(entry.get("maxWeight"))
        for one in range(min(sets, _MOST_SETS)):
            yield {
                "log_kind": "watch",
                "started_utc": started,
                "started_local": local.replace(tzinfo=None) if local else None,
                "has_clock": True,
                "duration_s": duration_ms / 1000 if duration_ms else None,
                "workout_name": str(activity.get("name") or _NAMED),
                "set_label": str(one),
                "set_type": "normal",
                "reps": _share(reps, sets, one),
                "weight": load_g / 1000 if load_g else None,
                "weight_unit": "kg",
                "hold_s": hold_ms / 1000 / sets if hold_ms else None,
                "watch_category": "unknown" if category in _UNNAMED else category,
                "watch_exercise": value_number(f"{category}_exercise_name", exercise),
            }


def _share(total: float | None, sets: int, place: int) -> float | None:
    """Whole repetitions of one of several sets that make the total together."""
    if not total:
        return None
    each, rest = divmod(round(total), sets)
    return float(each + (place < rest)) or None


def _activities(document: object) -> Iterator[Mapping[str, Any]]:
    for entry in _objects(document):
        yield from _objects(entry.get("summarizedActivitiesExport"))


def _objects(document: object) -> Iterator[Mapping[str, Any]]:
    """The objects of a list, or the object by itself."""
    for entry in document if isinstance(document, list) else [document]:
        if isinstance(entry, dict):
            yield entry


def _parsed(data: bytes, name: str) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise UnreadableFile(
            name, "this list of Garmin's export is not complete JSON; ask for the export again"
        ) from None


def _number(value: object) -> float | None:
    is_one = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15  # noqa: PLR2004
    return float(value) if is_one else None  # type: ignore[arg-type]


def _moment(value: object) -> datetime | None:
    """Milliseconds since 1970."""
    number = _number(value)
    try:
        return datetime.fromtimestamp(number / 1000, UTC) if number else None
    except (OverflowError, OSError, ValueError):
        return None


def _day(value: object) -> date | None:
    """A day, written as `2026-03-01`, with a time behind it, or within an object under `date`."""
    if isinstance(value, dict):
        value = value.get("date")
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
