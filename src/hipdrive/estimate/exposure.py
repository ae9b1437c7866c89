"""From weekly dose to exposure: how much of the past hip work is at work in a week's running.

A dose acts late: a gamma kernel of shape 2 whose mean lag is 4, 6, 8 or 10 weeks spreads each week's dose over the
weeks that follow. The weights sum to one, so exposure 1 means "the full programme, kept up long enough".
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MEAN_LAGS_WEEKS = (4, 6, 8, 10)
KERNEL_PRIOR = (0.2, 0.3, 0.3, 0.2)  # our choice, leaning on trials of 8 to 12 weeks (docs/methods.md)
COMPROMISE_LAG_WEEKS = 7  # where one kernel must stand for all four
LARGEST_WEEKLY_DOSE = 2.0  # twice the programme; more in a week is taken as this much
HABIT_WEEKS = 8  # the first weeks, taken as the habit before the log
KEPT_SHAPES = 32  # of kernels and lengths


def gamma_kernel(mean_lag_weeks: float, weeks: int) -> NDArray[np.float64]:
    """Shares of a week's dose at work 0, 1, 2, … weeks later; a dose acts from the middle of its week.

    For a mean lag of 6 weeks: 0.0124, 0.0778, 0.1130, 0.1221, 0.1169, … The gamma distribution of shape 2 and scale
    s = mean/2 has the cumulative share 1 - (1 + x/s) exp(-x/s).
    """
    kernel: NDArray[np.float64] = np.diff(_share_by(mean_lag_weeks, weeks), prepend=0.0)
    return kernel


def expose(
    dose: NDArray[np.float64],
    mean_lag_weeks: float,
    habit: float | None = None,
    earlier: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Exposure of each calendar week.

    Args:
        dose: weekly dose on the calendar, oldest first, shape (weeks,) or (weeks, variants).
        mean_lag_weeks: mean of the kernel.
        habit: weekly dose before all that is known; without it, the mean of the first eight weeks.
        earlier: weekly dose of the weeks just before, oldest first; it acts on, and has no exposure of its own here.

    Returns:
        Exposure of the same shape as `dose`.
    """
    past = np.empty(0) if earlier is None else earlier
    weeks = past.size + dose.shape[0]
    spread = _spread(mean_lag_weeks, weeks)[past.size :]
    variants = (1,) * (dose.ndim - 1)
    known = np.concatenate([np.broadcast_to(past.reshape(-1, *variants), (past.size, *dose.shape[1:])), dose])
    before = known[:HABIT_WEEKS].mean(axis=0) if habit is None else np.full(dose.shape[1:], habit)
    tail = 1.0 - _share_by(mean_lag_weeks, weeks)[past.size :]
    exposure: NDArray[np.float64] = spread[:, past.size :] @ dose + np.multiply.outer(tail, before)
    return exposure + (spread[:, : past.size] @ past).reshape(-1, *variants)


@lru_cache(maxsize=KEPT_SHAPES)
def _spread(mean_lag_weeks: float, weeks: int) -> NDArray[np.float64]:
    """Share of each week's dose (column) that is at work in each week (row); the same for every runner and outcome."""
    kernel = gamma_kernel(mean_lag_weeks, weeks)
    lags = np.subtract.outer(np.arange(weeks), np.arange(weeks))
    spread: NDArray[np.float64] = np.where(lags >= 0, kernel[np.abs(lags)], 0.0)
    spread.flags.writeable = False
    return spread


def _share_by(mean_lag_weeks: float, weeks: int) -> NDArray[np.float64]:
    scaled = (np.arange(weeks) + 0.5) / (mean_lag_weeks / 2)
    share: NDArray[np.float64] = 1.0 - (1.0 + scaled) * np.exp(-scaled)
    return share
