"""Original files of activities: what a service lists, held against what is known, fetched where it is news."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Protocol

from hipdrive.errors import ServiceFault
from hipdrive.fetch.landing import Landing, is_safe
from hipdrive.fetch.originals import NotAnOriginalError, examine, is_of
from hipdrive.fetch.wire import Answer

ASKED_AGAIN = timedelta(days=14)
_MOST_IN_A_ROW = 3  # faults, before the service is left alone for tonight
_SHOWN = 3
_NO_FILE = {400, 404, 410, 422}


@dataclass(frozen=True)
class Listed:
    """A line of a service's list."""

    item_id: str
    mark: str
    start: datetime | None
    is_local: bool = False
    distance_m: float | None = None
    has_file: bool = True
    owner: str | None = None


@dataclass(frozen=True)
class Item:
    """An activity as it was met last."""

    mark: str
    start: datetime | None
    outcome: str
    content_sha256: str | None
    is_listed: bool
    first_asked_utc: datetime


@dataclass(frozen=True)
class State:
    """What earlier nights left: whether the list was once walked to its end, the newest start, the account's hash."""

    is_whole: bool = False
    newest_utc: datetime | None = None
    owner: str | None = None


@dataclass
class Outcome:
    """What a service gave tonight."""

    state: State
    items: dict[str, Item] = field(default_factory=dict)
    files: int = 0
    notes: list[str] = field(default_factory=list)
    faults: list[ServiceFault] = field(default_factory=list)


class ActivityService(Protocol):
    """What each adapter of a service of activities can do."""

    name: str

    @property
    def now(self) -> datetime:
        """The time by the service's clock."""

    def pages(self, since: date | None) -> Iterator[list[Listed]]:
        """Its list, newest first, page by page, from a day on; None: from the beginning."""

    def original(self, item_id: str) -> Answer:
        """The file of one activity."""


def mark_of(row: Mapping[str, object]) -> str:
    """A line of a list as a hash: where it changes, the activity was edited."""
    return hashlib.sha256(json.dumps(row, sort_keys=True, default=str).encode()).hexdigest()[:16]


def fetch_activities(
    service: ActivityService, state: State, known: Mapping[str, Item], landing: Landing, limit: int, out: Outcome
) -> None:
    """Fetch what is new or edited; what is absent from a list is kept, since absence does not prove deletion.

    Args:
        service: the adapter.
        state: of earlier nights.
        known: activities met before, by their number.
        landing: where files go.
        limit: unpacked bytes of one file.
        out: is filled as it goes, so that what came before a fault stays.

    Raises:
        ServiceFault: the service is of no use tonight.
    """
    walk = _Walk(service, state, known, landing, limit, out)
    newest = state.newest_utc
    since = (newest - ASKED_AGAIN).date() if state.is_whole and newest is not None else None
    listed: set[str] = set()
    for page in service.pages(since):
        for line in page:
            if line.item_id not in listed:
                listed.add(line.item_id)
                walk.meet(line)
                latest = service.now + timedelta(days=1)  # a watch of a wrong clock moves no mark
                if line.start is not None and line.start <= latest and (newest is None or line.start > newest):
                    newest = line.start
    walk.retry(listed)
    walk.tell_absent(listed, since)
    out.state = replace(out.state, is_whole=True, newest_utc=newest)


