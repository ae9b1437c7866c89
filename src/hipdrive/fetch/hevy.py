"""Hevy by its official interface: one file of all workouts, kept in step by its feed of edits and deletions.

Source: its OpenAPI description. Nothing is written before the feed was read to its end: a hole
in the file would look like weeks without strength work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hipdrive.errors import ServiceFault
from hipdrive.fetch.activities import ASKED_AGAIN, Outcome, State
from hipdrive.fetch.intervals import moment_of
from hipdrive.fetch.landing import Landing
from hipdrive.fetch.wire import Wire
from hipdrive.settings import Fetch

ADDRESS = "https://api.hevyapp.com"
ROWS = 10
STEM = "workouts"
_NOT_FOUND = 404
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
Event = tuple[str, str, datetime | None, Mapping[str, object] | None]


class Hevy:
    """The adapter."""

    name = "hevy"

    def __init__(self, bounds: Fetch, key: str) -> None:
        self.wire = Wire(self.name, bounds.addresses.get("hevy", ADDRESS), bounds, {"api-key": key})

    def follow(self, state: State, landing: Landing, out: Outcome) -> None:
        """Bring the file of workouts up to date.

        Raises:
            ServiceFault: the feed could not be read to its end; the file is as it was.
        """
        kept = {str(row.get("id")): row for row in landing.rows(f"{STEM}.json")}
        since = state.newest_utc - ASKED_AGAIN if kept and state.newest_utc is not None else _BEGINNING
        newest: dict[str, Event] = {}
        for event in self._events(since):
            last = newest.get(event[1])
            if last is None or (event[2] or _BEGINNING) > (last[2] or event[2] or _BEGINNING):
                newest[event[1]] = event
        mark = state.newest_utc
        for kind, key, when, workout in newest.values():
            if kind == "deleted":
                kept.pop(key, None)
            elif workout is not None and (when is None or when >= (_edited(kept.get(key, {})) or when)):
                kept[key] = dict(workout)
            if when is not None and when <= self.wire.now + timedelta(days=1) and (mark is None or when > mark):
                mark = when
        if kept:
            rows = sorted(kept.values(), key=lambda row: (str(row.get("start_time")), str(row.get("id"))))
            out.files += landing.put_json(STEM, {"workouts": rows})
        elif landing.has(STEM):
            out.notes.append("hevy: it has no workouts any more; the file of the last ones is kept")
        out.state = replace(state, is_whole=True, newest_utc=mark)

    def _events(self, since: datetime) -> Iterator[Event]:
        page, pages = 1, 1
        seen: set[tuple[object, ...]] = set()
        while page <= pages:
            moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            try:
                found = self.wire.json("/v1/workouts/events", {"page": page, "pageSize": ROWS, "since": moment})
            except ServiceFault as fault:
                if fault.status == _NOT_FOUND and page > 1:
                    return
                raise
            rows = found.get("events") if isinstance(found, dict) else None
            if not isinstance(found, dict) or not isinstance(rows, list):
                raise ServiceFault(self.name, "its feed has a shape that hipdrive does not know; update hipdrive")
            if not rows:
                return
            events = [event for event in map(_event, rows) if event is not None]
            marks = {event[:3] for event in events}
            if events and marks <= seen:
                raise ServiceFault(self.name, "its feed repeats itself; the next night asks again", may_pass=True)
            seen |= marks
            yield from events
            told = found.get("page_count")
            # Without a count, a full page is followed by another.
            pages = told if isinstance(told, int) and told > 0 else page + (len(rows) >= ROWS)
            page += 1


def _event(row: object) -> Event | None:
    if not isinstance(row, dict):
        return None
    if row.get("type") == "deleted":
        return ("deleted", str(row.get("id")), moment_of(row.get("deleted_at")), None)
    workout = row.get("workout")
    if not isinstance(workout, dict) or workout.get("id") is None:
        return None
    return ("updated", str(workout["id"]), _edited(workout), workout)


def _edited(workout: Mapping[str, object]) -> datetime | None:
    return moment_of(workout.get("updated_at")) or moment_of(workout.get("created_at"))
