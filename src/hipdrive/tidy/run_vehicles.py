"""Stretches of a run that a vehicle drove: a watch left on for the way home, a bus between two halves.

Nobody runs a whole minute at 7 m/s but a few of the world's best, and they step. So a vehicle is a minute whose median
speed is above 7 m/s (above 6 where the device counts steps, and counts none; above 8.9, the best minute ever run, with
steps too). It reaches from there to where somebody runs or walks again: steps for half a minute where steps are
counted, else two minutes between 0.8 and 6 m/s.

It does not see a rider who keeps below these speeds. The numbers are judgements of this project.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CELL_S = 5.0  # speeds are looked at on an even grid, so that a leap is one cell and a gap is many
MINUTE = 13  # cells of the running median
FASTEST_MINUTE_M_PER_S = 8.9  # 400 m in 43 s, and the rest of a minute [from memory]
WITHOUT_COUNT_M_PER_S, WITHOUT_STEPS_M_PER_S = 7.0, 6.0
STEPPING_FROM = 30.0  # cadence as stored, of one foot or both
STEPS_COUNT_FROM = 0.5  # of the records at a runner's speed: fewer with steps, and the device does not count them
STEPPING_FOR, ON_FOOT_FOR = 6, 24  # cells: half a minute, two minutes
ON_FOOT_M_PER_S = (0.8, 6.0)
LEAST_M, LEAST_RECORDS = 300.0, 10  # less is a satellite's bad minute, or a gap that it leapt over
LONGEST_S = 7 * 86400.0  # of a timer that can be looked at


def find_vehicles(timer_s: Floats, way_m: Floats, cadence: Floats) -> Flags:
    """Whether a vehicle drove the way that leads to each record, shape (n,), of one activity.

    Args:
        timer_s: sorted, shape (n,).
        way_m: metres gained since the record before, shape (n,).
        cadence: as stored, NaN where there is none, shape (n,).
    """
    nobody = np.zeros(timer_s.size, np.bool_)
    length_s = timer_s[-1] - timer_s[0]
    if not CELL_S * MINUTE < length_s < LONGEST_S:
        return nobody
    edges = np.arange(timer_s[0], timer_s[-1] + CELL_S, CELL_S)
    speed = np.diff(np.interp(edges, timer_s, np.cumsum(way_m))) / CELL_S
    cell = np.clip(np.ceil((timer_s - timer_s[0]) / CELL_S).astype(np.int64) - 1, 0, speed.size - 1)
    usual = _running_median(speed, MINUTE)
    at_speed = (speed >= ON_FOOT_M_PER_S[0]) & (speed <= ON_FOOT_M_PER_S[1])
    record = np.searchsorted(timer_s, edges[1:]).clip(max=timer_s.size - 1)  # stands for the time before it
    steps = cadence[record] >= STEPPING_FROM
    if steps[at_speed].sum() > STEPS_COUNT_FROM * at_speed.sum():
        driven = (usual > FASTEST_MINUTE_M_PER_S) | ((usual > WITHOUT_STEPS_M_PER_S) & ~steps)
        on_foot = _lasting(steps, STEPPING_FOR)
    else:
        driven = usual > WITHOUT_COUNT_M_PER_S
        on_foot = _lasting(at_speed, ON_FOOT_FOR)
    # A car at the lights neither drives nor is on foot: it belongs to the drive beside it.
    aside = driven | ~on_foot
    begin = np.flatnonzero(np.r_[True, np.diff(aside.astype(np.int8)) != 0])
    stretch = np.cumsum(np.r_[0, np.diff(aside.astype(np.int8)) != 0])
    holds_a_drive = np.logical_or.reduceat(driven, begin)
    found: Flags = (aside & holds_a_drive[stretch])[cell]
    drove = found & (way_m > 0)
    return found if drove.sum() >= LEAST_RECORDS and way_m[drove].sum() >= LEAST_M else nobody


def _running_median(values: Floats, width: int) -> Floats:
    """The median of each value and its neighbours; at the ends that of the first and last whole window."""
    whole = np.median(np.lib.stride_tricks.sliding_window_view(values, min(width, values.size)), axis=1)
    before = (values.size - whole.size) // 2
    median: Floats = np.pad(whole, (before, values.size - whole.size - before), mode="edge")
    return median


def _lasting(flags: Flags, cells: int) -> Flags:
    """Only the stretches of at least so many cells."""
    begin = np.flatnonzero(np.r_[True, np.diff(flags.astype(np.int8)) != 0])
    length = np.diff(np.r_[begin, flags.size])
    lasting: Flags = np.repeat(flags[begin] & (length >= cells), length)
    return lasting
