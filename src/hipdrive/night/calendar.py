"""Which day it is for an athlete: the date where they live, not where the program runs."""

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
