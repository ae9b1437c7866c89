"""The model behind every estimate: covariates, an exposure, a fitness that wanders, and the noise of a few runs a week.

Fitness wanders by itself, and two smooth series look related by chance. So the wander is part of the model: an AR(1)
level whose persistence and share of the noise are not estimated (maximum likelihood sets the share to zero too often,
and its intervals then lie) but averaged over a fixed grid with priors. Weekly noise falls with the number of runs. For
each point of the grid the answer is exact least squares; their weighted mixture is the posterior. docs/methods.md says
how it was calibrated, and what would prove it wrong.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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


@dataclass(frozen=True)
class Grid:
    """Points of persistence and share, each with the filter that turns a series into independent errors.

    For a level plus noise the inverse of the Cholesky factor of the covariance is the Kalman filter: the prediction
    errors, divided by their standard deviations. It takes time in proportion to the weeks.

    Attributes:
        persistence: shape (points,).
        share: shape (points,).
        log_prior: what a point weighs before the data, shape (points,).
        decay: what is left of the level since the row before, shape (points, rows).
        gain: part of a prediction error that is taken for level, shape (points, rows).
        scale: standard deviation of a prediction error, shape (points, rows).
    """

    persistence: NDArray[np.float64]
    share: NDArray[np.float64]
    log_prior: NDArray[np.float64]
    decay: NDArray[np.float64]
    gain: NDArray[np.float64]
    scale: NDArray[np.float64]

    def at(self, point: int) -> Grid:
        """One point alone."""
        one = slice(point, point + 1)
        return Grid(
            self.persistence[one],
            self.share[one],
            self.log_prior[one],
            self.decay[one],
            self.gain[one],
            self.scale[one],
        )

    def first(self, rows: int) -> Grid:
        """The same points for the first rows only."""
        return replace(self, decay=self.decay[:, :rows], gain=self.gain[:, :rows], scale=self.scale[:, :rows])

    def whiten(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """Columns in units in which the errors are independent and alike.

        Args:
            columns: shape (rows, columns).

        Returns:
            Shape (points, rows, columns).
        """
        points, rows = self.decay.shape
        whitened = np.empty((points, rows, columns.shape[1]))
        level = np.zeros((points, columns.shape[1]))
        for row, values in enumerate(columns):
            expected = self.decay[:, row, None] * level
            surprise = values - expected
            level = expected + self.gain[:, row, None] * surprise
            whitened[:, row] = surprise
        whitened /= self.scale[:, :, None]
        return whitened


class Projection(NamedTuple):
    """Whitened columns without the covariates.

    Attributes:
        columns: shape (points, rows, columns).
        squares_before: squared length of each column before the covariates were taken out, shape (points, columns).
        log_scale: ln determinant of the Cholesky factor and of the covariates' triangle, shape (points,).
    """

    columns: NDArray[np.float64]
    squares_before: NDArray[np.float64]
    log_scale: NDArray[np.float64]


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
        kernels: number of exposures.
    """

    weight: NDArray[np.float64]
    slope: NDArray[np.float64]
    error: NDArray[np.float64]
    noise_variance: NDArray[np.float64]
    kernel: NDArray[np.int64]
    point: NDArray[np.int64]
    freedom: int
    kernels: int

    def of(self, contrasts: Sequence[float]) -> Mixture:
        """The posterior of slope times a contrast, one contrast an exposure."""
        contrast = np.asarray(contrasts, dtype=np.float64)[self.kernel]
        return Mixture(self.weight, self.slope * contrast, self.error * contrast, float(self.freedom))

    @property
    def kernel_weight(self) -> NDArray[np.float64]:
        """Posterior weight of each exposure; hardly moved by the data of one runner."""
        weight: NDArray[np.float64] = np.bincount(self.kernel, self.weight, minlength=self.kernels).astype(np.float64)
        return weight

    @property
    def mode(self) -> int:
        """Index of the grid point with most weight, over all exposures."""
        return int(np.argmax(np.bincount(self.point, self.weight)))


