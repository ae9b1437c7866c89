"""A declared experiment as it goes."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from hipdrive.estimate.declared import Tonight, block_of, done_by_arm, silent_off_days

MONDAY = date(2026, 3, 2)
BLOCKS = pl.DataFrame(
    {
        "block_index": [0, 1, 2],
        "start_date": [MONDAY + timedelta(weeks=4 * block) for block in range(3)],
        "end_date": [MONDAY + timedelta(weeks=4 * block + 4, days=-1) for block in range(3)],
        "arm": ["on", "off", "on"],
        "adherence_fraction": [0.8, None, 0.6],
    }
)


def test_weeks_and_blocks_are_counted_from_one() -> None:
    last = MONDAY + timedelta(weeks=12, days=-1)
    assert block_of(BLOCKS, MONDAY) == Tonight("on", 1, 3, 1, 12, MONDAY + timedelta(days=27), last)
    assert block_of(BLOCKS, MONDAY + timedelta(days=28)) == Tonight(
        "off", 2, 3, 5, 12, MONDAY + timedelta(days=55), last
    )
    assert block_of(BLOCKS.reverse(), last) == Tonight("on", 3, 3, 12, 12, last, last)


@pytest.mark.parametrize("days", [-1, 84])
def test_no_block_holds_a_day_before_or_after(days: int) -> None:
    assert block_of(BLOCKS, MONDAY + timedelta(days=days)) is None


def test_an_arm_of_which_nothing_is_known_has_no_mean() -> None:
    assert done_by_arm(BLOCKS) == {"on": pytest.approx(0.7)}


ON_AND_OFF = pl.DataFrame(
    {
        "arm": ["on", "off"],
        "start_date": [date(2026, 3, 2), date(2026, 4, 27)],
        "end_date": [date(2026, 4, 26), date(2026, 6, 21)],
    }
)
LOG_OF_ON = pl.DataFrame({"first_date": [date(2026, 3, 2)], "last_date": [date(2026, 4, 25)]})
LOG_OF_BOTH = pl.DataFrame({"first_date": [date(2026, 3, 2)], "last_date": [date(2026, 6, 21)]})


@pytest.mark.parametrize(
    ("spans", "tonight", "silent"),
    [
        (LOG_OF_ON, date(2026, 5, 4), (date(2026, 4, 27), date(2026, 5, 3))),
        (LOG_OF_ON, date(2026, 8, 1), (date(2026, 4, 27), date(2026, 6, 21))),
        (LOG_OF_ON, date(2026, 4, 27), None),  # the block begins today
        (LOG_OF_BOTH, date(2026, 8, 1), None),
        (LOG_OF_ON.clear(), date(2026, 4, 28), (date(2026, 4, 27), date(2026, 4, 27))),
    ],
)
def test_a_block_off_without_a_word_asks_for_one(
    spans: pl.DataFrame, tonight: date, silent: tuple[date, date] | None
) -> None:
    assert silent_off_days(ON_AND_OFF, spans, tonight) == silent
