"""A team made by multiplying one runner: what a night costs when one of many has news, and what the catalogue answers.

Run by hand: `python -m benchmarks.team --athletes 20 100`. Claimed: one new file in a home of 100 costs at most 1.5
times the CPU of a home of one, and the weekly query over the catalogue of 2,000 less than 0.1 CPU s (`--shards 2000`
takes the light tables of as many copies into one catalogue, of which none has a file of its own).
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.night.freshness import fingerprint
from hipdrive.night.shards import publish, settle_catalogue
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.tables import TABLES
from hipdrive.warehouse import Catalogue, Warehouse, ask

LAST_DAY, TONIGHT = date(2026, 11, 15), date(2026, 11, 15)
FIRST = "a0000"
MOST_TIMES, MOST_CPU_S = 1.5, 0.1
WEEKLY = "SELECT athlete_id, max(week_start), sum(hip_dose) FROM weeks WHERE athlete_id = 'a0007' GROUP BY ALL"


def name(number: int) -> str:
    """Of one of the copies."""
    return f"a{number:04}"


def copy_athlete(home: Home, number: int) -> None:
    """Another athlete with the files, tables and page of the first, under a name of their own."""
    athlete = name(number)
    own, first = home.of(athlete), home.of(FIRST)
    shutil.copytree(home.inbox / FIRST, home.inbox / athlete, copy_function=shutil.copy2)
    shutil.copytree(first.data, own.data, ignore=shutil.ignore_patterns("backups", "*.lock"))
    with Warehouse(own) as copy:
        for table, schema in TABLES.items():
            columns = schema.column_names()
            changes = [f"{one} = {one} || '-{number}'" for one in ("activity_id", "workout_id") if one in columns]
            changes += [f"athlete_id = '{athlete}'"] if "athlete_id" in columns else []
            texts = [one for one in ("path", "read_with", "answers") if one in columns]
            changes += [f"{one} = replace({one}, '{FIRST}', '{athlete}')" for one in texts]
            if changes and table not in {"exercises", "rejects"}:
                copy._run(f'UPDATE "{table}" SET {", ".join(changes)}')
        copy.remember(fingerprint(own, TONIGHT))
        copy.swap(_build(first))


def _build(home: Home) -> str:
    return str(ask(home, "SELECT value FROM about WHERE key = 'build'").item())


def make_home(folder: Path, athletes: int, weeks: int) -> Home:
    """A home of copies, and one night that finds nothing to do."""
    ids = "".join(f"{name(number)}\n" for number in range(athletes))
    (folder / SETTINGS_FILE).write_text("[athlete]\n", encoding="utf-8")
    (folder / "athletes.csv").write_text(f"id\n{ids}", encoding="utf-8")
    home = Home(folder)
    inbox = home.inbox / FIRST
    inbox.mkdir(parents=True)
    for file, content in make_runner(weeks=weeks, seed=1, end=LAST_DAY).files:
        (inbox / file).write_bytes(content)
    commands.nightly(home.of(FIRST), TONIGHT)
    for number in range(1, athletes):
        copy_athlete(home, number)
    with commands.begun(home, TONIGHT) as night:
        settle_catalogue(night, home.members)
        publish(night, home.members)
    return home


def cpu_s() -> float:
    """Of this process and its ended children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def night_with_one_file(home: Home, whose: Home, log: bytes) -> float:
    """CPU seconds of a night in which one athlete has one file more."""
    (home.inbox / FIRST / "later.csv").write_bytes(log)
    began = cpu_s()
    record = commands.nightly(whose, TONIGHT)
    if record.sources.get("loaded") != 1:
        raise RuntimeError(f"one file should have been read: {record.sources} {record.warnings[:3]}")
    return cpu_s() - began


def main() -> None:
    """Make, take a night, ask."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--athletes", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--weeks", type=int, default=26)
    parser.add_argument("--shards", type=int, default=0)
    wanted = parser.parse_args()
    log = b"Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
    log += b"2026-11-12 18:00:00,Gym,1h,Squat,1,60,5,0,0,,,\n"
    for athletes in wanted.athletes:
        with tempfile.TemporaryDirectory() as folder:
            began = cpu_s()
            home = make_home(Path(folder), athletes, wanted.weeks)
            made = cpu_s() - began
            began = cpu_s()
            commands.nightly(home, TONIGHT)
            first = cpu_s() - began
            began = cpu_s()
            idle = commands.nightly(home, TONIGHT)
            nothing = cpu_s() - began
            size = home.warehouse_file.stat().st_size / 1e6
            shards = sum(home.of(one).warehouse_file.stat().st_size for one in home.members) / 1e6
            # The same athlete's night alone, and then the team's with as much news.
            shutil.copytree(home.of(FIRST).data, Path(folder) / "kept")
            alone = night_with_one_file(home, home.of(FIRST), log)
            shutil.rmtree(home.of(FIRST).data)
            shutil.copytree(Path(folder) / "kept", home.of(FIRST).data)
            many = night_with_one_file(home, home, log)
            print(
                f"{athletes:>5} athletes: made {made:.0f}, first night {first:.1f}, nothing new {nothing:.2f} "
                f"({idle.sentence}), one new file {many:.2f} CPU s against {alone:.2f} alone: {many / alone:.2f} times "
                f"(at most {MOST_TIMES}); catalogue {size:.1f} MB, shards {shards:.0f} MB",
                flush=True,
            )
            if wanted.shards:
                ask_many(home, wanted.shards)
    sys.stdout.flush()


def ask_many(home: Home, shards: int) -> None:
    """The weekly query over a catalogue of many."""
    with Catalogue(home) as catalogue:
        for table, schema in catalogue._stored.items():
            columns = schema.column_names()
            if "athlete_id" not in columns and "activity_id" not in columns:
                continue
            changes = ["activity_id || '-' || number AS activity_id"] if "activity_id" in columns else []
            changes += ["format('b{:04d}', number) AS athlete_id"] if "athlete_id" in columns else []
            first = f"athlete_id = '{FIRST}'" if "athlete_id" in columns else "activity_id NOT LIKE '%-%-%'"
            copies = f"(SELECT unnest(range({shards})) AS number)"
            select = f'SELECT t.* REPLACE ({", ".join(changes)}) FROM "{table}" AS t, {copies} WHERE t.{first}'
            catalogue._run(f'INSERT INTO "{table}" BY NAME {select}')
        catalogue.build_views()
        catalogue.swap("many")
    for query in (WEEKLY, WEEKLY.replace("WHERE athlete_id = 'a0007' ", "")):
        ask(home, query)
        began = cpu_s()
        ask(home, query)
        took = cpu_s() - began
        print(
            f"{shards} in the catalogue ({home.warehouse_file.stat().st_size / 1e6:.0f} MB): {took:.3f} CPU s  {query}"
        )


if __name__ == "__main__":
    main()
