"""A team's catalogue: the light tables of all its athletes in one file, taken from theirs and swapped like a warehouse.

Of every athlete it keeps the weeks too, which elsewhere are a view. And it remembers of each athlete's file what that
file remembers of itself, and its size and time on disk. So it is known without opening them which have changed,
whichever command or night wrote them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import dataframely as dy
import duckdb

from hipdrive.errors import BrokenWarehouse
from hipdrive.settings import Home
from hipdrive.tables import KEPT_VIEWS, LIGHT, NOT_OF_ONE, OF_A_TEAM, VIEWS
from hipdrive.tables.sources import Source
from hipdrive.warehouse.reading import about, connect
from hipdrive.warehouse.steps import SCHEMA, migrations
from hipdrive.warehouse.stored import CATALOGUE, read_typed, whose
from hipdrive.warehouse.warehouse import Warehouse

SIZE, MODIFIED = "size_bytes", "modified_ns"  # keys of what is remembered of a file besides its own facts
_FACTS = "shard_facts"
_EDITION = "2"  # of what a catalogue keeps; raised, every catalogue is made anew
_CHUNK = 200  # athletes whose ledgers are in memory at a time


class Catalogue(Warehouse):
    """A private copy of a team's catalogue; one that another version made is made anew from the athletes' files."""

    _stored: ClassVar[Mapping[str, type[dy.Schema]]] = LIGHT | {name: VIEWS[name] for name in KEPT_VIEWS}

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        self._home, self._members = home, set(home.members)
        self._was_there = bool(about(self._target))
        self._is_copy = is_todays_catalogue(home)

    def _goes_on(self) -> bool:
        return False

    def _open(self) -> None:
        super()._open()
        self._run(f"CREATE TABLE IF NOT EXISTS {_FACTS} (athlete_id VARCHAR, key VARCHAR, value VARCHAR)")
        self.remember({CATALOGUE: _EDITION})
        if self._was_there and not self._is_copy:
            with self.attached("last", self._target) as held:
                for name in held.intersection(OF_A_TEAM):
                    self._run(f'INSERT INTO "{name}" BY NAME SELECT * FROM last.main."{name}"')

    def _keep_backup(self) -> None:
        """None: it is made of the athletes' files, and each of those has backups of its own."""

    def shards(self) -> dict[str, dict[str, str]]:
        """What is remembered of each athlete's file."""
        return _shards(self._connection)

    def copy_shards(self, athletes: Collection[str]) -> dict[str, str]:
        """Let athletes' rows be those of their files now; gives of each whose file cannot be read the reason.

        Who cannot be read keeps the rows of before. One file is open at a time.
        """
        # Of a member whose file is not there the rows of before stay; the night says so.
        here = {one for one in athletes if one not in self._members or self._home.of(one).warehouse_file.is_file()}
        wanted = sorted({*here, *self._of_shared_sources(here)})
        self.drop(wanted)
        broken = {}
        for athlete in wanted:
            file = self._home.of(athlete).warehouse_file
            if not file.is_file():
                continue
            try:
                # Before it is read: should another process replace it meanwhile, the next night sees that.
                known = marks(file)
                with self.attached("shard", file) as held, self.all_or_nothing():
                    self._copy_shard(athlete, known, held)
            except duckdb.Error as error:
                broken[athlete] = str(BrokenWarehouse(file, " ".join(str(error).split())))
                self._keep_as_before(athlete)
        return broken

    def _copy_shard(self, athlete: str, known: Mapping[str, str], held: set[str]) -> None:
        for name in [*held.intersection(LIGHT).difference(NOT_OF_ONE), *KEPT_VIEWS]:
            self._run(f'INSERT INTO "{name}" BY NAME SELECT * FROM shard.main."{name}"')
        self._run(f"INSERT INTO {_FACTS} SELECT $athlete, key, value FROM shard.main.about", {"athlete": athlete})
        for key, value in known.items():
            self._run(f"INSERT INTO {_FACTS} VALUES ($athlete, $key, $value)", {**_named(athlete, key), "value": value})

    def _keep_as_before(self, athlete: str) -> None:
        if not self._is_copy:
            return
        with self.attached("last", self._target) as held:
            for name in held.intersection(self._stored).difference(NOT_OF_ONE):
                condition = whose(name, athlete, "last.main.")
                self._run(f'INSERT INTO "{name}" BY NAME SELECT * FROM last.main."{name}" WHERE {condition}')
            # Without the marks of the file: it is looked at again.
            not_marks = f"key NOT IN ('{SIZE}', '{MODIFIED}')"
            kept = f"SELECT * FROM last.main.{_FACTS} WHERE athlete_id = $athlete AND {not_marks}"
            self._run(f"INSERT INTO {_FACTS} {kept}", {"athlete": athlete})

    def drop(self, athletes: Collection[str]) -> None:
        """Remove athletes' rows, but for what they made together with others."""
        theirs = {"athletes": list(athletes)}
        one_of = "athlete_id IN (SELECT unnest($athletes))"
        with self.all_or_nothing():
            # Tables that name no athlete first, while the tables that know whose they are still do.
            for name in self._stored_by_key_first():
                condition = whose(name, one_of=one_of)
                if condition and name not in OF_A_TEAM:
                    self._run(f'DELETE FROM "{name}" WHERE {condition}', theirs)
            self._run(f"DELETE FROM {_FACTS} WHERE {one_of}", theirs)

    def _of_shared_sources(self, athletes: Collection[str]) -> list[str]:
        """Athletes with a content that one of these has too and of which rows were rejected: those bear no name."""
        mine = "SELECT source_id FROM sources WHERE athlete_id IN (SELECT unnest($athletes))"
        found = self._connection.execute(
            "SELECT DISTINCT athlete_id FROM sources WHERE source_id IN (SELECT source_id FROM rejects) "
            f"AND source_id IN ({mine})",
            {"athletes": list(athletes)},
        )
        return [athlete for (athlete,) in found.fetchall()]

    def moved(self) -> dict[str, frozenset[str]]:
        """Contents that left an athlete's folder and lie in another's: athlete → `content_sha256`."""
        return _moved(self._connection)


