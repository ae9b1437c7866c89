"""The line that includes the studies: what this runner's data add to what trials of related work found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.mixture import Mixture
from hipdrive.estimate.quantity import Quantity, quantity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipdrive.estimate.level import Posterior

STUDIES_MEAN, STUDIES_SD = 0.01, 0.015  # of ln speed at the full programme; a judgement from trials, docs/methods.md


@dataclass(frozen=True)
class PriorInformed:
    """Studies and data together, and how much of it is this runner's: 1 - posterior variance / prior variance."""

    achieved: Quantity
    sustained: Quantity
    data_share_fraction: float | None


def inform_with_studies(posterior: Posterior, contrasts: Sequence[float]) -> PriorInformed:
    """Multiply each part of the posterior, taken as a normal, with the prior of the studies."""
    spread = posterior.error**2 * posterior.freedom / (posterior.freedom - 2)
    prior_variance = STUDIES_SD**2
    total = spread + prior_variance
    log_weight = np.log(posterior.weight) - 0.5 * np.log(total) - 0.5 * (posterior.slope - STUDIES_MEAN) ** 2 / total
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    variance = 1 / (1 / spread + 1 / prior_variance)
    centre = variance * (posterior.slope / spread + STUDIES_MEAN / prior_variance)
    sustained = Mixture(weight, centre, np.sqrt(variance), math.inf)
    contrast = np.asarray(contrasts, dtype=np.float64)[posterior.kernel]
    achieved = Mixture(weight, centre * contrast, np.sqrt(variance) * contrast, math.inf)
    return PriorInformed(quantity(achieved), quantity(sustained), 1 - sustained.sd**2 / prior_variance)
