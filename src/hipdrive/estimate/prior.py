"""The line that includes the studies: what this runner's data add to what trials of related work found."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.mixture import Mixture

if TYPE_CHECKING:
    from hipdrive.estimate.state_space import Posterior

STUDIES_MEAN = 0.01  # of ln speed at the full programme; a judgement from trials, docs/methods.md
STUDIES_SD = 0.025  # wide enough for the interval to hold a true 4 % nine times in ten, by simulation


@dataclass(frozen=True)
class WithStudies:
    """Studies and data together, for the full programme kept up against none.

    Attributes:
        posterior: normals, one a part of the data's own posterior.
        data_share_fraction: how much of it is this runner's data: 1 - posterior variance / prior variance.
    """

    posterior: Mixture
    data_share_fraction: float


def inform_with_studies(posterior: Posterior, studies_sd: float = STUDIES_SD) -> WithStudies:
    """Multiply each part of the posterior, taken as a normal, with the prior of the studies."""
    spread = posterior.error**2 * posterior.freedom / (posterior.freedom - 2)
    prior_variance = studies_sd**2
    total = spread + prior_variance
    log_weight = np.log(posterior.weight) - 0.5 * np.log(total) - 0.5 * (posterior.slope - STUDIES_MEAN) ** 2 / total
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    variance = 1 / (1 / spread + 1 / prior_variance)
    centre = variance * (posterior.slope / spread + STUDIES_MEAN / prior_variance)
    informed = Mixture(weight, centre, np.sqrt(variance), math.inf)
    return WithStudies(informed, 1 - informed.sd**2 / prior_variance)
