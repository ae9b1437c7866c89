"""Reading stored tables and views as typed frames, over a connection that is open already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import dataframely as dy
import duckdb
import polars as pl

from hipdrive.tables import TABLES, VIEWS
from hipdrive.warehouse.checked import CheckResult, check_names, run_check
from hipdrive.warehouse.stream import Stream

S = TypeVar("S", bound=dy.Schema)
BUILD = "build"  # the key of `about` under which a warehouse keeps which night put it in place
CATALOGUE = "catalogue"  # the key of `about` that only a team's catalogue has


class StoredTables:
    """Tables and views over an open connection; leaving the context closes it."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()

    def read(self, table: str, schema: type[S], athlete: str | None = None) -> dy.DataFrame[S]:
        """A stored table or view, or one athlete's rows of it, as a typed frame; the schema may name fewer columns."""
        return read_typed(self._connection, table, schema, athlete)

    def rows_of(self, table: str, schema: type[S], key: str, values: Sequence[str]) -> dy.DataFrame[S]:
        """The rows of a stored table whose key is one of some values."""
        return read_typed(self._connection, table, schema, where=f'"{key}" IN (SELECT unnest($values))', values=values)

    def owners(self) -> list[str]:
        """Everyone who has a file."""
        found = self._connection.execute("SELECT DISTINCT athlete_id FROM sources ORDER BY athlete_id").fetchall()
        return [athlete for (athlete,) in found]

    def athletes(self) -> list[str]:
        """Everyone who has a day of running or strength work."""
        found = self._connection.execute("SELECT DISTINCT athlete_id FROM daily_load ORDER BY athlete_id").fetchall()
        return [athlete for (athlete,) in found]

    def run_checks(self) -> list[CheckResult]:
        """The result of every check, in the order of their names."""
        return [run_check(self._connection, name) for name in check_names()]


# Where a table names no athlete itself: the key it has, and the table that knows whose it is.
_OWNERS = {"activity_id": "activities", "source_id": "sources", "plan_id": "plans"}


def whose(table: str, athlete: str = "", database: str = "", one_of: str | None = None) -> str | None:
    """The condition that leaves one athlete's rows of a table or view; None where its rows are nobody's.

    Args:
        table: its name.
        athlete: whose rows.
        database: prefix of the tables that know the owner, with its dot.
        one_of: a condition on `athlete_id` in place of that it is this athlete's.
    """
    columns = {**TABLES, **VIEWS}[table].column_names()
    is_theirs = one_of or "athlete_id = '" + athlete.replace("'", "''") + "'"
    if "athlete_id" in columns:
        return is_theirs
    key = next((key for key in _OWNERS if key in columns), None)
    return f"{key} IN (SELECT {key} FROM {database}{_OWNERS[key]} WHERE {is_theirs})" if key else None


def read_typed(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    schema: type[S],
    athlete: str | None = None,
    where: str | None = None,
    values: Sequence[str] = (),
) -> dy.DataFrame[S]:
    """A table or view over an open connection as a typed frame; the schema may name fewer columns than it has.

    Args:
        connection: open.
        table: its name.
        schema: the columns wanted.
        athlete: only this athlete's rows.
        where: a condition in place of that, which may name `$values`.
        values: what it names.
    """
    columns = ", ".join(f'"{column}"' for column in schema.columns())
    condition = where or (whose(table, athlete) if athlete is not None else None)
    query = f'SELECT {columns} FROM "{table}"' + (f" WHERE {condition}" if condition else "")
    relation = connection.sql(query, params={"values": list(values)}) if where else connection.sql(query)
    frame = _with_zone(pl.DataFrame(Stream(relation)), schema)
    # What is stored was held to its contract when it was written; a view is our SQL, and held to it here.
    return schema.cast(frame.select(list(schema.columns()))) if table in TABLES else schema.validate(frame, cast=True)


def _with_zone(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    zoned = [
        name
        for name, column in schema.columns().items()
        if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is not None
    ]
    return frame.with_columns(pl.col(zoned).dt.replace_time_zone("UTC"))


def build_of(file: Path) -> str | None:
    """Which night put a warehouse in place; None where there is none, or it does not say."""
    if not file.is_file():
        return None
    connection = duckdb.connect()
    try:
        connection.execute(f"ATTACH '{escaped(file)}' AS hipdrive (READ_ONLY)").fetchall()
        found = connection.execute("SELECT value FROM hipdrive.about WHERE key = $key", {"key": BUILD}).fetchall()
    except duckdb.Error:
        return None
    finally:
        connection.close()
    return str(found[0][0]) if found else None


def escaped(path: Path) -> str:
    """A path as it may stand between quotes in SQL."""
    return str(path).replace("'", "''")
