from __future__ import annotations

from typing import TYPE_CHECKING

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.rows import check_rows, effect_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


def test_a_night_has_two_rows_and_one_is_primary(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    effect = estimate_effect(draw_weeks(104))
    rows = effect_rows(effect, "night", "me")
    assert rows["quantity"].to_list() == ["achieved", "sustained"]
    assert rows["is_primary"].to_list() == [True, False]
    assert rows["estimate_fraction"].to_list() == [effect.achieved.estimate, effect.sustained.estimate]
    assert rows["verdict"].unique().to_list() == [effect.verdict]
    assert rows["is_look"].all()
    other = effect_rows(effect, "night", "me", "cadence_spm", q_value=0.4)
    assert not other["is_primary"].any()
    assert other["verdict"].null_count() == 2


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
