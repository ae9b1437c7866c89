"""A run as it was, and what a device whose clock is wrong writes of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hipdrive.tables.run_files import RawRecord
from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import raw_file, spread, tidy, typed

BEGIN = datetime(2026, 3, 31, 6, tzinfo=UTC)
ZERO = datetime(1989, 12, 31, tzinfo=UTC)  # of FIT time: what a clock shows that counts from power-on
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
BERLIN = {"me": "Europe/Berlin"}
LENGTH_S = 3000
Clock = Callable[[int], datetime]


@dataclass(frozen=True)
class Drawn:
    """A run as it was: 3 m/s, a record a second but in pauses, laps of ten minutes; `clock` is what its device shows.

    Attributes:
        clock: second since the start → what the device shows.
        pauses: first and last second of each.
        elapsed_s: what the session tells; None: nothing.
        of_end: what the session and the activity show at the end, where not the clock.
    """

    clock: Clock
    length_s: int = LENGTH_S
    pauses: Sequence[tuple[int, int]] = ()
    elapsed_s: float | None = LENGTH_S
    of_end: datetime | None = None
    has_session: bool = True
    together: bool = False  # events and laps stand before the records, each kind together, as converters write them
    columns: dict[str, Any] = field(default_factory=dict)
    file: dict[str, Any] = field(default_factory=dict)

    def tidied(self, zones: dict[str, str] = BERLIN) -> TidyRuns:
        """The run, tidied."""
        paused = {second for first, last in self.pauses for second in range(first + 1, last)}
        seconds = [second for second in range(self.length_s + 1) if second not in paused]
        moved, metres = 0, []
        for before, second in zip([0, *seconds], seconds, strict=False):
            moved += second - before if second - before <= 1 else 0
            metres.append(3.0 * moved)
        rows = spread(
            len(seconds),
            source_id="a",
            byte_offset=[100 * second for second in seconds],
            timestamp=[self.clock(second) for second in seconds],
            distance=metres,
            heart_rate=[148.0 + second % 5 for second in seconds],
            **self.columns,
        )
        told = [(0, "start"), (self.length_s, "stop_all")]
        told += [event for first, last in self.pauses for event in ((first, "stop"), (last, "start"))]
        events = [
            {
                "source_id": "a",
                "byte_offset": -1 if self.together else 100 * at + 1,
                "timestamp": self.clock(at),
                "event_type": kind,
            }
            for at, kind in sorted(told)
        ]
        laps = [
            {
                "source_id": "a",
                "byte_offset": -1 if self.together else 100 * end + 2,
                "start_time": self.clock(end - 600),
                "timestamp": self.clock(end),
                "total_timer_time": 600.0,
            }
            for end in range(600, self.length_s + 1, 600)
        ]
        end = self.of_end or self.clock(self.length_s)
        session = {
            "source_id": "a",
            "byte_offset": 100 * self.length_s + 3,
            "sport": "running",
            "start_time": self.clock(0),
            "timestamp": end,
            "total_elapsed_time": self.elapsed_s,
            "total_timer_time": self.elapsed_s and self.elapsed_s - len(paused),
        }
        local = (end + 2 * HOUR).replace(tzinfo=None)
        file = {"timestamp": end, "local_timestamp": local, "time_created": self.clock(0), **self.file}
        return tidy(
            typed(RawRecord, rows),
            files=[raw_file(**file)],
            sessions=[session] if self.has_session else [],
            laps=laps,
            events=events,
            zones=zones,
        )


def right(second: int) -> datetime:
    """A clock that is right."""
    return BEGIN + second * SECOND


def set_at(*steps: tuple[int, timedelta]) -> Clock:
    """A clock that is right at the end, and was set by so much before those seconds."""
    return lambda second: right(second) - sum((by for at, by in steps if second < at), timedelta())


def whole(result: TidyRuns, *, length_s: int = LENGTH_S, pauses_s: int = 0, pauses: int = 1) -> dict[str, Any]:
    """The one activity, of which every second is a sample on one line of time, but for those within pauses."""
    (activity,) = result.activities.iter_rows(named=True)
    times = result.samples["time_utc"]
    assert result.samples.height == length_s + 1 - pauses_s
    assert (times[-1] - times[0]).total_seconds() == length_s
    assert times.is_sorted()
    assert result.samples["moving_s"].sum() == length_s - pauses_s - (pauses if pauses_s else 0)
    assert result.rejects.is_empty()
    return activity
