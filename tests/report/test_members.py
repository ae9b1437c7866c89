"""A team's table: what is known of each runner, who needs a hand first, and nothing drawn that is not known."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

from hipdrive.report.members import in_order, member_of
from tests.makers.findings_history import TONIGHT
from tests.makers.golden_pages import draw_team
from tests.makers.page_rules import Age, complaints, read_html

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

    from hipdrive.report import Findings

FRESH = Age(TONIGHT, TONIGHT, TONIGHT)


def test_a_row_says_what_the_runner_s_page_says(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    row = member_of(findings)
    now = findings.speed_path.recent.now  # type: ignore[union-attr]
    assert row.pace.startswith(f"{int(now.pace_s_per_km) // 60}:")  # type: ignore[union-attr]
    assert row.state == "not enough data yet"
    assert row.spark is not None
    assert len(row.spark.lines) == 1
    assert not row.is_old


def test_what_is_missing_is_named_and_comes_first(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    none: pl.DataFrame = make_findings(4).unmatched.clear()
    sound = member_of(with_frames(make_findings(30), unmatched=none))
    stopped = member_of(with_frames(make_findings(60, log_ends_weeks_ago=10), unmatched=none))
    empty = member_of(with_frames(make_findings(4, has_runs=False, has_log=False), unmatched=none))
    assert sound.attention == ()
    assert stopped.attention == ("log read to 8 Sep 2026",)
    assert stopped.dose == ""
    assert empty.attention == ("no runs", "no strength log")
    assert (empty.spark, empty.pace) == (None, "")
    assert in_order([sound, empty])[0] is empty


def test_a_beginner_is_told_how_far_it_is(make_findings: Callable[..., Findings]) -> None:
    assert member_of(make_findings(12)).state == "12 of 26 weeks, 36 of 60 runs, 1 of 2 changes"


def test_the_page_has_a_row_a_runner_with_a_link_and_the_forest_below() -> None:
    page = draw_team()
    assert [page.count(f'href="../latest/{name}/index.html"') for name in ("anna", "ben", "cy", "di")] == [1] * 4
    assert page.count("<polyline") == 4
    assert page.index("<polyline") < page.index("3 athletes together")
    assert "newest run" in " ".join(read_html(page))
    assert complaints(read_html(page), FRESH) == []


def test_hip_work_of_years_ago_is_not_the_last_four_weeks(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert member_of(findings).dose
    later = member_of(dataclasses.replace(findings, tonight=findings.tonight + timedelta(weeks=6)))
    assert later.dose == ""
