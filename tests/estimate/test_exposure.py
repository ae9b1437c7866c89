from __future__ import annotations

import math

import numpy as np
import pytest

from hipdrive.estimate.exposure import expose, gamma_kernel


def test_kernel_of_six_weeks_by_pencil() -> None:
    assert gamma_kernel(6, 5).round(4).tolist() == [0.0124, 0.0778, 0.1130, 0.1221, 0.1169]


def test_the_first_weight_is_the_gamma_share_of_half_a_week() -> None:
    assert gamma_kernel(6, 1)[0] == pytest.approx(1 - (1 + 0.5 / 3) * math.exp(-0.5 / 3))


@pytest.mark.parametrize("mean_lag", [4, 6, 8, 10])
def test_weights_sum_to_one_and_have_their_mean_lag(mean_lag: int) -> None:
    kernel = gamma_kernel(mean_lag, 400)
    assert kernel.sum() == pytest.approx(1)
    assert kernel @ np.arange(400) == pytest.approx(mean_lag, abs=0.02)


def test_a_steady_dose_is_its_own_exposure_from_the_first_week() -> None:
    assert expose(np.full(30, 0.7), 8) == pytest.approx(np.full(30, 0.7))


def test_before_the_log_the_first_eight_weeks_are_the_habit() -> None:
    dose = np.array([1.0] * 4 + [0.0] * 4 + [0.0] * 10)
    kernel = gamma_kernel(6, 2)
    assert expose(dose, 6)[1] == pytest.approx(kernel[0] + kernel[1] + 0.5 * (1 - kernel[0] - kernel[1]))


def test_a_known_habit_takes_the_place_of_the_guess() -> None:
    assert expose(np.zeros(3), 6, habit=1.0)[0] == pytest.approx(1 - gamma_kernel(6, 1)[0])


def test_no_dose_reaches_back_in_time() -> None:
    dose = np.zeros(20)
    dose[12] = 1.0
    exposure = expose(dose, 4)
    assert exposure[:12] == pytest.approx(np.zeros(12))
    assert exposure[12:] == pytest.approx(gamma_kernel(4, 8))


def test_columns_are_exposed_one_by_one() -> None:
    doses = np.random.default_rng(0).uniform(0, 1, (20, 3))
    together = expose(doses, 6)
    for column in range(3):
        assert together[:, column] == pytest.approx(expose(doses[:, column], 6))
