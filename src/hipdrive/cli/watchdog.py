"""`hipdrive doctor --strict`: whether all goes as it should, for a program that watches."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import polars as pl

from hipdrive.cli.console import out
from hipdrive.errors import HipdriveError, LockedHome
from hipdrive.night.calendar import local_date
from hipdrive.settings import Home
from hipdrive.warehouse import ask, last_message_fault, only_writer, read_nights

LEAST_FREE_BYTES = 2_000_000_000
LATE_AFTER_HOURS = 36  # a night every day, and one that took its time
LOCKED_TOO_LONG_HOURS = 6
# An older file has been told often enough.
_QUARANTINED = """
SELECT count(*) FROM sources
WHERE status = 'quarantined' AND NOT is_gone AND first_seen_utc > now()::TIMESTAMP - INTERVAL 7 DAY
"""
GOOD, BAD = "✓", "✗"


def watch_over(home: Home) -> bool:
    """Print five findings; gives whether all is well."""
    found = [_night(home), _data(home), _quarantine(home), disk(home), _lock(home), *_telling(home)]
    for is_good, sentence in found:
        out.print(f"{GOOD if is_good else BAD} {sentence}")
    return all(is_good for is_good, _ in found)


def disk(home: Home) -> tuple[bool, str]:
    """Whether a night has room: for a copy of the warehouse, one that is packed, and what it writes aside."""
    free = shutil.disk_usage(home.folder).free
    size = home.warehouse_file.stat().st_size if home.warehouse_file.is_file() else 0
    needed = max(LEAST_FREE_BYTES, 3 * size)
    return free > needed, f"disk: {free / 1e9:.1f} GB free, {needed / 1e9:.1f} GB are wanted for a night"


def _night(home: Home) -> tuple[bool, str]:
    nights = read_nights(home)
    good = nights.filter(pl.col("status") != "stopped")["finished_utc"].max()
    if not isinstance(good, datetime):
        return False, "last good night: none yet; run `hipdrive nightly`"
    hours = (datetime.now(UTC) - good).total_seconds() / 3600
    last = nights.sort("started_utc").row(-1, named=True)
    why = f"; the last one stopped: {last['message']}" if last["status"] == "stopped" else ""
    is_good = hours < LATE_AFTER_HOURS and not why
    late = "" if hours < LATE_AFTER_HOURS else "; is the schedule still running?"
    return is_good, f"last good night: {good:%Y-%m-%d %H:%M} UTC, {hours:.0f} hours ago{late}{why}"


def _data(home: Home) -> tuple[bool, str]:
    newest = _asked(home, "SELECT max(local_date) FROM activities")
    if isinstance(newest, str):
        return False, f"newest data: {newest}"
    if not isinstance(newest, date):
        return False, "newest data: none; put files into data/inbox"
    days = (local_date(home.settings, home.settings.first_athlete, datetime.now(UTC)) - newest).days
    most = home.settings.tell.silence_days
    is_good = days < most
    return is_good, f"newest data: {newest}, {days} days old" + ("" if is_good else f"; {most} are a silence")


def _quarantine(home: Home) -> tuple[bool, str]:
    files = _asked(home, _QUARANTINED)
    if isinstance(files, str):
        return False, f"quarantine: {files}"
    told = f"quarantine: {files} files of the last 7 days could not be read"
    return not files, told + ("; `hipdrive sources --status quarantined` says why" if files else "")


def _lock(home: Home) -> tuple[bool, str]:
    lock = home.data / "hipdrive.lock"
    try:
        with only_writer(home.data):
            return True, "lock: nobody is writing"
    except LockedHome as error:
        hours = max(0.0, time.time() - lock.stat().st_mtime) / 3600
        return hours < LOCKED_TOO_LONG_HOURS, f"lock: {error.holder} has been writing for {hours:.1f} hours"


def _telling(home: Home) -> Iterator[tuple[bool, str]]:
    fault = last_message_fault(home) if home.settings.tell.is_any else None
    if fault is not None:
        yield False, f"telling: the last message could not be sent: {fault}"


def _asked(home: Home, query: str) -> object:
    """The one value of a query; a sentence where it cannot be asked."""
    try:
        value: object = ask(home, query).item()
    except HipdriveError as error:
        return str(error)
    return value