def noise_factor(runs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Noise variance of each week relative to one of the mean number of runs."""
    factor: NDArray[np.float64] = SHARED_NOISE + (1 - SHARED_NOISE) * runs.mean() / runs
    return factor


def whitening_grid(week: NDArray[np.int64], runs: NDArray[np.float64]) -> Grid:
    """The filters for every persistence and share; they depend on the calendar and the runs alone."""
    persistence = np.repeat(PERSISTENCE, len(LEVEL_SHARE))
    share = np.tile(LEVEL_SHARE, len(PERSISTENCE))
    distance = (np.log(share) - math.log(SHARE_PRIOR_CENTRE)) / SHARE_PRIOR_SD
    log_prior = np.log(np.repeat(PERSISTENCE_PRIOR, len(LEVEL_SHARE))) - 0.5 * distance**2
    return replace(filters(persistence, share, week, runs), log_prior=log_prior)


def filters(
    persistence: NDArray[np.float64], share: NDArray[np.float64], week: NDArray[np.int64], runs: NDArray[np.float64]
) -> Grid:
    """The filters of any points, of equal weight.

    Gaps count by calendar weeks. A level that forgets starts in its own long-run spread; a random walk (persistence 1)
    starts from nothing in the week before the calendar.
    """
    forgets = persistence < 1
    remaining = np.where(forgets, 1 - persistence**2, 1.0)
    gaps = np.diff(week, prepend=-1).astype(np.float64)
    decay = persistence[:, None] ** gaps
    renewed = share[:, None] * np.where(forgets[:, None], (1 - decay**2) / remaining[:, None], gaps)
    variance = np.where(forgets, share / remaining, 0.0)
    noise = noise_factor(runs)
    gain, total = np.empty_like(decay), np.empty_like(decay)
    for row in range(week.size):
        variance = decay[:, row] ** 2 * variance + renewed[:, row]
        total[:, row] = variance + noise[row]
        gain[:, row] = variance / total[:, row]
        variance = (1 - gain[:, row]) * variance
    return Grid(persistence, share, np.zeros(share.size), decay, gain, np.sqrt(total))


def project(grid: Grid, design: NDArray[np.float64], columns: NDArray[np.float64]) -> Projection:
    """Whiten at every point, and take the covariates out."""
    width = design.shape[1]
    whitened = grid.whiten(np.column_stack([design, columns]))
    basis, triangle = np.linalg.qr(whitened[:, :, :width])
    before = whitened[:, :, width:]
    rest = before - basis @ (basis.transpose(0, 2, 1) @ before)
    diagonal = np.abs(np.diagonal(triangle, axis1=1, axis2=2))
    return Projection(rest, (before**2).sum(axis=1), np.log(grid.scale).sum(axis=1) + np.log(diagonal).sum(axis=1))


def fit(
    grid: Grid,
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
    projected, before, log_scale = project(grid, design, np.column_stack([outcome, exposures]))
    rest, spread = projected[:, :, 0], projected[:, :, 1:]
    length = (spread**2).sum(axis=1)
    if (length <= SMALLEST_EXPOSURE**2 * before[:, 1:]).any():
        return None
    slope = (rest[:, :, None] * spread).sum(axis=1) / length
    squares = (rest**2).sum(axis=1)[:, None] - slope**2 * length
    squares = np.maximum(squares, rows * SMALLEST_NOISE**2)
    log_weight = (grid.log_prior - log_scale)[:, None] - freedom / 2 * np.log(squares) + np.log(prior)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    kept = weight >= SMALLEST_WEIGHT
    point, kernel = np.nonzero(kept)
    noise = squares[kept] / freedom
    return Posterior(
        weight=weight[kept] / weight[kept].sum(),
        slope=slope[kept],
        error=WIDENING * np.sqrt(noise / length[kept]),
        noise_variance=noise,
        kernel=kernel,
        point=point,
        freedom=freedom,
        kernels=exposures.shape[1],
    )


def most_likely_point(grid: Grid, outcome: NDArray[np.float64], design: NDArray[np.float64]) -> Grid:
    """The one point that restricted maximum likelihood picks without any exposure."""
    freedom = design.shape[0] - design.shape[1]
    projected, _, log_scale = project(grid, design, outcome[:, None])
    squares = np.maximum((projected**2).sum(axis=(1, 2)), outcome.size * SMALLEST_NOISE**2)
    return grid.at(int(np.argmax(-log_scale - freedom / 2 * np.log(squares))))
