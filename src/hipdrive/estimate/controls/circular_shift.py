"""Second opinion: would the dose explain the running as well, had it come at another time?

The whole dose is rolled round the calendar by every possible number of weeks (but for the nearest three, which resemble
the true one), the exposure computed anew, and the best fit over the four kernels compared. One p that has already paid
for the search over lags, and that needs no model of the effect's error. Where blocks were drawn by lot, the draws that
could have come out take the place of the shifts: an exact test.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.exposure import MEAN_LAGS_WEEKS, expose
from hipdrive.estimate.level import Grid, most_likely_point, project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hipdrive.estimate.history import History

NEAREST_SHIFT_WEEKS = 4
TIES_WITHIN = 1e-9  # of the true statistic: rounding must not break a tie


def shift_p_value(history: History, grid: Grid) -> float | None:
    """Share of all shifts, the true one included, that fit at least as well; None where the calendar is too short.

    The smallest it can be is 1/(weeks - 6).
    """
    weeks = history.calendar_weeks
    shifts = [0, *range(NEAREST_SHIFT_WEEKS, weeks - NEAREST_SHIFT_WEEKS + 1)]
    if len(shifts) == 1 or not _can_be_fitted(history):
        return None
    return _share_at_least(history, grid, np.column_stack([np.roll(history.dose, shift) for shift in shifts]))


def assignment_p_value(
    history: History, grid: Grid, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> float | None:
    """Exact randomisation p: share of the draws that could have come out which fit at least as well as the true one.

    The dose is the plan, 1 on and 0 off, inside the pairs and the logged dose outside.

    Args:
        history: the weeks.
        grid: of `whitening_grid`.
        pairs: calendar weeks on and off of each randomised pair; which of the two came first was drawn.
    """
    if not pairs or not _can_be_fitted(history):
        return None
    doses = []
    for swaps in product((False, True), repeat=len(pairs)):
        dose = history.dose.copy()
        for swapped, (on, off) in zip(swaps, pairs, strict=True):
            dose[list(on)], dose[list(off)] = (0.0, 1.0) if swapped else (1.0, 0.0)
        doses.append(dose)
    return _share_at_least(history, grid, np.column_stack(doses))


def _can_be_fitted(history: History) -> bool:
    return bool(history.rows > history.design.shape[1] + 1)


def _share_at_least(history: History, grid: Grid, doses: NDArray[np.float64]) -> float | None:
    point = most_likely_point(grid, history.outcome, history.design)
    best = np.zeros(doses.shape[1])
    for mean_lag in MEAN_LAGS_WEEKS:
        exposures = expose(doses, mean_lag)[history.week]
        columns = project(point, history.design, np.column_stack([history.outcome, exposures])).columns[0]
        rest, spread = columns[:, 0], columns[:, 1:]
        squares, length = float(rest @ rest), np.einsum("ij,ij->j", spread, spread)
        if squares == 0:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            explained = np.where(length > 0, (rest @ spread) ** 2 / (length * squares), 0.0)
        best = np.maximum(best, explained)
    return float(np.mean(best >= best[0] * (1 - TIES_WITHIN)))
