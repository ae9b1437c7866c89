"""Heart rates that no heart made, by five declared rules; each value is named for the first that it breaks.

1. `out_of_range`: outside 30 to 240 bpm; 0 is FIT's habit for “no contact”.
2. `held`: one and the same value for more than 90 s in at least 30 records: the sensor has lost the skin and repeats
   itself. The first 30 s of it are believed.
3. `slow_start`: a leap of 25 bpm or more within 10 s of moving, up or down, in the first ten minutes, after at least a
   minute of moving: all before it is the sensor looking for the pulse. The rise in the first minute is a heart's own.
4. `dropout`: later, a fall of 25 bpm or more within 10 s of moving; values stay out for as long as they lie 15 bpm
   below what was there before, two minutes at most.
5. `cadence_lock`: within 3 of the cadence for a minute or more, after or before a leap of 20 bpm within 10 s: an
   optical sensor that counts steps. A heart that beats as often as the feet fall, without a leap, is left alone.

The numbers are judgements of this project: a heart at the start of hard work gains about 2 beats a second at most, and
loses fewer. What they miss, and what they take away wrongly, is not known; the counts are in `rejects`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

HEART_RATE_RANGE_BPM = (30.0, 240.0)
WITHIN_S = 10.0  # a leap or a fall is a change over this time
AS_FAR_BACK_S = 20.0  # where the record of 10 s ago is older than this, nothing is known of a leap
MOVING_SHARE = 0.8  # of those 10 s; a heart may fall as it likes while its runner stands
HELD_S, HELD_RECORDS, HELD_BELIEVED_S = 90.0, 30, 30.0
SLOW_START_BPM, SLOW_START_AFTER_S, SLOW_START_WITHIN_S = 25.0, 60.0, 600.0
DROPOUT_BPM, DROPOUT_BELOW_BPM, DROPOUT_AT_MOST_S = 25.0, 15.0, 120.0
LOCK_BPM, LOCK_S, LOCK_LEAP_BPM = 3.0, 60.0, 20.0
_APART_S = 1e4  # between two activities on the common axis of time: no rule reaches that far


def find_heart_rate_faults(
    activity: Ints, clock_s: Floats, heart_rate_bpm: Floats, cadence_spm: Floats, moving_s: Floats
) -> Ints:
    """For each sample 0 where the heart rate can be believed (or is missing), else the number of the rule it breaks.

    All arrays of shape (n,), sorted by activity and time; NaN where there is no value.

    Args:
        activity: a number for each activity.
        clock_s: time; a heart goes on where a timer stands.
        heart_rate_bpm: as the device wrote it.
        cadence_spm: steps a minute, both feet.
        moving_s: seconds of moving that each sample stands for.
    """
    bpm, moved_s = heart_rate_bpm, np.cumsum(moving_s)
    faults = np.zeros(len(bpm), np.int64)
    known = ~np.isnan(bpm)
    lo, hi = HEART_RATE_RANGE_BPM
    with np.errstate(invalid="ignore"):
        faults[known & ((bpm < lo) | (bpm > hi))] = 1
    rows = np.flatnonzero(known & (faults == 0))
    if not rows.size:
        return faults
    pulse = _Pulse(activity[rows], clock_s[rows], bpm[rows], cadence_spm[rows], moved_s[rows])
    # The lock goes first: the leap back to the true rate would look like a fall.
    locked = _cadence_lock(pulse.axis, pulse.bpm, pulse.cadence, np.abs(pulse.change))
    if locked.any():
        faults[rows[locked]] = 5
        rows = rows[~locked]
        if not rows.size:
            return faults
        pulse = _Pulse(activity[rows], clock_s[rows], bpm[rows], cadence_spm[rows], moved_s[rows])
    faults[rows] = _find_others(pulse)
    return faults


class _Pulse:
    """The believable values so far, each with its change since the last value that is at least 10 s old."""

    def __init__(self, activity: Ints, clock_s: Floats, bpm: Floats, cadence: Floats, moved_s: Floats) -> None:
        self.bpm, self.cadence = bpm, cadence
        self.first = np.r_[True, np.diff(activity) != 0]
        self.axis = _one_axis(clock_s, self.first)
        past = np.searchsorted(self.axis, self.axis - WITHIN_S, side="right") - 1
        has_past = (past >= 0) & (self.axis - self.axis[past] <= AS_FAR_BACK_S)
        self.change = np.where(has_past, bpm - bpm[past], 0.0)
        self.kept_moving = has_past & (moved_s - moved_s[past] >= MOVING_SHARE * (self.axis - self.axis[past]))
        self.moved_s = _since_first(moved_s, self.first)


def _find_others(pulse: _Pulse) -> Ints:
    is_early = _since_first(pulse.axis, pulse.first) <= SLOW_START_WITHIN_S
    leaps = pulse.kept_moving & (np.abs(pulse.change) >= SLOW_START_BPM)
    late_enough = pulse.moved_s - WITHIN_S >= SLOW_START_AFTER_S
    held = _held(pulse.axis, pulse.bpm)
    slow = _slow_start(leaps & is_early & late_enough, pulse.first)
    dropped = _dropout(pulse.axis, pulse.bpm, pulse.change, pulse.kept_moving & ~is_early)
    return np.select([held, slow, dropped], [2, 3, 4], 0)


def _since_first(values: Floats, first: Flags) -> Floats:
    since: Floats = values - values[first][np.cumsum(first) - 1]
    return since


def _one_axis(clock: Floats, first: Flags) -> Floats:
    """Time on one axis, each activity beyond the reach of the one before."""
    since = _since_first(clock, first)
    length = np.maximum.reduceat(since, np.flatnonzero(first))
    axis: Floats = since + np.r_[0.0, np.cumsum(length[:-1] + _APART_S)][np.cumsum(first) - 1]
    return axis


def _stretches(same_as_before: Flags) -> tuple[Ints, Ints]:
    """First row and row after the last of each stretch in which every row goes on from the one before."""
    begin = np.flatnonzero(~same_as_before)
    return begin, np.r_[begin[1:], same_as_before.size]


def _spread(values: NDArray[np.bool_] | Floats, begin: Ints, end: Ints) -> NDArray[np.bool_]:
    return np.repeat(values, end - begin)


def _held(axis: Floats, bpm: Floats) -> Flags:
    near = np.r_[False, (np.diff(axis) < _APART_S / 2) & (np.diff(bpm) == 0)]
    begin, end = _stretches(near)
    is_long = (axis[end - 1] - axis[begin] > HELD_S) & (end - begin >= HELD_RECORDS)
    return _spread(is_long, begin, end) & (axis - np.repeat(axis[begin], end - begin) > HELD_BELIEVED_S)


def _slow_start(leaps: Flags, first: Flags) -> Flags:
    begin = np.flatnonzero(first)
    rows = np.arange(first.size)
    last_leap = np.maximum.reduceat(np.where(leaps, rows, -1), begin)
    is_before: Flags = rows < last_leap[np.cumsum(first) - 1]
    return is_before


def _dropout(axis: Floats, bpm: Floats, change: Floats, can_tell: Flags) -> Flags:
    falls = can_tell & (change <= -DROPOUT_BPM)
    if not falls.any():
        return falls
    # The level that was there before the first fall of a row of falls holds until the values are back near it.
    fresh = falls & ~np.r_[False, falls[:-1]]
    rows = np.arange(falls.size)
    last = np.maximum.accumulate(np.where(fresh, rows, -1))
    level = np.where(last >= 0, (bpm - change)[last], -np.inf)
    is_soon = (last >= 0) & (axis - axis[last] <= DROPOUT_AT_MOST_S)
    low = is_soon & (bpm < level - DROPOUT_BELOW_BPM)
    # Once back, it is over: a later low value is the heart's own.
    back = np.maximum.accumulate(np.where(is_soon & ~low, rows, -1))
    return low & (back < last)


def _cadence_lock(axis: Floats, bpm: Floats, cadence: Floats, leap: Floats) -> Flags:
    with np.errstate(invalid="ignore"):
        near = (np.abs(bpm - cadence) <= LOCK_BPM) & (cadence > 0)
    goes_on = np.r_[False, near[1:] & near[:-1] & (np.diff(axis) < _APART_S / 2)]
    begin, end = _stretches(goes_on)
    is_long = near[begin] & (axis[end - 1] - axis[begin] >= LOCK_S)
    # Leaps into the stretch show up to 10 s after its begin, leaps out of it up to 10 s after its end.
    leaps = np.r_[0, np.cumsum(leap >= LOCK_LEAP_BPM)]

    def has_leap(after: Floats) -> Flags:
        from_row = np.searchsorted(axis, after, side="left")
        to_row = np.searchsorted(axis, after + WITHIN_S, side="right")
        found: Flags = leaps[to_row] > leaps[from_row]
        return found

    return _spread(is_long & (has_leap(axis[begin]) | has_leap(axis[end - 1])), begin, end)
