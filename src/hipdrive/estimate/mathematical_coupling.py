"""Sweep angle and peak force of a step: how much of their correlation is built in, and what is left.

Both are computed from the same speed v, step time T and contact time c. With the sine model the peak force in body
weights is B = (pi/2) T/c and the contact sweep angle has sin a = v c/(2 L), so B sin a = pi v T/(4 L): at one speed and
one cadence they are exact inverses, and an error of c pushes them apart. Pooled over speeds both follow v. So their
correlation says nothing by itself; what could be tested is whether ln T rises by more than ln c does, at one speed.

Source of the force model: Morin and others 2005, doi:10.1123/jab.21.2.167.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEVEL_GRADE = 0.01  # as a fraction, either way
FEWEST_WINDOWS, FEWEST_RUNS = 5, 8  # level windows of a run; such runs
FEWEST_WEEKS = 26  # for shifts round the calendar
MOST_WINDOWS = 8_000  # runs are thinned evenly above it, to keep the shuffles short
SHUFFLES, SHUFFLE_SEED = 999, 20_261


@dataclass(frozen=True)
class MathematicalCoupling:
    """The correlation of ln force and ln sweep angle, and what it is worth.

    Attributes:
        pooled: over all windows, unadjusted: mostly speed.
        at_one_speed: within runs, with speed taken out.
        split_halves: angle from odd windows, force from even ones, a value a run: no shared error in contact time.
        built_in_lo: 2.5 % quantile of `at_one_speed` with contact times shuffled within runs at one speed.
        built_in_hi: 97.5 % quantile.
        p_value: two-sided, of `at_one_speed` among the shuffles.
        across_weeks: the same correlation of weekly means at one speed; None under 26 weeks with a run.
        across_weeks_lo: 2.5 % quantile with the weekly contact times shifted round the calendar.
        across_weeks_hi: 97.5 % quantile.
        slope: of ln step time on ln contact time within runs at one speed; the claim needs more than 1.
        slope_lo: lower end, 95 % interval, runs as clusters.
        slope_hi: upper end.
        windows: of level running that were used.
        runs: they come from.
    """

    pooled: float
    at_one_speed: float
    split_halves: float
    built_in_lo: float
    built_in_hi: float
    p_value: float
    across_weeks: float | None
    across_weeks_lo: float | None
    across_weeks_hi: float | None
    slope: float
    slope_lo: float
    slope_hi: float
    windows: int
    runs: int


def measure_coupling(run_windows: pl.DataFrame, leg_m: float) -> MathematicalCoupling | None:
    """Separate what the formulas build in from what the runner does; None with fewer than eight runs to tell.

    Args:
        run_windows: one athlete's windows: `activity_id`, `window_start_utc`, `speed_m_per_s`, `grade_fraction`,
            `step_time_s`, `contact_time_s`.
        leg_m: length of the athlete's leg.
    """
    windows = _level_windows(run_windows, leg_m)
    if windows["run"].n_unique() < FEWEST_RUNS:
        return None
    run = windows["run"].to_numpy()
    speed, step, contact = (np.log(windows[name].to_numpy()) for name in ("speed", "step_time", "contact_time"))
    angle, force = _angle_and_force(speed, step, contact, leg_m)
    within = _Within(run, speed)
    true = _correlation(within.rest(angle), within.rest(force))
    shuffled = _shuffled_correlations(speed, step, contact, within, leg_m)
    lo, middle, hi = np.quantile(shuffled, [0.025, 0.5, 0.975])
    as_far = int(np.count_nonzero(np.abs(shuffled - middle) >= abs(true - middle)))
    weekly = _across_weeks(windows, within, step, contact, leg_m)
    slope, half = _clustered_slope(within.rest(contact), within.rest(step), run)
    return MathematicalCoupling(
        pooled=_correlation(angle, force),
        at_one_speed=true,
        split_halves=_split_halves(windows, within.rest(angle, within_run=False), within.rest(force, within_run=False)),
        built_in_lo=float(lo),
        built_in_hi=float(hi),
        p_value=(1 + as_far) / (1 + SHUFFLES),
        across_weeks=weekly[0],
        across_weeks_lo=weekly[1],
        across_weeks_hi=weekly[2],
        slope=slope,
        slope_lo=slope - half,
        slope_hi=slope + half,
        windows=windows.height,
        runs=int(run.max()) + 1,
    )


class _Within:
    """Takes a run's mean and the common slope on ln speed out of a series."""

    def __init__(self, run: NDArray[np.int64], speed: NDArray[np.float64]) -> None:
        self.run, self.count = run, np.bincount(run)
        self.mean_speed = float(speed.mean())
        self.all_speed = speed - speed.mean()
        self.speed = self._centred(speed)
        self.length = float(self.speed @ self.speed)

    def _centred(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        centred: NDArray[np.float64] = values - (np.bincount(self.run, values) / self.count)[self.run]
        return centred

    def rest(self, values: NDArray[np.float64], *, within_run: bool = True) -> NDArray[np.float64]:
        """What is left; with `within_run` false the runs keep their own levels and only speed goes."""
        inside = self._centred(values)
        slope = float(self.speed @ inside) / self.length if self.length > 0 else 0.0
        return inside - slope * self.speed if within_run else values - values.mean() - slope * self.all_speed


def _level_windows(run_windows: pl.DataFrame, leg_m: float) -> pl.DataFrame:
    speed, step, contact = (pl.col(name) for name in ("speed_m_per_s", "step_time_s", "contact_time_s"))
    kept = run_windows.filter(
        pl.col("grade_fraction").abs() <= LEVEL_GRADE,
        speed > 0,
        contact > 0,
        contact < 2 * step,
        speed * contact / (2 * leg_m) < 1,
    ).sort("activity_id", "window_start_utc")
    many = kept.filter(pl.len().over("activity_id") >= FEWEST_WINDOWS).with_columns(
        run=pl.col("activity_id").rank("dense").cast(pl.Int64) - 1
    )
    thinning = max(1, math.ceil(many.height / MOST_WINDOWS))
    return many.filter(pl.col("run") % thinning == 0).select(
        run=pl.col("run") // thinning,
        order=pl.int_range(pl.len()).over("run"),
        week=pl.col("window_start_utc").dt.date().dt.truncate("1w"),
        speed=speed,
        step_time=step,
        contact_time=contact,
    )


def _angle_and_force(
    speed: NDArray[np.float64], step: NDArray[np.float64], contact: NDArray[np.float64], leg_m: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Natural logs of sweep angle and peak force, from natural logs."""
    sine = np.exp(speed + contact) / (2 * leg_m)
    return np.log(np.arcsin(np.minimum(sine, 1.0))), math.log(math.pi / 2) + step - contact


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    one, other = one - one.mean(), other - other.mean()
    lengths = float(one @ one) * float(other @ other)
    return float(one @ other) / math.sqrt(lengths) if lengths > 0 else 0.0


def _shuffled_correlations(
    speed: NDArray[np.float64],
    step: NDArray[np.float64],
    contact: NDArray[np.float64],
    within: _Within,
    leg_m: float,
) -> NDArray[np.float64]:
    """Contact times dealt anew among a run's windows; speed, step time, and what contact time owes to speed stay.

    Dealing the part that speed does not explain is finer than dealing whole contact times within bins of speed: the
    speeds inside a bin differ too, and a runner without the claimed link would then seem to have one.
    """
    own = within.rest(contact)
    owed = contact - own
    run = within.run.astype(np.float64)
    rng = np.random.default_rng(SHUFFLE_SEED)
    found = np.empty(SHUFFLES)
    for index in range(SHUFFLES):
        dealt = own[np.argsort(run + rng.random(run.size))]
        angle, force = _angle_and_force(speed, step, owed + dealt, leg_m)
        found[index] = _correlation(within.rest(angle), within.rest(force))
    return found


def _split_halves(windows: pl.DataFrame, angle: NDArray[np.float64], force: NDArray[np.float64]) -> float:
    is_odd = windows["order"].to_numpy() % 2 == 1
    run = windows["run"].to_numpy()
    odd = np.bincount(run[is_odd], angle[is_odd]) / np.bincount(run[is_odd])
    even = np.bincount(run[~is_odd], force[~is_odd]) / np.bincount(run[~is_odd])
    return _correlation(odd, even)


def _across_weeks(
    windows: pl.DataFrame,
    within: _Within,
    step: NDArray[np.float64],
    contact: NDArray[np.float64],
    leg_m: float,
) -> tuple[float, float, float] | tuple[None, None, None]:
    """The correlation of weekly means at the mean speed, and its quantiles over all shifts of the contact times.

    Weeks resemble their neighbours, so the weekly contact times are shifted as a whole instead of being shuffled.
    """
    _, week = np.unique(windows["week"].to_numpy(), return_inverse=True)
    if week.max() + 1 < FEWEST_WEEKS:
        return None, None, None
    count = np.bincount(week)
    weekly_step, weekly_contact = (
        np.bincount(week, within.rest(series, within_run=False)) / count + series.mean() for series in (step, contact)
    )
    speed = np.full(count.size, within.mean_speed)
    found = np.array(
        [
            _correlation(*_angle_and_force(speed, weekly_step, np.roll(weekly_contact, shift), leg_m))
            for shift in range(count.size)
        ]
    )
    lo, hi = np.quantile(found, [0.025, 0.975])
    return float(found[0]), float(lo), float(hi)


def _clustered_slope(
    one: NDArray[np.float64], other: NDArray[np.float64], run: NDArray[np.int64]
) -> tuple[float, float]:
    """Slope of the other on the one, and the half-width of its 95 % interval with runs as clusters."""
    length = float(one @ one)
    slope = float(one @ other) / length
    scores = np.bincount(run, one * (other - slope * one))
    runs = scores.size
    error = math.sqrt(float(scores @ scores) * runs / (runs - 1)) / length
    return slope, float(stdtrit(runs - 1, 0.975)) * error
