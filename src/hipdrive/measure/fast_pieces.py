"""Samples → how many fast pieces a session of intervals has; none in a run at one speed, however often it halts.

Whoever runs intervals runs at two speeds and goes to and fro between them. Laps, halts at lights, walking breaks and
hills make a run uneven too, yet not so: what is run lies at one speed, or the two speeds are one on the level. So, of
the clock cut into cells of 10 s and smoothed over 30 s:

1. Running cells (over half of them moving, at 1.9 m/s or more) are parted in two levels of ln speed so that the levels
   explain most of the scatter (Otsu 1979, doi:10.1109/TSMC.1979.4310076). They must explain 65 % of it, more than they
   would of noise, and lie 0.25 apart (28 %). Where nearly all is run, in pieces of one length, as only a plan makes
   them, 0.2 and 40 % will do: a long warm-up has its own scatter.
2. The lower level is a run and no mixture: at most three quarters of its cells lie next to a walk. On the level the
   two are two as well: the same cells lie 0.12 apart in graded speed, and further than what their ground costs; and
   neither lies on ground of more than 0.075 up or down on average, or the levels are a hill's.
3. A piece is a stretch of 20 s or more near the upper level. A new one begins after 20 s near the lower level or at a
   walk, or after standing for a minute: longer than most lights, shorter than most rests.
4. Four minutes of pieces in sum, or they are the strides at the end of an easy run; and no more than 85 % of what is
   run, or it is an even run with a slow patch or two.
"""

from __future__ import annotations

import numpy as np
import polars as pl

CELL_S = 10.0
SMOOTHED_CELLS = 3
LONGEST_GAP_S = 120.0  # of the clock; a pause of an hour is no longer a rest than one of two minutes
RUNNING_M_PER_S = 1.9
SHORTEST_RUN_S = 900.0
LEVELS_EXPLAIN, PLANNED_EXPLAIN = 0.65, 0.4
LEVELS_APART, PLANNED_APART = 0.25, 0.2  # in ln speed
GRADED_LEVELS_APART = 0.12
COST_OF_GROUND = 5.4  # of ln cost per unit of grade: 19.5/3.6 of Minetti's polynomial
STEEPEST_LEVEL_FRACTION = 0.075
NEAR_A_LEVEL = 0.35  # of the way to the other
SHORTEST_PIECE_S = 20.0
SLOW_REST_S = 20.0
STANDING_REST_S = 60.0
PIECES_IN_SUM_S = 240.0
PIECES_OF_THE_RUN = 0.85
BY_A_WALK_FRACTION = 0.75
RUN_ALL_BUT = 0.9  # of the moving time
ALIKE_PIECES, ALIKE_FRACTION, ALIKE_TIMES = 5, 0.8, 1.5  # so many, so much of them, within this factor of one length


def count_fast_pieces(of_runs: pl.DataFrame) -> pl.DataFrame:
    """`activity_id`, `fast_pieces` of every run: 0 where the run has one level, null under 15 minutes of running.

    Ten minutes at 2.8 m/s, six times two minutes at 4 m/s with two minutes at 2.5 between them, ten minutes at 2.8:
    levels of 2.7 and 4 m/s, six pieces.

    Args:
        of_runs: samples of any number of runs, graded, each run's sorted by time.
    """
    found = {
        str(name): _fast_pieces(rows)
        for (name,), rows in of_runs.partition_by("activity_id", as_dict=True, maintain_order=True).items()
    }
    return pl.DataFrame(
        {"activity_id": list(found), "fast_pieces": list(found.values())},
        schema={"activity_id": pl.String, "fast_pieces": pl.Int64},
    )


