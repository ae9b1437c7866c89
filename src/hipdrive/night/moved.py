"""Which stored numbers a backfill moved: before and after, column by column."""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy
import polars as pl

from hipdrive.settings import Home
from hipdrive.tables.estimates import Plan
from hipdrive.tables.run_history import Run
from hipdrive.tables.weeks import Week
from hipdrive.warehouse import Warehouse, open_tables

_KEYS = {"runs": ("activity_id",), "weeks": ("athlete_id", "week_start"), "plans": ("plan_id",)}
_SCHEMAS: dict[str, type[dy.Schema]] = {"runs": Run, "weeks": Week, "plans": Plan}
LEAST_CHANGE = 1e-9  # relative; less is rounding


@dataclass(frozen=True)
class Moved:
    """One column of one table.

    Attributes:
        table: `runs`, `weeks` or `plans`.
        column: its name, which ends in its unit.
        rows: rows whose number changed, appeared or went.
        of: rows in both.
        before: median of the changed numbers before.
        after: and after.
    """

    table: str
    column: str
    rows: int
    of: int
    before: float | None
    after: float | None


def moved_numbers(home: Home, copy: Warehouse) -> list[Moved]:
    """What differs between the warehouse that is in place and a finished copy; empty where there was none."""
    if not home.warehouse_file.is_file():
        return []
    found = []
    with open_tables(home) as before:
        for table, schema in _SCHEMAS.items():
            found += compare(table, before.read(table, schema), copy.read(table, schema))
    return found


def compare(table: str, before: pl.DataFrame, after: pl.DataFrame) -> list[Moved]:
    """The columns of a table whose numbers differ, for rows that are in both frames."""
    keys = list(_KEYS[table])
    both = before.join(after, on=keys, how="inner", suffix="_after")
    found = []
    for column, dtype in before.schema.items():
        if column in keys or not dtype.is_numeric():
            continue
        old, new = pl.col(column).cast(pl.Float64), pl.col(f"{column}_after").cast(pl.Float64)
        scale = pl.max_horizontal(old.abs(), new.abs())
        differs = (old.is_null() != new.is_null()) | ((new - old).abs() > LEAST_CHANGE * scale).fill_null(value=False)
        changed = both.filter(differs).select(old.alias("old"), new.alias("new"))
        if changed.height:
            medians = changed.median().row(0)
            found.append(Moved(table, column, changed.height, both.height, *medians))
    return found
