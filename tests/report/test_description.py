from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.measure.adherence import programme_done
from hipdrive.report import description

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


def test_reference_pace_is_ordered_from_fast_to_slow(make_findings: Callable[..., Findings]) -> None:
    pace = description.reference_pace(make_findings(20))
    assert pace is not None
    assert pace.lo < pace.value < pace.hi


def test_the_least_done_item_comes_first(make_findings: Callable[..., Findings]) -> None:
    items = description.adherence(make_findings(12))
    assert items[0].label == "Straight-leg bounds"
    assert [item.done_fraction for item in items] == sorted(item.done_fraction for item in items)


def test_the_running_week_counts_nowhere(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(4)
    assert findings.weeks.height == 5
    assert description.known_weeks(findings) == 4
    assert all(item.weeks == 4 for item in description.adherence(findings))


def test_the_stretch_is_no_part_of_the_programme_done(make_findings: Callable[..., Findings]) -> None:
    items = description.adherence(make_findings(12))
    strengthening = [item.done_fraction for item in items if item.is_strengthening]
    assert len(strengthening) == 4
    assert programme_done(items) == pytest.approx(sum(strengthening) / 4)
    assert programme_done([]) is None


def test_exercises_without_hip_work_have_no_progress_on_the_page(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(30)
    pull_ups = findings.strength_sets.with_columns(exercise=pl.lit("pull_up"))
    other = with_frames(findings, strength_sets=pull_ups)
    assert description.progress(findings)
    assert description.progress(other) == []


def test_progress_compares_three_sessions_at_either_end(make_findings: Callable[..., Findings]) -> None:
    bridges = {row.label: row for row in description.progress(make_findings(30))}["Single-leg glute bridge"]
    assert (bridges.first, bridges.unit) == (15.0, "repetitions")
    assert bridges.last == pytest.approx(15 + 30 // 12)


def test_tonight_speaks_before_earlier_nights(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert findings.effect is not None
    tonight = description.found_tonight(findings, "achieved")
    without = description.found_tonight(dataclasses.replace(findings, effect=None), "achieved")
    assert tonight == without
    assert tonight is not None
    assert tonight.value == findings.effect.achieved.estimate


def test_without_estimates_nothing_was_found(make_findings: Callable[..., Findings]) -> None:
    assert description.found_tonight(make_findings(20, has_log=False), "achieved") is None
