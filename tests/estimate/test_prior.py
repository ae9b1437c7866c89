from __future__ import annotations

import math

import numpy as np
import pytest

from hipdrive.estimate.prior import STUDIES_MEAN, STUDIES_SD, inform_with_studies
from hipdrive.estimate.state_space import Posterior


def posterior_of(slope: float, error: float, freedom: int = 100) -> Posterior:
    one, zero = np.array([1.0]), np.array([0])
    return Posterior(one, np.array([slope]), np.array([error]), one, zero, zero, freedom, 1)


def test_data_as_sure_as_the_studies_meet_half_way() -> None:
    error = STUDIES_SD / math.sqrt(100 / 98)
    informed = inform_with_studies(posterior_of(STUDIES_MEAN + 0.02, error))
    assert informed.posterior.mean == pytest.approx(STUDIES_MEAN + 0.01)
    assert informed.data_share_fraction == pytest.approx(0.5)
    half = 1.959964 * STUDIES_SD / math.sqrt(2)
    assert informed.posterior.quantile(0.975) == pytest.approx(STUDIES_MEAN + 0.01 + half)


def test_data_that_say_nothing_leave_the_studies() -> None:
    informed = inform_with_studies(posterior_of(0.5, 10.0))
    assert informed.posterior.mean == pytest.approx(STUDIES_MEAN, abs=1e-4)
    assert informed.data_share_fraction == pytest.approx(0, abs=1e-4)
