"""Nights on a full disk, two nights at once, and readers beside swaps, each looked at as in `benchmarks.kills`.

    full      a disk of its own (tmpfs; needs root), with less and less room, at ten places
    two       two whole nights begun together, so many times
    readers   four processes that ask without end beside so many swaps, and one that holds the first file open

By hand: `python -m benchmarks.crashes full two readers`.
"""

from __future__ import annotations

import argparse
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

import polars as pl

from benchmarks.kills import NIGHT, TABLES, prepare, tables
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse, ask, build_of, connect, page_is_older

PLACES = 10
READERS = 4


def night(home: Path) -> subprocess.Popen[str]:
    """A whole night without Prefect, in a process of its own."""
    command = [sys.executable, "-c", NIGHT, str(home), ""]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # noqa: S603


def is_as_expected(home: Home, expected: dict[str, pl.DataFrame]) -> bool:
    """Whether the tables are those of a night that nobody broke."""
    found = tables(home)
    return all(found[name].equals(expected[name]) for name in TABLES)


def expected_of(before: Path, folder: Path) -> dict[str, pl.DataFrame]:
    """The tables of a night that nobody broke."""
    whole = folder / "whole"
    shutil.copytree(before, whole)
    if night(whole).wait() != 0:
        raise RuntimeError("the unbroken night failed")
    return tables(Home(whole))


def size_of(folder: Path) -> int:
    """Bytes of all files."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def full(before: Path, folder: Path, expected: dict[str, pl.DataFrame]) -> None:
    """Nights with less room than they need, from a block to nearly enough."""
    needed = size_of(folder / "whole") - size_of(before) + 4 * (before / "data" / "hipdrive.duckdb").stat().st_size
    disk = folder / "disk"
    disk.mkdir()
    found: Counter[str] = Counter()
    for place in range(PLACES):
        room = 4096 + needed * place // PLACES
        mounted = ["mount", "-t", "tmpfs", "-o", f"size={size_of(before) * 2 + room + 50_000_000}", "tmpfs", str(disk)]
        subprocess.run(mounted, check=True)  # noqa: S603
        try:
            home = disk / "home"
            shutil.copytree(before, home)
            free = shutil.disk_usage(disk).free - room
            (disk / "ballast").write_bytes(bytes(max(free, 0)))
            old = build_of(home / "data" / "hipdrive.duckdb")
            process = night(home)
            _, said = process.communicate()
            build = build_of(home / "data" / "hipdrive.duckdb")
            how = "ended well" if process.returncode == 0 else "stopped"
            which = "last night's" if build == old else "broken" if build is None else "tonight's"
            cause = said.strip().splitlines()[-1][:110] if said.strip() else ""
            (disk / "ballast").unlink()
            after = night(home)
            after.communicate()
            is_good = after.returncode == 0 and is_as_expected(Home(home), expected) and not page_is_older(Home(home))
            told = f"{how}, the warehouse {which}, the next night {'as an unbroken one' if is_good else 'DIFFERS'}"
            print(f"{room / 1e6:6.2f} MB free: {told} {cause}", flush=True)
            found[told] += 1
        finally:
            subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607
    print(dict(found), flush=True)


def two(before: Path, folder: Path, expected: dict[str, pl.DataFrame], times: int) -> None:
    """Two nights at once."""
    found: Counter[str] = Counter()
    for number in range(1, times + 1):
        place = folder / "two"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(before, place)
        both = [night(place), night(place)]
        said = [process.communicate()[1] for process in both]
        codes = sorted(process.returncode for process in both)
        is_told = any("is writing here now" in one for one in said)
        is_good = is_as_expected(Home(place), expected) and not page_is_older(Home(place))
        told = f"codes {codes}, second told: {is_told}, tables {'as expected' if is_good else 'DIFFER'}"
        print(f"{number} of {times}: {told}", flush=True)
        found[told] += 1
    print(dict(found), flush=True)


def _read(folder: Path, stop: Synchronized[int], questions: Synchronized[int], errors: Synchronized[int]) -> None:
    home = Home(folder)
    while not stop.value:
        try:
            found = ask(home, "SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM samples)").row(0)
            if 0 in found:
                raise ValueError("an empty table")  # noqa: TRY301
        except Exception as error:  # noqa: BLE001  whatever it is, it is counted
            print(f"{type(error).__name__}: {error}", flush=True)
            errors.value += 1
        questions.value += 1


def readers(before: Path, folder: Path, swaps: int) -> None:
    """Processes that ask without end beside swaps; one holds the first file and reads it to the last."""
    place = folder / "read"
    shutil.copytree(before, place)
    home = Home(place)
    held = connect(home)
    first = held.execute("SELECT count(*), sum(distance_m) FROM samples").fetchall()
    stop, questions, errors = (multiprocessing.Value("i", 0) for _ in range(3))
    asking = [multiprocessing.Process(target=_read, args=(place, stop, questions, errors)) for _ in range(READERS)]
    for process in asking:
        process.start()
    began = time.monotonic()
    differs = 0
    for number in range(swaps):
        with Warehouse(home) as copy:
            copy.build_views()
            copy.swap(f"swap {number}")
        differs += held.execute("SELECT count(*), sum(distance_m) FROM samples").fetchall() != first
    stop.value = 1
    for process in asking:
        process.join()
    held.close()
    took = time.monotonic() - began
    told = f"{swaps} swaps in {took:.0f} s, {questions.value} questions of {READERS} readers, {errors.value} errors"
    print(f"{told}; the file that was held open differed {differs} times", flush=True)


def main() -> None:
    """Break, look, count."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", nargs="+", choices=["full", "two", "readers"])
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--swaps", type=int, default=100)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        before = prepare(folder, wanted.weeks)
        if "readers" in wanted.what:
            readers(before, folder, wanted.swaps)
        if {"full", "two"} & set(wanted.what):
            expected = expected_of(before, folder)
            if "full" in wanted.what:
                full(before, folder, expected)
            if "two" in wanted.what:
                two(before, folder, expected, wanted.times)


if __name__ == "__main__":
    main()
