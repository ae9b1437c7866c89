"""Numbers and durations as phones write them."""

from __future__ import annotations

import pytest

from hipdrive.read.strength.values import grouping_mark, parse_duration_s, parse_number, ungrouped


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
        ("1:30 Minuten", 90),
        ("1:30 min", 90),
        ("1:30 h", 3600 + 30 * 60),
        ("00:01:00 h", 60),
        ("0m", 0),
        ("soon", None),
        ("3 apples", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration_s(text) == seconds


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["62.5", "1,000"], ","),
        (["62,5", "1.000"], "."),
        (["62,5", "62.5", "1.000"], None),
        (["1,000", "40"], None),
        (["60.000", "62.500"], None),
        (["1.234,5", "60"], None),
        ([], None),
    ],
)
def test_a_columns_other_numbers_tell_which_mark_groups_thousands(texts: list[str], mark: str | None) -> None:
    assert grouping_mark(texts) == mark


def test_only_a_whole_group_of_three_loses_its_mark() -> None:
    assert ungrouped("1,000", ",") == "1000"
    assert ungrouped("1,00", ",") == "1,00"
    assert ungrouped("-12,000,000", ",") == "-12000000"
