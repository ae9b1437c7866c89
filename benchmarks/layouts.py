"""One file for everybody against a file an athlete: every row and column of every table but the stamps, there and back.

Run by hand: `python -m benchmarks.layouts --athletes 20`. A team's night makes the shards; `hipdrive migrate --back`
puts them into one file, `hipdrive migrate` apart again, and after each step all tables are held against the first.
With `--before FOLDER`, a checkout of the last version that kept everybody in one file, that version takes its night
over the same inbox, its file is held against the shards, and is then brought there and back by this version.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.tables import HEAVY, LIGHT, NOT_OF_ONE, TABLES
from hipdrive.warehouse import is_one_file

LAST_DAY = date(2026, 11, 15)
# What tells when something was done, or in which night, and not what was found.
STAMPS = {
    "run_id",
    "first_seen_utc",
    "last_offered_utc",
    "modified_ns",
    "started_utc",
    "finished_utc",
    "asked_utc",
    "declared_utc",
}
NOT_HELD = {"nightly_runs"}  # each night's own row
RUN = r"\d{8}T\d{6}[0-9A-Za-z-]*"  # a night's name within a text
NIGHT = (
    "import sys; from datetime import date; from pathlib import Path; from hipdrive.night import commands; "
    "from hipdrive.settings import Home; print(commands.nightly(Home(Path(sys.argv[1])), date(2026, 11, 15)).sentence)"
)


def make_home(folder: Path, athletes: int, weeks: int) -> Home:
    """A home whose athletes each have a life of their own, one of them in nobody's folder, and a diary."""
    names = [f"a{number:02}" for number in range(1, athletes)]
    sections = "".join(f"[athletes.{name}]\nmass_kg = {55 + number}\n" for number, name in enumerate(names))
    folder.mkdir(parents=True)
    (folder / SETTINGS_FILE).write_text(f"[athlete]\n{sections}", encoding="utf-8")
    for number, name in enumerate(["", *names]):
        inbox = folder / "data" / "inbox" / name
        inbox.mkdir(parents=True, exist_ok=True)
        for file, content in make_runner(weeks=weeks, seed=number, end=LAST_DAY).files:
            (inbox / file).write_bytes(content)
        # Lines that cannot be read, and an exercise that nobody knows.
        log = (
            f"Date,Workout Name,Exercise Name,Set Order,Weight,Reps\n2026-11-0{1 + number % 9} 18:00:00,Gym,Odd,1,x,5\n"
        )
        (inbox / "other.csv").write_text(log, encoding="utf-8")
    lines = "".join(f"2026-10-0{1 + number % 9},note,a line,{name}\n" for number, name in enumerate(names))
    (folder / "data" / "diary.csv").write_text(f"local_date,kind,text,athlete_id\n{lines}", encoding="utf-8")
    return Home(folder)


@contextmanager
def opened(home: Home) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str], str | None]]:
    """A home's files attached: the athletes' own, or the one of all; and the catalogue."""
    with duckdb.connect() as connection:
        whole, names = home.warehouse_file, []
        if is_one_file(home):
            connection.execute(f"ATTACH '{whole}' AS one (READ_ONLY)")
            yield connection, ["one"], None
            return
        for athlete in home.shards_on_disk():
            connection.execute(f"ATTACH '{home.of(athlete).warehouse_file}' AS \"{athlete}\" (READ_ONLY)")
            names.append(athlete)
        connection.execute(f"ATTACH '{whole}' AS catalogue (READ_ONLY)")
        yield connection, names, "catalogue"


def write_down(home: Home, into: Path) -> None:
    """All rows of everybody without their stamps, a Parquet file a table; the catalogue's beside them."""
    into.mkdir()
    with opened(home) as (connection, files, catalogue):
        for table in TABLES:
            shared = table in NOT_OF_ONE and catalogue is not None
            _write(connection, table, [catalogue] if shared and catalogue else files, into / f"{table}.parquet")
            if catalogue and table in LIGHT and not shared:
                _write(connection, table, [catalogue], into / f"{table}.of-catalogue.parquet")


def _write(connection: duckdb.DuckDBPyConnection, table: str, databases: list[str], file: Path) -> None:
    selects = " UNION ALL BY NAME ".join(f'SELECT * FROM "{one}".main."{table}"' for one in databases)
    kept = f"COLUMNS(lambda c: c NOT IN ({', '.join(repr(one) for one in sorted(STAMPS))}))"
    select = f"SELECT {kept} FROM ({selects})"
    if table == "answers":
        select = f"SELECT * REPLACE (regexp_replace(answers, '{RUN}', 'night', 'g') AS answers) FROM ({select})"
    connection.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")


