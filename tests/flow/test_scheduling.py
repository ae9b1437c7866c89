"""When a night was due last, also where clocks are changed, and whether it was missed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hipdrive.cli.scheduling import last_firing, was_missed
from hipdrive.errors import WrongUse
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