def _fast_pieces(samples: pl.DataFrame) -> int | None:
    moving_s, way_m, graded_m, rise_m = _cells(samples)
    if moving_s.sum() < SHORTEST_RUN_S:
        return None
    is_moving = moving_s >= CELL_S / 2
    speed, graded = _smoothed(way_m, moving_s), _smoothed(graded_m, moving_s)
    is_running = is_moving & (speed >= RUNNING_M_PER_S) & (graded > 0)
    if is_running.sum() * CELL_S < SHORTEST_RUN_S:
        return None
    with np.errstate(divide="ignore"):
        ln_speed, ln_graded = np.log(speed), np.log(graded)
    cut, low, high, explained = _two_levels(ln_speed[is_running])
    apart = high - low
    if explained < PLANNED_EXPLAIN or apart < PLANNED_APART:
        return 0
    upper, lower = is_running & (ln_speed > cut), is_running & (ln_speed <= cut)
    graded_apart = ln_graded[upper].mean() - ln_graded[lower].mean()
    steepest = max(rise_m[level].sum() / way_m[level].sum() for level in (upper, lower))
    is_by_a_walk = _near(is_moving & (way_m < RUNNING_M_PER_S * moving_s))[lower].mean() > BY_A_WALK_FRACTION
    is_hill = graded_apart < max(GRADED_LEVELS_APART, COST_OF_GROUND * steepest) or steepest > STEEPEST_LEVEL_FRACTION
    if is_by_a_walk or is_hill:
        return 0
    is_fast = is_running & (ln_speed > high - NEAR_A_LEVEL * apart)
    is_slow = is_moving & (~is_running | (ln_speed < low + NEAR_A_LEVEL * apart))
    lengths_s = CELL_S * _pieces(is_fast, is_slow, ~is_moving)
    kept = lengths_s[lengths_s >= SHORTEST_PIECE_S]
    most_s = PIECES_OF_THE_RUN * CELL_S * is_running.sum()
    is_planned = is_running.sum() >= RUN_ALL_BUT * is_moving.sum() and _are_alike(kept)
    are_two = explained >= LEVELS_EXPLAIN and apart >= LEVELS_APART
    is_session = PIECES_IN_SUM_S <= kept.sum() <= most_s and (are_two or is_planned)
    return int(kept.size) if is_session else 0


def _near(cells: np.ndarray) -> np.ndarray:
    """Cells that one of these reaches when it is smoothed."""
    near: np.ndarray = np.convolve(cells, np.ones(SMOOTHED_CELLS), "same") > 0
    return near


def _are_alike(lengths_s: np.ndarray) -> bool:
    """Whether nearly all pieces are about as long as one of them."""
    if lengths_s.size < ALIKE_PIECES:
        return False
    times = lengths_s[:, None] / lengths_s
    alike = ((times <= ALIKE_TIMES) & (times >= 1 / ALIKE_TIMES)).mean(axis=0)
    return bool(alike.max() >= ALIKE_FRACTION)


def _cells(samples: pl.DataFrame) -> tuple[np.ndarray, ...]:
    """Seconds of moving, metres, graded metres, and metres up or down in each cell of the clock."""
    seconds = samples["time_utc"].dt.epoch("us").to_numpy() / 1e6
    clock = np.cumsum(np.clip(np.diff(seconds, prepend=seconds[0]), 0.0, LONGEST_GAP_S))
    moving = np.minimum(samples["moving_s"].to_numpy(), LONGEST_GAP_S)
    edges = np.arange(0.0, clock[-1] + CELL_S, CELL_S)
    rates = samples.select(
        pl.col("speed_m_per_s", "graded_speed_m_per_s").fill_null(0.0),
        rise_m_per_s=(pl.col("speed_m_per_s") * pl.col("grade_fraction").abs()).fill_null(0.0),
    )
    sums = (moving, *(moving * rate.to_numpy() for rate in rates))
    return tuple(np.diff(np.interp(edges, clock, np.cumsum(each))) for each in sums)


def _smoothed(way_m: np.ndarray, moving_s: np.ndarray) -> np.ndarray:
    kernel = np.ones(SMOOTHED_CELLS)
    metres, seconds = np.convolve(way_m, kernel, "same"), np.convolve(moving_s, kernel, "same")
    return np.divide(metres, seconds, out=np.zeros_like(metres), where=seconds > 0)


def _two_levels(values: np.ndarray) -> tuple[float, float, float, float]:
    """The cut in two that explains most of the variance: the cut, both means, and the share that they explain."""
    ordered = np.sort(values)
    below = np.arange(1, ordered.size)
    sums = np.cumsum(ordered)
    low, high = sums[:-1] / below, (sums[-1] - sums[:-1]) / (ordered.size - below)
    between = below * (ordered.size - below) / ordered.size**2 * (high - low) ** 2
    best = int(between.argmax())
    variance = float(values.var())
    explained = float(between[best]) / variance if variance > 0 else 0.0
    return float(ordered[best]), float(low[best]), float(high[best]), explained


def _pieces(is_fast: np.ndarray, is_slow: np.ndarray, stands: np.ndarray) -> np.ndarray:
    """Fast cells of each piece: a new one begins where a rest lies between two fast cells."""
    fast = np.flatnonzero(is_fast)
    if fast.size == 0:
        return fast
    slow_s, stood_s = (CELL_S * np.diff(np.cumsum(each)[fast]) for each in (is_slow, stands))
    begins = np.r_[True, (slow_s >= SLOW_REST_S) | (stood_s >= STANDING_REST_S)]
    return np.bincount(np.cumsum(begins) - 1)
