from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.interim_analyses import estimate_at_last_look
from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.rows import check_rows, effect_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


def test_a_night_has_the_runners_own_two_rows_and_the_headline(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(104))
    rows = effect_rows(effect, "night", "me", look=effect)
    assert rows["quantity"].to_list() == ["achieved", "sustained", "sustained"]
    assert rows["is_primary"].to_list() == [True, False, False]
    assert rows["is_headline"].to_list() == [False, False, True]
    own, headline = [effect.achieved.estimate, effect.sustained.estimate], effect.with_studies.estimate
    assert rows["estimate_fraction"].to_list() == [*own, headline]
    assert rows["weeks"].unique().to_list() == [104]
    assert rows["verdict"].unique().to_list() == [effect.verdict]
    assert rows["is_look"].all()
    other = effect_rows(effect, "night", "me", "cadence_spm", q_value=0.4)
    assert not other["is_primary"].any()
    assert not other["is_headline"].any()
    assert other["verdict"].null_count() == 2


def test_between_looks_the_verdict_is_the_last_looks_and_the_numbers_are_tonights(
    draw_weeks: Callable[..., pl.DataFrame],
) -> None:
    weeks = draw_weeks(110, log_change=[0.05 * (week // 9 % 2) * (week >= 104) for week in range(110)])
    tonight, look = estimate_effect(weeks), estimate_at_last_look(weeks)
    rows = effect_rows(
        replace(tonight, decision=replace(tonight.decision, verdict="associated")), "night", "me", look=look
    )
    assert look is not None
    assert look == estimate_effect(weeks.head(104))
    assert rows["verdict"].unique().to_list() == [look.verdict]
    assert rows["estimate_fraction"].to_list() == [
        tonight.achieved.estimate,
        tonight.sustained.estimate,
        tonight.with_studies.estimate,
    ]
    assert not rows["is_look"].any()


def test_a_night_without_a_fit_has_rows_of_nulls(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(6))
    rows = effect_rows(effect, "night", "me")
    assert rows["estimate_fraction"].null_count() == 3
    assert rows["verdict"].unique().to_list() == ["cannot_be_estimated"]
    assert check_rows(effect, "night", "me").is_empty()


def test_every_check_has_a_row(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(104))
    rows = check_rows(effect, "night", "me")
    assert rows["check"].to_list() == [check.name for check in effect.checks]


def test_what_cannot_be_estimated_is_kept_without_a_number(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(20))
    assert effect.verdict == "cannot_be_estimated"
    assert effect.achieved.estimate is not None
    rows, checks = effect_rows(effect, "night", "me", q_value=0.3), check_rows(effect, "night", "me")
    for name in ("estimate_fraction", "lo_fraction", "hi_fraction", "p_value", "shift_p_value", "lead_p_value"):
        assert rows[name].null_count() == rows.height
    assert rows["q_value"].null_count() == rows.height
    for name in ("estimate_fraction", "lo_fraction", "hi_fraction", "p_value", "is_passed"):
        assert checks[name].null_count() == checks.height


def test_an_interval_wider_than_a_quarter_is_kept_without_a_number(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(104))
    for half, nulls in ((0.2499, 0), (0.2501, 1)):
        wide = replace(effect, sustained=Quantity(0.0, -half, half))
        rows = effect_rows(wide, "night", "me")
        assert rows["estimate_fraction"].null_count() == rows["lo_fraction"].null_count() == nulls
    hopeless = replace(effect, checks=(CheckResult("upper_body_dose", estimate=1.0, lo=-0.9, hi=90.0),))
    assert check_rows(hopeless, "night", "me")["estimate_fraction"].null_count() == 1
