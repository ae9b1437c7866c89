"""How far the clocks of two strength logs are apart, where the logs themselves show it.

Apps write the time of their server, of the phone now, or of the phone then. So one history comes with its clock moved:
by one offset, or by the few that the daylight saving of two zones gives. An offset is believed only on evidence:
workouts with the same sets, at least three of them and half of the smaller log's, stand that far apart. A workout on
another day is evidence only if it tells: who does the same exercises every day at the same hour in two logs by turns
has two histories, and any number of equal workouts at a constant distance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

LARGEST_SHIFT_S = 24 * 3600.0  # exclusive: a day apart is another day, and zones further apart share no runner
EVIDENCE_WORKOUTS = 3
EVIDENCE_FRACTION = 0.5
SAVING_STEP_S = 1800.0  # clocks are put forward by an hour, on Lord Howe by half of one
SAVING_STEPS = 4  # two hours: both zones, in opposite seasons
MOST_JOURNEYS = 6
_DAY_S = 86400.0
_SLACK_S = SAVING_STEPS * SAVING_STEP_S
_RHYTHM_DAYS = 8  # a week, and a day to spare
_NEARLY_ALL = 0.9
_LEAD_FRACTION = 0.1


@dataclass(frozen=True)
class Shifts:
    """The offsets of the second log's clock from the first's, s, that the logs show; empty without evidence.

    Attributes:
        groups: of each stretch of the history the offsets that belong together.
        tolerance_s: how exactly the workouts keep them.
    """

    groups: tuple[tuple[float, ...], ...] = ()
    tolerance_s: float = 0.0

    @property
    def offsets(self) -> tuple[float, ...]:
        """All offsets."""
        return tuple(offset for group in self.groups for offset in group)

    def distance_s(self, delta: pl.Expr) -> pl.Expr:
        """How far a pair of workouts lies from the nearest offset; null without evidence."""
        if not self.offsets:
            return pl.lit(None, pl.Float64)
        return pl.min_horizontal((delta - offset).abs() for offset in self.offsets)


@dataclass(frozen=True)
class Evidence:
    """Pairs of like workouts of two logs that both have a clock.

    Attributes:
        pairs: `x y start_s start_s_y delta_s same_day rival_s`; `start_s` is that of `x`, `rival_s` how near in the
            time of the day a workout lies that would explain `y` as well (`strength_pairs`).
        first: starts of the first log's workouts, s, sorted.
        second: starts of the second log's.
        days_coincide: whether the logs hold like workouts on the same days, so that they do not take turns.
    """

    pairs: pl.DataFrame
    first: np.ndarray
    second: np.ndarray
    days_coincide: bool


def find_shifts(evidence: Evidence, tolerances_s: tuple[float, ...]) -> Shifts:
    """The offsets that two logs show, the exactest kept first.

    Logs that hold like workouts on the same days do not take turns, so that every pair of theirs tells. A journey gives
    its weeks an offset of their own: once the logs are known to be one history, what the first offset does not explain
    may show another, judged in the span of the workouts that show it.
    """
    for tolerance_s in tolerances_s:
        found = _one_group(evidence, tolerance_s, whole_span=True, all_tell=evidence.days_coincide)
        if found is not None:
            return Shifts((found, *_journeys(evidence, found, tolerance_s)), tolerance_s)
    for tolerance_s in tolerances_s if evidence.days_coincide else ():
        journeys = _journeys(evidence, None, tolerance_s)
        if journeys:
            return Shifts(journeys, tolerance_s)
    return Shifts()


def _journeys(evidence: Evidence, found: tuple[float, ...] | None, tolerance_s: float) -> tuple[tuple[float, ...], ...]:
    """The offsets of stretches of the history that the first offsets do not explain."""
    groups: list[tuple[float, ...]] = []
    is_one_history = found is not None
    while len(groups) < MOST_JOURNEYS:
        if found is not None:
            evidence = _without(evidence, found, tolerance_s)
        found = _one_group(evidence, tolerance_s, whole_span=False, all_tell=is_one_history)
        if found is None:
            break
        groups.append(found)
    return tuple(groups)


def _one_group(evidence: Evidence, tolerance_s: float, *, whole_span: bool, all_tell: bool) -> tuple[float, ...] | None:
    """The offsets that most pairs keep, or else most pairs that tell, if they are evidence enough."""
    has_rival = (pl.col("rival_s") <= 2 * tolerance_s).fill_null(value=False)
    pairs = evidence.pairs.with_columns(tells=~has_rival | all_tell).sort("delta_s")
    for which in (pairs, pairs.filter("tells")):
        if which.height < EVIDENCE_WORKOUTS:
            continue
        offsets = _offsets(which, tolerance_s)
        if _is_evidence(offsets, pairs, evidence.first, evidence.second, tolerance_s, whole_span=whole_span):
            return offsets
    return None


def _is_evidence(
    offsets: tuple[float, ...],
    pairs: pl.DataFrame,
    first: np.ndarray,
    second: np.ndarray,
    tolerance_s: float,
    *,
    whole_span: bool,
) -> bool:
    """Whether enough workouts of the span keep these offsets, and not only because both logs keep one rhythm."""
    members = pairs.filter(pl.min_horizontal((pl.col("delta_s") - one).abs() for one in offsets) <= tolerance_s)
    middle = float(np.median(offsets))
    if whole_span:
        begin, end = max(first[0], second[0] - middle), min(first[-1], second[-1] - middle)
    else:
        begin, end = members.select(begin=pl.col("start_s").min(), end=pl.col("start_s").max()).row(0)
    first = first[(first >= begin - _SLACK_S) & (first <= end + _SLACK_S)]
    second = second[(second >= begin + middle - _SLACK_S) & (second <= end + middle + _SLACK_S)]
    support = min(members["x"].n_unique(), members["y"].n_unique())
    if support < max(EVIDENCE_WORKOUTS, EVIDENCE_FRACTION * min(first.size, second.size)):
        return False
    telling = members.filter("tells")
    enough = max(EVIDENCE_WORKOUTS, EVIDENCE_FRACTION * support)
    tells = min(telling["x"].n_unique(), telling["y"].n_unique()) >= enough
    return tells or _beats_rhythm(support, first, second, offsets, tolerance_s)


def _beats_rhythm(
    support: int, first: np.ndarray, second: np.ndarray, offsets: tuple[float, ...], tolerance_s: float
) -> bool:
    """Whether the offsets explain nearly every workout of the smaller log, and no shift by whole days as many.

    Workouts that are all alike still tell by the days that were left out.
    """
    smaller, other = sorted((first, second), key=len)
    sign = 1.0 if smaller is first else -1.0

    def explained(days: int) -> int:
        found = np.zeros(smaller.size, dtype=bool)
        for offset in offsets:
            wanted = smaller + sign * (offset + days * _DAY_S)
            low = np.searchsorted(other, wanted - tolerance_s, "left")
            found |= np.searchsorted(other, wanted + tolerance_s, "right") > low
        return int(found.sum())

    rival = max(explained(days) for days in range(-_RHYTHM_DAYS, _RHYTHM_DAYS + 1) if days)
    lead = max(EVIDENCE_WORKOUTS, _LEAD_FRACTION * support)
    return support >= _NEARLY_ALL * smaller.size and support - rival >= lead


def _offsets(pairs: pl.DataFrame, tolerance_s: float) -> tuple[float, ...]:
    """The distance that most pairs, sorted by `delta_s`, keep, and those that daylight saving adds within two hours.

    Of those that explain as many but for one the smallest counts: a rhythm of days adds its own to any true one.
    """
    delta = pairs["delta_s"].to_numpy()
    low = np.searchsorted(delta, delta - tolerance_s, "left")
    high = np.searchsorted(delta, delta + tolerance_s, "right")
    kept = high - low
    nearly = kept >= kept.max() - 1
    best = min(np.flatnonzero(nearly), key=lambda one: (int(abs(delta[one]) // (3 * tolerance_s)), -kept[one]))
    centre = float(np.median(delta[low[best] : high[best]]))
    steps = np.round((delta - centre) / SAVING_STEP_S)
    fits = (np.abs(delta - centre - steps * SAVING_STEP_S) <= tolerance_s) & (np.abs(steps) <= SAVING_STEPS)
    if tolerance_s > SAVING_STEP_S / 4:
        fits &= steps % 2 == 0
    counts = {int(step): int(np.sum(fits & (steps == step))) for step in np.unique(steps[fits])}
    windows = [range(begin, begin + SAVING_STEPS + 1) for begin in range(-SAVING_STEPS, 1)]
    window = max(windows, key=lambda steps: (sum(counts.get(step, 0) for step in steps), -abs(steps[0] + 2)))
    return tuple(centre + step * SAVING_STEP_S for step in window if counts.get(step))


def _without(evidence: Evidence, group: tuple[float, ...], tolerance_s: float) -> Evidence:
    """What a group of offsets leaves unexplained."""
    members = evidence.pairs.filter(pl.min_horizontal((pl.col("delta_s") - one).abs() for one in group) <= tolerance_s)
    rest = evidence.pairs.join(members, on="x", how="anti").join(members, on="y", how="anti")
    first = np.setdiff1d(evidence.first, members["start_s"].to_numpy())
    second = np.setdiff1d(evidence.second, members["start_s_y"].to_numpy())
    return Evidence(rest, first, second, evidence.days_coincide)
