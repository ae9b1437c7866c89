"""The warehouse: built on a private copy, put in place by one atomic rename.

A reader therefore never meets a lock or half a night, and a crash at any moment leaves last night's file as it was.
Views are one SELECT a file; checks select the rows that must not exist.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

import dataframely as dy
import duckdb
import polars as pl

from hipdrive.errors import BrokenWarehouse
from hipdrive.settings import Home
from hipdrive.tables import NOT_OF_ONE, OF_A_TEAM, TABLES, VIEWS
from hipdrive.warehouse import ddl
from hipdrive.warehouse.backups import drop_backups, keep_backup
from hipdrive.warehouse.limits import KEPT_BETWEEN_BATCHES, MEMORY_LIMIT, NO_BAR, limits, spill_folder
from hipdrive.warehouse.lines import sync
from hipdrive.warehouse.steps import SCHEMA, migrations, missing_migrations, refuse_newer
from hipdrive.warehouse.stored import BUILD, StoredTables, build_of, escaped, whose
from hipdrive.warehouse.stream import Stream

# DuckDB 2.0 writes files that 1.5 clients cannot open unless it is told not to.
_STORAGE = "v1.5.0"
MOST_FREE_FRACTION = 0.25  # of a file's blocks; more, and it is written anew
# Keys of `about`.
_BACKFILL_OF = "backfill_of"  # the same, of a backfill
# Tables that go with an athlete's contents.
_BY_SOURCE = ("activities", "strength_sets", "none_spans", "resting_heart_rates", "listed_files", "readings")
_READING_OF = "reading_of"  # which build a copy was made of, while files are read into it
_ROOM = files("hipdrive.warehouse")


class Warehouse(StoredTables):
    """A private copy of the home's warehouse that can be written; nothing is seen by others before `swap`.

    Used as a context: leaving it without `swap` throws the copy away, unless files were being read into it. Each batch
    stands whole or not at all, so the next night goes on with that copy where this one was broken off, if the warehouse
    is still the one that it was made of. `anew` begins with empty tables, and keeps no backup.
    """

    _stored: ClassVar[Mapping[str, type[dy.Schema]]] = TABLES

    def __init__(self, home: Home, *, anew: bool = False) -> None:
        self._folder = home.folder
        self._target = home.warehouse_file
        self._next = home.warehouse_file.with_name(home.warehouse_file.name + ".next")
        self._is_reading = False
        self._is_anew = anew
        self._is_copy = self._target.exists() and not anew

    def __enter__(self) -> Self:
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect(config=limits(self._next))
        try:
            self._run(NO_BAR)
            if self._is_anew or not self._goes_on():
                self._begin()
            self._run("USE hipdrive")
            self._open()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def _goes_on(self) -> bool:
        """Whether there is a copy that a broken night was reading into; it is attached then."""
        if not self._next.is_file():
            return False
        try:
            self._attach(self._next)
            found = self._connection.execute("SELECT value FROM hipdrive.about WHERE key = $key", {"key": _READING_OF})
            of = found.fetchall()
        except duckdb.Error:
            of = []
        if of == [(build_of(self._target) or "",)]:
            return True
        self._run("DETACH DATABASE IF EXISTS hipdrive")
        return False

    def _begin(self) -> None:
        self._discard()
        if self._is_copy:
            shutil.copyfile(self._target, self._next)
        try:
            self._attach(self._next)
        except (duckdb.IOException, duckdb.SerializationException) as error:
            raise BrokenWarehouse(self._target, " ".join(str(error).split())) from None

    def _attach(self, file: Path) -> None:
        self._run(f"ATTACH '{escaped(file)}' AS hipdrive (storage_version '{_STORAGE}')")

    def _open(self) -> None:
        self._run("CREATE TABLE IF NOT EXISTS about (key VARCHAR, value VARCHAR)")
        found = self._connection.execute("SELECT value FROM about WHERE key = $key", {"key": SCHEMA}).fetchall()
        last = found[0][0] if found else None
        refuse_newer(self._target, last)
        for name, schema in self._stored.items():
            self._run(ddl.create_table(name, schema))
        if self._is_copy:
            for step in missing_migrations(last):
                self._run(step.read_text(encoding="utf-8"))
        self.remember({SCHEMA: migrations()[-1].name})

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._connection.close()
        if not self._is_reading:
            self._discard()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While files are read batch by batch: a night that breaks off inside is gone on with by the next."""
        self.remember({_READING_OF: build_of(self._target) or ""})
        self._is_reading = True
        yield
        self._run("DELETE FROM about WHERE key = $key", {"key": _READING_OF})
        self._is_reading = False

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """What is written inside stands whole or not at all, so that a task that broke can be tried again."""
        self._run("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            self._run("ROLLBACK")
            raise
        self._run("COMMIT")
        if self._is_reading:
            self._let_go()

    def _let_go(self) -> None:
        # A lower limit frees blocks at once; what is in use stays, and then the lower limit is refused.
        with suppress(duckdb.OutOfMemoryException):
            self._run(f"SET memory_limit = '{KEPT_BETWEEN_BATCHES}'")
        self._run(f"SET memory_limit = '{MEMORY_LIMIT}'")

    def append(self, table: str, frame: pl.DataFrame) -> None:
        """Add a frame's rows to a stored table; columns of the table that the frame lacks become null."""
        if not frame.is_empty():
            self._run(f'INSERT INTO "{table}" BY NAME SELECT * FROM rows', rows=Stream(_without_zone(frame)))

    def replace(self, table: str, frame: pl.DataFrame) -> None:
        """Make a stored table hold a frame's rows and no others."""
        self._run(f'DELETE FROM "{table}"')
        self.append(table, frame)

    def remove_athlete(self, athlete: str) -> None:
        """Remove every row of one athlete."""
        with self.all_or_nothing():
            self._remove(athlete)

    def _remove(self, athlete: str) -> None:
        # Tables that name no athlete first, while the tables that know whose they are still do.
        for name in self._stored_by_key_first():
            if condition := whose(name, athlete):
                self._run(f'DELETE FROM "{name}" WHERE {condition}')

    def _stored_by_key_first(self) -> list[str]:
        return sorted(self._stored, key=lambda name: "athlete_id" in self._stored[name].column_names())

    def replace_of(self, athlete: str, table: str, frame: pl.DataFrame) -> None:
        """Make a frame's rows take the place of one athlete's rows of a stored table."""
        condition = whose(table, athlete)
        self._run(f'DELETE FROM "{table}" WHERE {condition}')
        self.append(table, frame)

    def replace_rows(self, table: str, key: str, values: Sequence[str], frame: pl.DataFrame) -> None:
        """Make a frame's rows take the place of those of a stored table whose key is one of some values."""
        self._run(f'DELETE FROM "{table}" WHERE "{key}" IN (SELECT unnest($values))', {"values": list(values)})
        self.append(table, frame)

    def unread(self, readings: pl.DataFrame) -> None:
        """Remove all that was read of some contents: `athlete_id content_sha256`."""
        keys = readings.select("athlete_id", "content_sha256")
        self._run("CREATE OR REPLACE TEMP TABLE unread AS SELECT * FROM rows", rows=Stream(keys))
        self._run(
            "CREATE OR REPLACE TEMP TABLE unread_sources AS SELECT athlete_id, source_id "
            "FROM readings SEMI JOIN unread USING (athlete_id, content_sha256)"
        )
        if self._connection.execute("FROM unread_sources LIMIT 1").fetchall():
            mine = "(athlete_id, source_id) IN (FROM unread_sources)"
            for table, schema in TABLES.items():
                if "activity_id" in schema.column_names() and table != "activities":
                    theirs = f"SELECT activity_id FROM activities WHERE {mine}"
                    self._run(f'DELETE FROM "{table}" WHERE activity_id IN ({theirs})')
            for table in _BY_SOURCE:
                self._run(f"DELETE FROM {table} WHERE {mine}")
            self._run("DELETE FROM rejects WHERE source_id IN (SELECT source_id FROM unread_sources)")

    def let_all_be_read_again(self) -> None:
        """Forget what the files were read with; where a broken backfill was gone on with, only what it left."""
        of = self._connection.execute("SELECT value FROM about WHERE key = $key", {"key": _BACKFILL_OF}).fetchall()
        build = build_of(self._target) or ""
        if of != [(build,)]:
            with self.all_or_nothing():
                self._run("UPDATE sources SET read_with = NULL")
                self._run("UPDATE readings SET read_with = NULL")
                self.remember({_BACKFILL_OF: build, _READING_OF: build})

    def rename_sources(self, pairs: pl.DataFrame) -> None:
        """Let what was read of some contents stand under another `source_id`: `athlete_id source_id new_source_id`."""
        if pairs.is_empty():
            return
        self._run("CREATE OR REPLACE TEMP TABLE renamed AS SELECT * FROM rows", rows=Stream(pairs))
        for table in _BY_SOURCE:
            self._run(
                f"UPDATE {table} SET source_id = r.new_source_id FROM renamed AS r "
                f"WHERE {table}.athlete_id = r.athlete_id AND {table}.source_id = r.source_id"
            )
        self._run(
            "UPDATE rejects SET source_id = r.new_source_id FROM renamed AS r WHERE rejects.source_id = r.source_id"
        )
        self._run("DROP TABLE renamed")

    def take_back(self, athlete: str) -> None:
        """Make all rows of one athlete those of last night's warehouse again."""
        is_there = self._target.exists()
        if is_there:
            self._run(f"ATTACH '{escaped(self._target)}' AS last (READ_ONLY)")
        try:
            with self.all_or_nothing():
                self._take_back(athlete, is_there=is_there)
        finally:
            if is_there:
                self._run("DETACH last")

    def _take_back(self, athlete: str, *, is_there: bool) -> None:
        self._remove(athlete)
        held = {
            name
            for (name,) in self._connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'last'"
            ).fetchall()
        }
        for name in TABLES:
            condition = whose(name, athlete, "last.main.")
            if condition and is_there and name in held:
                self._run(f'INSERT INTO "{name}" BY NAME SELECT * FROM last.main."{name}" WHERE {condition}')

    @contextmanager
    def attached(self, name: str, file: Path) -> Iterator[set[str]]:
        """Another file that is read beside the copy, under a name; gives the names of its tables."""
        self._run(f"ATTACH '{escaped(file)}' AS {name} (READ_ONLY)")
        try:
            query = "SELECT table_name FROM duckdb_tables() WHERE database_name = $name"
            yield {table for (table,) in self._connection.execute(query, {"name": name}).fetchall()}
        finally:
            self._run(f"DETACH {name}")

    def insert_all(self, table: str, database: str) -> None:
        """Add all rows that an attached file has of a table."""
        self._run(f'INSERT INTO "{table}" BY NAME SELECT * FROM {database}.main."{table}"')

    def take_from(self, file: Path, athlete: str | None = None) -> None:
        """Add the rows of another warehouse, or one athlete's; what many athletes made together stays there.

        Args:
            file: of today's tables.
            athlete: whose rows, with those that are nobody's and with what the file remembers of itself; None: all
                rows that are somebody's.
        """
        with self.attached("other", file) as held, self.all_or_nothing():
            for name in held.intersection(TABLES).difference(OF_A_TEAM if athlete else NOT_OF_ONE):
                condition = whose(name, athlete, "other.main.") if athlete else None
                where = f" WHERE {condition}" if condition else ""
                self._run(f'INSERT INTO "{name}" BY NAME SELECT * FROM other.main."{name}"{where}')
            if athlete:
                self._run("DELETE FROM about")
                self._run("INSERT INTO about SELECT * FROM other.main.about")

    def remember(self, facts: Mapping[str, str]) -> None:
        """Keep facts about this build, such as the date it speaks for, under their keys."""
        for key, value in facts.items():
            self._run("DELETE FROM about WHERE key = $key", {"key": key})
            self._run("INSERT INTO about VALUES ($key, $value)", {"key": key, "value": value})

    def build_views(self) -> None:
        """Make macros and views anew, in order, and comment tables and views: replacing a view drops its comments."""
        with self.all_or_nothing():  # hundreds of statements, which take twice as long one by one
            for macro in ddl.macros():
                for statement in ddl.create_macro(macro):
                    self._run(statement)
            for name in (name for name in VIEWS if name not in self._stored):
                select = (_ROOM / "views" / f"{name}.sql").read_text(encoding="utf-8")
                self._run(f'CREATE OR REPLACE VIEW "{name}" AS {select}')
                self._comment("VIEW", name, VIEWS[name])
            for name, schema in self._stored.items():
                self._comment("TABLE", name, schema)

    def swap(self, build: str, *, clean: bool = False) -> None:
        """Put the copy in the warehouse's place, whole and on disk; the copy is closed by it.

        Args:
            build: its name, which pages drawn from it carry; the one it replaces is kept as a backup.
            clean: leave nothing behind of what was deleted, in free blocks or in backups.
        """
        self.remember({BUILD: build})
        self._run("CHECKPOINT hipdrive")
        if clean or self._free_fraction() > MOST_FREE_FRACTION:
            self._compact()
        self._run("USE memory")
        self._run("DETACH hipdrive")
        sync(self._next)
        if clean:
            drop_backups(self._target)
            shutil.rmtree(spill_folder(self._target), ignore_errors=True)
        else:
            self._keep_backup()
        self._next.replace(self._target)
        sync(self._target.parent)

    def _keep_backup(self) -> None:
        if not self._is_anew:
            keep_backup(self._target)

    def _free_fraction(self) -> float:
        """How much of the file is blocks that hold nothing any more."""
        query = "SELECT free_blocks, total_blocks FROM pragma_database_size() WHERE database_name = 'hipdrive'"
        free, total = self._connection.execute(query).fetchall()[0]
        return float(free) / total if total else 0.0

    def _compact(self) -> None:
        """Write what the copy holds into a new file, which takes its place."""
        packed = self._next.with_name(self._next.name + ".packed")
        packed.unlink(missing_ok=True)
        self._run(f"ATTACH '{escaped(packed)}' AS packed (storage_version '{_STORAGE}')")
        self._run("COPY FROM DATABASE hipdrive TO packed")
        self._run("CHECKPOINT packed")
        self._run("USE memory")
        self._run("DETACH packed")
        self._run("DETACH hipdrive")
        packed.replace(self._next)
        self._attach(self._next)

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
        ends = ("", ".wal", ".packed", ".packed.wal")
        for leftover in (self._next.with_name(self._next.name + end) for end in ends):
            leftover.unlink(missing_ok=True)
        shutil.rmtree(spill_folder(self._next), ignore_errors=True)


