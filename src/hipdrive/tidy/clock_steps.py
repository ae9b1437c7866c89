"""Where a device's clock was set while it recorded, and the one time line that its records stand on.

Records are written in the order in which they were made, so a time that falls, or leaps where the timer did not stand
and no way was made, tells that the clock was set. On either side of such a step the clock ran evenly: the sides are
joined in the written order, as far apart as two records usually are. Plain whole seconds, one file at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Seconds = npt.NDArray[np.int64]
Metres = npt.NDArray[np.float64]  # NaN where the distance is not known

FIRST_S = 631_065_600 + 0x10000000  # 1998: below it a FIT time counts from power-on
LAST_S = 631_065_600 + 0x70000000  # 2049: above it no watch can show it
MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400
NEAR_END_S = 15 * MINUTE_S  # from the last record to what the activity calls its end
NO_PAUSE_S = 12 * HOUR_S  # without a stop of the timer nobody pauses longer
NO_RECORDING_S = 10 * DAY_S
FEW = 3  # records of another time between two that fit together are strays, not another clock
SLACK_S = 5
SAME_S = 2  # clocks that differ by less are one, joined by a usual step where it was another
STAYS_M_PER_S = 0.5  # slower than that is standing: the time of such a gap may never have passed
SPEEDS_FIT_M_PER_S = 30.0  # faster over days is not distance that was covered
APART_M = 100.0  # further from its neighbour by its distance a record of another time is none of the recording


@dataclass(frozen=True)
class RecordingFacts:
    """What else a file says of its recording.

    Attributes:
        elapsed_s: from start to end by the device's own count, pauses included; None where it says nothing of use.
        stops: times at which the timer was stopped.
        starts: times at which it was started.
        sessions: told starts of the sessions of a file that has several.
        ends: what the activity, else the session, says of its end (some writers: of its start).
    """

    elapsed_s: float | None
    stops: Seconds
    starts: Seconds
    sessions: Seconds
    ends: Seconds


@dataclass(frozen=True)
class Clocks:
    """The records on one time line.

    Attributes:
        steps: for each step of the clock the first record after it, and by how many seconds the clock was moved.
        first: the first record of each stretch of even time.
        shift_s: of each stretch, what to add to its times.
        is_placed: records alone among others of another time, put between these.
        is_stray: records that fit neither by time nor by distance.
        times: of every record, on the one time line.
    """

    steps: list[tuple[int, int]]
    first: Seconds
    shift_s: Seconds
    is_placed: npt.NDArray[np.bool_]
    is_stray: npt.NDArray[np.bool_]
    times: Seconds


def is_on_calendar(times: Seconds) -> npt.NDArray[np.bool_]:
    """Which times a clock that was once set can show."""
    return (times >= FIRST_S) & (times < LAST_S)


def join_clocks(times: Seconds, distances: Metres, facts: RecordingFacts) -> Clocks:
    """One time line for the records of a recording, in the order in which they were written.

    1000 records a second apart from 6:00, then 2000 from 6:46:40 three weeks later, are one run of 3000 s that is
    dated by the later clock, because most records and the activity's end go by it.

    Args:
        times: of the records, in seconds since 1970.
        distances: theirs.
        facts: what else the file says.
    """
    usual = _usual_step(times)
    alone = _alone(times, distances, usual)
    even = np.flatnonzero(~alone)
    breaks, gaps = _breaks(times[even], distances[even], facts, usual)
    first = np.concatenate([[0], breaks])
    line, clock_of_line = _line(times[even], breaks, gaps)
    readings = times[even][first] - line[first]  # what each stretch's clock showed when the recording began
    chosen = _chosen(readings, np.diff(np.append(first, len(even))), line[-1], facts, clock_of_line)
    joined = times.copy()
    joined[even] = line + chosen
    strays, placed = _place(joined, times, distances, even, alone, usual)
    steps = list(zip(even[breaks].tolist(), np.diff(readings).tolist(), strict=True))
    return Clocks(steps, even[first], chosen - readings, placed, strays, joined)


def _usual_step(times: Seconds) -> int:
    """Seconds from one record to the next, as a rule."""
    steps = np.diff(times)
    ordinary = steps[(steps > 0) & (steps <= 10 * 60)]
    return max(int(np.median(ordinary)), 1) if len(ordinary) else 1


def _alone(times: Seconds, distances: Metres, usual: int) -> npt.NDArray[np.bool_]:
    """Up to three records in a row of another time, between two that fit together; at an end, if the way breaks too."""
    alone = np.zeros(len(times), np.bool_)
    near = max(10 * usual, 10)
    i = 1
    while i < len(times):
        step = times[i] - times[i - 1]
        after = next((j for j in range(i + 1, min(i + FEW + 1, len(times))) if 0 <= times[j] - times[i - 1] <= near), 0)
        is_off = step < 0 or (step > near and after and times[after] < times[i])
        if is_off and after and not _repeats_onward(times, distances, i, after):
            alone[i:after] = True
            i = after + 1
        else:
            i += 1
    for count in range(1, min(FEW, (len(times) - 1) // 2) + 1):
        for inner, outer, block in ((-count - 1, -count, np.s_[-count:]), (count, count - 1, np.s_[:count])):
            away_s, way_m = abs(times[outer] - times[inner]), abs(distances[outer] - distances[inner])
            is_travelled = STAYS_M_PER_S < way_m / max(away_s, 1) < SPEEDS_FIT_M_PER_S
            is_far = away_s > (NO_RECORDING_S if is_travelled else NO_PAUSE_S)
            alone[block] |= is_far and _breaks_off(distances, inner, outer)
    return alone


def _repeats_onward(times: Seconds, distances: Metres, first: int, after: int) -> bool:
    """Whether records repeat times that were there, though the way goes on: then the clock was set back by seconds."""
    known = set(times[max(0, first - 2 * FEW) : first].tolist())
    way = distances[first - 1 : after]
    return all(time in known for time in times[first:after].tolist()) and bool((np.diff(way) > 0).all())


def _breaks_off(distances: Metres, here: int, before: int) -> bool:
    """Whether the distance of a record does not go on from that of another."""
    return bool(abs(distances[here] - distances[before]) > APART_M)


def _breaks(times: Seconds, distances: Metres, facts: RecordingFacts, usual: int) -> tuple[Seconds, Seconds]:
    """Before which records the clock was set, and how long it really took to each of them."""
    steps, way = np.diff(times), np.diff(distances)
    calendar = is_on_calendar(times)
    changes = calendar[1:] != calendar[:-1]
    starts_session = np.isin(times[1:], (facts.sessions[:, None] + np.arange(-2, 3)).ravel())
    back = (steps < 0) & ~(way < -1.0) & ~starts_session & ~_fills_in(times, distances)
    is_break = back | changes
    open_gap = (steps > max(10 * usual, 10)) & ~is_break & ~starts_session & ~(way > STAYS_M_PER_S * steps)
    paused = np.zeros(len(steps), np.bool_)
    for i in np.flatnonzero(is_break | open_gap):
        paused[i] = _is_paused(facts, times[i], times[i + 1])
    whole = int(np.where(is_break, usual, np.maximum(steps, 0)).sum())
    excess = whole - facts.elapsed_s if facts.elapsed_s is not None else None
    agrees = excess is not None and abs(excess) <= max(60.0, 0.01 * (facts.elapsed_s or 0.0))
    unpaused = open_gap & ~paused
    too_long = unpaused & (steps > (NO_RECORDING_S if agrees else NO_PAUSE_S))
    is_break |= too_long
    if excess is not None:
        excess -= float((steps - usual)[too_long].sum())
        is_break |= _chosen_gaps(unpaused & ~too_long, steps, usual, excess)
    set_in_pause = _set_in_pause(open_gap & paused, steps, facts, excess) if not is_break.any() else None
    if set_in_pause is not None:
        is_break[set_in_pause] = True
    breaks = np.flatnonzero(is_break) + 1
    gaps = np.full(len(breaks), usual, np.int64)
    if len(breaks) == 1 and facts.elapsed_s is not None and paused[breaks[0] - 1]:
        gaps[0] = max(usual, int(facts.elapsed_s - np.maximum(np.delete(steps, breaks[0] - 1), 0).sum()))
    return breaks, gaps


def _fills_in(times: Seconds, distances: Metres) -> npt.NDArray[np.bool_]:
    """Steps back to records that tell the same seconds' other half: heart rate after the way, sensor by sensor."""
    fills = np.zeros(len(times) - 1, np.bool_)
    known = ~np.isnan(distances)
    if known.all() or not known.any():
        return fills
    for i in np.flatnonzero(np.diff(times) < 0):
        there = times[: i + 1] >= times[i + 1]
        again = times[i + 1 : i + 1 + int(there.sum())]
        fills[i] = known[: i + 1][there].mean() + known[i + 1 : i + 1 + len(again)].mean() <= 1.0
    return fills


