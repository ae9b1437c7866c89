from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from benchmarks.histories import MadeHistory, make_history
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.answers import ask_plans
from hipdrive.estimate.experiment import (
    Span,
    declare_experiment,
    due_experiments,
    judge_experiment,
    measure_adherence,
    next_monday,
)
from hipdrive.estimate.history import read_history
from hipdrive.tables.estimates import Plan

if TYPE_CHECKING:
    from collections.abc import Callable

MONDAY = date(2024, 1, 1)
ASKED = datetime(2026, 3, 1, 3, 30, tzinfo=UTC)


LOT = {"plan_id": "lot", "athlete_id": "me", "declared_utc": datetime(2023, 1, 1, tzinfo=UTC), "seed": 1}
UNASKED = {"block_weeks": 8, "asked_utc": None, "draw_p_value": None, "verdict": None}
PLANS_OF_LOT = Plan.validate(pl.DataFrame([LOT | UNASKED]), cast=True)


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


def due(blocks: pl.DataFrame, known: int, told: int | None = None) -> tuple[Span, ...]:
    return due_experiments(blocks, MONDAY, known, known if told is None else told)


def test_pairs_are_weeks_on_and_weeks_off_counted_from_the_start() -> None:
    assert due(plan("+--+"), 8) == (Span("", 0, 7, (((0, 1), (2, 3)), ((6, 7), (4, 5))), 8),)


def test_a_plan_that_begins_later_keeps_its_place() -> None:
    (span,) = due(plan("-+", first=MONDAY + timedelta(weeks=3)), 9)
    assert (span.first, span.last, span.pairs) == (3, 6, (((2, 3), (0, 1)),))


def test_a_draw_is_asked_at_its_end_or_28_days_after_with_what_is_known() -> None:
    assert due(plan("+--+"), 7) == ()
    assert due(plan("+--+"), 8)[0].asked_at == 8
    assert due(plan("+--+"), 7, told=11) == ()
    (late,) = due(plan("+--+"), 7, told=12)
    assert (late.asked_at, late.last, len(late.pairs)) == (12, 3, 1)
    assert due(plan("+--+"), 3, told=30) == ()


def test_blocks_in_any_order_and_of_two_plans() -> None:
    first, second = plan("+-"), plan("-+", first=MONDAY + timedelta(weeks=4))
    both = pl.concat([second.with_columns(plan_id=pl.lit("a")), first.with_columns(plan_id=pl.lit("b"))])
    assert [span.plan_id for span in due(both, 7)] == ["b"]
    assert [span.plan_id for span in due(both.reverse(), 8)] == ["b", "a"]


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
    assert due(plan("+-", first=MONDAY - timedelta(weeks=1)), 9) == ()


def test_more_than_the_programme_makes_up_for_no_missed_week(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    history = read_history(draw_weeks(30, dose=[*[0.3] * 26, 2.0, 0.5, 0.1, 0.0]))
    assert history is not None
    found = judge_experiment(history, Span("p", 26, 29, (((0, 1), (2, 3)),), 30))
    assert found.done_on == pytest.approx(0.75)
    assert found.done_off == pytest.approx(0.05)
    assert found.was_kept
    assert not found.can_speak


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
        "asked_utc": None,
        "draw_p_value": None,
        "verdict": None,
    }
    arms = blocks["arm"].to_list()
    assert all({one, other} == {"on", "off"} for one, other in zip(arms[::2], arms[1::2], strict=True))
    assert blocks["start_date"][1] == MONDAY + timedelta(weeks=8)
    assert blocks["end_date"][-1] == MONDAY + timedelta(weeks=96, days=-1)
    assert len(due(blocks, 96)[0].pairs) == 6


def test_other_seeds_draw_other_orders() -> None:
    now = datetime(2023, 12, 28, 20, tzinfo=UTC)
    first = {tuple(declare_experiment("me", now, MONDAY, seed)[1]["arm"]) for seed in range(40)}
    assert len(first) > 20


