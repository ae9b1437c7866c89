"""When a night was due last, also where clocks are changed, and whether it was missed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hipdrive.cli.scheduling import last_firing, was_missed
from hipdrive.cli.server import undisturbed, until_asked_to_stop
from hipdrive.errors import WrongUse
from hipdrive.flows.schedule import run_until
from hipdrive.night.record import NightRecord
from hipdrive.settings import Home
from hipdrive.warehouse import write_night

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "due_utc"),
    [
        (datetime(2026, 3, 3, 4, 0, tzinfo=BERLIN), datetime(2026, 3, 3, 2, 30, tzinfo=UTC)),
        (datetime(2026, 3, 3, 3, 29, tzinfo=BERLIN), datetime(2026, 3, 2, 2, 30, tzinfo=UTC)),
        (datetime(2026, 3, 29, 3, 45, tzinfo=BERLIN), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 3, 45, tzinfo=BERLIN), datetime(2026, 10, 25, 2, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 3, 15, tzinfo=BERLIN), datetime(2026, 10, 24, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_night_was_due_at_its_time_of_the_zone(now: datetime, due_utc: datetime) -> None:
    assert last_firing("03:30", now).astimezone(UTC) == due_utc


def test_what_is_no_time_of_day_is_refused() -> None:
    with pytest.raises(WrongUse, match="“25:00” is not a valid time of day"):
        last_firing("25:00", datetime(2026, 3, 3, tzinfo=BERLIN))


def test_a_night_is_missed_when_no_good_one_came_since(home: Home) -> None:
    due = datetime(2026, 3, 3, 3, 30, tzinfo=BERLIN)
    assert not was_missed(home, due)
    write_night(home, NightRecord(datetime(2026, 3, 2, 2, 30, tzinfo=UTC)).row("done", None))
    assert was_missed(home, due)
    write_night(home, NightRecord(datetime(2026, 3, 3, 2, 31, tzinfo=UTC)).row("stopped", "a full disk"))
    assert was_missed(home, due)
    write_night(home, NightRecord(datetime(2026, 3, 3, 2, 40, tzinfo=UTC)).row("needs_a_person", None))
    assert not was_missed(home, due)


@pytest.fixture
def no_other_loop() -> Iterator[None]:
    """A browser that other tests of this process drive keeps its event loop running in this thread."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(running)


@pytest.mark.usefixtures("no_other_loop")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_however_often_it_is_told_to_end_it_clears_up_once(number: signal.Signals) -> None:
    before, cleared = signal.getsignal(number), []

    async def never_ending() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # as a runner of Prefect does: it would end the process
        await asyncio.sleep(0)
        os.kill(os.getpid(), number)
        try:
            await asyncio.sleep(60)
        finally:
            os.kill(os.getpid(), number)
            await asyncio.sleep(0.01)
            cleared.append(number)

    with until_asked_to_stop() as stop:
        stop.is_awaited = True
        asyncio.run(run_until(lambda: stop.is_set, never_ending))
        os.kill(os.getpid(), number)
        cleared.append(number)
    assert cleared == [number, number]
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("made_of_it", [KeyboardInterrupt, RuntimeError])
def test_being_told_while_it_starts_is_no_error_whatever_a_library_makes_of_it(
    made_of_it: type[BaseException],
) -> None:
    with until_asked_to_stop() as stop:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            raise made_of_it from None
    assert stop.is_set


@pytest.mark.usefixtures("no_other_loop")
def test_what_breaks_is_not_taken_for_being_told() -> None:
    async def broken() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"), until_asked_to_stop() as stop:
        asyncio.run(run_until(lambda: stop.is_set, broken))


def test_a_short_piece_of_clearing_up_is_not_disturbed() -> None:
    before = signal.getsignal(signal.SIGINT)
    with undisturbed():
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
