"""The plan on the page: what was declared, how far it was kept, and what is left to declare."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.experiment import declare_experiment
from hipdrive.estimate.verdict import Experiment
from hipdrive.report.page import draw_page
from hipdrive.report.plan import draw_plan, experiment_words
from hipdrive.tables.estimates import PlanBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


@pytest.fixture
def declared(make_findings: Callable[..., Findings]) -> Findings:
    plans, blocks = declare_experiment("me", datetime(2026, 10, 2, tzinfo=UTC), date(2026, 10, 5), 41)
    done = blocks.with_columns(adherence_fraction=pl.when(pl.col("block_index") == 0).then(0.83))
    return dataclasses.replace(make_findings(60), plans=plans, plan_blocks=PlanBlock.cast(done))


def test_a_declared_experiment_stands_on_the_page_with_its_seed_and_blocks(declared: Findings) -> None:
    page = draw_page(declared)
    assert "Experiment declared on 2 October 2026, blocks of 8 weeks, the order drawn by lot with seed 41" in page
    assert "<td>30 Nov 2026</td>" in page
    assert "83\u202f%" in page
    assert "plan --start" not in page


def test_before_one_is_declared_the_page_says_how(make_findings: Callable[..., Findings]) -> None:
    assert "plan --start" in draw_page(make_findings(60))


def test_without_data_what_was_declared_is_still_told(
    declared: Findings, make_findings: Callable[..., Findings]
) -> None:
    empty = dataclasses.replace(
        make_findings(20, has_log=False), plans=declared.plans, plan_blocks=declared.plan_blocks
    )
    plan = draw_plan(empty)
    assert plan is not None
    assert plan.sentences == []
    assert [block.arm for block in plan.blocks][:2] in (["on", "off"], ["off", "on"])
    assert "seed 41" in draw_page(empty)


@pytest.mark.parametrize(
    ("experiment", "words"),
    [
        (None, ""),
        (
            Experiment(0.91, 0.04, 0.0625, 6),
            "kept: 91\u202f% of the full hip work in the blocks on, 4\u202f% in those off",
        ),
        (Experiment(0.5, 0.04, 0.3, 6), "not kept, so it counts as ordinary training"),
    ],
)
def test_how_an_experiment_went(declared: Findings, experiment: Experiment | None, words: str) -> None:
    assert declared.effect is not None
    said = experiment_words(dataclasses.replace(declared.effect, experiment=experiment))
    assert words in said
    assert bool(said) is bool(words)


def test_the_exact_p_is_told(declared: Findings) -> None:
    assert declared.effect is not None
    ended = dataclasses.replace(declared.effect, experiment=Experiment(0.91, 0.04, 0.0625, 6))
    assert "exact p of the draw is 0.062" in draw_page(dataclasses.replace(declared, effect=ended))
