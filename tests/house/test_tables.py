"""Tables say what they hold: every column described, every number with its unit, every view with its file."""

from __future__ import annotations

import importlib.util
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from hipdrive.tables import TABLES, VIEWS

ROOT = Path(__file__).parents[2]
COLUMNS = [
    pytest.param(name, column, definition, id=f"{name}.{column}")
    for name, schema in {**TABLES, **VIEWS}.items()
    for column, definition in schema.columns().items()
]
UNIT_ENDINGS = {
    "_s": "s",
    "_m": "m",
    "_bpm": "bpm",
    "_spm": "steps/min",
    "_kg": "kg",
    "_m_per_s": "m/s",
    "_s_per_km": "s/km",
    "_min": "min",
    "_c": "°C",
    "_deg": "°",
    "_w": "W",
    "_utc": "UTC",
    "_fraction": "fraction",
}
# `distance_min_m` is a distance in metres, not a duration in minutes: the longest ending decides.
ENDINGS = sorted(UNIT_ENDINGS, key=len, reverse=True)


@pytest.mark.parametrize(("table", "column", "definition"), COLUMNS)
def test_every_column_is_described(table: str, column: str, definition: object) -> None:
    assert definition.description, f"{table}.{column} has no description"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("table", "column", "definition"), COLUMNS)
def test_every_number_has_a_unit_and_its_name_agrees(table: str, column: str, definition: object) -> None:
    dtype, metadata = definition.dtype, definition.metadata or {}  # type: ignore[attr-defined]
    if not (dtype.is_numeric() or isinstance(dtype, pl.Datetime)):
        return
    assert metadata.get("unit"), f"{table}.{column} has no unit"
    ending = next((ending for ending in ENDINGS if column.endswith(ending)), None)
    is_ratio = "_per_" in column and "_per_" not in (ending or "")
    if ending and not is_ratio and metadata["unit"] != "reps":
        assert metadata["unit"] == UNIT_ENDINGS[ending], f"{table}.{column} is in {metadata['unit']}"


def test_every_view_has_one_file_and_every_file_a_view() -> None:
    names = {entry.name.removesuffix(".sql") for entry in (files("hipdrive.warehouse") / "views").iterdir()}
    assert names == set(VIEWS)


def test_every_view_and_check_begins_with_its_purpose() -> None:
    room = files("hipdrive.warehouse")
    for view in (room / "views").iterdir():
        assert view.read_text(encoding="utf-8").startswith("-- One row per "), view.name
    for check in (room / "checks").iterdir():
        assert check.read_text(encoding="utf-8").startswith(("-- fail: ", "-- warn: ")), check.name


def test_the_table_page_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    assert page == module.render_tables(), "docs/tables.md is not current: run `make docs`"