def _without_zone(frame: pl.DataFrame) -> pl.DataFrame:
    zoned = [
        name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Datetime) and dtype.time_zone is not None
    ]
    enums = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Enum)]
    return frame.with_columns(pl.col(zoned).dt.replace_time_zone(None), pl.col(enums).cast(pl.String))


def views_text() -> str:
    """All that macros and views are made of, to tell whether those of a warehouse are today's."""
    views = ((_ROOM / "views" / f"{name}.sql").read_text(encoding="utf-8") for name in VIEWS)
    return "\n".join([*(macro.definition for macro in ddl.macros()), *views])


def reread_so_far(home: Home) -> int | None:
    """How many files stand in the copy that a broken night was reading into; None where there is no such copy."""
    left = home.warehouse_file.with_name(home.warehouse_file.name + ".next")
    if not left.is_file():
        return None
    connection = duckdb.connect()
    try:
        # Not read-only: what the broken night had written last may still stand in the log beside the file.
        connection.execute(f"ATTACH '{escaped(left)}' AS hipdrive").fetchall()
        of = connection.execute("SELECT value FROM hipdrive.about WHERE key = $key", {"key": _READING_OF}).fetchall()
        if of != [(build_of(home.warehouse_file) or "",)]:
            return None
        count = connection.execute("SELECT count(*) FROM hipdrive.readings WHERE read_with IS NOT NULL").fetchall()
    except duckdb.Error:
        return None
    finally:
        connection.close()
    return int(count[0][0])
