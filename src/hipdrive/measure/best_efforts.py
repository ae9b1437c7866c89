"""The fastest stretch of each run over set distances and times, found once, when the run is read.

Time is the clock's, as in a race: a stop counts. Distance is that of the samples, without what leapt or was driven.
Between two records both are taken to grow evenly. The best stretch then begins or ends at a record, because the time
over a set distance is linear between such places; so each record is tried as a beginning and as an end.

A stretch is an effort if it was run in one go and by a person: no stop of over 60 s in it and no more than 3 % of it
stood in all, 1.4 m/s or faster, and nothing in common with a stretch that is faster than anybody ever ran: a kilometre
in which a satellite made 400 m in half a minute is none, however possible it looks as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.measure.windows import RUN_SPORT
from hipdrive.tables.run_efforts import BestEffort
from hipdrive.tables.runs import Activity, Sample

# Target in metres or seconds → the fastest speed that anybody held over it: a faster stretch is the satellite's.
# World records of men [World Athletics; the half marathon by BBC Sport, 16 February 2025]: 43.03 s, 2:11.96, 3:43.13,
# 12:35.36, 26:11.00, 56:42, 2:00:35; for times, somewhat above that of the next shorter race.
TARGETS_M = {
    400.0: 400 / 43.03,
    1000.0: 1000 / 131.96,
    1609.344: 1609.344 / 223.13,
    5000.0: 5000 / 755.36,
    10_000.0: 10_000 / 1571.0,
    21_097.5: 21_097.5 / 3402.0,
    42_195.0: 42_195 / 7235.0,
}
TARGETS_S = {60.0: 8.9, 300.0: 7.3, 600.0: 7.0, 1200.0: 6.6, 3600.0: 6.2}
LONGEST_STOP_S = 60.0
STOPS_AT_MOST_FRACTION = 0.03
SLOWEST_M_PER_S = 1.4  # a walk
_NEARLY = 1e-6


_Spans = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class _Track:
    """All runs on one axis of time and one of distance, each run beyond the reach of the one before; shape (n,)."""

    run: np.ndarray
    clock_s: np.ndarray
    covered_m: np.ndarray
    stood_s: np.ndarray  # in all stops until there
    stood_long_s: np.ndarray  # in stops of over 60 s
    first: np.ndarray  # the first row of each run
    last: np.ndarray


@dataclass(frozen=True)
class _Stretches:
    """Stretches over one target that begin or end at a record; shape (n,)."""

    run: np.ndarray
    begin_s: np.ndarray
    end_s: np.ndarray
    way_m: np.ndarray

    @property
    def speed(self) -> np.ndarray:
        """Metres a second of the clock."""
        took_s = self.end_s - self.begin_s
        speed: np.ndarray = np.divide(self.way_m, took_s, out=np.full_like(took_s, np.inf), where=took_s > 0)
        return speed

    def where(self, kept: np.ndarray) -> _Stretches:
        """Some of them."""
        return _Stretches(self.run[kept], self.begin_s[kept], self.end_s[kept], self.way_m[kept])


def measure_best_efforts(activities: dy.DataFrame[Activity], samples: dy.DataFrame[Sample]) -> dy.DataFrame[BestEffort]:
    """One row a run and target that it is long enough for; a second recording of a run has its own.

    1000 m in 300 s, then 1000 m in 240 s: the best kilometre takes 240 s, the best five minutes are
    1000 + 60 x 3.33 = 1200 m, at 4 m/s.

    Args:
        activities: any sport; only running is searched.
        samples: theirs.
    """
    runs = activities.filter(pl.col("sport") == RUN_SPORT).select("activity_id")
    track, names = _track(samples.join(runs, on="activity_id", how="semi"))
    if track is None:
        return BestEffort.create_empty()
    tried = [(ceiling, {"target_m": target}, _over_distance(track, target)) for target, ceiling in TARGETS_M.items()]
    tried += [(ceiling, {"target_s": target}, _over_time(track, target)) for target, ceiling in TARGETS_S.items()]
    beyond = _beyond_anybody([(ceiling, stretches) for ceiling, _, stretches in tried])
    parts = [_rows(names, _best(track, stretches, beyond), target) for _, target, stretches in tried]
    return BestEffort.validate(pl.concat(parts).sort("activity_id", "target_m", "target_s"))


def _track(samples: pl.DataFrame) -> tuple[_Track | None, pl.Series]:
    known = samples.filter(pl.col("distance_m").is_not_null())
    first = known["activity_id"].rle_id().diff().fill_null(1).to_numpy() != 0
    names = known["activity_id"].filter(pl.Series(first))
    if known.is_empty():
        return None, names
    run = np.cumsum(first) - 1
    clock = known["time_utc"].dt.epoch("us").to_numpy() / 1e6
    metres = known["distance_m"].to_numpy()
    steps_m = np.where(first, 0.0, np.diff(metres, prepend=metres[0]))
    covered = np.cumsum(np.maximum(steps_m, 0.0))
    steps_s = np.where(first, 0.0, np.diff(clock, prepend=clock[0]))
    stood_s = np.where(first, 0.0, np.maximum(steps_s - known["moving_s"].to_numpy(), 0.0))
    begin = np.flatnonzero(first)
    end = np.r_[begin[1:], run.size] - 1
    clock -= clock[begin][run]
    covered -= covered[begin][run]
    apart_s, apart_m = max(TARGETS_S) + 1, max(TARGETS_M) + 1
    clock += np.r_[0.0, np.cumsum(clock[end][:-1] + apart_s)][run]
    covered += np.r_[0.0, np.cumsum(covered[end][:-1] + apart_m)][run]
    stands = stood_s > _NEARLY
    stop = np.cumsum(np.r_[True, (stands[1:] != stands[:-1]) | first[1:]]) - 1
    is_long = np.bincount(stop, stood_s)[stop] > LONGEST_STOP_S
    return _Track(
        run, clock, covered, np.cumsum(stood_s), np.cumsum(np.where(is_long, stood_s, 0.0)), begin, end
    ), names


def _best(track: _Track, stretches: _Stretches, beyond: _Spans) -> _Stretches:
    """The fastest stretch of each run that is an effort."""
    took_s = stretches.end_s - stretches.begin_s
    stood_s, stood_long_s = (
        np.interp(stretches.end_s, track.clock_s, stood) - np.interp(stretches.begin_s, track.clock_s, stood)
        for stood in (track.stood_s, track.stood_long_s)
    )
    kept = stretches.where(
        (stood_long_s <= LONGEST_STOP_S)
        & (stood_s <= STOPS_AT_MOST_FRACTION * took_s + _NEARLY)
        & (stretches.speed >= SLOWEST_M_PER_S)
        & ~_touches(stretches, beyond)
    )
    order = np.lexsort((kept.begin_s, -kept.speed, kept.run))
    begins = np.r_[True, np.diff(kept.run[order]) != 0] if order.size else order
    return kept.where(order[np.flatnonzero(begins)])


def _beyond_anybody(tried: list[tuple[float, _Stretches]]) -> _Spans:
    """Where a run was faster than anybody ever, as spans of the clock in order: begins and ends.

    From the fastest record down, so that an hour too fast adds nothing where 400 m in it say which part was.
    """
    begins, ends = np.empty(0), np.empty(0)
    for ceiling, stretches in sorted(tried, key=lambda one: -one[0]):
        found = stretches.where(stretches.speed > ceiling)
        news = found.where(~_holds_any(found, (begins, ends)))
        begins, ends = np.r_[begins, news.begin_s], np.r_[ends, news.end_s]
        order = np.argsort(begins)
        begins, ends = begins[order], ends[order]
    return begins, np.maximum.accumulate(ends)


def _holds_any(stretches: _Stretches, spans: _Spans) -> np.ndarray:
    """Which stretches hold a span whole: of those that begin in it, the earliest to end does."""
    begins, ends = spans
    earliest_end_s = np.r_[np.minimum.accumulate(ends[::-1])[::-1], np.inf]
    held: np.ndarray = earliest_end_s[np.searchsorted(begins, stretches.begin_s - _NEARLY)] <= stretches.end_s + _NEARLY
    return held


def _touches(stretches: _Stretches, spans: _Spans) -> np.ndarray:
    """Which stretches have a moment in common with a span: of those that begin before its end, the last to end does."""
    begins, ends = spans
    latest_end_s = np.r_[-np.inf, ends]
    touched: np.ndarray = latest_end_s[np.searchsorted(begins, stretches.end_s - _NEARLY)] > stretches.begin_s + _NEARLY
    return touched


def _rows(names: pl.Series, best: _Stretches, target: dict[str, float]) -> pl.DataFrame:
    # The target itself where it is a time, since a difference of large numbers only comes near it.
    took_s = np.full(best.run.size, target["target_s"]) if "target_s" in target else best.end_s - best.begin_s
    return pl.DataFrame(
        {
            "activity_id": names.gather(best.run),
            "target_m": pl.Series([target.get("target_m")] * best.run.size, dtype=pl.Float64),
            "target_s": pl.Series([target.get("target_s")] * best.run.size, dtype=pl.Float64),
            "time_s": took_s,
            "speed_m_per_s": best.way_m / took_s,
        }
    )


def _over_distance(track: _Track, target_m: float) -> _Stretches:
    """Stretches of one length; none in a run that is shorter."""
    # Where the runner stands the distance does not grow: a stretch begins at the end of a halt and ends at its begin.
    grows = np.r_[True, np.diff(track.covered_m) > 0]
    arrive, leave = np.flatnonzero(grows), np.flatnonzero(np.r_[grows[1:], True])
    places = track.covered_m[arrive]
    run, arrived, left = track.run[arrive], track.clock_s[arrive], track.clock_s[leave]
    ends = track.covered_m[track.last][run]
    begins = track.covered_m[track.first][run]
    onward, back = places + target_m <= ends, places - target_m >= begins
    to_s = _clock_at(places[onward] + target_m, places, arrived, left, arrived)
    from_s = _clock_at(places[back] - target_m, places, arrived, left, left)
    run = np.r_[run[onward], run[back]]
    return _Stretches(run, np.r_[left[onward], from_s], np.r_[to_s, arrived[back]], np.full(run.size, target_m))


def _clock_at(
    wanted: np.ndarray, places: np.ndarray, arrived: np.ndarray, left: np.ndarray, at_place: np.ndarray
) -> np.ndarray:
    """Clock time at each wanted distance: between two places from leaving one to arriving at the next."""
    before = np.searchsorted(places, wanted, side="right") - 1
    after = np.minimum(before + 1, places.size - 1)
    gap_m = places[after] - places[before]
    beyond_m = wanted - places[before]
    share = np.divide(beyond_m, gap_m, out=np.zeros_like(beyond_m), where=gap_m > 0)
    return np.where(beyond_m > 0, left[before] + share * (arrived[after] - left[before]), at_place[before])


def _over_time(track: _Track, target_s: float) -> _Stretches:
    """Stretches of one time; none in a run that is shorter."""
    clock, covered, run = track.clock_s, track.covered_m, track.run
    onward = clock + target_s <= clock[track.last][run]
    back = clock - target_s >= clock[track.first][run]
    begin_s = np.r_[clock[onward], clock[back] - target_s]
    way_m = np.interp(begin_s + target_s, clock, covered) - np.interp(begin_s, clock, covered)
    return _Stretches(np.r_[run[onward], run[back]], begin_s, begin_s + target_s, way_m)
