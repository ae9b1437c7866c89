from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.experiment import judge_experiment, randomised_pairs

MONDAY = date(2024, 1, 1)


def plan(arms: str, weeks: int = 2, first: date = MONDAY) -> pl.DataFrame:
    starts = [first + timedelta(weeks=weeks * index) for index in range(len(arms))]
    return pl.DataFrame(
        {
            "block_index": range(len(arms)),
            "arm": ["on" if arm == "+" else "off" for arm in arms],
            "start_date": starts,
            "end_date": [start + timedelta(weeks=weeks, days=-1) for start in starts],
        }
    )


def test_pairs_are_weeks_on_and_weeks_off() -> None:
    assert randomised_pairs(plan("+--+"), MONDAY, 8) == (((0, 1), (2, 3)), ((6, 7), (4, 5)))


def test_a_plan_that_begins_later_keeps_its_place() -> None:
    assert randomised_pairs(plan("-+", first=MONDAY + timedelta(weeks=3)), MONDAY, 9) == (((5, 6), (3, 4)),)


def test_a_pair_that_has_not_ended_waits() -> None:
    assert randomised_pairs(plan("+--+"), MONDAY, 7) == (((0, 1), (2, 3)),)
    assert randomised_pairs(plan("+-"), MONDAY, 3) == ()


def test_a_pair_before_the_log_is_none() -> None:
    assert randomised_pairs(plan("+-", first=MONDAY - timedelta(weeks=1)), MONDAY, 9) == ()


def test_more_than_the_programme_makes_up_for_no_missed_week() -> None:
    found = judge_experiment(np.array([2.0, 0.5, 0.1, 0.0]), (((0, 1), (2, 3)),), 0.03)
    assert found.done_on == pytest.approx(0.75)
    assert found.done_off == pytest.approx(0.05)
    assert found.was_kept
