"""What is wrong with a home, and what to do: one line a finding, nothing is changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from rich.console import Console

from hipdrive.errors import HipdriveError, LockedHome
from hipdrive.settings import Home
from hipdrive.warehouse import ask, facts, only_writer, read_nights

STALE_DAYS = 8
LEAST_FREE_BYTES = 2_000_000_000
GOOD, BAD = "✓", "✗"


def examine(home: Home) -> bool:
    """Print every finding; gives whether all is well.

    Raises:
        HipdriveError: the settings cannot be read at all.
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    is_well = True
    for is_good, sentence in _findings(home):
        is_well &= is_good
        console.print(f"{GOOD if is_good else BAD} {sentence}")
    return is_well


def verify_file(path: Path) -> bool:
    """Hold one FIT file against fitparse and print what differs; gives whether both read the same."""
    from hipdrive.fit.verify import compare_with_fitparse

    comparison = compare_with_fitparse(path.read_bytes())
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(comparison.in_words)
    return comparison.is_equal


def _findings(home: Home) -> Iterator[tuple[bool, str]]:
    yield True, f"settings: {home.settings_file} is read"
    yield from _versions()
    free = shutil.disk_usage(home.folder).free
    yield free > LEAST_FREE_BYTES, f"disk: {free / 1e9:.1f} GB free; a night needs the warehouse's size once more"
    yield _lock(home)
    files = (
        sum(1 for path in home.inbox.rglob("*") if path.is_file() and path.name != ".gitkeep")
        if home.inbox.is_dir()
        else 0
    )
    yield (
        files > 0,
        f"inbox: {files} files in {home.inbox}" + ("" if files else "; put FIT files and a strength log there"),
    )
    if not home.warehouse_file.is_file():
        yield False, "warehouse: none yet; run `hipdrive nightly`"
        return
    size = home.warehouse_file.stat().st_size / 1e6
    yield (
        True,
        f"warehouse: {home.warehouse_file} ({size:.1f} MB), speaks for {facts(home).get('tonight', 'no night yet')}",
    )
    yield from _freshness(home)
    yield from _ledger(home)


def _versions() -> Iterator[tuple[bool, str]]:
    """The installed packages against what the project asks for, its pins among them."""
    wrong = []
    for line in requires("hipdrive") or []:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            found = "not installed"
        if found == "not installed" or not requirement.specifier.contains(found, prereleases=True):
            wrong.append(f"{requirement.name} is {found}, wanted {requirement.specifier}")
    told = (
        "; ".join(wrong) + "; make the environment again with `make clean demo`"
        if wrong
        else "all as the project asks for"
    )
    yield not wrong, f"packages: {told}"


def _lock(home: Home) -> tuple[bool, str]:
    try:
        with only_writer(home.data):
            return True, "lock: nobody is writing"
    except LockedHome as error:
        return False, f"lock: {error}"


def _freshness(home: Home) -> Iterator[tuple[bool, str]]:
    nights = read_nights(home).sort("started_utc")
    if nights.is_empty():
        yield False, "nights: none has been told yet"
        return
    last = nights.row(-1, named=True)
    days = (datetime.now(UTC) - last["finished_utc"]).days
    how = f"the last ended {last['finished_utc']:%Y-%m-%d %H:%M} UTC: {last['status']}"
    yield last["status"] != "stopped", f"nights: {how}" + (f" ({last['message']})" if last["message"] else "")
    yield (
        days < STALE_DAYS,
        f"schedule: {days} days since the last night"
        + ("" if days < STALE_DAYS else "; is `hipdrive schedule` still running?"),
    )


def _ledger(home: Home) -> Iterator[tuple[bool, str]]:
    try:
        counts = dict(ask(home, "SELECT status, count(*) FROM sources GROUP BY status").iter_rows())
        unknown = ask(home, "SELECT count(DISTINCT exercise_name) FROM unknown_names").item()
    except HipdriveError as error:
        yield False, str(error)
        return
    told = ", ".join(f"{number} {status}" for status, number in sorted(counts.items())) or "none"
    bad = counts.get("quarantined", 0)
    yield not bad, f"files: {told}" + ("; `hipdrive sources --status quarantined` says why" if bad else "")
    yield (
        not unknown,
        f"exercise names nobody knows: {unknown}" + ("; `hipdrive exercises --unmatched`" if unknown else ""),
    )
