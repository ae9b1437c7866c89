"""What others would compute from the same weeks: the estimate's rivals, for the calibration only.

Each takes the weeks of one made-up runner and gives a slope of ln speed per sustained full dose, its error, and p.

Nothing to run: `benchmarks.calibration` asks them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import stdtr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LAGS = range(13)
RHO_STEPS = 15


class Answer(NamedTuple):
    """A slope on exposure, its standard error, and a two-sided p."""

    slope: float
    error: float
    p_value: float


def pearson_p(one: Floats, other: Floats) -> float:
    """Two-sided p of a plain correlation; 1 where one side never moves."""
    if one.std() == 0 or other.std() == 0:
        return 1.0
    r = float(np.corrcoef(one, other)[0, 1])
    freedom = one.size - 2
    return _p(r * np.sqrt(freedom / max(1 - r * r, 1e-300)), freedom)


def best_lag_p(week: NDArray[np.int64], outcome: Floats, dose: Floats) -> float:
    """The smallest p over lags of 0 to 12 weeks: what is read off a picture of thirteen correlations."""
    ps = []
    for lag in LAGS:
        rows = week >= lag
        ps.append(pearson_p(outcome[rows], dose[week[rows] - lag]))
    return min(ps)


def newey_west(outcome: Floats, design: Floats, exposure: Floats) -> Answer:
    """Least squares with Newey and West's errors, Bartlett weights up to 4 (N/100)^(2/9) + 1 lags."""
    columns = np.column_stack([design, exposure])
    inverse = np.linalg.inv(columns.T @ columns)
    slopes = inverse @ columns.T @ outcome
    scores = columns * (outcome - columns @ slopes)[:, None]
    rows = outcome.size
    lags = int(4 * (rows / 100) ** (2 / 9)) + 1
    middle = scores.T @ scores
    for lag in range(1, lags + 1):
        shifted = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (shifted + shifted.T)
    freedom = rows - columns.shape[1]
    variance = inverse @ middle @ inverse * rows / freedom
    error = float(np.sqrt(variance[-1, -1]))
    return Answer(float(slopes[-1]), error, _p(slopes[-1] / error, freedom))


def ar1_gls(outcome: Floats, design: Floats, exposure: Floats) -> Answer:
    """Least squares with AR(1) errors, the correlation found by repeated Prais-Winsten steps; gaps are ignored."""
    columns = np.column_stack([design, exposure])
    rho = 0.0
    for _ in range(RHO_STEPS):
        whitened, target = _quasi_difference(columns, rho), _quasi_difference(outcome[:, None], rho)[:, 0]
        slopes = np.linalg.lstsq(whitened, target, rcond=None)[0]
        rest = outcome - columns @ slopes
        rho = float(np.clip(rest[1:] @ rest[:-1] / (rest @ rest), -0.99, 0.99))
    squares = float(((target - whitened @ slopes) ** 2).sum())
    freedom = outcome.size - columns.shape[1]
    error = float(np.sqrt(squares / freedom * np.linalg.inv(whitened.T @ whitened)[-1, -1]))
    return Answer(float(slopes[-1]), error, _p(slopes[-1] / error, freedom))


def _quasi_difference(columns: Floats, rho: float) -> Floats:
    first = columns[:1] * np.sqrt(1 - rho**2)
    return np.concatenate([first, columns[1:] - rho * columns[:-1]])


def _p(t: float, freedom: int) -> float:
    return float(2 * stdtr(freedom, -abs(t)))
