"""Garmin Connect by its official Personal API: the original ZIPs, and each day's resting heart rate.

Source: Garmin's own Python client, 1.0.0. The runner's key buys a token for some hours; one request at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from hipdrive.errors import ServiceFault
from hipdrive.fetch.activities import Listed, mark_of
from hipdrive.fetch.intervals import moment_of
from hipdrive.fetch.wire import Answer, Wire
from hipdrive.settings import Fetch

LIST = "/activitylist-service/activities/search/activities"
ROWS = 20
DAYS_A_NIGHT = 60
_TOKEN = "/personalapitoken-service/personal-api/personal-api-key/token"  # noqa: S105  a path
_ORIGINAL = "application/zip, application/x-zip-compressed, application/octet-stream"
_LONGEST_TOKEN = 8192


class Garmin:
    """The adapter."""

    name = "garmin"
    address = "https://personal.connectapi.garmin.com"
    rest = "/wellness-service/wellness/dailyHeartRate"

    def __init__(self, bounds: Fetch, key: str) -> None:
        self._key = key
        self.wire = Wire(self.name, bounds.addresses.get("garmin", self.address), bounds, {})

    def enter(self) -> None:
        """Sign in, before anything else is asked; once more where that runs out midway.

        Raises:
            ServiceFault: it is refused.
        """
        self._sign_in()
        self.wire.renew = self._sign_in

    @property
    def now(self) -> datetime:
        """The time by the service's clock."""
        return self.wire.now

    def pages(self, since: date | None) -> Iterator[list[Listed]]:
        """Its list, twenty rows at a time."""
        seen: set[str] = set()
        start = 0
        while True:
            params: dict[str, str | int] = {"start": start, "limit": ROWS}
            if since is not None:
                params["startDate"] = since.isoformat()
            rows = garmin_rows(self.wire.json(LIST, params))
            if not rows:
                return
            page = [line for line in map(garmin_line, rows) if line is not None]
            fresh = [line for line in page if line.item_id not in seen]
            if not fresh:
                raise ServiceFault(self.name, "its list repeats itself; the next night asks again", may_pass=True)
            seen |= {line.item_id for line in fresh}
            yield fresh
            start += len(rows)

    def original(self, item_id: str) -> Answer:
        """The ZIP that holds the watch's file."""
        return self.wire.get(f"/download-service/files/activity/{item_id}", _ORIGINAL)

    def resting(self, day: date) -> dict[str, object]:
        """One day's resting heart rate; null where nothing was measured."""
        found = self.wire.json(self.rest, {"date": day.isoformat()})
        rate = found.get("restingHeartRate") if isinstance(found, dict) else None
        return {"calendarDate": day.isoformat(), "restingHeartRate": rate}

    def _sign_in(self) -> None:
        self.wire.headers = {"Authorization": f"ApiKey {self._key}"}
        token = self.wire.post(_TOKEN).data.strip().strip(b'"')
        if not token.isascii() or b"<" in token or b" " in token or not 0 < len(token) < _LONGEST_TOKEN:
            raise ServiceFault(
                self.name, "what came instead of a token is not one; the next night asks again", may_pass=True
            )
        self.wire.headers = {"Authorization": f"Bearer {token.decode('ascii')}"}


def garmin_rows(found: object) -> list[Mapping[str, object]]:
    """The rows of a page.

    Raises:
        ServiceFault: it is not a list.
    """
    if not isinstance(found, list):
        raise ServiceFault("garmin", "its list has a shape that hipdrive does not know; update hipdrive")
    return [row for row in found if isinstance(row, dict)]


def garmin_line(row: Mapping[str, object]) -> Listed | None:
    """One row; None where it has no number."""
    if row.get("activityId") is None:
        return None
    world, local = moment_of(row.get("startTimeGMT")), moment_of(row.get("startTimeLocal"))
    distance, owner = row.get("distance"), row.get("ownerId")
    return Listed(
        str(row["activityId"]),
        mark_of(row),
        world or local,
        is_local=world is None,
        distance_m=float(distance) if isinstance(distance, int | float) else None,
        owner=None if owner is None else str(owner),
    )


def resting_days(resting: Mapping[str, object], today: date, first: date | None, again: timedelta) -> list[date]:
    """Which days to ask tonight: the newest again, then those that are missing, newest first.

    Args:
        resting: days that are known, in ISO 8601.
        today: by the service's clock.
        first: no day before it.
        again: how far back days are asked again.
    """
    newest = [today - timedelta(days=back) for back in range(again.days)]
    reach = 0 if first is None else (today - first).days + 1
    missing = (today - timedelta(days=back) for back in range(again.days, reach))
    return [*newest, *(day for day in missing if day.isoformat() not in resting)][:DAYS_A_NIGHT]
