"""Whose steps a cadence counts, and which records are running."""

from __future__ import annotations

import polars as pl
import pytest

from hipdrive.tidy.run_cadence import is_running, usual_steps
from tests.makers.runs import Columns, raw_records, raw_session, tidy


def cadences(speeds: list[float], stored: list[int], sport: str = "running", **columns: object) -> list[float]:
    metres, total = [], 0.0
    for speed in speeds:
        total += speed
        metres.append(total)
    given: Columns = {"cadence": stored, **columns}
    result = tidy(raw_records(range(len(speeds)), distance=metres, **given), sessions=[raw_session(sport=sport)])
    return result.samples["cadence_spm"].to_list()


@pytest.mark.parametrize("walks", [100, 300, 500, 560])
@pytest.mark.parametrize("feet", [1, 2])
def test_a_run_walk_counts_both_feet_however_much_is_walked(walks: int, feet: int) -> None:
    speeds = [1.4] * walks + [2.8] * (600 - walks)
    stored = [54 * feet] * walks + [82 * feet] * (600 - walks)
    assert cadences(speeds, stored) == [108.0] * walks + [164.0] * (600 - walks)


@pytest.mark.parametrize(
    ("speed", "one_foot"),
    [(1.2, 50), (1.9, 62), (1.9, 78), (2.2, 80), (3.0, 78), (3.0, 90), (4.5, 92), (6.0, 102), (8.0, 115)],
)
def test_one_foot_or_both_is_told_from_the_speed(speed: float, one_foot: int) -> None:
    for feet in (1, 2):
        assert set(cadences([speed] * 60, [one_foot * feet] * 60)) == {2.0 * one_foot}


@pytest.mark.parametrize(("speed", "steps"), [(0.0, 90), (1.4, 110), (3.0, 167), (3.5, (167 + 178) / 2), (12.0, 250)])
def test_usual_steps_run_straight_between_the_points(speed: float, steps: float) -> None:
    assert pl.select(usual_steps(pl.lit(speed))).item() == pytest.approx(steps)


@pytest.mark.parametrize(
    ("speed", "cadence", "runs"),
    [
        (3.0, 170.0, True),
        (1.8, 155.0, True),
        (2.0, 120.0, True),
        (1.9, 139.0, False),
        (1.4, 108.0, False),
        (2.5, 0.0, False),
        (2.0, None, True),
        (1.9, None, False),
        (None, 160.0, True),
        (None, 110.0, False),
        (None, None, False),
    ],
)
def test_running_is_told_by_the_steps_then_by_the_speed(speed: float | None, cadence: float | None, runs: bool) -> None:  # noqa: FBT001
    frame = pl.DataFrame({"speed": [speed], "cadence": [cadence]}, schema={"speed": pl.Float64, "cadence": pl.Float64})
    assert frame.select(is_running(pl.col("speed"), pl.col("cadence"))).item() is runs
