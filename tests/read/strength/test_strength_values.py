"""Numbers, durations and dates as phones write them."""

# ruff: noqa: DTZ001  a log tells the time of the athlete's own clock
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hipdrive.read.strength.values import Moment, parse_duration_s, parse_moments, parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60", 60.0),
        ("60.5", 60.5),
        ("60,5", 60.5),
        ("0,00 kg", 0.0),
        ("20 ripetizioni", 20.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("12,500", 12.5),
        (" 7 ", 7.0),
        ("-3", -3.0),
        ("+3", 3.0),
        ("6.803893642", 6.803893642),
        ("8x", 8.0),
        ("1 000", 1000.0),
        ("abc", None),
        ("", None),
        ("1-2", None),
        ("12:30", None),
        ("1.2.3", None),
        ("5 kg 3", None),
    ],
)
def test_numbers(text: str, number: float | None) -> None:
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1h 7m", 3600 + 7 * 60),
        ("31m", 31 * 60),
        ("20s", 20),
        ("31min", 31 * 60),
        ("2h 30m 15s", 2 * 3600 + 30 * 60 + 15),
        ("1 Std. 5 Min.", 3600 + 5 * 60),
        ("1 ora 5 minuti", 3600 + 5 * 60),
        ("60 secondi", 60),
        ("01:23:45", 3600 + 23 * 60 + 45),
        ("23:45", 23 * 60 + 45),
        ("0:01:30", 90),
        ("3600", 3600),
        ("0m", 0),
        ("soon", None),
        ("3 apples", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration_s(text) == seconds


def moment(text: str, **options: bool) -> Moment | str:
    return parse_moments([text], **options)[text]


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("2026-03-02 18:30:00", datetime(2026, 3, 2, 18, 30)),
        ("2026-03-02T18:30:00", datetime(2026, 3, 2, 18, 30)),
        ("2026/3/2 5:49", datetime(2026, 3, 2, 5, 49)),
        ("2026-03-02 6:30:00\u202fPM", datetime(2026, 3, 2, 18, 30)),
        ("2026-03-02 12:05 AM", datetime(2026, 3, 2, 0, 5)),
        ("30 Jun 2025, 19:56", datetime(2025, 6, 30, 19, 56)),
        ("Jan 15, 2024 10:30 AM", datetime(2024, 1, 15, 10, 30)),
        ("15. März 2026, 19:56", datetime(2026, 3, 15, 19, 56)),
        ("15 août 2026, 19:56", datetime(2026, 8, 15, 19, 56)),
        ("15 mag 2026, 19:56", datetime(2026, 5, 15, 19, 56)),
        ("8 de abr. de 2026, 16:50", datetime(2026, 4, 8, 16, 50)),
        ("15 dic 2026, 19:56", datetime(2026, 12, 15, 19, 56)),
        ("29.04.2025 12:00:00", datetime(2025, 4, 29, 12, 0)),
    ],
)
def test_dates_on_the_athletes_clock(text: str, local: datetime) -> None:
    assert moment(text) == Moment(local, None, has_clock=True)


def test_a_day_alone_has_no_clock() -> None:
    assert moment("2026-03-02") == Moment(datetime(2026, 3, 2), None, has_clock=False)


def test_an_offset_gives_both_clocks_and_utc_only_one() -> None:
    assert moment("2026-03-02T18:30:00+05:30") == Moment(
        datetime(2026, 3, 2, 18, 30), datetime(2026, 3, 2, 13, 0, tzinfo=UTC), has_clock=True
    )
    assert moment("2026-03-02T18:30:00Z") == Moment(None, datetime(2026, 3, 2, 18, 30, tzinfo=UTC), has_clock=True)


def test_the_formats_own_order_decides_where_the_file_does_not() -> None:
    assert moment("03/04/26", day_first=True) == Moment(datetime(2026, 4, 3), None, has_clock=False)
    assert moment("03/04/26", day_first=False) == Moment(datetime(2026, 3, 4), None, has_clock=False)


def test_the_file_beats_the_formats_own_order() -> None:
    texts = ["03/04/2026", "03/25/2026"]
    assert parse_moments(texts, day_first=True)["03/04/2026"] == Moment(datetime(2026, 3, 4), None, has_clock=False)


def test_a_file_that_contradicts_itself_leaves_the_doubtful_dates_open() -> None:
    parsed = parse_moments(["03/04/2026", "03/25/2026", "25/03/2026"])
    assert isinstance(parsed["03/04/2026"], str)
    assert parsed["03/25/2026"] == parsed["25/03/2026"]


def test_the_third_of_march_is_one_day_either_way() -> None:
    assert moment("03/03/2026") == Moment(datetime(2026, 3, 3), None, has_clock=False)


@pytest.mark.parametrize("text", ["31.02.2026", "2026-02-30", "99/99/2026"])
def test_days_that_no_calendar_has_are_causes(text: str) -> None:
    assert isinstance(moment(text), str)
