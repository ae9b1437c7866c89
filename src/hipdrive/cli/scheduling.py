"""`hipdrive schedule`: the nightly flow every day at a time of the athlete's zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from hipdrive.cli.console import COMMON, DONE, Common, out
from hipdrive.cli.server import own_server, until_asked_to_stop, use_prefect
from hipdrive.errors import WrongUse
from hipdrive.settings import Home
from hipdrive.warehouse import read_nights


def schedule(*, at: str | None = None, every: int | None = None, common: Common = COMMON) -> int:
    """Run the nightly flow every day at this time in the athlete's time zone, until stopped.

    A night that was missed while nothing ran, because the machine was off, is made up for at the start.

    Args:
        at: Time of day, HH:MM.
        every: Instead of --at: every so many minutes.
    """
    if (at is None) == (every is None) or (every is not None and every < 1):
        raise WrongUse("schedule", "it needs either --at or --every", "write --at 03:30, or --every 60 in minutes")
    home = Home(common.folder)
    zone = home.settings.athlete.time_zone
    use_prefect(home.folder, common, level="INFO")
    now = datetime.now(ZoneInfo(zone))
    due = now - timedelta(minutes=every) if every is not None else last_firing(at or "", now)
    with until_asked_to_stop() as stop, own_server(home):
        from hipdrive.flows import schedule as deployment

        plan = deployment.daily(*time_of_day(at or ""), zone) if every is None else deployment.every(every, zone)
        served = deployment.Served(home, plan)
        stop.is_awaited = True
        how = f"Every day at {at} ({zone})" if every is None else f"Every {every} minutes"
        out.print(f"{how} hipdrive runs for {home.folder}. Leave this running; stop with Ctrl-C.")
        out.print(f"Next: {', '.join(f'{firing:%Y-%m-%d %H:%M}' for firing in served.firings)}.")
        if was_missed(home, due):
            out.print("A night was missed; it runs now.")
            served.make_up()
        if not stop.is_set:
            served.answer(lambda: stop.is_set)
    out.print(f"Stopped by you; no night of {home.folder} is run from here any more.")
    return DONE


def time_of_day(at: str) -> tuple[int, int]:
    """Hour and minute of `03:30`.

    Raises:
        WrongUse: it is not a valid time of day.
    """
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
    if found is None:
        raise WrongUse("schedule", f"“{at}” is not a valid time of day", "write it like 03:30")
    return int(found[1]), int(found[2])


def last_firing(at: str, now: datetime) -> datetime:
    """When a night of this time of day was due last."""
    hour, minute = time_of_day(at)
    today = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return today if today <= now else today - timedelta(days=1)


def was_missed(home: Home, due: datetime) -> bool:
    """Whether the nights that ended well are all older than one that was due; a home without a night misses none."""
    good = read_nights(home).filter(pl.col("status") != "stopped")
    last = good["started_utc"].max()
    return isinstance(last, datetime) and last < due.astimezone(UTC)
