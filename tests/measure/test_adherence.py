"""What was done of what was prescribed, item by item."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import dataframely as dy
import polars as pl
import pytest

from hipdrive.catalogue import load_exercises
from hipdrive.measure.adherence import (
    ItemAdherence,
    adherence_by_item,
    measure_adherence,
    programme_done,
    share_done,
    share_of_programme,
    skipped_most,
)
from hipdrive.tables.strength import ProgrammeWeek
from hipdrive.tables.weeks import Week

MONDAY = date(2026, 3, 2)
ITEMS = ("hip_thrust", "romanian_deadlift", "hamstring_stretch")


def items_done(
    done: dict[str, list[float]], known: list[bool] | None = None, last_weeks: int = 4
) -> list[ItemAdherence]:
    """Adherence by item of weeks with so many sets done of four prescribed each."""
    count = len(next(iter(done.values())))
    weeks = [MONDAY + timedelta(weeks=index) for index in range(count)]
    programme = pl.DataFrame(
        {
            "athlete_id": "me",
            "week_start": [week for week in weeks for _ in done],
            "exercise": [name for _ in weeks for name in done],
            "is_strengthening": [name != "hamstring_stretch" for _ in weeks for name in done],
            "prescribed_sets": 4.0,
            "done_sets": [sets[index] for index in range(count) for sets in done.values()],
        }
    ).with_columns(adherence_fraction=share_done())
    lived = pl.DataFrame({"week_start": weeks, "is_complete": True, "dose_known": known or [True] * count})
    return adherence_by_item(
        ProgrammeWeek.validate(programme, cast=True),
        cast("dy.DataFrame[Week]", lived),  # the columns that count
        load_exercises(),
        last_weeks,
    )


def test_a_week_counts_as_touched_from_its_first_set_on() -> None:
    (squeezed, full) = items_done({"hip_thrust": [0, 0, 1, 2], "romanian_deadlift": [4, 4, 4, 4]})
    assert (squeezed.exercise, squeezed.weeks_touched, squeezed.weeks) == ("hip_thrust", 2, 4)
    assert squeezed.done_fraction == pytest.approx((0 + 0 + 1 / 4 + 2 / 4) / 4)
    assert (full.weeks_touched, full.done_fraction) == (4, 1.0)


def test_only_the_last_known_weeks_count() -> None:
    (last,) = items_done({"hip_thrust": [4, 4, 0, 4]}, last_weeks=2)
    assert (last.weeks, last.done_fraction) == (2, 0.5)
    (known,) = items_done({"hip_thrust": [4, 4, 0, 4]}, known=[True, True, False, True], last_weeks=2)
    assert (known.weeks, known.done_fraction) == (2, 1.0)


def test_more_than_prescribed_is_all_and_no_more() -> None:
    frame = pl.DataFrame({"done_sets": [0.0, 2.0, 4.0, 5.0], "prescribed_sets": 4.0, "dose": [0.0, 0.5, 1.0, 1.2]})
    assert frame.select(share_done()).to_series().to_list() == [0, 0.5, 1, 1]
    assert frame.select(share_of_programme(pl.col("dose"))).to_series().to_list() == [0, 0.5, 1, 1]


def test_the_stretch_is_shown_apart() -> None:
    found = items_done({"hip_thrust": [2], "romanian_deadlift": [4], "hamstring_stretch": [0]})
    assert programme_done(found) == 0.75
    assert programme_done([item for item in found if not item.is_strengthening]) is None


@pytest.mark.parametrize(("least", "is_named"), [(0.70, True), (0.701, False), (0.75, False)])
def test_an_item_is_named_as_skipped_from_five_points_below_the_programme(least: float, *, is_named: bool) -> None:
    items = [ItemAdherence("a", "A", True, least, 1, 1), ItemAdherence("b", "B", True, 1.5 - least, 1, 1)]
    assert programme_done(items) == 0.75
    assert (skipped_most(items) is not None) == is_named
    assert skipped_most([]) is None


def test_a_week_of_the_programme_is_the_mean_of_its_strengthening_items() -> None:
    week = {"athlete_id": "me", "week_start": MONDAY, "prescribed_sets": 4.0, "done_sets": 0.0}
    rows = [
        {**week, "exercise": name, "is_strengthening": name != ITEMS[2], "adherence_fraction": done}
        for name, done in zip(ITEMS, (0.25, 0.75, 1.0), strict=True)
    ]
    measured = measure_adherence(ProgrammeWeek.validate(pl.DataFrame(rows)))
    assert measured.rows() == [("me", MONDAY, 0.5)]


def test_a_week_has_the_columns_that_adherence_asks_for() -> None:
    assert {"week_start", "is_complete", "dose_known"} <= set(Week.columns())
