"""What the command line writes into the runner's own CSV is what the reader of hand-made logs reads from it."""

from __future__ import annotations

from datetime import date

import pytest

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.read.strength import read_strength
from hipdrive.read.strength.own_log import row_of_nothing, rows_of_programme, rows_of_sets, with_rows

DAY = date(2026, 3, 2)
CATALOGUE = load_catalogue()


def test_sets_are_read_as_they_were_said() -> None:
    rows = rows_of_sets("Hip thrust", ["3x8@60", "5@150lb"], DAY, weight_unit="kg", rpe="8")
    rows += rows_of_sets("Side plank", ["30s"], DAY, weight_unit="kg", side="left")
    rows += rows_of_sets("Straight-leg bounds", ["2x60m"], DAY, weight_unit="kg", notes="grass, wet")
    log = read_strength(with_rows("", rows).encode(), "log.csv")
    assert log.sets.select("exercise_name", "reps", "weight", "weight_unit", "hold_s", "distance", "rpe").rows() == [
        *[("Hip thrust", 8.0, 60.0, "kg", None, None, 8.0)] * 3,
        ("Hip thrust", 5.0, 150.0, "lb", None, None, 8.0),
        ("Side plank", None, None, None, 30.0, None, None),
        *[("Straight-leg bounds", None, None, None, None, 60.0, None)] * 2,
    ]
    assert log.sets["side"].to_list()[4] == "left"
    assert log.sets["notes"].to_list()[-1] == "grass, wet"


def test_the_programme_is_its_five_items_at_the_lower_end() -> None:
    log = read_strength(with_rows("", rows_of_programme(CATALOGUE.exercises, DAY, 2)).encode(), "log.csv")
    resolver = Resolver(CATALOGUE, {})
    items = CATALOGUE.exercises.filter("in_programme")["exercise"].to_list()
    assert [resolver.resolve(name).exercise for name in log.sets["exercise_name"]] == [
        key for key in items for _ in "ab"
    ]
    assert log.sets["reps"].to_list()[::2] == [20.0, 15.0, 15.0, None, 8.0]
    assert log.sets["distance"].to_list()[6] == 50.0


def test_days_without_strength_work_are_read_as_such() -> None:
    rows = [row_of_nothing(DAY, date(2026, 3, 8)), row_of_nothing(date(2026, 3, 10), date(2026, 3, 10))]
    log = read_strength(with_rows("", rows).encode(), "log.csv")
    assert log.none_spans.select("first_date", "last_date").rows() == [
        (DAY, date(2026, 3, 8)),
        (date(2026, 3, 10), date(2026, 3, 10)),
    ]


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_rows_are_added_under_the_header_that_stands(end: str) -> None:
    before = "date;exercise;sets;reps;weight\n2026-03-01;Squat;1;5;80" + end
    after = with_rows(before, rows_of_sets("Hip thrust", ["3x8@60"], DAY, weight_unit="kg"))
    assert after.startswith("date;exercise;sets;reps;weight\n2026-03-01;Squat;1;5;80\n")
    assert after.endswith("2026-03-02;Hip thrust;3;8;60kg\n")


def test_a_header_without_a_column_for_what_is_said_is_not_touched() -> None:
    with pytest.raises(ValueError, match="no column “until”"):
        with_rows("date,exercise,reps\n", [row_of_nothing(DAY, date(2026, 3, 8))])


@pytest.mark.parametrize("text", ["5-8", "heavy", "3x8@heavy"])
def test_what_is_no_set_is_not_written(text: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        rows_of_sets("Hip thrust", [text], DAY, weight_unit="kg")