@pytest.mark.parametrize("start", [MONDAY, MONDAY + timedelta(days=9)])
def test_an_experiment_is_declared_before_it_begins_and_begins_on_a_monday(start: date) -> None:
    with pytest.raises(ValueError, match="is not a Monday in the future"):
        declare_experiment("me", datetime(2024, 1, 1, 6, tzinfo=UTC), start, seed=1)


@pytest.mark.parametrize("pairs", [0, 13])
def test_an_experiment_has_one_to_twelve_pairs(pairs: int) -> None:
    with pytest.raises(ValueError, match="take 1 to 12 pairs"):
        declare_experiment("me", datetime(2023, 12, 28, tzinfo=UTC), MONDAY, seed=1, pairs=pairs)


def test_a_block_lasts_a_week_at_least() -> None:
    declared, week = datetime(2023, 12, 28, tzinfo=UTC), timedelta(days=7)
    for pairs in (1, 12):
        _, blocks = declare_experiment("me", declared, MONDAY, seed=1, pairs=pairs, block_weeks=1)
        assert blocks.height == 2 * pairs
        assert blocks["end_date"].max() == MONDAY + 2 * pairs * week - timedelta(days=1)
    with pytest.raises(ValueError, match="of a week or more"):
        declare_experiment("me", declared, MONDAY, seed=1, block_weeks=0)


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


def made(kind: str, before: int, pairs: int, effect: float, seed: int) -> MadeHistory:
    """So many weeks of a made-up runner's life, and then blocks that were drawn and kept."""
    return make_history(kind, before + 16 * pairs, effect, seed, pairs=pairs)


def test_a_kept_experiment_with_a_large_effect_is_supported() -> None:
    runner = made("clean", 0, 6, 0.12, 3)
    effect = estimate_effect(runner.weeks, runner.blocks)
    assert effect.experiment is not None
    assert effect.experiment.was_kept
    assert effect.experiment.p_value == effect.shift_p_value == 1 / 64
    assert effect.verdict == "supported"


def test_an_experiment_is_judged_by_its_own_weeks_and_the_dose_before_them() -> None:
    runner = made("race_cycles", 60, 5, 0.0, 4)
    all_weeks, own = estimate_effect(runner.weeks), estimate_effect(runner.weeks, runner.blocks)
    assert own.achieved != all_weeks.achieved
    assert own.decision.facts.known_weeks == 80
    assert own.weeks == all_weeks.weeks == 140
    # another life before it changes nothing but the dose that still acts
    before = pl.int_range(pl.len()) < 60
    faster = (
        pl.when(before)
        .then(1.3 * pl.col("speed_at_reference_hr_m_per_s"))
        .otherwise(pl.col("speed_at_reference_hr_m_per_s"))
    )
    assert estimate_effect(runner.weeks.with_columns(faster), runner.blocks).achieved == own.achieved
    lazier = pl.when(before).then(0.0).otherwise(pl.col("hip_dose")).alias("hip_dose")
    assert estimate_effect(runner.weeks.with_columns(lazier), runner.blocks).achieved != own.achieved


@pytest.mark.parametrize("pairs", [1, 2, 4])
def test_a_plan_of_fewer_than_five_pairs_has_no_say(pairs: int) -> None:
    runner = made("race_cycles", 104, pairs, 0.0, 5)
    without, declared = estimate_effect(runner.weeks), estimate_effect(runner.weeks, runner.blocks)
    assert declared.experiment is not None
    assert not declared.experiment.can_speak
    assert declared.achieved == without.achieved
    assert declared.checks == without.checks
    assert (declared.verdict, declared.shift_p_value) == (without.verdict, without.shift_p_value)


def test_a_plan_that_was_not_kept_has_no_say() -> None:
    runner = made("clean", 52, 6, 0.12, 3)
    lax = runner.weeks.with_columns(hip_dose=0.3 + 0.7 * pl.col("hip_dose"))
    without, declared = estimate_effect(lax), estimate_effect(lax, runner.blocks)
    assert declared.experiment is not None
    assert not declared.experiment.was_kept
    assert (declared.verdict, declared.achieved) == (without.verdict, without.achieved)


