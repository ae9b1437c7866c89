from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hipdrive.estimate.mixture import Mixture


def test_one_part_is_student() -> None:
    one = Mixture(np.array([1.0]), np.array([0.02]), np.array([0.01]), 30.0)
    student = stats.t(30, 0.02, 0.01)
    assert one.mean == pytest.approx(0.02)
    assert one.sd == pytest.approx(student.std())
    assert one.quantile(0.975) == pytest.approx(student.ppf(0.975), abs=1e-12)
    assert one.p_value == pytest.approx(2 * student.cdf(0))


def test_spread_between_the_parts_counts() -> None:
    two = Mixture(np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([1e-3, 1e-3]), math.inf)
    assert two.sd == pytest.approx(math.sqrt(1 + 1e-6))
    assert two.quantile(0.25) == pytest.approx(-1, abs=1e-6)
    assert two.p_value == pytest.approx(1)


def test_infinite_freedom_is_normal() -> None:
    normal = Mixture(np.array([1.0]), np.array([0.0]), np.array([1.0]), math.inf)
    assert normal.quantile(0.975) == pytest.approx(1.959964, abs=1e-6)