def _named(athlete: str, key: str) -> dict[str, str]:
    return {"athlete": athlete, "key": key}


def marks(file: Path) -> dict[str, str]:
    """By what a file is known on disk, without opening it; empty where it is not there."""
    try:
        state = file.stat()
    except OSError:
        return {}
    return {SIZE: str(state.st_size), MODIFIED: str(state.st_mtime_ns)}


def is_todays_catalogue(home: Home) -> bool:
    """Whether the catalogue that is in place is one of this version."""
    known = about(home.warehouse_file)
    return known.get(CATALOGUE) == _EDITION and known.get(SCHEMA) == migrations()[-1].name


def read_moved(home: Home) -> dict[str, frozenset[str]]:
    """What `Catalogue.moved` tells, of the catalogue that is in place."""
    if CATALOGUE not in about(home.warehouse_file):
        return {}
    connection = connect(home)
    try:
        return _moved(connection)
    finally:
        connection.close()


def _moved(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[str]]:
    found = connection.execute(
        "WITH lying AS (SELECT athlete_id, content_sha256, bool_or(NOT is_gone) AS lies FROM sources "
        "WHERE content_sha256 IS NOT NULL GROUP BY ALL) "
        "SELECT athlete_id, list(DISTINCT content_sha256) FROM lying SEMI JOIN "
        "(SELECT content_sha256 FROM lying WHERE lies) AS here USING (content_sha256) "
        "WHERE NOT lies GROUP BY athlete_id"
    )
    return {athlete: frozenset(contents) for athlete, contents in found.fetchall()}


def read_shards(home: Home) -> dict[str, dict[str, str]]:
    """What the catalogue that is in place remembers of each athlete's file; empty where there is none."""
    if CATALOGUE not in about(home.warehouse_file):
        return {}
    connection = connect(home)
    try:
        return _shards(connection)
    finally:
        connection.close()


def read_ledgers(home: Home, athletes: list[str]) -> Iterator[tuple[str, dy.DataFrame[Source]]]:
    """Each athlete's ledger as the catalogue has it, a few hundred in memory at a time; empty where there is none."""
    if CATALOGUE not in about(home.warehouse_file):
        yield from ((athlete, Source.create_empty()) for athlete in athletes)
        return
    connection = connect(home)
    try:
        for first in range(0, len(athletes), _CHUNK):
            some = athletes[first : first + _CHUNK]
            where = "athlete_id IN (SELECT unnest($values))"
            rows = read_typed(connection, "sources", Source, where=where, values=some)
            parts = rows.partition_by("athlete_id", as_dict=True)
            for athlete in some:
                found = parts.get((athlete,))
                yield athlete, Source.create_empty() if found is None else Source.cast(found)
    finally:
        connection.close()


def _shards(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for athlete, key, value in connection.execute(f"SELECT athlete_id, key, value FROM {_FACTS}").fetchall():
        found.setdefault(athlete, {})[key] = value
    return found
