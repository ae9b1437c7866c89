from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.experiment import declare_experiment, judge_experiment, measure_adherence, randomised_pairs

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


def test_the_same_seed_draws_the_same_blocks_in_pairs() -> None:
    now = datetime(2023, 12, 28, 20, tzinfo=UTC)
    plan_row, blocks = declare_experiment("me", now, MONDAY, seed=7)
    assert blocks.equals(declare_experiment("me", now, MONDAY, seed=7)[1])
    assert plan_row.row(0, named=True) == {
        "plan_id": "me-2024-01-01-7",
        "athlete_id": "me",
        "declared_utc": now,
        "seed": 7,
        "block_weeks": 8,
    }
    arms = blocks["arm"].to_list()
    assert all({one, other} == {"on", "off"} for one, other in zip(arms[::2], arms[1::2], strict=True))
    assert blocks["start_date"][1] == MONDAY + timedelta(weeks=8)
    assert blocks["end_date"][-1] == MONDAY + timedelta(weeks=96, days=-1)
    assert len(randomised_pairs(blocks, MONDAY, 96)) == 6


def test_other_seeds_draw_other_orders() -> None:
    now = datetime(2023, 12, 28, 20, tzinfo=UTC)
    first = {tuple(declare_experiment("me", now, MONDAY, seed)[1]["arm"]) for seed in range(40)}
    assert len(first) > 20


@pytest.mark.parametrize("start", [MONDAY, MONDAY + timedelta(days=9)])
def test_an_experiment_is_declared_before_it_begins_and_begins_on_a_monday(start: date) -> None:
    with pytest.raises(ValueError, match="is no Monday to come"):
        declare_experiment("me", datetime(2024, 1, 1, 6, tzinfo=UTC), start, seed=1)


@pytest.mark.parametrize("pairs", [0, 13])
def test_an_experiment_has_one_to_twelve_pairs(pairs: int) -> None:
    with pytest.raises(ValueError, match="take 1 to 12 pairs"):
        declare_experiment("me", datetime(2023, 12, 28, tzinfo=UTC), MONDAY, seed=1, pairs=pairs)


def test_adherence_is_the_share_of_the_programme_done_in_known_weeks() -> None:
    blocks = plan("+-+").with_columns(plan_id=pl.lit("p"))
    weeks = pl.DataFrame(
        {
            "week_start": [MONDAY + timedelta(weeks=week) for week in range(4)],
            "hip_dose": [1.5, 0.5, 0.2, 0.9],
            "dose_known": [True, True, True, False],
        }
    )
    assert measure_adherence(blocks, weeks)["adherence_fraction"].to_list() == [0.75, 0.2, None]
