"""Asking the warehouse: read-only, at any time, also while a night is being written."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from importlib.resources import files
from itertools import chain, count
from pathlib import Path
from threading import Timer
from typing import TypeVar

import dataframely as dy
import duckdb
import polars as pl

from hipdrive.errors import BadQuery, BrokenWarehouse, MissingShard, MissingWarehouse, WrongUse
from hipdrive.settings import Home
from hipdrive.tables import HEAVY, LIGHT, TABLES, VIEWS
from hipdrive.warehouse.limits import NO_BAR, limits
from hipdrive.warehouse.stamp import read_stamp
from hipdrive.warehouse.steps import SCHEMA, missing_migrations
from hipdrive.warehouse.stored import BUILD, CATALOGUE, StoredTables, escaped, read_typed, whose
from hipdrive.warehouse.stream import Stream

S = TypeVar("S", bound=dy.Schema)
_QUOTE = '"'
# Types that frames (and JSON) do not know, and those that they are handed on as.
_PLAIN_TYPES = {"INTERVAL": "VARCHAR", "HUGEINT": "BIGINT", "DECIMAL": "DOUBLE"}
QUERY_WITHIN_S = 300.0
_HOME = "HOME"  # what stands for the home's folder in answers
POSITION = ("latitude_deg", "longitude_deg")
_SHOWN = 5  # names of athletes in a sentence


def connect(home: Home | str | os.PathLike[str], athlete: str | None = None) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a home's warehouse, for notebooks and queries; it opens no other file.

    Args:
        home: the folder with `hipdrive.toml`, or the home itself.
        athlete: show only this athlete's rows; tables and views keep their names. Of a team, it is the athlete's own
            file with its samples; without an athlete, the catalogue of all.

    Raises:
        MissingHome: the folder is not a home.
        MissingWarehouse: no night has been run yet.
        MissingShard: the athlete of a team has no file yet.
        BrokenWarehouse: DuckDB cannot open the file.
    """
    connection = _connect(home, athlete)
    # A read-only database does not keep COPY from writing files, nor a query from reading them.
    connection.execute("SET enable_external_access = false").fetchall()
    return connection


def _connect(home: Home | str | os.PathLike[str], athlete: str | None = None) -> duckdb.DuckDBPyConnection:
    place = home if isinstance(home, Home) else Home(Path(home))
    if not place.warehouse_file.is_file():
        raise MissingWarehouse(place.warehouse_file)
    if place.is_team and athlete is not None and CATALOGUE in about(place.warehouse_file):
        place, athlete = _shard(place, athlete), None
    # Attached to a database of its own, because DuckDB hands a process that opens one file twice the one that is open
    # already: last night's, once the new one has taken its place.
    connection = duckdb.connect(config=limits(place.warehouse_file))
    connection.execute(NO_BAR).fetchall()
    try:
        connection.execute(f"ATTACH '{escaped(place.warehouse_file)}' AS hipdrive (READ_ONLY)").fetchall()
    except (duckdb.IOException, duckdb.SerializationException) as error:
        connection.close()
        raise BrokenWarehouse(place.warehouse_file, " ".join(str(error).split())) from None
    connection.execute("USE hipdrive").fetchall()
    if athlete is not None:
        for name in (*TABLES, *VIEWS):
            condition = whose(name, athlete, "hipdrive.main.")
            if condition is not None:
                of_athlete = f'SELECT * FROM hipdrive.main."{name}" WHERE {condition}'
                connection.execute(f'CREATE TEMP VIEW "{name}" AS {of_athlete}').fetchall()
    return connection


def _shard(team: Home, athlete: str) -> Home:
    known = team.members
    if athlete not in known:
        raise WrongUse("sql", f"nobody here is called “{athlete}”", f"there are {', '.join(known)}")
    place = team.of(athlete)
    if not place.warehouse_file.is_file():
        raise MissingShard(place.warehouse_file, athlete)
    return place


