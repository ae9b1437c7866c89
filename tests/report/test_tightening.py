from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.tightening import MOST_POINTS, _ends, follow_estimate
from hipdrive.report.figures.theme import Figure, Gap
from hipdrive.report.figures.tightening import draw_nights

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


def _tonight_only(findings: Findings, with_frames: Callable[..., Findings]) -> Findings:
    return with_frames(
        findings, effects=findings.effects.filter(pl.col("run_id") == findings.effects["run_id"].to_list()[-1])
    )


def test_who_starts_with_years_sees_what_each_look_would_have_said(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = _tonight_only(make_findings(104), with_frames)
    followed = follow_estimate(findings.effects, findings.nights, findings.weeks)
    complete = findings.weeks.filter("is_complete")
    early = estimate_effect(complete.head(52))
    (then,) = followed.filter(pl.col("weeks") == early.weeks).rows(named=True)
    assert then["is_look"]
    assert then["is_recomputed"]
    found = (then["estimate_fraction"], then["lo_fraction"], then["hi_fraction"])
    assert found == pytest.approx((early.achieved.estimate, early.achieved.lo, early.achieved.hi))
    assert followed["is_recomputed"].to_list() == [True] * (followed.height - 1) + [False]


def test_what_nights_said_is_never_worked_out_again(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    followed = follow_estimate(findings.effects, findings.nights, findings.weeks)
    assert followed["weeks"].is_unique().all()
    assert followed["weeks"].is_sorted()
    first_night = int(findings.effects["weeks"].to_list()[0])
    assert not followed.filter(pl.col("weeks") >= first_night)["is_recomputed"].any()


def test_the_rings_are_the_declared_looks(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    figure = draw_nights(_tonight_only(make_findings(104), with_frames))
    assert isinstance(figure, Figure)
    assert figure.table["is_look"].sum() == 4
    assert "worked out again" in figure.note
    assert "Where the verdict was set: " in figure.text


def test_the_first_estimate_has_no_earlier_one_beside_it(make_findings: Callable[..., Findings]) -> None:
    gap = draw_nights(make_findings(26))
    assert isinstance(gap, Gap)
    assert "first estimate" in gap.sentence


def test_a_long_record_is_worked_out_at_few_points() -> None:
    for weeks in (27, 104, 364, 26 * 30, 3000):
        ends = _ends(weeks)
        assert len(ends) <= MOST_POINTS + 1
        assert {end - ends[0] for end in ends} == set(range(0, weeks - ends[0], ends[1] - ends[0] if ends[1:] else 1))


@pytest.mark.parametrize("idle", [24, 40])
def test_weeks_with_too_few_runs_give_no_earlier_estimate(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings], idle: int
) -> None:
    """By week 26 there were next to none, and the model has nothing to fit."""
    findings = _tonight_only(make_findings(104), with_frames)
    is_idle = pl.int_range(pl.len()) < idle
    nothing = pl.when(~is_idle).then("speed_at_reference_hr_m_per_s")
    weeks = findings.weeks.sort("week_start").with_columns(speed_at_reference_hr_m_per_s=nothing)
    followed = follow_estimate(findings.effects, findings.nights, weeks)
    whole = follow_estimate(findings.effects, findings.nights, findings.weeks)
    assert whole["weeks"].to_list()[0] < followed["weeks"].to_list()[0]
    assert set(followed["weeks"]) < set(whole["weeks"])


def test_nights_between_two_looks_have_no_ring(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(60)
    before_any = findings.effects.with_columns(weeks=pl.col("weeks") - 40, is_look=pl.lit(value=False))
    figure = draw_nights(with_frames(findings, effects=before_any.filter(pl.col("weeks") > 0)))
    assert isinstance(figure, Figure)
    assert "Where the verdict was set" not in figure.text
    assert "worked out again" not in figure.note
    assert "is_look" not in str(figure.spec["layer"])
