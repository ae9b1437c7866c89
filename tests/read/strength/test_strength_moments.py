"""Dates as phones write them, and which day a doubtful one is."""

# ruff: noqa: DTZ001  a log tells the time of the athlete's own clock
from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hipdrive.read.strength.moments import DateOrder, Moment, date_order, parse_moments


def moment(text: str, *, day_first: bool | None = None) -> Moment | str:
    return parse_moments([text], DateOrder(day_first))[text]


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
        ("6 sept 2025, 6:30 p. m.", datetime(2025, 9, 6, 18, 30)),
        ("6 sept 2025, 6:30 a. m.", datetime(2025, 9, 6, 6, 30)),
        ("6 déc. 2025, 18h30", datetime(2025, 12, 6, 18, 30)),
        ("6 mag 2025, 18.30", datetime(2025, 5, 6, 18, 30)),
        ("6. maj 2025, 18.30.15", datetime(2025, 5, 6, 18, 30, 15)),
        ("6 mrt. 2025, 18:30", datetime(2025, 3, 6, 18, 30)),
        ("6 paź 2025, 18:30", datetime(2025, 10, 6, 18, 30)),
        ("6 Şub 2025, 18:30", datetime(2025, 2, 6, 18, 30)),
        ("6 мая 2025, 18:30", datetime(2025, 5, 6, 18, 30)),
        ("2025年1月6日 18:30", datetime(2025, 1, 6, 18, 30)),
        ("mar 6 may 2025, 18:30", datetime(2025, 5, 6, 18, 30)),  # martes
        ("Monday, January 6, 2025 at 6:30 PM", datetime(2025, 1, 6, 18, 30)),
        ("Di., 14.01.2025 18:30", datetime(2025, 1, 14, 18, 30)),
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


@pytest.mark.parametrize("text", ["31.02.2026", "2026-02-30", "99/99/2026", "31. Februar 2026"])
def test_days_that_no_calendar_has_are_causes(text: str) -> None:
    assert isinstance(moment(text, day_first=True), str)


def test_the_third_of_march_is_one_day_either_way() -> None:
    assert moment("03/03/2026") == Moment(datetime(2026, 3, 3), None, has_clock=False)
    assert date_order(["03/03/2026"]) == DateOrder(None)


def test_day_and_month_are_read_in_the_order_that_was_found() -> None:
    assert moment("03/04/26", day_first=True) == Moment(datetime(2026, 4, 3), None, has_clock=False)
    assert moment("03/04/26", day_first=False) == Moment(datetime(2026, 3, 4), None, has_clock=False)


def test_a_date_that_nothing_settles_names_the_setting_that_would() -> None:
    assert date_order(["03/04/2026", "04/03/2026"]) == DateOrder(None)
    assert moment("03/04/2026") == (
        "“03/04/2026” could be two days, and nothing else in the file tells which; "
        "set strength.date_order in hipdrive.toml"
    )


@pytest.mark.parametrize(("other", "day_first"), [("25/03/2026", True), ("03/25/2026", False)])
def test_another_date_of_the_file_comes_before_all_else(other: str, *, day_first: bool) -> None:
    order = date_order(["03/04/2026", other], by_settings=not day_first, by_format=not day_first)
    assert order.day_first is day_first
    assert order.remark == (
        f"“03/04/2026” is read {'day' if day_first else 'month'} first, as another date of the file shows"
    )


def test_a_file_that_contradicts_itself_leaves_the_doubtful_dates_open() -> None:
    texts = ["03/04/2026", "03/25/2026", "25/03/2026"]
    order = date_order(texts, by_settings=True, by_format=True)
    parsed = parse_moments(texts, order)
    assert order == DateOrder(None)
    assert isinstance(parsed["03/04/2026"], str)
    assert parsed["03/25/2026"] == parsed["25/03/2026"]


def test_dates_with_points_begin_with_the_day_in_every_country() -> None:
    assert date_order(["03.04.2026"], by_settings=False) == DateOrder(day_first=True)


@pytest.mark.parametrize(
    ("texts", "day_first"),
    [
        (["01/06/2026", "02/03/2026", "03/05/2026"], False),  # forwards: 6 January, 3 February, 5 March
        (["03/05/2026", "02/03/2026", "01/06/2026"], False),  # newest first
        (["05/03/2026", "03/02/2026", "06/01/2026"], True),
        (["01/06/2026", "02/03/2026"], None),  # two days are in order either way
        (["01/02/2026", "03/04/2026", "05/06/2026"], None),  # in order either way
        (["01/06/2026", "05/03/2026", "02/01/2026", "04/08/2026"], None),  # in order neither way
    ],
)
def test_rows_in_order_of_time_tell_day_from_month(texts: list[str], *, day_first: bool | None) -> None:
    assert date_order(texts).day_first is day_first


def test_the_settings_come_before_the_rule_of_the_format() -> None:
    by_settings = date_order(["03/04/2026"], by_settings=False, by_format=True)
    assert by_settings == DateOrder(
        day_first=False, remark="“03/04/2026” is read month first, as strength.date_order in hipdrive.toml says"
    )
    assert date_order(["03/04/2026"], by_format=True).day_first is True
