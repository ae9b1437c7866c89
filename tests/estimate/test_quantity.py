from __future__ import annotations

import math

import numpy as np
import pytest

from hipdrive.estimate.mixture import Mixture
from hipdrive.estimate.quantity import Quantity, fraction, quantity


def test_logs_become_fractions() -> None:
    found = quantity(Mixture(np.array([1.0]), np.array([math.log(1.02)]), np.array([0.01]), math.inf))
    assert found.estimate == pytest.approx(0.02)
    assert found.lo == pytest.approx(1.02 * math.exp(-1.959964 * 0.01) - 1)
    assert found.hi == pytest.approx(1.02 * math.exp(1.959964 * 0.01) - 1)


def test_hopeless_ends_stay_finite() -> None:
    assert math.isfinite(fraction(1e6))
    assert fraction(-1e6) == pytest.approx(-1)


def test_half_width_and_what_is_left_out() -> None:
    assert Quantity(0.02, -0.01, 0.05).half_width == pytest.approx(0.03)
    assert Quantity().half_width is None
    assert Quantity(0.02, 0.01, 0.03).excludes(0)
    assert not Quantity(0.02, -0.01, 0.03).excludes(0)
    assert not Quantity().excludes(0)
