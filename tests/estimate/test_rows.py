from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.looks import estimate_at_last_look
from hipdrive.estimate.rows import check_rows, effect_rows
from hipdrive.estimate.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


def test_a_night_has_two_rows_and_one_is_primary(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(104))
    rows = effect_rows(effect, "night", "me", look=effect)
    assert rows["quantity"].to_list() == ["achieved", "sustained"]
    assert rows["is_primary"].to_list() == [True, False]
    assert rows["estimate_fraction"].to_list() == [effect.achieved.estimate, effect.sustained.estimate]
    assert rows["verdict"].unique().to_list() == [effect.verdict]
    assert rows["is_look"].all()
    other = effect_rows(effect, "night", "me", "cadence_spm", q_value=0.4)
    assert not other["is_primary"].any()
    assert other["verdict"].null_count() == 2


def test_between_looks_the_verdict_is_the_last_looks_and_the_numbers_are_tonights(
    draw_weeks: Callable[..., pl.DataFrame],
) -> None:
    weeks = draw_weeks(110, log_change=[0.05 * (week // 9 % 2) * (week >= 104) for week in range(110)])
    tonight, look = estimate_effect(weeks), estimate_at_last_look(weeks)
    rows = effect_rows(replace(tonight, decision=Decision("associated", "")), "night", "me", look=look)
    assert look is not None
    assert look == estimate_effect(weeks.head(104))
    assert rows["verdict"].unique().to_list() == [look.verdict]
    assert rows["estimate_fraction"].to_list() == [tonight.achieved.estimate, tonight.sustained.estimate]
    assert not rows["is_look"].any()


def test_a_night_without_a_fit_has_rows_of_nulls(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(6))
    rows = effect_rows(effect, "night", "me")
    assert rows["estimate_fraction"].null_count() == 2
    assert rows["verdict"].unique().to_list() == ["cannot_be_estimated"]
    assert check_rows(effect, "night", "me").is_empty()


def test_every_check_has_a_row_and_a_sentence(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(104))
    rows = check_rows(effect, "night", "me")
    assert rows["check"].to_list() == [check.name for check in effect.checks]
    assert rows["sentence"].str.ends_with(".").all()
