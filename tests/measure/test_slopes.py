"""The slopes of stage 1, held to the formula of the method."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from hipdrive.measure.slopes import fit_slopes


def by_the_formula(y: np.ndarray, z: np.ndarray, week: np.ndarray, sigma: float) -> tuple[np.ndarray, np.ndarray]:
    """The ridge of the method with one scatter, and its (Z'Z + P)^-1."""
    centre, spread = np.array([0.008, 0, 0, 0, -0.002]), np.array([0.003, 0.03, 0.03, 0.03, 0.0015])
    z_in = np.vstack([z[week == one] - z[week == one].mean(axis=0) for one in np.unique(week)])
    y_in = np.concatenate([y[week == one] - y[week == one].mean() for one in np.unique(week)])
    inverse = np.linalg.inv(z_in.T @ z_in + np.diag(sigma**2 / spread**2))
    return centre + inverse @ z_in.T @ (y_in - z_in @ centre), inverse


def drawn_runs(scatter: float, seed: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Six weeks of four runs and one of a single run, at a slope of 0.01."""
    rng = np.random.default_rng(seed)
    week = np.r_[np.repeat(np.arange(6), 4), 6]
    z = np.column_stack([rng.normal(0, 6, 25), rng.integers(0, 2, (25, 3)), rng.uniform(0, 10, 25)])
    return 0.01 * z[:, 0] + rng.normal(0, scatter, 25), z, week


def test_the_slopes_are_the_formula_of_the_method() -> None:
    y, z, week = drawn_runs(0.08)
    first, _ = by_the_formula(y, z, week, 0.03)
    shared = week < 6
    rest = np.concatenate([(y - z @ first)[week == one] - (y - z @ first)[week == one].mean() for one in range(6)])
    sigma = 1.4826 * float(np.median(np.abs(rest))) * sqrt(24 / (24 - 6))
    assert sigma > 0.03
    slope, inverse = by_the_formula(y, z, week, sigma)
    found = fit_slopes(y, z, week)
    assert found.slope == pytest.approx(slope)
    assert found.covariance == pytest.approx(sigma**2 * inverse)
    rest = np.concatenate([(y - z @ slope)[week == one] - (y - z @ slope)[week == one].mean() for one in range(6)])
    assert found.scatter == pytest.approx(sqrt((6 * 0.06**2 + rest @ rest) / (6 + 25 - 7)))
    z_own = z[shared][0, :4]
    assert found.errors(z)[0] == pytest.approx(found.scatter * sqrt(1 + z_own @ inverse[:4, :4] @ z_own))


def test_runs_that_scatter_little_still_count_as_3_percent() -> None:
    y, z, week = drawn_runs(0.001)
    slope, inverse = by_the_formula(y, z, week, 0.03)
    found = fit_slopes(y, z, week)
    assert found.slope == pytest.approx(slope)
    assert found.covariance == pytest.approx(0.03**2 * inverse)


@pytest.mark.parametrize(("planted", "bound"), [(0.03, 0.02), (-0.005, 0.002)])
def test_no_beat_is_worth_more_or_less_than_hearts_are(planted: float, bound: float) -> None:
    """At the bound the other slopes are those of the runs with the beats taken off at it."""
    y, z, week = drawn_runs(0.001)
    y = y + (planted - 0.01) * z[:, 0]
    found = fit_slopes(y, z, week)
    assert found.slope[0] == bound
    # Nothing is left to win by moving another slope: the gradient of what is minimised is nothing.
    z_in = np.vstack([z[week == one] - z[week == one].mean(axis=0) for one in np.unique(week)])
    y_in = np.concatenate([y[week == one] - y[week == one].mean() for one in np.unique(week)])
    prior = np.linalg.inv(found.precision_inverse) - z_in.T @ z_in
    gradient = z_in.T @ (y_in - z_in @ found.slope) - prior @ (found.slope - np.array([0.008, 0, 0, 0, -0.002]))
    assert gradient[1:] == pytest.approx(np.zeros(4), abs=1e-6)
