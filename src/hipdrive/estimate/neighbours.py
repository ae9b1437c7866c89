"""A wild run is pulled in to what the runs round it say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEIGHBOUR_DAYS = 14  # on either side: four weeks in all
FEWEST_NEIGHBOURS = 4
MOST_ROBUST_SDS = 2.5
MAD_TO_SD = 1.4826


def clip_to_neighbours(day: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values no further than 2.5 robust standard deviations from the median of the two weeks before and after.

    The standard deviation is that of all values about their own neighbours. A value with fewer than four neighbours
    stays as it is.

    Args:
        day: of each value, ascending.
        values: shape of `day`.
    """
    middle = _median_of_neighbours(day, values)
    away = values - middle
    if not np.isfinite(away).any():
        return values
    most = MOST_ROBUST_SDS * MAD_TO_SD * float(np.nanmedian(np.abs(away)))
    return np.where(np.abs(away) > most, middle + np.copysign(most, away), values)


def _median_of_neighbours(day: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the value itself; NaN where there are too few."""
    first = np.searchsorted(day, day - NEIGHBOUR_DAYS, side="left")
    count = np.searchsorted(day, day + NEIGHBOUR_DAYS, side="right") - first
    index = first[:, None] + np.arange(int(count.max()))
    own = np.arange(values.size)[:, None]
    outside = (np.arange(index.shape[1]) >= count[:, None]) | (index == own)
    window = np.sort(np.where(outside, np.inf, values[np.minimum(index, values.size - 1)]), axis=1)
    others = count - 1
    row = np.arange(values.size)
    low, high = (window[row, np.maximum(place, 0)] for place in ((others - 1) // 2, others // 2))
    middle: NDArray[np.float64] = np.where(others >= FEWEST_NEIGHBOURS, (low + high) / 2, np.nan)
    return middle
