"""The model behind every estimate: covariates, an exposure, a fitness that wanders, and the noise of a few runs a week.

Fitness wanders by itself, and two smooth series look related by chance. So the wander is part of the model: an AR(1)
level whose persistence and share of the noise are not estimated (maximum likelihood sets the share to zero too often,
and its intervals then lie) but averaged over a fixed grid with priors. Weekly noise falls with the number of runs. For
each point of the grid the answer is exact least squares; their weighted mixture is the posterior. docs/methods.md says
how it was calibrated, and what would prove it wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.linalg import solve_triangular

from hipdrive.estimate.mixture import Mixture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PERSISTENCE = (0.6, 0.8, 0.9, 0.95, 0.98, 1.0)  # of the level from week to week
PERSISTENCE_PRIOR = (0.6, 1.0, 1.0, 1.0, 1.0, 1.0)
LEVEL_SHARE = (0.003, 0.01, 0.03, 0.08, 0.2, 0.5, 1.2)  # innovation variance of the level over noise variance; no zero
SHARE_PRIOR_CENTRE, SHARE_PRIOR_SD = 0.3, 0.8  # of ln share
WIDENING = 1.08  # of standard errors, calibrated by simulation (docs/methods.md)
SHARED_NOISE = 0.15  # part of a week's noise variance that more runs do not average away
SMALLEST_WEIGHT = 1e-5  # grid points below it are dropped
SMALLEST_NOISE = 1e-9  # of ln speed: under it a series is a formula and not a measurement
SMALLEST_EXPOSURE = 1e-9  # part of an exposure's own length that must be left beside the covariates
FEWEST_FREEDOM = 3  # a Student distribution has a variance from here on


class GridPoint(NamedTuple):
    """One persistence and share: the Cholesky factor of its covariance and what it weighs before the data."""

    persistence: float
    share: float
    factor: NDArray[np.float64]
    log_determinant: float
    log_prior: float


class Projection(NamedTuple):
    """Whitened columns without the covariates, their squared length before, and ln |determinant| of the triangle."""

    columns: NDArray[np.float64]
    squares_before: NDArray[np.float64]
    log_triangle: float


@dataclass(frozen=True)
class Posterior:
    """All points of the grid that carry weight, for one or more exposures.

    Attributes:
        weight: of each kept point; sums to one.
        slope: change of the outcome per unit of exposure at that point.
        error: its standard error, widened.
        noise_variance: of a week with the mean number of runs, at that point.
        kernel: index of the exposure.
        point: index of the grid point.
        freedom: degrees of freedom.
    """

    weight: NDArray[np.float64]
    slope: NDArray[np.float64]
    error: NDArray[np.float64]
    noise_variance: NDArray[np.float64]
    kernel: NDArray[np.int64]
    point: NDArray[np.int64]
    freedom: int

    def of(self, contrasts: Sequence[float]) -> Mixture:
        """The posterior of slope times a contrast, one contrast an exposure."""
        contrast = np.asarray(contrasts, dtype=np.float64)[self.kernel]
        return Mixture(self.weight, self.slope * contrast, self.error * contrast, float(self.freedom))

    @property
    def kernel_weight(self) -> NDArray[np.float64]:
        """Posterior weight of each exposure; hardly moved by the data of one runner."""
        weight: NDArray[np.float64] = np.bincount(self.kernel, self.weight).astype(np.float64)
        return weight

    @property
    def mode(self) -> int:
        """Index of the grid point with most weight, over all exposures."""
        return int(np.argmax(np.bincount(self.point, self.weight)))


def noise_factor(runs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise variance of each week relative to one of the mean number of runs."""
    factor: NDArray[np.float64] = SHARED_NOISE + (1 - SHARED_NOISE) * runs.mean() / runs
    return factor


def level_covariance(week: NDArray[np.int64], persistence: float) -> NDArray[np.float64]:
    """Covariance of a level with unit innovations; gaps count by calendar weeks, and persistence 1 is a random walk."""
    if persistence == 1:
        steps = (week + 1).astype(np.float64)
        walk: NDArray[np.float64] = np.minimum(steps[:, None], steps[None, :])
        return walk
    gaps = np.abs(np.subtract.outer(week, week)).astype(np.float64)
    stationary: NDArray[np.float64] = np.power(persistence, gaps) / (1 - persistence**2)
    return stationary


