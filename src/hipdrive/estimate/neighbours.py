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
    middle = np.full(values.size, np.nan)
    first = np.searchsorted(day, day - NEIGHBOUR_DAYS, side="left")
    last = np.searchsorted(day, day + NEIGHBOUR_DAYS, side="right")
    for own, (begin, end) in enumerate(zip(first, last, strict=True)):
        others = np.r_[values[begin:own], values[own + 1 : end]]
        if others.size >= FEWEST_NEIGHBOURS:
            middle[own] = np.median(others)
    away = values - middle
    if not np.isfinite(away).any():
        return values
    most = MOST_ROBUST_SDS * MAD_TO_SD * float(np.nanmedian(np.abs(away)))
    return np.where(np.isfinite(away), middle + np.clip(away, -most, most), values)