def about(file: Path) -> dict[str, str]:
    """What a warehouse remembers of itself; empty where there is none, or none that can be read."""
    if not file.is_file():
        return {}
    connection = duckdb.connect()
    try:
        connection.execute(f"ATTACH '{escaped(file)}' AS hipdrive (READ_ONLY)").fetchall()
        return dict(connection.execute("SELECT key, value FROM hipdrive.about").fetchall())
    except duckdb.Error:
        return {}
    finally:
        connection.close()


def read_table(home: Home, table: str, schema: type[S], athlete: str | None = None) -> dy.DataFrame[S]:
    """A table or view of the home's warehouse, or one athlete's rows of it, as a typed frame.

    Raises:
        MissingWarehouse: no night has been run yet.
    """
    connection = connect(home)
    try:
        return read_typed(connection, table, schema, athlete)
    finally:
        connection.close()


def open_tables(home: Home) -> StoredTables:
    """The stored tables, read-only; a context.

    Raises:
        MissingWarehouse: no night has been run yet.
    """
    return StoredTables(connect(home))


def ask(home: Home, query: str, athlete: str | None = None, *, within_s: float = QUERY_WITHIN_S) -> pl.DataFrame:
    """The answer to one SQL query as a frame; where the home lies is in no answer and no error.

    Args:
        home: whose warehouse.
        query: one statement.
        athlete: show only this athlete's rows.
        within_s: after how many seconds it is broken off.

    Raises:
        MissingWarehouse: no night has been run yet.
        BadQuery: DuckDB does not understand the query, it would write, it is several, or it takes too long.
    """
    connection = connect(home, athlete)
    place = str(home.folder)
    too_long = Timer(within_s, connection.interrupt)
    try:
        statements = connection.extract_statements(query)
        if not statements:
            raise BadQuery("an empty query gives no rows; ask with SELECT")
        if len(statements) > 1:
            raise BadQuery(f"{len(statements)} statements are here; ask one at a time")
        # One question at a time may have every core; what a query may use is not for the query to change.
        connection.execute("RESET threads").fetchall()
        connection.execute("SET lock_configuration = true").fetchall()
        too_long.start()
        relation = connection.sql(statements[0].query)
        if relation is None:
            raise BadQuery("this statement gives no rows, and the warehouse is read-only; ask with SELECT")
        return _as_frame(relation).with_columns(pl.col(pl.String).str.replace_all(place, _HOME, literal=True))
    except (duckdb.Error, pl.exceptions.PolarsError) as error:
        # Interrupted while it hands on its rows, DuckDB's error comes by polars.
        if isinstance(error, duckdb.InterruptException) or "INTERRUPT" in str(error):
            raise BadQuery(f"broken off after {within_s:g} s; ask for less, or of `runs`, `days` or `weeks`") from None
        if home.is_team and athlete is None and (heavy := _HEAVY.search(str(error))):
            raise BadQuery(_ask_one(home, heavy[1])) from None
        lines = [line.rstrip() for line in str(error).replace(place, _HOME).splitlines() if line.strip()]
        raise BadQuery("\n".join(lines)) from None
    finally:
        too_long.cancel()
        connection.close()


_HEAVY = re.compile(rf"Table with name ({'|'.join(HEAVY)}) does not exist")


