"""The fastest stretch of each run over set distances and times, found once, when the run is read.

Time is the clock's, as in a race: a pause counts. Distance is the device's, less what leapt (`samples.speed_fault`).
Between two records both are taken to grow evenly. The best stretch then begins or ends at a record, because the time
over a set distance is linear between such places; so each record is tried as a beginning and as an end.
"""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.measure.jumps import is_jump
from hipdrive.measure.windows import RUN_SPORT
from hipdrive.tables.run_efforts import BestEffort
from hipdrive.tables.runs import Activity, Sample

# Target in metres or seconds → the fastest speed that anybody held over it: a faster stretch is the satellite's.
# World records of men, early 2025 [from memory]: 43.03 s, 2:11.96, 3:43.13, 12:35.36, 26:11.00, 56:42, 2:00:35; for
# times, somewhat above that of the next shorter race.
TARGETS_M = {
    400.0: 400 / 43.0,
    1000.0: 1000 / 131.9,
    1609.344: 1609.344 / 223.1,
    5000.0: 5000 / 755.3,
    10_000.0: 10_000 / 1571.0,
    21_097.5: 21_097.5 / 3402.0,
    42_195.0: 42_195 / 7235.0,
}
TARGETS_S = {60.0: 8.9, 300.0: 7.3, 600.0: 7.0, 1200.0: 6.6, 3600.0: 6.2}


@dataclass(frozen=True)
class _Track:
    """All runs on one axis of time and one of distance, each run beyond the reach of the one before; shape (n,)."""

    run: np.ndarray
    clock_s: np.ndarray
    covered_m: np.ndarray
    first: np.ndarray  # the first row of each run
    last: np.ndarray


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
    parts = []
    for target, ceiling in TARGETS_M.items():
        time_s = _shortest_times(track, target)
        parts.append(_rows(names, ceiling, np.full(time_s.size, target), time_s, target_m=target))
    for target, ceiling in TARGETS_S.items():
        covered_m = _longest_ways(track, target)
        parts.append(_rows(names, ceiling, covered_m, np.full(covered_m.size, target), target_s=target))
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
    steps = np.where(first, 0.0, np.diff(metres, prepend=metres[0]))
    leapt = known.select(is_jump().fill_null(value=False)).to_series().to_numpy()
    covered = np.cumsum(np.where(leapt, 0.0, np.maximum(steps, 0.0)))
    begin = np.flatnonzero(first)
    end = np.r_[begin[1:], run.size] - 1
    clock -= clock[begin][run]
    covered -= covered[begin][run]
    apart_s, apart_m = max(TARGETS_S) + 1, max(TARGETS_M) + 1
    clock += np.r_[0.0, np.cumsum(clock[end][:-1] + apart_s)][run]
    covered += np.r_[0.0, np.cumsum(covered[end][:-1] + apart_m)][run]
    return _Track(run, clock, covered, begin, end), names


def _rows(names: pl.Series, ceiling: float, way_m: np.ndarray, time_s: np.ndarray, **target: float) -> pl.DataFrame:
    """Rows of the runs that have an answer which anybody could have run."""
    with np.errstate(invalid="ignore", divide="ignore"):
        speed = way_m / time_s
        kept = np.isfinite(speed) & (speed > 0) & (speed <= ceiling)
    return pl.DataFrame(
        {
            "activity_id": names.filter(pl.Series(kept)),
            "target_m": pl.Series([target.get("target_m")] * int(kept.sum()), dtype=pl.Float64),
            "target_s": pl.Series([target.get("target_s")] * int(kept.sum()), dtype=pl.Float64),
            "time_s": time_s[kept],
            "speed_m_per_s": speed[kept],
        }
    )


def _shortest_times(track: _Track, target_m: float) -> np.ndarray:
    """The shortest time over a distance in each run; infinite in one that is shorter."""
    # Where the runner stands the distance does not grow: a stretch begins at the end of a halt and ends at its begin.
    grows = np.r_[True, np.diff(track.covered_m) > 0]
    arrive, leave = np.flatnonzero(grows), np.flatnonzero(np.r_[grows[1:], True])
    places = track.covered_m[arrive]
    run, arrived, left = track.run[arrive], track.clock_s[arrive], track.clock_s[leave]
    ends = track.covered_m[track.last][run]
    begins = track.covered_m[track.first][run]
    best = np.full(track.first.size, np.inf)
    fits = places + target_m <= ends
    _least(best, run[fits], _clock_at(places[fits] + target_m, places, arrived, left, arrived) - left[fits])
    fits = places - target_m >= begins
    _least(best, run[fits], arrived[fits] - _clock_at(places[fits] - target_m, places, arrived, left, left))
    return best


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


def _longest_ways(track: _Track, target_s: float) -> np.ndarray:
    """The longest way in a time in each run; 0 in one that is shorter."""
    clock, covered, run = track.clock_s, track.covered_m, track.run
    best = np.zeros(track.first.size)
    fits = clock + target_s <= clock[track.last][run]
    _least(best, run[fits], covered[fits] - np.interp(clock[fits] + target_s, clock, covered))
    fits = clock - target_s >= clock[track.first][run]
    _least(best, run[fits], np.interp(clock[fits] - target_s, clock, covered) - covered[fits])
    return -best


def _least(best: np.ndarray, run: np.ndarray, values: np.ndarray) -> None:
    """Lower each run's best to the least of its values."""
    if run.size:
        begin = np.flatnonzero(np.r_[True, np.diff(run) != 0])
        least = np.minimum.reduceat(values, begin)
        best[run[begin]] = np.minimum(best[run[begin]], least)
