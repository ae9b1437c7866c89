from __future__ import annotations

import numpy as np
import pytest

from hipdrive.estimate.baseline import mean_with_interval
from hipdrive.estimate.found import Estimate


def test_few_values_have_no_interval() -> None:
    assert mean_with_interval(np.array([1.0, 2.0, 1.0, 2.0])) is None


def test_the_interval_of_a_mean_is_students() -> None:
    found = mean_with_interval(np.array([1.0, -1.0, 1.0, -1.0, 0.0]))
    assert found is not None
    sd = np.sqrt(4 / 4)
    assert found.value == pytest.approx(0)
    assert found.hi == pytest.approx(2.776445 * sd / np.sqrt(5), rel=1e-5)  # t of 4 degrees of freedom, 97.5 %


def test_values_that_resemble_their_neighbours_count_for_less() -> None:
    apart = np.tile([1.0, -1.0], 20)
    alike = np.repeat([1.0, -1.0], 20)
    narrow, wide = mean_with_interval(apart), mean_with_interval(alike)
    assert narrow is not None
    assert wide is not None
    assert wide.half_width > 2 * narrow.half_width


def test_equal_values_have_an_interval_of_no_width() -> None:
    assert mean_with_interval(np.full(6, 3.0)) == Estimate(3.0, 3.0, 3.0)
