"""The warehouse: built on a private copy, put in place by one atomic rename.

A reader therefore never meets a lock or half a night, and a crash at any moment leaves last night's file as it was.
Views are one SELECT a file; checks select the rows that must not exist.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import dataframely as dy
import duckdb
import polars as pl

from hipdrive.errors import BrokenWarehouse, FailedCheck
from hipdrive.settings import Home
from hipdrive.tables import TABLES, VIEWS
from hipdrive.tables.sources import Source
from hipdrive.warehouse import ddl
from hipdrive.warehouse.stream import Stream

S = TypeVar("S", bound=dy.Schema)
# DuckDB 2.0 writes files that 1.5 clients cannot open unless it is told not to.
_STORAGE = "v1.5.0"
SCHEMA = "schema"  # what `about` keeps the last step of the tables' history under
_FATE = ("format", "status", "reason", "activities", "records", "sets")
_ROOM = files("hipdrive.warehouse")


@dataclass(frozen=True)
class CheckResult:
    """One check of the data: `rows` is how many rows should not be there, `example` the first of them."""

    name: str
    is_severe: bool
    sentence: str
    rows: int
    example: str = ""

    @property
    def in_words(self) -> str:
        """What was found, in one sentence."""
        if not self.rows:
            return f"{self.sentence}: so it is"
        found = f"{self.rows} {'row does' if self.rows == 1 else 'rows do'} otherwise"
        return f"{self.sentence}: {found}" + (f" (the first: {self.example})" if self.example else "")


class Warehouse:
    """A private copy of the home's warehouse that can be written; nothing is seen by others before `swap`.

    Used as a context: leaving it without `swap` throws the copy away.

    Attributes:
        reads_again: The copy is of an older warehouse that lacks what only the files can give: they are read again, and
            take the place of what was read of them before.
    """

    def __init__(self, home: Home) -> None:
        self.reads_again = False
        self._read_tonight: set[str] = set()  # contents
        self._folder = home.folder
        self._target = home.warehouse_file
        self._next = home.warehouse_file.with_name(home.warehouse_file.name + ".next")

    def __enter__(self) -> Self:
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._discard()
        self._connection = duckdb.connect()
        try:
            self._open()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _open(self) -> None:
        is_new = not self._target.exists()
        if not is_new:
            shutil.copyfile(self._target, self._next)
        self._run("SET TimeZone = 'UTC'")
        self._run("SET autoinstall_known_extensions = false")
        try:
            self._run(f"ATTACH '{escaped(self._next)}' AS hipdrive (storage_version '{_STORAGE}')")
        except (duckdb.IOException, duckdb.SerializationException) as error:
            raise BrokenWarehouse(self._target, " ".join(str(error).split())) from None
        self._run("USE hipdrive")
        self._run("CREATE TABLE IF NOT EXISTS about (key VARCHAR, value VARCHAR)")
        for name, schema in TABLES.items():
            self._run(ddl.create_table(name, schema))
        if is_new:
            self.remember({SCHEMA: migrations()[-1].name})
        else:
            self._migrate()

    def _migrate(self) -> None:
        """Bring the copy of an older warehouse to today's tables, one numbered step after the other."""
        found = self._connection.execute("SELECT value FROM about WHERE key = $key", {"key": SCHEMA}).fetchall()
        for step in missing_migrations(found[0][0] if found else None):
            text = step.read_text(encoding="utf-8")
            self._run(text)
            self.reads_again |= text.startswith("-- read again:")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()
        self._discard()

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is written inside stands whole or not at all, so that a task that broke can be tried again."""
        before = set(self._read_tonight)
        self._run("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self._run("ROLLBACK")
            self._read_tonight = before
            raise
        self._run("COMMIT")

    def append(self, table: str, frame: pl.DataFrame) -> None:
        """Add a frame's rows to a stored table; columns of the table that the frame lacks become null."""
        if not frame.is_empty():
            self._run(f'INSERT INTO "{table}" BY NAME SELECT * FROM rows', rows=Stream(_without_zone(frame)))

    def replace(self, table: str, frame: pl.DataFrame) -> None:
        """Make a stored table hold a frame's rows and no others."""
        self._run(f'DELETE FROM "{table}"')
        self.append(table, frame)

    def make_way(self, tables: Mapping[str, pl.DataFrame]) -> None:
        """Remove what was read of the same files before, where an older warehouse has it."""
        if not self.reads_again:
            return
        sources = tables["sources"].filter(pl.col("status") == "loaded")["source_id"].to_list()
        activities = tables["activities"]["activity_id"].to_list()
        for table in tables.keys() - {"sources"}:
            for key, values in (("activity_id", activities), ("source_id", sources)):
                if key in TABLES[table].column_names():
                    self._run(f'DELETE FROM "{table}" WHERE {key} IN (SELECT unnest($values))', {"values": values})

    def merge_sources(self, rows: pl.DataFrame) -> dy.DataFrame[Source]:
        """Add ledger rows and give those that are news; of a file only touched, its time of change is taken over.

        What was quarantined is no last word: its fate is taken over too. A row of a file that could not even be opened
        (no `source_id`) goes as soon as there is a newer one.
        """
        self._run("CREATE OR REPLACE TEMP TABLE offered AS SELECT * FROM rows", rows=Stream(_without_zone(rows)))
        self._run("DELETE FROM sources WHERE source_id = '' AND path IN (SELECT path FROM offered)")
        same = "sources.path = offered.path AND sources.source_id = offered.source_id"
        settled = (
            f"SELECT path, source_id FROM offered WHERE EXISTS (FROM sources WHERE {same} AND status <> 'quarantined')"
        )
        touched = pl.DataFrame(
            self._connection.execute(settled).fetchall(), {"path": pl.String, "source_id": pl.String}, orient="row"
        )
        self._run(f"UPDATE sources SET modified_ns = offered.modified_ns FROM offered WHERE {same}")
        fate = ", ".join(f'"{column}" = offered."{column}"' for column in _FATE)
        open_still = "" if self.reads_again else "AND sources.status = 'quarantined'"
        self._run(f"UPDATE sources SET {fate} FROM offered WHERE {same} {open_still}")
        self._run(f"INSERT INTO sources BY NAME SELECT * FROM offered WHERE NOT EXISTS (FROM sources WHERE {same})")
        self._run("DROP TABLE offered")
        self._read_tonight |= set(rows.filter(pl.col("status") != "quarantined")["content_sha256"].drop_nulls())
        return Source.validate(rows.join(touched, on=["path", "source_id"], how="anti", maintain_order="left"))

    def known_contents(self) -> set[str]:
        """sha256 of every content that was loaded or understood; of an older warehouse only what was read tonight."""
        if self.reads_again:
            return set(self._read_tonight)
        query = "SELECT content_sha256 FROM sources WHERE status <> 'quarantined' AND content_sha256 IS NOT NULL"
        return {content for (content,) in self._connection.execute(query).fetchall()}

    def remember(self, facts: Mapping[str, str]) -> None:
        """Keep facts about this build, such as the date it speaks for, under their keys."""
        for key, value in facts.items():
            self._run("DELETE FROM about WHERE key = $key", {"key": key})
            self._run("INSERT INTO about VALUES ($key, $value)", {"key": key, "value": value})

    def read(self, table: str, schema: type[S], athlete: str | None = None) -> dy.DataFrame[S]:
        """A stored table or view, or one athlete's rows of it, as a typed frame; the schema may name fewer columns."""
        return read_typed(self._connection, table, schema, athlete)

    def athletes(self) -> list[str]:
        """Everyone who has a day of running or strength work."""
        found = self._connection.execute("SELECT DISTINCT athlete_id FROM daily_load ORDER BY athlete_id").fetchall()
        return [athlete for (athlete,) in found]

    def build_views(self) -> None:
        """Make every view anew, in order, and comment tables and views: replacing a view drops its comments."""
        with self.all_or_nothing():  # hundreds of statements, which take twice as long one by one
            for name, schema in VIEWS.items():
                select = (_ROOM / "views" / f"{name}.sql").read_text(encoding="utf-8")
                self._run(f'CREATE OR REPLACE VIEW "{name}" AS {select}')
                self._comment("VIEW", name, schema)
            for name, schema in TABLES.items():
                self._comment("TABLE", name, schema)

    def run_checks(self) -> list[CheckResult]:
        """The result of every check, in the order of their names.

        Raises:
            FailedCheck: a check of severity `fail` found rows.
        """
        results = []
        for file in sorted((_ROOM / "checks").iterdir(), key=lambda entry: entry.name):
            if not file.name.endswith(".sql"):
                continue
            query = file.read_text(encoding="utf-8")
            severity, sentence = query.splitlines()[0].removeprefix("-- ").split(": ", 1)
            found = self._connection.execute(query)
            names = [column[0] for column in found.description or ()]
            rows = found.fetchall()
            example = ", ".join(f"{name} {value}" for name, value in zip(names, rows[0], strict=True)) if rows else ""
            name = file.name.removesuffix(".sql")
            results.append(CheckResult(name, severity == "fail", sentence, len(rows), example))
        for result in results:
            if result.is_severe and result.rows:
                raise FailedCheck(result.name, result.sentence, result.rows, result.example)
        return results

    def remember_schema(self) -> None:
        """Note that the tables are today's, once everything that can be was read again.

        A file that is still there and was not offered tonight keeps the warehouse an older one.
        """
        rows = self._connection.execute(
            "SELECT path FROM sources WHERE status = 'loaded' AND NOT list_contains($read, content_sha256)",
            {"read": sorted(self._read_tonight)},
        ).fetchall()
        if not self.reads_again or not any((self._folder / path).is_file() for (path,) in rows):
            self.remember({SCHEMA: migrations()[-1].name})

    def swap(self) -> None:
        """Put the copy in the warehouse's place, whole and on disk; the copy is closed by it."""
        self._run("CHECKPOINT hipdrive")
        self._run("USE memory")
        self._run("DETACH hipdrive")
        _sync(self._next)
        self._next.replace(self._target)
        _sync(self._target.parent)

    def _comment(self, kind: str, name: str, schema: type[dy.Schema]) -> None:
        for statement in ddl.comments(kind, name, schema):
            self._run(statement)

    def _run(
        self,
        statement: str,
        parameters: Mapping[str, object] | None = None,
        rows: Stream | None = None,  # noqa: ARG002  a statement scans it by this name
    ) -> None:
        # Fetching to the end completes the statement; an open one would block the next.
        self._connection.execute(statement, dict(parameters or {})).fetchall()

    def _discard(self) -> None:
        for leftover in (self._next, self._next.with_name(self._next.name + ".wal")):
            leftover.unlink(missing_ok=True)


