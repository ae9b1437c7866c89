from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from hipdrive.estimate.team_starts import draw_starts

NOW, MONDAY = datetime(2026, 11, 29, tzinfo=UTC), date(2026, 11, 30)
NAMES = ["anna", "bo", "cy", "di", "ed"]


def test_the_seed_alone_decides_the_order_and_starts_are_spread_over_mondays() -> None:
    drawn = draw_starts(NAMES, NOW, MONDAY, 7)
    assert drawn.equals(draw_starts(NAMES[::-1], NOW, MONDAY, 7))
    assert set(drawn["athlete_id"]) == set(NAMES)
    starts = drawn.sort("place")["start_date"].to_list()
    assert starts[0] == MONDAY + timedelta(weeks=8)
    assert starts[-1] == MONDAY + timedelta(weeks=34)
    assert all(day.weekday() == 0 for day in starts)
    assert starts == sorted(set(starts))


def test_every_athlete_is_first_about_as_often() -> None:
    firsts = [draw_starts(NAMES, NOW, MONDAY, seed).sort("place")["athlete_id"][0] for seed in range(200)]
    assert all(20 <= firsts.count(name) <= 60 for name in NAMES)


@pytest.mark.parametrize(
    ("names", "monday", "cause"),
    [
        (["a", "b"], MONDAY, "a team of 2"),
        (["a", "a", "b"], MONDAY, "a team of 2"),
        (NAMES, date(2026, 12, 1), "not a Monday in the future"),
        (NAMES, date(2026, 11, 23), "not a Monday in the future"),
    ],
)
def test_what_cannot_be_drawn_says_why(names: list[str], monday: date, cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        draw_starts(names, NOW, monday, 1)