def _ask_one(home: Home, table: str) -> str:
    names = home.members
    told = ", ".join(names[:_SHOWN]) + (f" or one of {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
    return f"`{table}` lies in each athlete's own file; ask one with --athlete: {told}"


def _as_frame(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """A result in types and names that a frame can hold; a name that comes twice gets a number."""
    columns: dict[str, str] = {}
    for place, (name, kind) in enumerate(zip(relation.columns, relation.types, strict=True), start=1):
        unique = next(new for new in chain([name], (f"{name}_{again}" for again in count(1))) if new not in columns)
        into = next((into for start, into in _PLAIN_TYPES.items() if start in str(kind)), None)
        columns[unique] = f"CAST(#{place} AS {into})" if into else f"#{place}"
    named = (f'{value} AS "{name.replace(_QUOTE, _QUOTE * 2)}"' for name, value in columns.items())
    return pl.DataFrame(Stream(relation.project(", ".join(named))))


def is_of_older_version(home: Home) -> bool:
    """Whether a night of this version has yet to bring the tables of a warehouse that is there up to date."""
    return home.warehouse_file.is_file() and bool(missing_migrations(facts(home).get(SCHEMA)))


def facts(home: Home) -> dict[str, str]:
    """What the last build remembered of itself; empty before the first night."""
    if not home.warehouse_file.is_file():
        return {}
    connection = connect(home)
    try:
        return dict(connection.execute("SELECT key, value FROM about").fetchall())
    finally:
        connection.close()


def page_is_older(home: Home) -> bool:
    """Whether the newest page was drawn from another build of the warehouse than the one that is there."""
    drawn, build = read_stamp(home.newest_page), facts(home).get(BUILD)
    return build is not None and (drawn is None or drawn[0] != build)


def example_queries() -> list[tuple[str, str]]:
    """Questions to start from and their queries, in order; each is one file of `examples/` and tested."""
    found = []
    for file in sorted((files("hipdrive.warehouse") / "examples").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".sql"):
            question, query = file.read_text(encoding="utf-8").split("\n", 1)
            found.append((question.removeprefix("-- "), query.strip()))
    return found


def export_tables(
    home: Home, folder: Path, tables: Sequence[str] = (), athlete: str | None = None, *, gps: bool
) -> dict[str, int]:
    """Write tables and views as Parquet files into a folder, one each, and give their numbers of rows.

    Args:
        home: whose warehouse.
        folder: made if it is not there; files of the same name are replaced.
        tables: their names; all of them if none is given.
        athlete: only this athlete's rows.
        gps: whether positions leave the warehouse.

    Raises:
        MissingWarehouse: no night has been run yet.
        BadQuery: no such table.
    """
    is_catalogue = home.is_team and athlete is None
    if is_catalogue and (heavy := set(tables).intersection(HEAVY)):
        raise BadQuery(_ask_one(home, min(heavy)))
    known = {**(LIGHT if is_catalogue else TABLES), **VIEWS}
    unknown = [name for name in tables if name not in known]
    if unknown:
        raise BadQuery(f"there is no table or view “{unknown[0]}”; there are {', '.join(sorted(known))}")
    folder.mkdir(parents=True, exist_ok=True)
    connection = _connect(home, athlete)
    rows = {}
    try:
        for name in tables or known:
            columns = ", ".join(f'"{column}"' for column in known[name].column_names() if gps or column not in POSITION)
            path = escaped(folder / f"{name}.parquet")
            select = f'SELECT {columns} FROM "{name}"'
            rows[name] = connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)").fetchall()[0][0]
    finally:
        connection.close()
    return rows


def describe_tables(home: Home) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Each view and table by name: its comment, and its columns as (name, type, comment).

    Raises:
        MissingWarehouse: no night has been run yet.
    """
    connection = connect(home)
    try:
        entries = connection.execute(
            "SELECT view_name, coalesce(comment, '') FROM duckdb_views() WHERE NOT internal "
            "UNION ALL SELECT table_name, coalesce(comment, '') FROM duckdb_tables() "
            "WHERE table_name NOT IN ('about', 'shard_facts')"
        ).fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, coalesce(comment, '') FROM duckdb_columns() WHERE NOT internal "
            "ORDER BY table_name, column_index"
        ).fetchall()
    finally:
        connection.close()
    entries.sort(key=lambda entry: (entry[0] not in VIEWS, entry[0]))
    return [(name, about, [column[1:] for column in columns if column[0] == name]) for name, about in entries]
