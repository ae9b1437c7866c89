from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.interim_analyses import estimate_at_last_look, is_look, last_look, next_look, weeks_at_last_look

if TYPE_CHECKING:
    from collections.abc import Callable


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


def test_the_end_of_an_experiment_is_a_look(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(70)
    first = weeks["week_start"][2]
    blocks = pl.DataFrame(
        {
            "plan_id": "p",
            "block_index": range(12),
            "arm": ["on", "off"] * 6,
            "start_date": [first + timedelta(weeks=5 * index) for index in range(12)],
            "end_date": [first + timedelta(weeks=5 * (index + 1), days=-1) for index in range(12)],
        }
    )
    for known, look in ((61, 52), (62, 62), (70, 62)):
        seen = weeks_at_last_look(weeks.head(known), blocks)
        assert seen is not None
        assert seen.height == look
    ended = estimate_at_last_look(weeks, blocks)
    assert ended is not None
    assert ended.experiment is not None
    assert last_look(77, [62]) == 62
    assert last_look(80, [62]) == 78


def test_who_starts_with_years_of_data_gets_the_verdict_of_the_last_look(
    draw_weeks: Callable[..., pl.DataFrame],
) -> None:
    weeks = draw_weeks(145)
    assert estimate_at_last_look(weeks) == estimate_effect(weeks.head(130))
    assert estimate_at_last_look(weeks.head(25)) is None
