from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from benchmarks.histories import make_history
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.experiment import (
    declare_experiment,
    ended_pairs,
    judge_experiment,
    measure_adherence,
    next_monday,
)

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
    assert ended_pairs(plan("+--+"), MONDAY, 8) == (((0, 1), (2, 3)), ((6, 7), (4, 5)))


def test_a_plan_that_begins_later_keeps_its_place() -> None:
    assert ended_pairs(plan("-+", first=MONDAY + timedelta(weeks=3)), MONDAY, 9) == (((5, 6), (3, 4)),)


def test_a_draw_is_tested_once_at_its_end() -> None:
    assert ended_pairs(plan("+--+"), MONDAY, 7) == ()
    assert len(ended_pairs(plan("+--+"), MONDAY, 8)) == 2


def test_of_two_plans_the_one_that_has_ended_is_tested() -> None:
    first, second = plan("+-"), plan("-+", first=MONDAY + timedelta(weeks=4))
    both = pl.concat([second.with_columns(plan_id=pl.lit("a")), first.with_columns(plan_id=pl.lit("b"))])
    assert ended_pairs(both, MONDAY, 7) == (((0, 1), (2, 3)),)
    assert ended_pairs(both, MONDAY, 8) == (((0, 1), (2, 3)), ((6, 7), (4, 5)))


@pytest.mark.parametrize(
    ("days", "monday"),
    [
        ([date(2024, 1, 1)], date(2024, 1, 8)),
        ([date(2024, 1, 7)], date(2024, 1, 8)),
        ([date(2024, 1, 7), date(2024, 1, 8)], date(2024, 1, 15)),
    ],
)
def test_an_experiment_begins_on_the_monday_to_come(days: list[date], monday: date) -> None:
    assert next_monday(*days) == monday


def test_a_pair_before_the_log_is_none() -> None:
    assert ended_pairs(plan("+-", first=MONDAY - timedelta(weeks=1)), MONDAY, 9) == ()


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
    assert len(ended_pairs(blocks, MONDAY, 96)) == 6


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
    blocks = pl.concat([plan("+-+").with_columns(plan_id=pl.lit(name)) for name in ("p", "q")])
    plans = pl.DataFrame({"plan_id": ["p", "q"], "athlete_id": ["me", "you"]})
    weeks = pl.DataFrame(
        {
            "athlete_id": ["me"] * 4 + ["you"],
            "week_start": [*(MONDAY + timedelta(weeks=week) for week in range(4)), MONDAY],
            "hip_dose": [1.5, 0.5, 0.2, 0.9, 0.1],
            "dose_known": [True, True, True, False, True],
        }
    )
    measured = measure_adherence(plans, blocks, weeks)
    assert measured["adherence_fraction"].to_list() == [0.75, 0.2, None, 0.1, None, None]
    assert measure_adherence(plans, measured, weeks).equals(measured)


def drawn_history(effect: float, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """96 weeks of a made-up runner who kept the blocks that were drawn, and those blocks."""
    weeks = make_history("random8", 96, effect, seed).weeks
    is_on = (weeks["hip_dose"].to_numpy().reshape(12, 8).mean(axis=1) > 0.4).tolist()
    blocks = plan("".join("+" if on else "-" for on in is_on), weeks=8, first=weeks["week_start"][0])
    return weeks, blocks


def test_a_kept_experiment_with_a_large_effect_is_supported() -> None:
    weeks, blocks = drawn_history(0.12, 3)
    effect = estimate_effect(weeks, blocks)
    assert effect.experiment is not None
    assert effect.experiment.was_kept
    assert effect.experiment.p_value == effect.shift_p_value
    assert effect.verdict == "supported"


def test_a_running_experiment_has_no_say() -> None:
    weeks, blocks = drawn_history(0.12, 3)
    assert estimate_effect(weeks.head(95), blocks) == estimate_effect(weeks.head(95))
    assert estimate_effect(weeks.head(95), blocks).experiment is None


def test_the_exact_test_of_draws_keeps_its_level() -> None:
    """Of runners without an effect no more than a share p have a p as small: 60 draws of 64, to four errors."""
    found = [estimate_effect(*drawn_history(0.0, seed)).shift_p_value or 1.0 for seed in range(60)]
    for level in (0.05, 0.25, 0.5):
        assert np.mean([p <= level for p in found]) <= level + 4 * np.sqrt(level * (1 - level) / 60)
    assert np.mean([p <= 0.5 for p in found]) >= 0.5 - 4 * np.sqrt(0.25 / 60)
