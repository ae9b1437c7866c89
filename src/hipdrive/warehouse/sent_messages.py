"""What was told to whom asked to be told: a line in `data/told.jsonl` for each message, also for one that got stuck."""

from __future__ import annotations

from datetime import UTC, datetime

from hipdrive.settings import Home
from hipdrive.warehouse.lines import append_line, keep_lines, read_lines

_FILE = "told.jsonl"


def write_told(home: Home, kind: str, athlete: str | None, fault: str | None) -> None:
    """Keep that a message went out, or why it did not; what it said is not kept."""
    told = {"kind": kind, "athlete_id": athlete, "told_utc": datetime.now(UTC), "fault": fault}
    append_line(home.data / _FILE, told)


def last_told(home: Home, kind: str, athlete: str | None) -> datetime | None:
    """When a message of a kind went out last."""
    told = [
        row["told_utc"]
        for row in read_lines(home.data / _FILE)
        if row.get("kind") == kind and row.get("athlete_id") == athlete and row.get("fault") is None
    ]
    return datetime.fromisoformat(told[-1]) if told else None


def drop_told_of(home: Home, athlete: str) -> None:
    """Remove what was told of one athlete."""
    keep_lines(home.data / _FILE, lambda row: row.get("athlete_id") != athlete)


def stuck(home: Home) -> str | None:
    """Why the last message did not go out; None where it did."""
    rows = read_lines(home.data / _FILE)
    return rows[-1].get("fault") if rows else None
