from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hipdrive.report import words


@pytest.mark.parametrize(
    ("fraction", "half_width", "expected"),
    [
        (0.034, 0.02, "+3.4\u202f%"),
        (-0.034, 0.02, "\u22123.4\u202f%"),
        (0.034, 0.0999, "+3.4\u202f%"),
        (0.034, 0.10, "+3\u202f%"),
        (0.0004, 0.01, "0\u202f%"),
        (-0.0004, 0.01, "0\u202f%"),
        (0.004, 0.20, "0\u202f%"),
    ],
)
def test_percent_is_rounded_by_its_uncertainty(fraction: float, half_width: float, expected: str) -> None:
    assert words.signed_percent(fraction, half_width) == expected


def test_what_was_set_keeps_its_own_decimals() -> None:
    assert [words.exact_percent(value) for value in (0.04, 0.025, 0.0, -0.01)] == [
        "+4\u202f%",
        "+2.5\u202f%",
        "0\u202f%",
        "\u22121\u202f%",
    ]


@pytest.mark.parametrize(
    ("s_per_km", "expected"), [(310.0, "5:10/km"), (299.6, "5:00/km"), (359.49, "5:59/km"), (3599.9, "60:00/km")]
)
def test_pace_carries_seconds_into_minutes(s_per_km: float, expected: str) -> None:
    assert words.pace(s_per_km) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (0.034, f"{round(310 - 310 / 1.034)} s/km faster"),
        (-0.034, f"{round(310 / 0.966 - 310)} s/km slower"),
        (0.001, "0 s/km"),
        (0.0017, "1 s/km faster"),
    ],
)
def test_a_faster_runner_needs_fewer_seconds(change: float, expected: str) -> None:
    assert words.seconds_a_km(change, 310.0) == expected


def test_one_week_is_no_weeks() -> None:
    assert [words.count(number, "week") for number in (0, 1, 2, 1204)] == [
        "0 weeks",
        "1 week",
        "2 weeks",
        "1,204 weeks",
    ]


def test_addresses_in_file_names_are_masked() -> None:
    masked = words.without_addresses("zip/first.last+run@mail.example.org_118.fit and a@b.de")
    assert "@" not in masked
    assert masked == "zip/(address)_118.fit and (address)"


def test_dates_have_no_leading_zero() -> None:
    assert (words.day(date(2026, 3, 3)), words.short_day(date(2026, 3, 3))) == ("3 March 2026", "3 Mar 2026")


def test_long_spans_are_told_in_years() -> None:
    assert [words.span(weeks) for weeks in (1, 103, 104, 130, 522)] == [
        "1 week",
        "103 weeks",
        "2 years",
        "2.5 years",
        "10 years",
    ]


def test_a_hyphen_before_a_number_becomes_a_minus_and_nothing_else_does() -> None:
    assert words.with_minus("by -0.84 (-0.86 to -0.85), 8.6 % slower") == (
        "by \u22120.84 (\u22120.86 to \u22120.85), 8.6\u202f% slower"
    )
    assert (
        words.with_minus("hip-extension on 2026-11-05, a 5-week block") == "hip-extension on 2026-11-05, a 5-week block"
    )


def test_a_sign_is_a_sign_and_nothing_has_none() -> None:
    assert [words.signed(value) for value in (0.424, -0.1, -0.004)] == ["+0.42", "\u22120.10", "0.00"]
    assert words.signed(-2.04, 1) == "\u22122.0"


def test_points_of_a_percentage_have_two_digits() -> None:
    assert [words.points(value) for value in (4.63, 9.96, 12.4)] == ["4.6", "10.0", "12"]


def test_a_number_and_its_unit_are_never_parted() -> None:
    assert words.measured(252.4, "ms") == f"252{words.THIN}ms"
    assert words.number(10_000) == "10,000"


def test_a_day_a_month_and_a_moment() -> None:
    assert words.day_and_month(date(2026, 3, 3)) == "3 Mar"
    assert words.month(date(2026, 3, 3)) == "March 2026"
    assert words.moment(datetime(2026, 3, 3, 3, 5, tzinfo=UTC)) == "3 Mar 2026, 03:05 UTC"


def test_a_change_of_speed_as_people_say_it() -> None:
    assert words.faster_or_slower(0.0312) == "3.1 % faster"
    assert words.faster_or_slower(-0.004) == "0.4 % slower"
    assert words.faster_or_slower(0.0001) == "unchanged"
    assert words.seconds_faster_or_slower(0.02, 300) == "6 s faster"
    assert words.seconds_faster_or_slower(-0.02, 300) == "6 s slower"
    assert words.seconds_faster_or_slower(0.0005, 300) == "0 s"
