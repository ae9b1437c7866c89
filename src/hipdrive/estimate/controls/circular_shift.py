"""Second opinion: would the dose explain the running as well, had it come at another time?

The whole dose is rolled round the calendar by every possible number of weeks (but for the nearest three, which resemble
the true one), the exposure computed anew, and the best fit over the four kernels compared. One p that has already paid
for the search over lags, and that needs no model of the effect's error. It is shown, and is not a gate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.exposure import MEAN_LAGS_WEEKS
from hipdrive.estimate.state_space import Grid, most_likely_point, project

if TYPE_CHECKING:
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
    if len(shifts) == 1 or history.rows <= history.design.shape[1] + 1:
        return None
    return _share_at_least(history, grid, np.column_stack([np.roll(history.dose, shift) for shift in shifts]))


def _share_at_least(history: History, grid: Grid, doses: NDArray[np.float64]) -> float | None:
    point = most_likely_point(grid, history.outcome, history.design)
    best = np.zeros(doses.shape[1])
    for mean_lag in MEAN_LAGS_WEEKS:
        exposures = history.exposure(mean_lag, doses)
        columns = project(point, history.design, np.column_stack([history.outcome, exposures])).columns[0]
        rest, spread = columns[:, 0], columns[:, 1:]
        squares, length = float(rest @ rest), np.einsum("ij,ij->j", spread, spread)
        if squares == 0:
            return None
        with np.errstate(divide="ignore", invalid="ignore"):
            explained = np.where(length > 0, (rest @ spread) ** 2 / (length * squares), 0.0)
        best = np.maximum(best, explained)
    return float(np.mean(best >= best[0] * (1 - TIES_WITHIN)))