def compare(left: Path, right: Path) -> tuple[int, int, list[str]]:
    """Two homes as written down: tables, rows and what differs."""
    tables, rows, odd = 0, 0, []
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        for table in sorted(set(TABLES) - NOT_HELD):
            pairs = [(left / f"{table}.parquet", right / f"{table}.parquet")]
            pairs += [
                (left / f"{table}.parquet", folder / f"{table}.of-catalogue.parquet")
                for folder in (left, right)
                if (folder / f"{table}.of-catalogue.parquet").exists()
            ]
            for one, other in pairs:
                columns = [
                    {name for name, *_ in connection.execute(f"DESCRIBE FROM '{file}'").fetchall()}
                    for file in (one, other)
                ]
                if columns[0] != columns[1]:
                    odd.append(f"{table}: columns {sorted(columns[0] ^ columns[1])} are in one only")
                both = ", ".join(f'"{name}"' for name in sorted(columns[0] & columns[1]))
                sides = (f"SELECT {both} FROM '{one}'", f"SELECT {both} FROM '{other}'")
                for first, second in (sides, sides[::-1]):
                    found = connection.execute(f"SELECT * FROM ({first} EXCEPT ALL {second}) LIMIT 1").fetchall()
                    if found:
                        count = connection.execute(f"SELECT count(*) FROM ({first} EXCEPT ALL {second})").fetchall()
                        odd.append(f"{table} ({other.stem}): {count[0][0]} rows are in one only, such as {found[0]}")
            tables += 1
            rows += connection.execute(f"SELECT count(*) FROM '{left / f'{table}.parquet'}'").fetchall()[0][0]
    return tables, rows, odd


def migrate(home: Home, *words: str) -> None:
    """As a person does it."""
    command = [sys.executable, "-m", "hipdrive", "migrate", *words, "--home", str(home.folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def held(what: str, left: Path, right: Path) -> bool:
    """Say how two homes compare."""
    tables, rows, odd = compare(left, right)
    print(f"{what}: {tables} tables, {rows:,} rows, {'equal' if not odd else 'NOT equal'}", flush=True)
    print("".join(f"  {one[:400]}\n" for one in odd), end="", flush=True)
    return not odd


def night_of(checkout: Path, home: Path) -> None:
    """A night by another version."""
    env = {**os.environ, "PYTHONPATH": f"{checkout / 'src'}:{checkout}"}
    command = [sys.executable, "-c", NIGHT, str(home)]
    done = subprocess.run(command, check=True, env=env, capture_output=True, text=True)  # noqa: S603
    print(f"the version before: {done.stdout.strip()}", flush=True)


def main() -> int:
    """Make, and hold against each other."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--athletes", type=int, default=20)
    parser.add_argument("--weeks", type=int, default=8)
    parser.add_argument("--before", type=Path, help="a checkout of the last version that kept everybody in one file")
    wanted = parser.parse_args()
    good = []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        home = make_home(place / "home", wanted.athletes, wanted.weeks)
        if wanted.before:
            shutil.copytree(home.folder, place / "before")  # keeps the files' times
        print(commands.nightly(home, LAST_DAY).sentence, flush=True)
        write_down(home, place / "apart")
        good.append(held("each athlete's file against the catalogue", place / "apart", place / "apart"))
        for number, words in enumerate((["--back"], [], ["--back"])):
            migrate(home, *words)
            write_down(home, place / f"step{number}")
            what = "one file" if words else "a file each again"
            good.append(held(f"{what}, against what the night made", place / "apart", place / f"step{number}"))
        if wanted.before:
            before = Home(place / "before")
            night_of(wanted.before.resolve(), before.folder)
            write_down(before, place / "old")
            good.append(held("one file of the version before, against shards", place / "old", place / "apart"))
            for number, words in enumerate(([], ["--back"], [])):
                migrate(before, *words)
                write_down(before, place / f"old{number}")
                what = "that one file again" if words else "that file brought to a file each"
                good.append(held(f"{what}, against what it was", place / "old", place / f"old{number}"))
    print(f"{HEAVY} and {len(LIGHT)} light tables: {'all equal' if all(good) else 'something differs'}")
    return 0 if all(good) else 1


if __name__ == "__main__":
    raise SystemExit(main())
