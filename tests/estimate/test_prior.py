from __future__ import annotations

import math

import numpy as np
import pytest

from hipdrive.estimate.level import Posterior
from hipdrive.estimate.prior import inform_with_studies


def posterior_of(slope: float, error: float, freedom: int = 100) -> Posterior:
    one, zero = np.array([1.0]), np.array([0])
    return Posterior(one, np.array([slope]), np.array([error]), one, zero, zero, freedom, 1)


def test_data_as_sure_as_the_studies_meet_half_way() -> None:
    error = 0.015 / math.sqrt(100 / 98)
    informed = inform_with_studies(posterior_of(0.03, error), [0.5])
    assert informed.sustained.estimate == pytest.approx(math.expm1(0.02))
    assert informed.data_share_fraction == pytest.approx(0.5)
    assert informed.achieved.estimate == pytest.approx(math.expm1(0.01))
    half = 1.959964 * 0.015 / math.sqrt(2)
    assert informed.sustained.hi == pytest.approx(math.expm1(0.02 + half))


def test_data_that_say_nothing_leave_the_studies() -> None:
    informed = inform_with_studies(posterior_of(0.5, 10.0), [1.0])
    assert informed.sustained.estimate == pytest.approx(math.expm1(0.01), abs=1e-5)
    assert informed.data_share_fraction == pytest.approx(0, abs=1e-4)