# Where a table names no athlete itself: the key it has, and the table that knows whose it is.
_OWNERS = {"activity_id": "activities", "source_id": "sources", "plan_id": "plans"}


def whose(table: str, athlete: str, database: str = "") -> str | None:
    """The condition that leaves one athlete's rows of a table or view; None where its rows are nobody's.

    Args:
        table: its name.
        athlete: whose rows.
        database: prefix of the tables that know the owner, with its dot.
    """
    columns = {**TABLES, **VIEWS}[table].column_names()
    is_theirs = "athlete_id = '" + athlete.replace("'", "''") + "'"
    if "athlete_id" in columns:
        return is_theirs
    key = next((key for key in _OWNERS if key in columns), None)
    return f"{key} IN (SELECT {key} FROM {database}{_OWNERS[key]} WHERE {is_theirs})" if key else None


def read_typed(
    connection: duckdb.DuckDBPyConnection, table: str, schema: type[S], athlete: str | None = None
) -> dy.DataFrame[S]:
    """A table or view over an open connection as a typed frame; the schema may name fewer columns than it has."""
    columns = ", ".join(f'"{column}"' for column in schema.columns())
    condition = whose(table, athlete) if athlete is not None else None
    where = f" WHERE {condition}" if condition else ""
    frame = pl.DataFrame(Stream(connection.sql(f'SELECT {columns} FROM "{table}"{where}')))
    return schema.validate(_with_zone(frame, schema), cast=True)


def _with_zone(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    zoned = [
        name
        for name, column in schema.columns().items()
        if isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is not None
    ]
    return frame.with_columns(pl.col(zoned).dt.replace_time_zone("UTC"))


def _without_zone(frame: pl.DataFrame) -> pl.DataFrame:
    zoned = [
        name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
    ]
    enums = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Enum)]
    return frame.with_columns(pl.col(zoned).dt.replace_time_zone(None), pl.col(enums).cast(pl.String))


def migrations() -> list[Traversable]:
    """The numbered steps that bring an older warehouse to today's tables, in order."""
    steps = (_ROOM / "migrations").iterdir()
    return sorted((step for step in steps if step.name.endswith(".sql")), key=lambda step: step.name)


def missing_migrations(last: str | None) -> list[Traversable]:
    """The steps after the last one that a warehouse remembers."""
    return [step for step in migrations() if last is None or step.name > last]


def escaped(path: Path) -> str:
    """A path as it may stand between quotes in SQL."""
    return str(path).replace("'", "''")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
