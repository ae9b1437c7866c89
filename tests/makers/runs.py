"""A few drawn rows of running data: raw FIT frames, FIT bytes, activities and samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import dataframely as dy
import polars as pl

from hipdrive.fit import DeveloperField, RowOrder, encode
from hipdrive.measure.grade import graded_speed
from hipdrive.measure.stride import measure_strides
from hipdrive.tables.run_files import RawFile, RawLap, RawRecord, RawSession, RawTimerEvent
from hipdrive.tables.runs import Activity, Sample
from hipdrive.tidy.runs import TidyRuns, tidy_runs

S = TypeVar("S", bound=dy.Schema)
Row = Mapping[str, object]
Columns = dict[str, Any]  # to be handed on by name: each column has a type of its own
START = datetime(2026, 3, 2, 7, tzinfo=UTC)  # a Monday
SEMICIRCLES_PER_DEG = 2**31 / 180


def at(seconds: float) -> datetime:
    """So many seconds after the start."""
    return START + timedelta(seconds=seconds)


def typed(schema: type[S], rows: Iterable[Row]) -> dy.DataFrame[S]:
    """Rows as a typed frame; columns that no row names are null."""
    types = {name: column.dtype for name, column in schema.columns().items()}
    given = [{name: row.get(name) for name in types} for row in rows]
    assert all(row.keys() <= types.keys() for row in rows), "a drawn row names a column that the table does not have"
    return schema.validate(pl.DataFrame(given, schema=types, orient="row"))


def spread(rows: int, **columns: object) -> list[dict[str, object]]:
    """Columns as rows: a list or tuple gives each row its own value, anything else gives all rows the same."""
    for name, values in columns.items():
        assert not isinstance(values, list | tuple) or len(values) == rows, name
    return [
        {name: values[row] if isinstance(values, list | tuple) else values for name, values in columns.items()}
        for row in range(rows)
    ]


def raw_records(
    seconds: Iterable[float], *, speed_m_per_s: float = 3.0, source_id: str = "a", **columns: object
) -> dy.DataFrame[RawRecord]:
    """Records at these seconds after the start, at an even speed; `columns` under FIT's names and in its units."""
    times = list(seconds)
    distance = [speed_m_per_s * second for second in times]
    given = {"source_id": source_id, "timestamp": [at(second) for second in times], "distance": distance, **columns}
    return typed(RawRecord, spread(len(times), **given))


def raw_session(start_s: float = 0, *, source_id: str = "a", **columns: object) -> dict[str, object]:
    """One running session; its totals are null unless given."""
    return {"source_id": source_id, "sport": "running", "start_time": at(start_s), **columns}


def raw_file(source_id: str = "a", **columns: object) -> dict[str, object]:
    """One file of the athlete `me`."""
    return {
        "source_id": source_id,
        "content_sha256": source_id * 64,
        "athlete_id": "me",
        "file_format": "fit",
        **columns,
    }


def timer(*events: tuple[float, str], source_id: str = "a") -> list[Row]:
    """Timer events as (seconds after the start, kind)."""
    return [{"source_id": source_id, "timestamp": at(second), "event_type": kind} for second, kind in events]


def tidy(
    records: pl.DataFrame | None = None,
    *,
    files: Sequence[Row] = (raw_file(),),
    sessions: Sequence[Row] = (raw_session(),),
    laps: Sequence[Row] = (),
    events: Sequence[Row] = (),
    zones: Mapping[str, str] | None = None,
) -> TidyRuns:
    """`tidy_runs` of drawn rows: one running session unless told otherwise."""
    return tidy_runs(
        typed(RawFile, files),
        typed(RawSession, sessions),
        typed(RawLap, laps),
        typed(RawTimerEvent, events),
        RawRecord.validate(RawRecord.create_empty() if records is None else records),
        {"me": "UTC"} if zones is None else zones,
    )


def activity(activity_id: str = "a-0", **columns: object) -> dict[str, object]:
    """One running activity."""
    return {
        "athlete_id": "me",
        "activity_id": activity_id,
        "source_id": activity_id[:1],
        "session_index": 0,
        "sport": "running",
        "file_format": "fit",
        "start_utc": START,
        "utc_offset_s": 0,
        "local_date": START.date(),
        "richness": 0,
        **columns,
    }


def activities(*rows: Row) -> dy.DataFrame[Activity]:
    """Activities, or one if none is given."""
    return typed(Activity, rows or [activity()])


