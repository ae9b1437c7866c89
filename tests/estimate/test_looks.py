from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hipdrive.estimate.looks import is_look, last_look, next_look, weeks_at_last_look

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


@pytest.mark.parametrize(
    ("weeks", "last", "coming"), [(0, None, 26), (25, None, 26), (26, 26, 52), (51, 26, 52), (160, 156, 182)]
)
def test_looks_are_half_yearly_from_week_26(weeks: int, last: int | None, coming: int) -> None:
    assert last_look(weeks) == last
    assert next_look(weeks) == coming


def test_the_declared_looks() -> None:
    assert [weeks for weeks in range(140) if is_look(weeks)] == [26, 52, 78, 104, 130]


def test_the_verdict_stands_on_the_weeks_of_its_look(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(70, dose_known=[False] * 5 + [True] * 60 + [False] * 5)
    seen = weeks_at_last_look(weeks)
    assert seen is not None
    assert seen.height == 5 + 52
    assert weeks_at_last_look(weeks.head(30)) is None
    assert weeks_at_last_look(weeks.head(3)) is None
