"""Blocks of weeks on and off: how often a runner's strength work really changed."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_BLOCK_WEEKS = 4
LOW_QUANTILE, HIGH_QUANTILE = 0.05, 0.95  # of weekly dose; half-way between them lies the border of on and off


def training_blocks(dose: NDArray[np.float64]) -> list[tuple[bool, int]]:
    """Blocks of four or more weeks, (is on, weeks) in their order.

    A week is on above the middle between this runner's low and high weekly dose. A shorter spell (a missed week, a week
    too many) belongs to the block round it; neighbours that are alike after that are one block.
    """
    if dose.size == 0:
        return []
    low, high = np.quantile(dose, [LOW_QUANTILE, HIGH_QUANTILE])
    spells = [(bool(is_on), len(list(weeks))) for is_on, weeks in groupby(dose > (low + high) / 2)]
    blocks: list[tuple[bool, int]] = []
    waiting = 0
    for is_on, weeks in spells:
        if blocks and (weeks < FEWEST_BLOCK_WEEKS or blocks[-1][0] == is_on):
            blocks[-1] = (blocks[-1][0], blocks[-1][1] + weeks)
        elif weeks >= FEWEST_BLOCK_WEEKS:
            blocks.append((is_on, weeks + waiting))
            waiting = 0
        else:
            waiting += weeks
    return blocks


def block_changes(dose: NDArray[np.float64]) -> int:
    """Changes from on to off or off to on, each side four weeks or longer."""
    return max(0, len(training_blocks(dose)) - 1)
