"""The made-up runner's watch: the FIT messages that every one of its activities holds, whatever was done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

TIME_ZONE = "Europe/Berlin"
MANUFACTURER = "development"  # the number the format keeps for those without one
WATCH_PRODUCT, STRAP_PRODUCT = 101, 102
WATCH_SERIAL, STRAP_SERIAL = 20240101, 20240102
HEART_RATE_SENSOR = 120  # device_type of a chest strap

Message = tuple[str, pl.DataFrame]


def as_utc(local: datetime) -> datetime:
    """The instant of a local time of the made-up runner."""
    return local.replace(tzinfo=ZoneInfo(TIME_ZONE)).astimezone(UTC)


def after(start: datetime, seconds: float) -> datetime:
    """The instant so many seconds after the start."""
    return start + timedelta(seconds=seconds)


def instants(start: datetime, seconds: str | pl.Expr) -> pl.Expr:
    """A column of instants from one of whole seconds after the start."""
    moment = pl.lit(start).cast(pl.Datetime("ms", "UTC"))
    return moment + pl.duration(seconds=seconds, time_unit="ms")


def one_row(name: str, **fields: object) -> Message:
    """A block of one message."""
    return name, pl.DataFrame({field: [value] for field, value in fields.items()})


def opening(start: datetime) -> list[Message]:
    """What stands before the first record: the file, the watch, the chest strap, the timer's start."""
    devices = [(0, None, WATCH_PRODUCT, WATCH_SERIAL), (1, HEART_RATE_SENSOR, STRAP_PRODUCT, STRAP_SERIAL)]
    return [
        one_row(
            "file_id",
            type="activity",
            manufacturer=MANUFACTURER,
            product=WATCH_PRODUCT,
            serial_number=WATCH_SERIAL,
            time_created=start,
        ),
        (
            "device_info",
            pl.DataFrame(
                devices, schema=["device_index", "device_type", "product", "serial_number"], orient="row"
            ).with_columns(timestamp=pl.lit(start), manufacturer=pl.lit(MANUFACTURER)),
        ),
        timer_events([(start, "start")]),
    ]


def timer_events(events: list[tuple[datetime, str]]) -> Message:
    """The timer's starts and stops."""
    return "event", pl.DataFrame(
        {
            "timestamp": [when for when, _ in events],
            "event": ["timer"] * len(events),
            "event_type": [kind for _, kind in events],
            "event_group": [0] * len(events),
        }
    )


def closing(start: datetime, elapsed_s: float, timer_s: float) -> Message:
    """The last message: when the activity ended, in the world's time and in the runner's."""
    end = after(start, elapsed_s)
    return one_row(
        "activity",
        timestamp=end,
        total_timer_time=timer_s,
        num_sessions=1,
        type="manual",
        event="activity",
        event_type="stop",
        local_timestamp=end.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None),
    )