def _is_paused(facts: RecordingFacts, before: int, after: int) -> bool:
    """Whether the timer was stopped about one time and started about another."""
    stopped = (facts.stops >= before - SLACK_S) & (facts.stops <= max(before, min(after, before + DAY_S)) + SLACK_S)
    return bool(stopped.any() and (np.abs(facts.starts - after) <= 2 * SLACK_S).any())


def _chosen_gaps(candidates: npt.NDArray[np.bool_], steps: Seconds, usual: int, excess: float) -> npt.NDArray[np.bool_]:
    """The largest gaps that together are what the records' span has beyond the device's own count of time."""
    chosen = np.zeros(len(steps), np.bool_)
    if excess <= SLACK_S:
        return chosen
    left = excess
    for i in sorted(np.flatnonzero(candidates), key=lambda i: -steps[i]):
        if steps[i] - usual <= left + SLACK_S:
            chosen[i] = True
            left -= float(steps[i] - usual)
    fits = abs(left) <= max(SLACK_S, 0.1 * (excess - left))
    return chosen if fits else np.zeros(len(steps), np.bool_)


def _set_in_pause(
    paused: npt.NDArray[np.bool_], steps: Seconds, facts: RecordingFacts, excess: float | None
) -> int | None:
    """The one pause in which the clock was set forward: longer than the device's count of time can hold."""
    if excess is None or excess <= SLACK_S:
        return None
    long = np.flatnonzero(paused & (steps >= excess + SLACK_S))
    return int(long[0]) if len(long) == 1 and facts.elapsed_s is not None else None


