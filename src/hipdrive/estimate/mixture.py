"""A weighted mixture of Student (or normal) distributions: what the posterior of an effect is made of."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy.special import ndtr, stdtr

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEARCH_SDS = 12.0  # quantiles are sought within the mean and this many standard deviations
CLOSE_ENOUGH = 1e-12  # of probability, or of a standard deviation
MOST_STEPS = 200


@dataclass(frozen=True)
class Mixture:
    """Weights sum to one; `freedom` is shared by all parts, infinite for normals, and above 2."""

    weight: NDArray[np.float64]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    freedom: float

    @property
    def mean(self) -> float:
        """Posterior mean."""
        return float(self.weight @ self.centre)

    @property
    def sd(self) -> float:
        """Posterior standard deviation: within the parts and between them."""
        widened = 1.0 if math.isinf(self.freedom) else self.freedom / (self.freedom - 2)
        variance = self.weight @ (self.scale**2 * widened + (self.centre - self.mean) ** 2)
        return math.sqrt(float(variance))

    def below(self, value: float) -> float:
        """Probability of a smaller value."""
        scaled = (value - self.centre) / self.scale
        share = ndtr(scaled) if math.isinf(self.freedom) else stdtr(self.freedom, scaled)
        return float(self.weight @ share)

    def quantile(self, probability: float) -> float:
        """The value with this probability below it, by false position (the end that stays twice counts half)."""
        mean, sd = self.mean, self.sd
        lo, hi = mean - SEARCH_SDS * sd, mean + SEARCH_SDS * sd
        below, above = self.below(lo) - probability, self.below(hi) - probability
        if below >= 0 or above <= 0:
            return lo if below >= 0 else hi
        side = 0
        for _ in range(MOST_STEPS):
            value = hi - above * (hi - lo) / (above - below)
            found = self.below(value) - probability
            if abs(found) < CLOSE_ENOUGH or hi - lo < CLOSE_ENOUGH * sd:
                return value
            if found < 0:
                lo, below = value, found
                above, side = (above / 2 if side < 0 else above), -1
            else:
                hi, above = value, found
                below, side = (below / 2 if side > 0 else below), 1
        return (lo + hi) / 2

    @property
    def p_value(self) -> float:
        """Two-sided tail probability of zero."""
        share = self.below(0.0)
        return min(1.0, 2 * min(share, 1 - share))
