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
HALVINGS = 46  # of that range: to 1e-12 standard deviations


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
        """The value with this probability below it, by halving the range."""
        mean, sd = self.mean, self.sd
        lo, hi = mean - SEARCH_SDS * sd, mean + SEARCH_SDS * sd
        for _ in range(HALVINGS):
            middle = (lo + hi) / 2
            lo, hi = (middle, hi) if self.below(middle) < probability else (lo, middle)
        return (lo + hi) / 2

    @property
    def p_value(self) -> float:
        """Two-sided tail probability of zero."""
        share = self.below(0.0)
        return min(1.0, 2 * min(share, 1 - share))
