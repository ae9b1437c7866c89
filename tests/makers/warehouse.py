"""A few drawn rows in a warehouse: what a test does not name is what most rows are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl

from hipdrive.settings import Home
from hipdrive.tables import TABLES
from hipdrive.tables.weeks import NightlyRun
from hipdrive.warehouse import Warehouse

MONDAY = date(2026, 3, 2)
TONIGHT = date(2026, 3, 20)  # a Friday
_USUAL: dict[str, dict[str, object]] = {
    "activities": {
        "athlete_id": "me",
        "source_id": "a",
        "session_index": 0,
        "sport": "running",
        "file_format": "fit",
        "start_utc": datetime(2026, 3, 2, 7),  # noqa: DTZ001  stored without a zone, as UTC
        "utc_offset_s": 0,
        "local_date": MONDAY,
        "richness": 0,
    },
    "run_measures": {
        "distance_m": 10_000.0,
        "moving_time_s": 3000.0,
        "standing_time_s": 0.0,
        "stops": 0,
        "jump_distance_m": 0.0,
        "vehicle_distance_m": 0.0,
        "masked_heart_rate_s": 0.0,
        "pace_s_per_km": 300.0,
        "usable_windows": 20,
    },
    "run_efficiency": {"run_type": "easy", "is_usable": True, "speed_at_reference_hr_m_per_s": 3.0},
    "athlete_settings": {
        "athlete_id": "me",
        "time_zone": "UTC",
        "mass_kg": 70.0,
        "height_m": 1.75,
        "leg_length_m": 0.93,
        "resting_heart_rate_bpm": 60.0,
        "trimp_weighting": "male",
    },
    "diary": {"athlete_id": "me"},
    "daily_load": {"athlete_id": "me", "run_distance_m": 0.0, "run_time_s": 0.0, "ctl": 5.0, "atl": 5.0},
    "log_spans": {"athlete_id": "me", "log_kind": "written"},
    "strength_sets": {"athlete_id": "me", "source_id": "s", "workout_id": "s-0", "log_kind": "written"},
    "sources": {
        "source_id": "1",
        "content_sha256": "1",
        "container": None,
        "format": "fit",
        "size_bytes": 10,
        "modified_ns": 100,
        "first_seen_utc": datetime(2026, 3, 1, tzinfo=UTC),
        "last_offered_utc": datetime(2026, 3, 1, tzinfo=UTC),
        "read_with": None,
        "is_gone": False,
        "counted": 0,
        "athlete_id": "me",
        "status": "loaded",
        "reason": None,
        "activities": 1,
        "records": 5,
        "sets": 0,
    },
}
_SPEED = "speed_at_reference_hr_m_per_s"


def day(number: int) -> date:
    """The day so many days after the first Monday."""
    return MONDAY + timedelta(days=number)


def frame(table: str, *rows: Mapping[str, object]) -> pl.DataFrame:
    """Rows of a stored table, with the columns that they name and the usual ones."""
    full = [{**_USUAL.get(table, {}), **row} for row in rows]
    if table == "run_efficiency":
        full = [{"bounded_speed_at_reference_hr_m_per_s": row.get(_SPEED), **row} for row in full]
    types = {name: column.dtype for name, column in TABLES[table].columns().items()}
    names = [name for name in types if any(name in row for row in full)]
    assert all(row.keys() <= types.keys() for row in full), f"a drawn row names a column that {table} does not have"
    loose = {
        name: pl.String
        if isinstance(types[name], pl.Enum)
        else pl.Datetime("us")
        if name == "start_utc"
        else types[name]
        for name in names
    }
    return pl.DataFrame([{name: row.get(name) for name in names} for row in full], schema=loose, orient="row")


def fill(warehouse: Warehouse, table: str, *rows: Mapping[str, object]) -> None:
    """Append drawn rows to a stored table."""
    warehouse.append(table, frame(table, *rows))


def a_run(warehouse: Warehouse, name: str = "a-0", on: int = 0, **columns: object) -> None:
    """One run on a day, in all tables that a run stands in; `columns` go where they belong."""
    for table in ("activities", "run_measures", "run_efficiency"):
        own = {key: value for key, value in columns.items() if key in TABLES[table].columns()}
        seven = datetime.combine(day(on), time(7))
        dated = {"local_date": day(on), "start_utc": seven} if table == "activities" else {}
        fill(warehouse, table, {"activity_id": name, **dated, **own})


def rest_days(warehouse: Warehouse, first: int, last: int, **columns: object) -> None:
    """Days of load without a run, both ends included."""
    fill(warehouse, "daily_load", *({"local_date": day(number), **columns} for number in range(first, last + 1)))


def a_night(home: Home, value: str = "first") -> bytes:
    """A whole build with nothing but one remembered fact; gives the warehouse's bytes."""
    with Warehouse(home) as warehouse:
        finish(warehouse)
        warehouse.remember({"value": value})
        warehouse.swap("build")
    return Path(home.warehouse_file).read_bytes()


def finish(warehouse: Warehouse, tonight: date = TONIGHT) -> None:
    """The views of a night, for the day that it speaks for."""
    warehouse.remember({"tonight": tonight.isoformat()})
    warehouse.build_views()


def ask(warehouse: Warehouse, query: str) -> list[tuple[object, ...]]:
    """The answer of the private copy."""
    return [tuple(row) for row in warehouse._connection.execute(query).fetchall()]


def nightly_row(run_id: str = "n1", hour: int = 1, **columns: object) -> pl.DataFrame:
    """One night of the diary."""
    started = datetime(2026, 3, 1, hour, tzinfo=UTC)
    row = {
        "run_id": run_id,
        "started_utc": started,
        "finished_utc": started + timedelta(seconds=90.5),
        "status": "done",
        "sources_new": 3,
        "quarantined": 1,
        "seconds_ingest": 1.5,
        "seconds_measure": 0.5,
        "seconds_estimate": 2.0,
        "seconds_report": 1.0,
        "version": "0.1.0",
        "message": None,
        **columns,
    }
    types = {name: column.dtype for name, column in NightlyRun.columns().items()}
    return NightlyRun.validate(pl.DataFrame([row], schema=types))


def a_set(warehouse: Warehouse, on: int, hip_dose: float | None, **columns: object) -> None:
    """A set of strength work on a day."""
    fill(warehouse, "strength_sets", {"local_date": day(on), "hip_dose": hip_dose, **columns})


def known(warehouse: Warehouse, first: int, last: int, **columns: object) -> None:
    """Days that a log speaks for."""
    fill(warehouse, "log_spans", {"first_date": day(first), "last_date": day(last), **columns})


def weeks(warehouse: Warehouse, columns: str, tonight: date = TONIGHT) -> list[tuple[object, ...]]:
    """Columns of the view `weeks` as the night leaves it, oldest first."""
    finish(warehouse, tonight)
    return ask(warehouse, f"SELECT {columns} FROM weeks ORDER BY athlete_id, week_start")


def an_exercise(warehouse: Warehouse, name: str = "hip_thrust", weight: float = 1.0) -> None:
    """An exercise of the catalogue."""
    fill(warehouse, "exercises", {"exercise": name, "label": name, "hip_extension_weight": weight, "source": "drawn"})
