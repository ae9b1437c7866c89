"""Logs that are not tables: entries of JSON, TOML or packed text → a raw strength log."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import polars as pl

from hipdrive.read.strength.draft import build_sets, rejected
from hipdrive.read.strength.raw import RawStrength
from hipdrive.tables.strength import RawStrengthSet

_DTYPES = RawStrengthSet.create_empty().schema


def log_of_entries(
    format_name: str,
    sets: Sequence[Mapping[str, object]],
    rejects: Sequence[tuple[int, str]],
    rows: int,
    remarks: Sequence[str] = (),
) -> RawStrength:
    """A log from sets as mappings of raw columns, each with its `line`."""
    given = sorted({name for entry in sets for name in entry})
    columns = {name: pl.Series(name, [entry.get(name) for entry in sets], _DTYPES[name]) for name in given}
    lines = columns.pop("line", pl.Series("line", [], pl.Int64))
    for name, default in (("set_type", "normal"), ("log_kind", "written"), ("has_clock", True)):
        if name in columns:
            columns[name] = columns[name].fill_null(default)
    frame = build_sets(lines, columns)
    return RawStrength(format_name, RawStrengthSet.validate(frame), rejected(rejects), rows, tuple(remarks))


def number_of(value: object) -> float | None:
    """A number that an entry holds, or null.

    Raises:
        ValueError: a text that is not a number, or one that is not finite; its message says so.
    """
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = float(value) if isinstance(value, (int, float)) else float(str(value).strip().replace(",", "."))
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"“{str(value)[:24]}” is not a number")
    return number
