"""The messages that were sent: a line in `data/told.jsonl` for each, also for one that could not be delivered."""

from __future__ import annotations

from datetime import UTC, datetime

from hipdrive.settings import Home
from hipdrive.warehouse.lines import append_line, keep_lines, read_lines

_FILE = "told.jsonl"


def write_sent_message(home: Home, kind: str, athlete: str | None, fault: str | None) -> None:
    """Keep that a message was sent, or why it was not; what it said is not kept."""
    sent = {"kind": kind, "athlete_id": athlete, "told_utc": datetime.now(UTC), "fault": fault}
    append_line(home.data / _FILE, sent)


def last_sent(home: Home, kind: str, athlete: str | None) -> datetime | None:
    """When a message of a kind was last sent."""
    sent = [
        row["told_utc"]
        for row in read_lines(home.data / _FILE)
        if row.get("kind") == kind and row.get("athlete_id") == athlete and row.get("fault") is None
    ]
    return datetime.fromisoformat(sent[-1]) if sent else None


def drop_messages_of(home: Home, athlete: str) -> None:
    """Remove the lines about one athlete."""
    keep_lines(home.data / _FILE, lambda row: row.get("athlete_id") != athlete)


def last_message_fault(home: Home) -> str | None:
    """Why the last message was not sent; None where it was."""
    rows = read_lines(home.data / _FILE)
    return rows[-1].get("fault") if rows else None
