"""From one file for everybody to a file an athlete, and back; a break leaves in place what was there."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from hipdrive.errors import BrokenWarehouse
from hipdrive.settings import Home, Shard
from hipdrive.tables import LIGHT, OF_A_TEAM
from hipdrive.warehouse.backups import keep_backup
from hipdrive.warehouse.catalogue import Catalogue
from hipdrive.warehouse.lines import append_line, keep_lines, read_lines
from hipdrive.warehouse.nights import read_nights
from hipdrive.warehouse.reading import about, connect
from hipdrive.warehouse.steps import SCHEMA, missing_migrations
from hipdrive.warehouse.stored import BUILD, CATALOGUE
from hipdrive.warehouse.warehouse import Warehouse

# Files of lines that are kept beside the tables they belong to.
_LINES = ("plans.jsonl", "fetches.jsonl", "fetched_items.jsonl")
_NIGHTS = "nights.jsonl"


def is_one_file(home: Home) -> bool:
    """Whether the tables of all lie in one file, and not in one an athlete.

    Raises:
        BrokenWarehouse: DuckDB cannot open the file, and nobody has one of their own.
    """
    if not home.warehouse_file.is_file():
        return False
    known = about(home.warehouse_file)
    if not known and not home.shards_on_disk():
        connect(home).close()  # says what is wrong with it
    return bool(known) and CATALOGUE not in known


def owners_in_one_file(home: Home) -> list[str]:
    """Everyone of whom there is a row."""
    named = [name for name, schema in LIGHT.items() if "athlete_id" in schema.column_names() and name not in OF_A_TEAM]
    connection = connect(home)
    try:
        held = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        each = " UNION ".join(f'SELECT athlete_id FROM "{name}"' for name in named if name in held)
        return sorted(athlete for (athlete,) in connection.execute(each).fetchall())
    finally:
        connection.close()


def split(home: Home, made_of: Callable[[str], Mapping[str, str]]) -> list[str]:
    """Give each athlete of a home of one file their own, then put the catalogue in that file's place.

    The file that is replaced is kept among the backups. What a break leaves half done is done again.

    Args:
        home: its only writer is at work.
        made_of: what an athlete's tables are remembered to be made of, where that is known.

    Raises:
        BrokenWarehouse: DuckDB cannot open the file.
    """
    if missing_migrations(about(home.warehouse_file).get(SCHEMA)):
        with Warehouse(home) as copy:
            build = about(home.warehouse_file).get(BUILD, "before")
            copy.build_views()
            copy.swap(build)
    build = about(home.warehouse_file).get(BUILD, "before")
    athletes = owners_in_one_file(home)
    for athlete in athletes:
        with Warehouse(Shard(home, athlete), anew=True) as own:
            own.take_from(home.warehouse_file, athlete)
            _copy_nights(home, Shard(home, athlete), [other for other in athletes if other != athlete])
            own.replace("nightly_runs", read_nights(Shard(home, athlete)))
            own.remember(made_of(athlete))
            own.build_views()
            own.swap(build)
    move_lines(home, keep=True)
    with Catalogue(home) as catalogue:
        broken = catalogue.copy_shards(athletes)
        if broken:
            raise BrokenWarehouse(home.warehouse_file, "; ".join(broken.values()))
        with catalogue.attached("one", home.warehouse_file):
            catalogue.insert_all("exercises", "one")
        catalogue.replace("nightly_runs", read_nights(home))
        catalogue.build_views()
        keep_backup(home.warehouse_file)
        catalogue.swap(build)
    move_lines(home)
    return athletes


def join(home: Home, build: str) -> list[str]:
    """Put the tables of all athletes into one file again, in the catalogue's place.

    Args:
        home: its only writer is at work.
        build: the file's name for it.

    Raises:
        BrokenWarehouse: DuckDB cannot open an athlete's file; nothing was changed.
    """
    athletes = [one for one in home.shards_on_disk() if Shard(home, one).warehouse_file.is_file()]
    with Warehouse(home, anew=True) as whole:
        for athlete in athletes:
            file = Shard(home, athlete).warehouse_file
            try:
                whole.take_from(file)
            except (duckdb.IOException, duckdb.SerializationException) as error:
                raise BrokenWarehouse(file, " ".join(str(error).split())) from None
        if CATALOGUE in about(home.warehouse_file):
            with whole.attached("catalogue", home.warehouse_file) as held:
                for name in held.intersection((*OF_A_TEAM, "exercises")):
                    whole.insert_all(name, "catalogue")
        whole.replace("nightly_runs", read_nights(home))
        tonight = about(home.warehouse_file).get("tonight")
        whole.remember({"tonight": tonight} if tonight else {})
        whole.build_views()
        whole.swap(build)
    for athlete in athletes:
        own = Shard(home, athlete)
        for name in _LINES:
            known = read_lines(home.data / name)
            for row in read_lines(own.data / name):
                if row not in known:
                    append_line(home.data / name, row)
    shutil.rmtree(home.shards)
    return athletes


def move_lines(home: Home, *, keep: bool = False) -> None:
    """Let what was written down of each athlete lie beside their tables; nothing where it does already."""
    for name in _LINES:
        path = home.data / name
        if not path.is_file():
            continue
        for athlete, rows in _by_athlete(path).items():
            own = Shard(home, athlete).data / name
            known = read_lines(own)
            for row in rows:
                if row not in known:
                    append_line(own, row)
        if not keep:
            path.unlink()


def _by_athlete(path: Path) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = {}
    for row in read_lines(path):
        found.setdefault(str(row.get("athlete_id")), []).append(row)
    return found


def _copy_nights(home: Home, shard: Home, others: list[str]) -> None:
    """The nights so far, but those whose message names somebody else."""
    source = home.data / _NIGHTS
    if source.is_file():
        shutil.copyfile(source, shard.data / _NIGHTS)
        keep_lines(shard.data / _NIGHTS, lambda row: not any(one in str(row.get("message") or "") for one in others))