class _Walk:
    def __init__(
        self,
        service: ActivityService,
        state: State,
        known: Mapping[str, Item],
        landing: Landing,
        limit: int,
        out: Outcome,
    ) -> None:
        self._service, self._known, self._landing, self._limit, self._out = service, known, landing, limit, out
        self._is_whole, self._newest = state.is_whole, state.newest_utc
        self._hashes = {item.content_sha256 for item in known.values()} - {None}
        self._in_a_row = self._without = 0

    def meet(self, line: Listed) -> None:
        """One line of the list."""
        if not is_safe(line.item_id):
            self._fail("one activity has a number that cannot name a file; it is left out")
            return
        self._check_owner(line)
        before = self._known.get(line.item_id)
        is_recent = line.start is None or line.start >= (self._newest or self._service.now) - ASKED_AGAIN
        if before is not None and before.outcome != "fault":
            if before.mark == line.mark or not is_recent:
                if not before.is_listed:
                    self._out.items[line.item_id] = replace(before, is_listed=True)
                return
        elif before is None and not is_recent and not self._is_whole and self._landing.has(line.item_id):
            self._keep(line, "file", None)  # the state was lost, the file was not
            return
        self._ask(line, before)

    def retry(self, listed: set[str]) -> None:
        """What failed in the last nights and lies before the list asked tonight."""
        for item_id, before in self._known.items():
            is_fresh = self._service.now - before.first_asked_utc < ASKED_AGAIN
            if before.outcome == "fault" and item_id not in listed and is_fresh:
                self._ask(Listed(item_id, before.mark, before.start, is_local=True), before)

    def tell_absent(self, listed: set[str], since: date | None) -> None:
        """Say once of what is no longer listed."""
        gone = 0
        for item_id, before in self._known.items():
            reaches = since is None or (before.start is not None and before.start.date() > since)
            if reaches and before.is_listed and before.outcome == "file" and item_id not in listed:
                self._out.items[item_id] = replace(before, is_listed=False)
                gone += 1
        if gone:
            what = "1 activity is" if gone == 1 else f"{gone} activities are"
            remedy = "their runs are kept; `hipdrive forget --source` takes one out, once its file left the inbox"
            self._out.notes.append(f"{self._service.name}: {what} no longer listed there; {remedy}")
        if self._without:
            what = "1 new activity" if self._without == 1 else f"{self._without} new activities"
            self._out.notes.append(f"{self._service.name}: of {what} it hands out no original file")

    def _ask(self, line: Listed, before: Item | None) -> None:
        if not line.has_file:
            self._without += before is None
            self._keep(line, "none", before)
            return
        try:
            came = self._service.original(line.item_id)
            original = examine(came.data, is_counted=came.is_counted, limit=self._limit)
        except ServiceFault as fault:
            if fault.status in _NO_FILE:
                self._in_a_row = 0
                self._without += before is None
                self._keep(line, "none", before)
                return
            self._keep(line, "fault", before)
            if fault.status in {0, 401, 429}:
                raise
            self._fail(f"activity {line.item_id}: {fault.reason}", may_pass=fault.may_pass)
            return
        except NotAnOriginalError as error:
            self._keep(line, "fault", before)
            self._fail(f"activity {line.item_id}: {error}; the next night asks again", may_pass=True)
            return
        if not is_of(original, line.start, line.distance_m, is_local=line.is_local):
            self._keep(line, "fault", before)
            reason = "the file that came is of another activity, perhaps of another athlete; it is left out"
            self._fail(f"activity {line.item_id}: {reason}. If it is yours, put it into data/inbox by hand")
            return
        self._in_a_row = 0
        if original.content_sha256 not in self._hashes:
            self._hashes.add(original.content_sha256)
            self._out.files += self._landing.put(line.item_id, original.suffix, came.data)
        self._keep(line, "file", before, original.content_sha256)

    def _check_owner(self, line: Listed) -> None:
        if line.owner is None:
            return
        owner = hashlib.sha256(line.owner.encode()).hexdigest()[:16]
        if self._out.state.owner is None:
            self._out.state = replace(self._out.state, owner=owner)
        if owner != self._out.state.owner:
            reason = (
                "the key now opens another athlete's account; give back the first key, or name the other in [athletes]"
            )
            raise ServiceFault(self._service.name, reason)

    def _keep(self, line: Listed, outcome: str, before: Item | None, content: str | None = None) -> None:
        first = before.first_asked_utc if before is not None else self._service.now
        self._out.items[line.item_id] = Item(line.mark, line.start, outcome, content, True, first)

    def _fail(self, reason: str, *, may_pass: bool = False) -> None:
        self._in_a_row += 1
        fault = ServiceFault(self._service.name, reason, may_pass=may_pass)
        self._out.faults.append(fault)
        if self._in_a_row >= _MOST_IN_A_ROW:
            told = "three files in a row could not be fetched; the rest waits for the next night"
            raise ServiceFault(self._service.name, told, may_pass=may_pass)
