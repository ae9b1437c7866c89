"""Week by week, what the path of speed at reference heart rate is made of, as the model sees it.

"Three per cent goes with strength work" and "slower than a year ago" can both be so: this is where they meet. Strength
comes from the headline, data and studies together, and only where the verdict lets it be said; what it would have
explained otherwise stays in the level. No part is a cause: each is what goes with its columns, the others given.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtrit

from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS
from hipdrive.estimate.history import ACUTE, RACE_COVARIATES, RESTING, SEASON, read_history
from hipdrive.estimate.state_space import WIDENING, fit, noise_factor, whitening_grid
from hipdrive.tables.estimates import PARTS, PacePart

if TYPE_CHECKING:
    import dataframely as dy
    from numpy.typing import NDArray

    from hipdrive.estimate.effect import Effect
    from hipdrive.estimate.history import History
    from hipdrive.estimate.quantity import Quantity
    from hipdrive.estimate.state_space import Grid, Posterior

SAID_WITH = ("associated", "supported")
STANDARD_NORMAL = 1.959964
COLUMNS_OF = {
    "load": ("chronic_load", "load_ratio", ACUTE),
    "heat": ("heat",),
    "season": SEASON,
    "races": RACE_COVARIATES,
    "level": ("level", "trend", RESTING),  # resting heart rate tells of fitness; it is not a part by itself
}


def split_pace(weeks: pl.DataFrame, effect: Effect, verdict: str) -> dy.DataFrame[PacePart]:
    """Each part of each week with runs, as a change of speed against the mean of all weeks, with its 95 % band.

    The parts of a week add up (as logs) to the fitted speed; what is left is the noise of a few runs. All at the
    likeliest persistence and share of the level. Rows are without `athlete_id`.

    Args:
        weeks: as for `estimate_effect`.
        effect: of the same weeks; its headline is the strength part.
        verdict: the one that stands: strength is a part of its own only where it is `associated` or `supported`.
    """
    history = read_history(weeks)
    empty = PacePart.create_empty()
    if history is None or effect.with_studies.estimate is None:
        return empty
    grid = whitening_grid(history.week, history.weight)
    exposures = np.column_stack([history.exposure(mean_lag) for mean_lag in MEAN_LAGS_WEEKS])
    posterior = fit(grid, history.outcome, history.design, exposures, KERNEL_PRIOR)
    if posterior is None:
        return empty
    strength = exposures @ posterior.kernel_weight
    slope, slope_sd = _headline(effect.with_studies) if verdict in SAID_WITH else (0.0, 0.0)
    fitted = _Fitted(history, grid, posterior, strength, slope, slope_sd)
    parts = {name: fitted.of(columns, with_level=name == "level") for name, columns in COLUMNS_OF.items()}
    if verdict in SAID_WITH:
        centred = strength - strength.mean()
        parts["strength"] = (slope * centred, STANDARD_NORMAL * slope_sd * np.abs(centred))
    monday = pl.Series([history.first_week]).dt.offset_by(pl.Series([f"{week}w" for week in history.week.tolist()]))
    frames = [
        pl.DataFrame(
            {
                "week_start": monday,
                "part": [name] * history.rows,
                "fraction": np.expm1(parts[name][0]),
                "lo_fraction": np.expm1(parts[name][0] - parts[name][1]),
                "hi_fraction": np.expm1(parts[name][0] + parts[name][1]),
            }
        )
        for name in PARTS
        if name in parts and (name in {"strength", "level"} or fitted.has(COLUMNS_OF[name]))
    ]
    return PacePart.validate(pl.concat(frames), cast=True)


def _headline(found: Quantity) -> tuple[float, float]:
    """Mean and standard deviation of ln speed at the full programme; the posterior is near enough to a normal."""
    lo, hi = (math.log1p(end or 0.0) for end in (found.lo, found.hi))
    return math.log1p(found.estimate or 0.0), (hi - lo) / (2 * STANDARD_NORMAL)


class _Fitted:
    """Covariates and level given the slope on exposure, at one point of the grid; everything that follows is linear.

    With W = rK + D the covariance of level and noise over s², P = (X'W^-1 X)^-1 and G = rK W^-1: the slopes of X have
    covariance s² P, and the level, given them, has mean G(y - Xb) and covariance s² (rK - G rK).
    """

    def __init__(
        self,
        history: History,
        grid: Grid,
        posterior: Posterior,
        strength: NDArray[np.float64],
        slope: float,
        slope_sd: float,
    ) -> None:
        point = posterior.mode
        self.history, self.slope_sd = history, slope_sd
        self.level = float(grid.share[point]) * _level_covariance(float(grid.persistence[point]), history.week)
        whole = self.level + np.diag(noise_factor(history.weight))
        self.scale = math.sqrt(float(posterior.noise_variance[posterior.point == point].mean()))
        self.reach = WIDENING * float(stdtrit(posterior.freedom, 0.975))
        solved = np.linalg.solve(whole, np.column_stack([history.design, self.level]))
        width = history.design.shape[1]
        self.slope_covariance = np.linalg.inv(history.design.T @ solved[:, :width])
        self.to_slopes = self.slope_covariance @ solved[:, :width].T
        self.to_level = solved[:, width:].T
        self.strength = strength - strength.mean()
        self.rest = history.outcome - slope * self.strength
        self.slopes = self.to_slopes @ self.rest

    def has(self, names: tuple[str, ...]) -> bool:
        """Whether any of these covariates entered."""
        return any(name in self.history.covariates for name in names)

    def of(self, names: tuple[str, ...], *, with_level: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What goes with these columns (and with the level), centred, and half the length of its band."""
        taken = np.array([name in names for name in self.history.covariates])
        columns = np.where(taken, self.history.design, 0.0)
        own = np.zeros_like(self.level)
        if with_level:
            columns = columns - self.to_level @ self.history.design
            own = self.level - self.to_level @ self.level
        columns = columns - columns.mean(axis=0)
        own = own - own.mean(axis=0)
        own = own - own.mean(axis=1, keepdims=True)
        middle = columns @ self.slopes
        # how the part moves with the slope on exposure, whose own doubt is added
        moved = -columns @ (self.to_slopes @ self.strength)
        if with_level:
            smoothed = self.to_level @ np.column_stack([self.rest, self.strength])
            smoothed -= smoothed.mean(axis=0)
            middle, moved = middle + smoothed[:, 0], moved - smoothed[:, 1]
        variance = np.einsum("ij,jk,ik->i", columns, self.slope_covariance, columns) + np.diag(own)
        half = self.reach * np.sqrt(self.scale**2 * np.maximum(variance, 0) + (self.slope_sd * moved) ** 2)
        return middle, half


def _level_covariance(persistence: float, week: NDArray[np.int64]) -> NDArray[np.float64]:
    if persistence < 1:
        apart = np.abs(np.subtract.outer(week, week))
        stationary: NDArray[np.float64] = persistence**apart / (1 - persistence**2)
        return stationary
    walk: NDArray[np.float64] = np.minimum.outer(week + 1, week + 1).astype(np.float64)
    return walk
