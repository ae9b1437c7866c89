"""Nights that are killed: kill -9 at random times, and aimed between each two steps.

After each kill the warehouse is last night's or tonight's, a page that is older than it is known to be, and the next
night ends with the tables of a night that nobody broke. Run by hand: `python -m benchmarks.kills --kills 300`, or
`python -m benchmarks.kills --prefect --kills 30`: then the night and the one after it are the real flow, and what is
killed is the whole process group, Prefect's temporary server with it; nothing is aimed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
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
TIMED_AFTER = 20  # kills: on a machine with other work a night does not always take as long
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
# The same night as the real flow.
FLOW = """
import sys
from pathlib import Path
from hipdrive.cli.console import COMMON
from hipdrive.cli.server import use_prefect

use_prefect(Path(sys.argv[1]), COMMON)
from hipdrive.flows.nightly import nightly

nightly(sys.argv[1], "2026-11-16")
"""


def start(home: Path, aimed: str = "", *, is_flow: bool = False) -> subprocess.Popen[bytes]:
    """A night in a process group of its own."""
    command = [sys.executable, "-c", FLOW if is_flow else NIGHT, str(home), aimed]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, start_new_session=True)  # noqa: S603


def tables(home: Home) -> dict[str, pl.DataFrame]:
    """What a night leaves, without its stamps, in one order."""
    found = {}
    for table in TABLES:
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


def kill(process: subprocess.Popen[bytes], after_s: float) -> None:
    """Give a night so long, then end it and all that it started."""
    time.sleep(after_s)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


@dataclass(frozen=True)
class Trial:
    """What is tried: a home before its night, where its copies go, the tables of a night that nobody broke."""

    before: Path
    folder: Path
    expected: dict[str, pl.DataFrame]
    is_flow: bool = False

    def is_as_expected(self, home: Home) -> bool:
        """Whether the tables are those of a night that nobody broke."""
        found = tables(home)
        return all(found[name].equals(self.expected[name]) for name in TABLES)

    def follow(self, home: Home) -> bool:
        """The night after, by the same engine; says whether it ended well."""
        if self.is_flow:
            return start(home.folder, is_flow=True).wait() == 0
        commands.nightly(home, TONIGHT)
        return True


def one(trial: Trial, aimed: str, after_s: float | None) -> str:
    """One night killed, looked at, and followed by another; says how it was found."""
    place = trial.folder / "killed"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(trial.before, place)
    home = Home(place)
    old = build_of(home.warehouse_file)
    process = start(place, aimed, is_flow=trial.is_flow)
    if after_s is not None:
        kill(process, after_s)
    process.wait()
    build = build_of(home.warehouse_file)
    is_old = build == old
    if build is None:
        return "broken warehouse"
    if not is_old and not trial.is_as_expected(home):
        return "half a night seen"
    is_told = page_is_older(home)
    left = (home.data / "hipdrive.duckdb.next").exists()
    if not trial.follow(home):
        return "the next night failed"
    if page_is_older(home):
        return "page still stale after the next night"
    if not trial.is_as_expected(home):
        return "the next night differs"
    how = "last night's" if is_old else "tonight's"
    return f"{how}{', a copy was left' if left else ''}{', page older and told' if is_told and not is_old else ''}"


def unbroken(home: Path, *, is_flow: bool) -> float:
    """Seconds of a night that nobody breaks."""
    began = time.monotonic()
    if start(home, is_flow=is_flow).wait() != 0:
        raise SystemExit("the unbroken night failed")
    return time.monotonic() - began


def main() -> None:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--weeks", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--prefect", action="store_true", help="kill the real flow with all that it started")
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)  # noqa: S311  when to kill
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = prepare(folder, wanted.weeks)
        whole = folder / "whole"
        shutil.copytree(before, whole)
        if wanted.prefect:  # its database is made at a first start, and stands from then on
            start(before, is_flow=True).wait()
            shutil.copytree(before / "data" / ".prefect", whole / "data" / ".prefect")
            shutil.rmtree(before)
            shutil.copytree(whole, before)
        length_s = unbroken(whole, is_flow=wanted.prefect)
        trial = Trial(before, folder, tables(Home(whole)), is_flow=wanted.prefect)
        aims = [f"{when} {step.name}" for step in STEPS for when in ("before", "after")]
        aims = [] if wanted.prefect else [*aims, "before the swap", "between the swap and the page"]
        found: Counter[str] = Counter()
        for aimed in aims:
            said = one(trial, aimed, None)
            print(f"{aimed}: {said}", flush=True)
            found[f"aimed: {said}"] += 1
        for number in range(1, wanted.kills + 1):
            if number % TIMED_AFTER == 0:
                shutil.rmtree(whole)
                shutil.copytree(before, whole)
                length_s = unbroken(whole, is_flow=wanted.prefect)
            after_s = chance.uniform(0.2, 1.05) * length_s
            said = one(trial, "", after_s)
            print(f"{number} of {wanted.kills}, after {after_s:.1f} s: {said}", flush=True)
            found[said] += 1
    print(f"an unbroken night takes {length_s:.1f} s here")
    for said, times in found.most_common():
        print(f"{times:>4}  {said}")


if __name__ == "__main__":
    main()