def test_an_experiment_of_too_few_runs_can_still_be_supported() -> None:
    runner = made("clean", 0, 6, 0.2, 3)
    sparse = runner.weeks.with_columns(runs=pl.when(pl.col("runs") > 0).then(1).otherwise(0)).with_row_index()
    sparse = sparse.with_columns(runs=pl.when(pl.col("index") % 2 == 0).then("runs").otherwise(0)).drop("index")
    assert "few_runs" in estimate_effect(sparse).decision.grounds
    assert estimate_effect(sparse, runner.blocks).verdict == "supported"


def test_what_was_answered_once_is_not_asked_again() -> None:
    runner = made("clean", 0, 6, 0.12, 3)
    asked = ask_plans(PLANS_OF_LOT, runner.blocks, runner.weeks, ASKED)
    assert asked.row(0, named=True) | {"declared_utc": None} == {
        "plan_id": "lot",
        "athlete_id": "me",
        "declared_utc": None,
        "seed": 1,
        "block_weeks": 8,
        "asked_utc": ASKED,
        "draw_p_value": 1 / 64,
        "verdict": "supported",
    }
    # other numbers the next night: the answer stands, and only who asks again gets another
    slower = made("clean", 0, 6, -0.12, 3).weeks
    assert estimate_effect(slower, runner.blocks).verdict != "supported"
    assert estimate_effect(slower, runner.blocks, plans=asked).verdict == "supported"
    later = ASKED + timedelta(days=90)
    assert ask_plans(asked, runner.blocks, slower, later).equals(asked)
    again = ask_plans(asked, runner.blocks, slower, later, again=True)
    assert again["verdict"].to_list() != ["supported"]
    assert again["asked_utc"].to_list() == [later]


def test_a_plan_is_not_asked_before_its_end() -> None:
    runner = made("clean", 0, 6, 0.12, 3)
    early = ask_plans(PLANS_OF_LOT, runner.blocks, runner.weeks.head(95), ASKED)
    assert early["asked_utc"].to_list() == early["verdict"].to_list() == [None]
    assert estimate_effect(runner.weeks.head(95), runner.blocks) == estimate_effect(runner.weeks.head(95))
    # the log stopped four weeks before the end, and 28 days have gone since then
    silent = pl.concat([runner.weeks, made("clean", 4, 0, 0.0, 1).weeks], how="vertical").with_columns(
        week_start=pl.Series([runner.weeks["week_start"][0] + timedelta(weeks=week) for week in range(100)]),
        dose_known=pl.int_range(100) < 92,
    )
    late = ask_plans(PLANS_OF_LOT, runner.blocks, silent, ASKED)
    assert late["asked_utc"].to_list() == [ASKED]
    assert estimate_effect(silent, runner.blocks).experiment is not None


def test_one_pair_after_years_of_race_cycles_supports_nothing() -> None:
    """A race-cycle runner without an effect, two years and one pair: the kind that bought a causal sentence."""
    for seed in range(12):
        runner = made("race_cycles", 104, 1, 0.0, seed)
        assert estimate_effect(runner.weeks, runner.blocks).verdict != "supported"


def test_the_draw_keeps_its_level_after_race_cycles() -> None:
    """Of runners without an effect no more than a share p have a p as small: 60 runners, to four errors."""
    found = []
    for seed in range(60):
        runner = made("race_cycles", 30, 5, 0.0, seed)
        experiment = estimate_effect(runner.weeks, runner.blocks).experiment
        found.append(experiment.p_value if experiment is not None and experiment.p_value is not None else 1.0)
    for level in (0.05, 0.25, 0.5):
        assert np.mean([p <= level for p in found]) <= level + 4 * np.sqrt(level * (1 - level) / 60)
    assert np.mean([p <= 0.5 for p in found]) >= 0.5 - 4 * np.sqrt(0.25 / 60)
