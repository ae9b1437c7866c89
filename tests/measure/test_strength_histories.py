"""A random history cut into random exports counts as the history itself; five hundred more stand in benchmarks/."""

from __future__ import annotations

import pytest

from tests.makers.strength_histories import draw_case, draw_mended_case, faults


@pytest.mark.parametrize("seed", range(40))
def test_exports_of_a_history_count_as_the_history(seed: int) -> None:
    assert faults(draw_case(seed)) == []


@pytest.mark.parametrize("seed", range(20))
def test_workouts_mended_in_both_apps_and_told_short_count_once(seed: int) -> None:
    assert faults(draw_mended_case(seed)) == []