def _line(times: Seconds, breaks: Seconds, gaps: Seconds) -> tuple[Seconds, Seconds]:
    """Seconds since the first record, in the written order; and of each stretch."""
    steps = np.diff(times)
    steps[breaks - 1] = gaps
    line = np.concatenate([[0], np.cumsum(steps)])
    return line, line[np.concatenate([[0], breaks])]


def _chosen(readings: Seconds, counts: Seconds, length: int, facts: RecordingFacts, begun: Seconds) -> int:
    """The reading at the first record of the clock that dates the recording.

    One that was never set does not. Of the others it is the one that the activity's end goes by, if it has a third of
    the records and is minutes from the other, else the one with most.
    """
    usable = is_on_calendar(readings + begun)
    if not usable.any():
        usable = np.ones(len(readings), np.bool_)
    records = {int(reading): 0 for reading in readings[usable]}
    for reading, count in zip(readings[usable], counts[usable], strict=True):
        same = next(other for other in records if abs(other - int(reading)) <= SAME_S)
        records[same] += int(count)
    most = max(records, key=lambda reading: records[reading])
    for begins in (length, 0):  # some writers give the start in place of the end
        miss = {reading: abs(int(end) - reading - begins) for reading in records for end in facts.ends[:1]}
        named = min(miss, key=lambda reading: miss[reading], default=most)
        if miss and miss[named] <= NEAR_END_S:
            is_other = miss[most] - miss[named] > MINUTE_S
            return named if is_other and 3 * records[named] >= sum(records.values()) else most
    return most


def _place(
    joined: Seconds, times: Seconds, distances: Metres, even: Seconds, alone: npt.NDArray[np.bool_], usual: int
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Gives lone records a time between their neighbours; which could not have one, and which were given one."""
    strays, placed = np.zeros(len(times), np.bool_), np.zeros(len(times), np.bool_)
    for i in np.flatnonzero(alone):
        k = int(even.searchsorted(i))
        before, after = (even[k - 1] if k else None), (even[k] if k < len(even) else None)
        if before is None or after is None:
            strays[i] = True
        elif abs(times[i] - times[before]) <= HOUR_S:
            joined[i] = times[i] + joined[before] - times[before]
        elif _breaks_off(distances, int(i), int(before)):
            strays[i] = True
        else:
            joined[i] = min(joined[before] + usual * (i - before), joined[after])
            placed[i] = True
    return strays, placed
