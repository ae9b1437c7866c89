"""One service asked once for one athlete: its files, its wellness, and what went wrong, in one sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from hipdrive.errors import ServiceFault
from hipdrive.fetch.activities import ASKED_AGAIN, Item, Outcome, State, fetch_activities
from hipdrive.fetch.garmin import Garmin, resting_days
from hipdrive.fetch.garmin_login import GarminByLogin
from hipdrive.fetch.hevy import Hevy
from hipdrive.fetch.intervals import Intervals
from hipdrive.fetch.landing import Landing
from hipdrive.fetch.secrets import keep_tokens, way_in
from hipdrive.fetch.wire import Wire
from hipdrive.settings import Home

_MEGABYTE = 1_000_000
_WELLNESS = "wellness"
_CLOCK_S = 600  # a clock that is off by more is told


def visit(home: Home, athlete: str, service: str, state: State, known: Mapping[str, Item]) -> tuple[Outcome, int]:
    """Fetch what one service has that is new; gives that, and how many requests it took.

    Whatever the service does, this returns: what came before a fault stays.

    Args:
        home: whose settings and inbox.
        athlete: whose key.
        service: its name.
        state: of earlier nights.
        known: activities met before.
    """
    out, bounds = Outcome(state), home.settings.fetch
    landing = Landing(home.fetched(athlete, service), home.fetching)
    wire: Wire | None = None
    try:
        key, is_signed_in = way_in(bounds, service, athlete)
        limit = bounds.max_body_mb * _MEGABYTE
        if service == "hevy":
            hevy = Hevy(bounds, key)
            wire = hevy.wire
            hevy.follow(state, landing, out)
        elif service == "intervals":
            intervals = Intervals(bounds, key)
            wire = intervals.wire
            _intervals_wellness(intervals, landing, out)
            fetch_activities(intervals, state, known, landing, limit, out)
        else:
            keep = partial(keep_tokens, bounds, athlete)
            garmin = GarminByLogin(bounds, key, keep) if is_signed_in else Garmin(bounds, key)
            wire = garmin.wire
            garmin.enter()
            fetch_activities(garmin, state, known, landing, limit, out)
            starts = [item.start.date() for item in {**known, **out.items}.values() if item.start is not None]
            _garmin_wellness(garmin, landing, min(starts, default=None), out)
    except ServiceFault as fault:
        out.faults.append(fault)
    except OSError as error:
        out.faults.append(ServiceFault(service, f"its files cannot be put into the inbox ({error.strerror})"))
    except Exception as error:  # noqa: BLE001  a service may answer anything; its words may hold a key, so none is told
        reason = f"an unexpected answer ({type(error).__name__}); please report it"
        out.faults.append(ServiceFault(service, reason))
    if wire is not None:
        _tell_clock(wire, out)
        wire.close()
    return out, wire.requests if wire is not None else 0


def _intervals_wellness(service: Intervals, landing: Landing, out: Outcome) -> None:
    kept = {str(row.get("id")): row for row in landing.rows(f"{_WELLNESS}.json")}
    newest = max((day for day in map(_day, kept) if day is not None), default=None)
    found = service.wellness(None if newest is None else newest - ASKED_AGAIN)
    rows = {**kept, **{str(row["id"]): row for row in found}}
    if rows:
        out.files += landing.put_json(_WELLNESS, [rows[day] for day in sorted(rows)])


def _garmin_wellness(service: Garmin, landing: Landing, first: date | None, out: Outcome) -> None:
    rows = {str(row.get("calendarDate")): row for row in landing.rows(f"{_WELLNESS}.json")}
    days = resting_days(rows, service.now.date(), first, ASKED_AGAIN)
    try:
        for day in days:
            rows[day.isoformat()] = service.resting(day)
    finally:
        if any(row.get("restingHeartRate") for row in rows.values()):
            out.files += landing.put_json(_WELLNESS, [rows[day] for day in sorted(rows)])


def _day(told: str) -> date | None:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return None


def _tell_clock(wire: Wire, out: Outcome) -> None:
    off_s = wire.clock_error_s
    if abs(off_s) > _CLOCK_S:
        how = "ahead of" if off_s > 0 else "behind"
        told = str(timedelta(seconds=round(abs(off_s))))
        reason = f"this machine's clock is {told} h {how} the service's, which was trusted; set the clock"
        out.faults.append(ServiceFault(wire.service, reason))
