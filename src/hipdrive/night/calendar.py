"""Which day it is for an athlete: the date where they live, not where the program runs; and what a night is called."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from hipdrive.settings import Settings


def local_date(settings: Settings, athlete: str, now: datetime) -> date:
    """The athlete's date at a moment.

    Args:
        settings: hold the athlete's time zone.
        athlete: whose date.
        now: with its zone.
    """
    return now.astimezone(ZoneInfo(settings.of(athlete).time_zone)).date()


def build_name(began_utc: datetime) -> str:
    """The name of what begins at a moment in UTC: a night in `nightly_runs`, a build of the warehouse."""
    return began_utc.strftime("%Y%m%dT%H%M%S.%fZ")