def whitening_grid(week: NDArray[np.int64], runs: NDArray[np.float64]) -> list[GridPoint]:
    """Cholesky factors for every persistence and share; they depend on the calendar and the runs alone."""
    noise = noise_factor(runs)
    grid = []
    for persistence, prior in zip(PERSISTENCE, PERSISTENCE_PRIOR, strict=True):
        covariance = level_covariance(week, persistence)
        for share in LEVEL_SHARE:
            total = share * covariance
            total[np.diag_indices_from(total)] += noise
            factor = np.linalg.cholesky(total).astype(np.float64, copy=False)
            distance = (math.log(share) - math.log(SHARE_PRIOR_CENTRE)) / SHARE_PRIOR_SD
            log_prior = math.log(prior) - 0.5 * distance**2
            grid.append(GridPoint(persistence, share, factor, float(np.log(np.diag(factor)).sum()), log_prior))
    return grid


def whiten(point: GridPoint, columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns in units in which the errors are independent and alike."""
    whitened: NDArray[np.float64] = solve_triangular(point.factor, columns, lower=True, check_finite=False)
    return whitened


def project(point: GridPoint, design: NDArray[np.float64], columns: NDArray[np.float64]) -> Projection:
    """Whiten, and take the covariates out."""
    width = design.shape[1]
    whitened = whiten(point, np.column_stack([design, columns]))
    basis, triangle = np.linalg.qr(whitened[:, :width])
    before = whitened[:, width:]
    rest = before - basis @ (basis.T @ before)
    return Projection(rest, np.einsum("ij,ij->j", before, before), float(np.log(np.abs(np.diag(triangle))).sum()))


def fit(
    grid: Sequence[GridPoint],
    outcome: NDArray[np.float64],
    design: NDArray[np.float64],
    exposures: NDArray[np.float64],
    prior: Sequence[float] = (1.0,),
) -> Posterior | None:
    """Posterior of the slope on each exposure, mixed over the grid and over the exposures.

    Args:
        grid: of `whitening_grid`, for the same rows.
        outcome: shape (rows,).
        design: covariates of full column rank, shape (rows, columns).
        exposures: shape (rows, kernels).
        prior: weight of each exposure before the data.

    Returns:
        None where fewer than three degrees of freedom are left, or an exposure has nothing of its own.
    """
    rows, columns = design.shape
    freedom = rows - columns - 1
    if freedom < FEWEST_FREEDOM:
        return None
    slopes, sums, lengths, log_weights = [], [], [], []
    for point in grid:
        projected, before, log_triangle = project(point, design, np.column_stack([outcome, exposures]))
        rest, spread = projected[:, 0], projected[:, 1:]
        length = np.einsum("ij,ij->j", spread, spread)
        if (length <= SMALLEST_EXPOSURE**2 * before[1:]).any():
            return None
        slope = rest @ spread / length
        squares = np.maximum(float(rest @ rest) - slope**2 * length, rows * SMALLEST_NOISE**2)
        log_weight = -point.log_determinant - log_triangle - freedom / 2 * np.log(squares) + point.log_prior
        slopes.append(slope)
        sums.append(squares)
        lengths.append(length)
        log_weights.append(log_weight + np.log(prior))
    log_weight = np.concatenate(log_weights)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    kept = weight >= SMALLEST_WEIGHT
    noise = np.concatenate(sums)[kept] / freedom
    kernels = exposures.shape[1]
    index = np.flatnonzero(kept)
    return Posterior(
        weight=weight[kept] / weight[kept].sum(),
        slope=np.concatenate(slopes)[kept],
        error=WIDENING * np.sqrt(noise / np.concatenate(lengths)[kept]),
        noise_variance=noise,
        kernel=index % kernels,
        point=index // kernels,
        freedom=freedom,
    )


def most_likely_point(
    grid: Sequence[GridPoint], outcome: NDArray[np.float64], design: NDArray[np.float64]
) -> GridPoint:
    """The grid point that restricted maximum likelihood picks without any exposure."""
    freedom = design.shape[0] - design.shape[1]

    def log_likelihood(point: GridPoint) -> float:
        projected, _, log_triangle = project(point, design, outcome[:, None])
        squares = max(float((projected**2).sum()), outcome.size * SMALLEST_NOISE**2)
        return float(-point.log_determinant - log_triangle - freedom / 2 * math.log(squares))

    return max(grid, key=log_likelihood)
