"""intervals.icu by its official interface: original files, and the resting heart rate of its wellness.

Source: its OpenAPI description. Basic auth as `API_KEY`; `0` is the key's owner; no pages, so windows of days are
walked backwards; rows that
came there by Strava are stubs whose files it may not hand out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import httpx

from hipdrive.errors import ServiceFault
from hipdrive.fetch.activities import Listed, mark_of
from hipdrive.fetch.wire import Answer, Wire
from hipdrive.settings import Fetch

ADDRESS = "https://intervals.icu/api/v1"
FIRST = date(1990, 1, 1)
ROWS = 200
_WITHOUT_FILE = {"STRAVA", "MANUAL"}


class Intervals:
    """The adapter."""

    name = "intervals"

    def __init__(self, bounds: Fetch, key: str) -> None:
        basic = next(httpx.BasicAuth("API_KEY", key).auth_flow(httpx.Request("GET", ADDRESS))).headers["Authorization"]
        self.wire = Wire(self.name, bounds.addresses.get("intervals", ADDRESS), bounds, {"Authorization": basic})

    @property
    def now(self) -> datetime:
        """The time by the service's clock."""
        return self.wire.now

    def pages(self, since: date | None) -> Iterator[list[Listed]]:
        """Windows of its list, the newest first; each ends where the last began, and a day overlaps."""
        oldest, newest = since or FIRST, None
        seen: set[str] = set()
        while True:
            params: dict[str, str | int] = {"oldest": oldest.isoformat(), "limit": ROWS}
            if newest is not None:
                params["newest"] = newest.isoformat()
            rows = _rows(self.name, self.wire.json("/athlete/0/activities", params))
            page = [line for line in map(_listed, rows) if line is not None]
            fresh = [line for line in page if line.item_id not in seen]
            if not fresh:
                ends = [line.start.date() for line in page if line.start is not None]
                if newest is not None and ends and max(ends) > newest:
                    raise ServiceFault(self.name, "its list repeats itself; the next night asks again", may_pass=True)
                return
            seen |= {line.item_id for line in fresh}
            yield fresh
            starts = [line.start.date() for line in page if line.start is not None]
            if not starts:
                return
            newest = min(starts) + timedelta(days=1)  # whether a day itself counts in, nobody says

    def original(self, item_id: str) -> Answer:
        """The file as it was uploaded."""
        return self.wire.get(f"/activity/{item_id}/file")

    def wellness(self, since: date | None) -> list[dict[str, object]]:
        """Days with a resting heart rate."""
        rows = _rows(
            self.name,
            self.wire.json(
                "/athlete/0/wellness", {"oldest": (since or FIRST).isoformat(), "newest": self.now.date().isoformat()}
            ),
        )
        names = ("id", "restingHR", "tempRestingHR")
        return [{name: row[name] for name in names if name in row} for row in rows if row.get("restingHR")]


def _rows(service: str, found: object) -> list[Mapping[str, object]]:
    if not isinstance(found, list):
        raise ServiceFault(service, "its list has a shape that hipdrive does not know; update hipdrive")
    return [row for row in found if isinstance(row, dict)]


def _listed(row: Mapping[str, object]) -> Listed | None:
    if row.get("id") is None:
        return None
    distance, owner = row.get("distance"), row.get("icu_athlete_id")
    return Listed(
        str(row["id"]),
        mark_of(row),
        moment_of(row.get("start_date_local")),
        is_local=True,
        distance_m=float(distance) if isinstance(distance, int | float) else None,
        has_file=str(row.get("source")).upper() not in _WITHOUT_FILE,
        owner=None if owner is None else str(owner),
    )


def moment_of(told: object) -> datetime | None:
    """A moment in ISO 8601, as if in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(str(told))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
