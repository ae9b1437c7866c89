from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.experiment import declare_experiment
from hipdrive.estimate.power_analysis import Prospect
from hipdrive.report.assets import led_in
from hipdrive.report.figures.planning import draw_blocks, draw_prospect
from hipdrive.report.figures.response import draw_response
from hipdrive.report.figures.theme import Figure, Gap
from hipdrive.tables.estimates import PlanBlock

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


def test_the_plan_names_the_smallest_effect_either_way(make_findings: Callable[..., Findings]) -> None:
    now = Prospect(None, None, {26: 0.12, 52: 0.08, 104: 0.061}, 7)
    blocks = Prospect(44, 30, {26: 0.10, 52: 0.046, 104: 0.03}, 1)
    figure = draw_prospect(dataclasses.replace(make_findings(16), at_present_rhythm=now, in_blocks=blocks))
    assert isinstance(figure, Figure)
    assert figure.table["more_weeks"].to_list() == [26, 52, 104]
    assert figure.table["in_blocks_percent"].to_list() == pytest.approx([10, 4.6, 3])
    assert figure.title.startswith(
        "After 104 more weeks an effect of 3.0\u202f% would be seen in blocks, of 6.1\u202f%"
    )


def test_before_there_is_noise_to_plan_with_the_plan_says_what_helps(make_findings: Callable[..., Findings]) -> None:
    gap = draw_prospect(make_findings(20, has_log=False))
    assert isinstance(gap, Gap)
    assert "8 weeks with the programme" in gap.sentence


def test_blocks_show_how_much_was_done_in_each_arm(make_findings: Callable[..., Findings]) -> None:
    _, blocks = declare_experiment("me", datetime(2026, 5, 1, tzinfo=UTC), date(2026, 5, 4), 3, pairs=2)
    done = pl.when(pl.col("arm") == "on").then(0.9).otherwise(0.1)
    some = PlanBlock.cast(blocks.with_columns(adherence_fraction=pl.when(pl.col("block_index") < 3).then(done)))
    figure = draw_blocks(dataclasses.replace(make_findings(60), plan_blocks=some))
    assert isinstance(figure, Figure)
    assert figure.table["done_percent"].null_count() == 1
    assert figure.table["is_tonight"].to_list() == [False, False, False, True]
    assert figure.title == (
        "4 blocks drawn by lot: 90\u202f% of the full hip work in blocks on and 10\u202f% in those off"
    )
    assert draw_blocks(make_findings(60)) is None


def test_dose_and_response_stand_side_by_side_and_meet_at_no_work(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    figure = draw_response(findings)
    assert isinstance(figure, Figure)
    assert figure.table.row(0)[1:] == (0.0,) * 6
    assert findings.effect is not None
    assert findings.effect.sustained.estimate is not None
    at_programme = figure.table.filter(pl.col("dose") == 1.0)
    assert at_programme["every_set_percent"].item() == pytest.approx(findings.effect.sustained.estimate * 100)
    beyond = figure.table.filter(pl.col("dose") >= 1.0)["up_to_programme_percent"]
    assert beyond.n_unique() == 1
    assert "not tested" in figure.note


def test_without_an_estimate_there_is_no_dose_and_response(make_findings: Callable[..., Findings]) -> None:
    assert isinstance(draw_response(make_findings(20, has_log=False)), Gap)


def test_a_short_beginning_before_a_colon_leads_in_and_all_is_escaped() -> None:
    assert led_in("Your pace at 5:10: <b>") == "<strong>Your pace at 5:10:</strong> &lt;b&gt;"
    assert led_in("No colon <b> here.") == "No colon &lt;b&gt; here."
    assert led_in("A beginning that goes on for far too long to lead in: no.").startswith("A beginning")
