"""Positions → distance, for files that hold no distance of their own.

A satellite receiver wanders while its wearer stands, and shakes while they run: summed from record to record, both
would be metres. So the way is counted from place to place that lie at least ten metres apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


EARTH_M = 6_371_008.8  # mean radius
APART_M = 10.0  # a standing receiver wanders by a few metres; a runner's bend hardly shortens over ten


def distance_from_positions(activity: Ints, latitude_deg: Floats, longitude_deg: Floats) -> Floats:
    """Distance in metres since each activity's first position, shape (n,); NaN where there is no position.

    Between two places that lie 10 m apart the way grows evenly by records, as a runner's does between two kilometre
    marks. The last place is taken as it is.

    Args:
        activity: a number for each activity, rows of one together, shape (n,).
        latitude_deg: NaN where unknown, shape (n,).
        longitude_deg: the same.
    """
    distance = np.full(activity.size, np.nan)
    known = np.flatnonzero(~np.isnan(latitude_deg) & ~np.isnan(longitude_deg))
    if not known.size:
        return distance
    begins = np.flatnonzero(np.r_[True, np.diff(activity[known]) != 0])
    for rows in np.split(known, begins[1:]):
        latitude, longitude = np.radians(latitude_deg[rows]), np.radians(longitude_deg[rows])
        places = _places_apart(latitude, longitude)
        steps = _great_circle_m(
            latitude[places[:-1]], longitude[places[:-1]], latitude[places[1:]], longitude[places[1:]]
        )
        distance[rows] = np.interp(np.arange(rows.size), places, np.r_[0.0, np.cumsum(steps)])
    return distance


def _places_apart(latitude: Floats, longitude: Floats) -> Ints:
    """The first record, each that lies 10 m from the one chosen before, and the last; angles in radians."""
    # On so short a way the ground is flat; plain numbers, because each choice hangs on the one before.
    x = (longitude * np.cos(latitude.mean()) * EARTH_M).tolist()
    y = (latitude * EARTH_M).tolist()
    chosen, apart = [0], APART_M**2
    here_x, here_y = x[0], y[0]
    for row in range(1, len(x)):
        if (x[row] - here_x) ** 2 + (y[row] - here_y) ** 2 >= apart:
            chosen.append(row)
            here_x, here_y = x[row], y[row]
    last = len(x) - 1
    if chosen[-1] != last:
        chosen.append(last)
    return np.array(chosen, np.int64)


def _great_circle_m(latitude: Floats, longitude: Floats, to_latitude: Floats, to_longitude: Floats) -> Floats:
    """The haversine of the way over the central angle: exact for short ways too."""
    half = np.sin((to_latitude - latitude) / 2) ** 2
    half += np.cos(latitude) * np.cos(to_latitude) * np.sin((to_longitude - longitude) / 2) ** 2
    way: Floats = 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return way
