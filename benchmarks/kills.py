"""Nights that are killed: kill -9 at random times, and aimed between each two steps.

After each kill the warehouse is last night's or tonight's, a page that is older than it is known to be, and the next
night ends with the tables of a night that nobody broke. Run by hand: `python -m benchmarks.kills --kills 100`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.night.order import STEPS
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.warehouse import ask, build_of, page_is_older

LAST_DAY = date(2026, 11, 15)
TONIGHT = date(2026, 11, 16)
TABLES = ("sources", "activities", "samples", "runs", "weeks", "strength_sets", "effects")
STAMPS = ("first_seen_utc", "last_offered_utc", "modified_ns", "run_id", "data_version")
# A whole night without Prefect, as a process that can be killed; with a name it kills itself there.
NIGHT = """
import os, signal, sys
from datetime import date
from pathlib import Path
from hipdrive.night import commands
from hipdrive.report import StagedReport
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse

aimed = sys.argv[2]

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def perform(step, work):
    if aimed == f"before {step.name}":
        die()
    work()
    if aimed == f"after {step.name}":
        die()

if aimed == "before the swap":
    Warehouse.swap = die
if aimed == "between the swap and the page":
    StagedReport.put_in_place = die
commands.nightly(Home(Path(sys.argv[1])), date(2026, 11, 16), perform=perform)
"""


def tables(home: Home, names: Sequence[str] = TABLES) -> dict[str, pl.DataFrame]:
    """What a night leaves, without its stamps, in one order."""
    found = {}
    for table in names:
        frame = ask(home, f"SELECT * FROM {table}").drop(STAMPS, strict=False)
        found[table] = frame.select(sorted(frame.columns)).sort(pl.all())
    return found


def prepare(folder: Path, weeks: int) -> Path:
    """A home after one night, with a second night's files in its inbox."""
    home = folder / "before"
    inbox = home / "data" / "inbox"
    inbox.mkdir(parents=True)
    runner = make_runner(weeks=weeks, seed=1, end=LAST_DAY)
    (home / SETTINGS_FILE).write_text(f'[athlete]\ntime_zone = "{runner.athlete.time_zone}"\n', encoding="utf-8")
    files = list(runner.files)
    for name, content in files[: len(files) // 2]:
        (inbox / name).write_bytes(content)
    commands.nightly(Home(home), TONIGHT)
    for name, content in files[len(files) // 2 :]:
        (inbox / name).write_bytes(content)
    return home


def one(before: Path, folder: Path, aimed: str, after_s: float | None, expected: dict[str, pl.DataFrame]) -> str:
    """One night killed, looked at, and followed by another; says how it was found."""
    place = folder / "killed"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(before, place)
    home = Home(place)
    old = build_of(home.warehouse_file)
    command = [sys.executable, "-c", NIGHT, str(place), aimed]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    if after_s is not None:
        time.sleep(after_s)
        process.kill()
    process.wait()
    build = build_of(home.warehouse_file)
    is_old = build == old
    if build is None:
        return "broken warehouse"
    if not is_old and any(not tables(home)[name].equals(expected[name]) for name in TABLES):
        return "half a night seen"
    is_told = page_is_older(home)
    left = (home.data / "hipdrive.duckdb.next").exists()
    commands.nightly(home, TONIGHT)
    if page_is_older(home):
        return "page still stale after the next night"
    if any(not tables(home)[name].equals(expected[name]) for name in TABLES):
        return "the next night differs"
    how = "last night's" if is_old else "tonight's"
    return f"{how}{', a copy was left' if left else ''}{', page older and told' if is_told and not is_old else ''}"


def main() -> None:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)  # noqa: S311  when to kill
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = prepare(folder, wanted.weeks)
        whole = folder / "whole"
        shutil.copytree(before, whole)
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", NIGHT, str(whole), ""], check=True)  # noqa: S603
        length_s = time.monotonic() - began
        expected = tables(Home(whole))
        aims = [f"{when} {step.name}" for step in STEPS for when in ("before", "after")]
        found: Counter[str] = Counter()
        for aimed in [*aims, "before the swap", "between the swap and the page"]:
            said = one(before, folder, aimed, None, expected)
            print(f"{aimed}: {said}", flush=True)
            found[f"aimed: {said}"] += 1
        for number in range(1, wanted.kills + 1):
            after_s = chance.uniform(0.2, 1.05) * length_s
            said = one(before, folder, "", after_s, expected)
            print(f"{number} of {wanted.kills}, after {after_s:.1f} s: {said}", flush=True)
            found[said] += 1
    print(f"an unbroken night takes {length_s:.1f} s here")
    for said, times in found.most_common():
        print(f"{times:>4}  {said}")


if __name__ == "__main__":
    main()
