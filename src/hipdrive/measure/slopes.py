"""Stage 1: what a beat more, the kind of session and heat go with in ln speed, fitted within weeks, drawn to a prior.

y and z have each week's mean taken off, so that nothing that moves from week to week, strength work above all, can
leak into the slopes. b = b0 + (Z'Z + P)^-1 Z'(Y - Z b0) with P = diag(scatter^2 / sd^2), b0 and sd being the prior's
centre and standard deviations. The centre of a beat is the *attenuated* slope: 0.0108 on the treadmill (Esteve-Lanao
and others 2026, Sports 14:29), times 0.73 for the heart rate's noise from day to day, which is a judgement.

The scatter of a run about its week is found in two passes: 0.03 first, then the robust spread of what that pass leaves,
if that is more. A run alone in its week leaves nothing and does not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from hipdrive.tables.run_history import SLOPES

OF_A_RUN = 4  # the slopes that a run's own value takes off; heat enters the estimate by the week
PRIOR_CENTRE = np.array([0.008, 0.0, 0.0, 0.0, -0.002])  # per beat; per kind; per °C above 10
PRIOR_SD = np.array([0.003, 0.03, 0.03, 0.03, 0.0015])
HEART_RATE_SLOPE = (0.002, 0.02)  # ln speed a beat: outside no runner was ever found
SMALLEST_SCATTER = 0.03  # of ln speed
MAD_TO_SD = 1.4826
_COUNTS_AS = {"race": "tempo", "hills": "intervals"}
EXPECTED_SCATTER, EXPECTED_WEIGHT = 0.06, 6.0  # of a run of a real watch, worth so many runs


@dataclass(frozen=True)
class Slopes:
    """The fit of one athlete.

    Attributes:
        slope: in the order of `tables.run_history.SLOPES`, shape (5,).
        precision_inverse: (Z'Z + P)^-1, shape (5, 5).
        covariance: of the slopes, scatter^2 (Z'Z + P)^-1.
        scatter: of one run about its week, in ln speed: the expected 0.06, worth six runs, and this athlete's own.
    """

    slope: np.ndarray
    precision_inverse: np.ndarray
    covariance: np.ndarray
    scatter: float

    def values(self, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        """Ln speed brought to the reference heart rate and to an easy run."""
        brought: np.ndarray = y - z[:, :OF_A_RUN] @ self.slope[:OF_A_RUN]
        return brought

    def errors(self, z: np.ndarray) -> np.ndarray:
        """Standard error of each such value: its own scatter, and the slopes over its distance from the reference."""
        own = z[:, :OF_A_RUN]
        of_slopes = np.einsum("ij,jk,ik->i", own, self.precision_inverse[:OF_A_RUN, :OF_A_RUN], own)
        errors: np.ndarray = self.scatter * np.sqrt(1 + of_slopes)
        return errors


def kinds(run_type: pl.Series) -> np.ndarray:
    """1 where a run is long, tempo (a race counts as such), intervals (hills do), else 0: shape (runs, 3)."""
    kind = run_type.cast(pl.String).replace(_COUNTS_AS)
    return np.column_stack([(kind == name).cast(pl.Float64).to_numpy() for name in SLOPES[1:OF_A_RUN]])


def fit_slopes(y: np.ndarray, z: np.ndarray, week: np.ndarray) -> Slopes:
    """Both passes over one athlete's usable runs.

    Args:
        y: mean ln graded speed, shape (runs,).
        z: in the order of the slopes, shape (runs, 5).
        week: of each run, counted from 0 without a gap, shape (runs,).
    """
    y_within = _within_weeks(y, week)
    z_within = np.column_stack([_within_weeks(column, week) for column in z.T])
    slope, _ = _ridge(y_within, z_within, SMALLEST_SCATTER)
    sigma = max(SMALLEST_SCATTER, _robust_scatter(y_within - z_within @ slope, week))
    slope, inverse = _ridge(y_within, z_within, sigma)
    rest = y_within - z_within @ slope
    free = y.size - np.unique(week).size
    variance = (EXPECTED_WEIGHT * EXPECTED_SCATTER**2 + rest @ rest) / (EXPECTED_WEIGHT + free)
    return Slopes(slope, inverse, sigma**2 * inverse, float(np.sqrt(variance)))


def _ridge(y: np.ndarray, z: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """Slopes drawn to the prior, the heart rate's held within its bounds; and (Z'Z + P)^-1."""
    precision = z.T @ z + np.diag((sigma / PRIOR_SD) ** 2)
    pull = z.T @ (y - z @ PRIOR_CENTRE)
    away = np.linalg.solve(precision, pull)
    beat = float(np.clip(PRIOR_CENTRE[0] + away[0], *HEART_RATE_SLOPE)) - PRIOR_CENTRE[0]
    if beat != away[0]:
        others = np.linalg.solve(precision[1:, 1:], pull[1:] - precision[1:, 0] * beat)
        away = np.r_[beat, others]
    return PRIOR_CENTRE + away, np.linalg.inv(precision)


def _within_weeks(values: np.ndarray, week: np.ndarray) -> np.ndarray:
    centred: np.ndarray = values - (np.bincount(week, values) / np.bincount(week))[week]
    return centred


def _robust_scatter(rest: np.ndarray, week: np.ndarray) -> float:
    runs = np.bincount(week)
    shared = runs[week] > 1
    many, weeks = int(shared.sum()), int((runs > 1).sum())
    if many == 0:
        return 0.0
    return float(MAD_TO_SD * np.median(np.abs(rest[shared])) * np.sqrt(many / (many - weeks)))