def samples(
    seconds: Iterable[float], *, activity_id: str = "a-0", speed_m_per_s: float = 3.0, **columns: object
) -> dy.DataFrame[Sample]:
    """Samples at these seconds of the timer, moving at an even speed but for the first, which stands for no time."""
    times = list(seconds)
    given = {
        "activity_id": activity_id,
        "time_utc": [at(second) for second in times],
        "timer_s": [float(second) for second in times],
        "moving_s": [0.0, *(float(later - second) for second, later in pairwise(times))],
        "distance_m": [speed_m_per_s * second for second in times],
        "speed_m_per_s": speed_m_per_s,
        "is_moving": [False] + [True] * (len(times) - 1),
        **columns,
    }
    drawn = typed(Sample, spread(len(times), **given))
    graded = graded_speed(pl.col("speed_m_per_s"), pl.col("grade_fraction"))
    return measure_strides(Sample.validate(drawn.with_columns(graded_speed_m_per_s=graded)))


def fit_bytes(
    *messages: tuple[str, Sequence[Row]], kind: str = "activity", developer_fields: Sequence[DeveloperField] = ()
) -> bytes:
    """A FIT file with a `file_id` and these messages (name, rows), merged by their times."""
    identity = {"type": kind, "manufacturer": "development", "product": 1, "serial_number": 7, "time_created": START}
    blocks = [(name, pl.DataFrame(rows, infer_schema_length=None)) for name, rows in messages]
    return encode(
        [("file_id", pl.DataFrame([identity])), *blocks], developer_fields=developer_fields, order=RowOrder.BY_TIMESTAMP
    )


def record_rows(seconds: Iterable[float], *, speed_m_per_s: float = 3.0, **columns: object) -> list[dict[str, object]]:
    """Record messages for `fit_bytes`: time, distance and speed, and `columns` under FIT's names and in its units."""
    times = list(seconds)
    given = {
        "timestamp": [at(second) for second in times],
        "distance": [speed_m_per_s * second for second in times],
        "enhanced_speed": speed_m_per_s,
        **columns,
    }
    return spread(len(times), **given)


def session_row(start_s: float, end_s: float, sport: str = "running", **columns: object) -> dict[str, object]:
    """A session message for `fit_bytes`, written at its end."""
    return {
        "timestamp": at(end_s),
        "start_time": at(start_s),
        "sport": sport,
        "sub_sport": "generic",
        "total_elapsed_time": float(end_s - start_s),
        **columns,
    }


def event_rows(*events: tuple[float, str]) -> list[dict[str, object]]:
    """Timer events for `fit_bytes` as (seconds after the start, kind)."""
    return [{"timestamp": at(second), "event": "timer", "event_type": kind} for second, kind in events]


def run_row(activity_id: str = "a-0", **columns: object) -> dict[str, object]:
    """One measured run: 10 km on the level in 50 minutes."""
    measured = {"distance_m": 10_000.0, "moving_time_s": 3000.0, "pace_s_per_km": 300.0, "usable_windows": 20}
    measured["heart_rate_bpm"] = 150.0
    faultless = {
        "standing_time_s": 0.0,
        "stops": 0,
        "jump_distance_m": 0.0,
        "vehicle_distance_m": 0.0,
        "masked_heart_rate_s": 0.0,
    }
    known = {"samples": 3001, "known_speed_s": 3000.0, "known_heart_rate_s": 3000.0}
    return {"activity_id": activity_id, **measured, **faultless, **known, **columns}


def window_rows(
    minutes: int = 20, *, first: int = 10, activity_id: str = "a-0", **columns: object
) -> list[dict[str, object]]:
    """So many usable windows of a run at an even speed, after its first ten minutes."""
    indices = list(range(first, first + minutes))
    given = {
        "activity_id": activity_id,
        "window_index": indices,
        "window_start_utc": [at(60 * index) for index in indices],
        "moving_time_s": 60.0,
        "within_limits_s": 60.0,
        "graded_speed_m_per_s": 3.0,
        "heart_rate_bpm": 150.0,
        "is_usable": True,
        **columns,
    }
    return spread(minutes, **given)


def athlete_setting(athlete_id: str = "me", **columns: object) -> dict[str, object]:
    """One athlete as the settings describe them."""
    body = {"mass_kg": 70.0, "height_m": 1.75, "leg_length_m": 0.53 * 1.75, "resting_heart_rate_bpm": 60.0}
    return {"athlete_id": athlete_id, "time_zone": "UTC", **body, "trimp_weighting": "male", **columns}
