from __future__ import annotations

import numpy as np

from hipdrive.estimate.blocks import block_changes, training_blocks


def test_blocks_of_four_weeks_count() -> None:
    dose = np.array([0.0] * 4 + [1.0] * 4 + [0.0] * 4)
    assert training_blocks(dose) == [(False, 4), (True, 4), (False, 4)]
    assert block_changes(dose) == 2


def test_three_weeks_off_are_no_block() -> None:
    assert block_changes(np.array([1.0] * 8 + [0.0] * 3 + [1.0] * 8)) == 0


def test_a_missed_week_breaks_no_block() -> None:
    dose = np.array([1.0] * 3 + [0.0] + [1.0] * 4 + [0.0] * 6)
    assert training_blocks(dose) == [(True, 8), (False, 6)]


def test_less_and_more_count_like_off_and_on() -> None:
    assert block_changes(np.array([0.5] * 10 + [1.0] * 10 + [0.5] * 10)) == 2


def test_a_steady_dose_never_changes() -> None:
    assert block_changes(np.full(50, 0.8)) == 0
    assert block_changes(np.tile([0.0, 1.0], 30)) == 0
    assert block_changes(np.empty(0)) == 0
