"""The made-up runner's body, against pencil and paper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.demo import physiology


def test_the_response_of_one_week_of_dose_adds_up_to_the_whole_effect() -> None:
    dose = np.zeros(200)
    dose[3] = 1.0
    assert physiology.planted_log_speed(dose, 0.04).sum() == pytest.approx(math.log(1.04), rel=1e-9)


def test_a_full_dose_kept_up_brings_the_whole_effect() -> None:
    planted = physiology.planted_log_speed(np.ones(200), 0.04)
    assert planted[-1] == pytest.approx(math.log(1.04), rel=1e-9)
    assert (np.diff(planted) > 0).sum() > 50


def test_the_first_response_is_that_of_half_a_week() -> None:
    x = 0.5 * 3 / 7
    assert physiology.response_weights(5)[0] == pytest.approx(1 - math.exp(-x) * (1 + x + x * x / 2))


def test_the_response_comes_seven_weeks_late_on_average() -> None:
    weights = physiology.response_weights(300)
    assert np.arange(300) @ weights == pytest.approx(7.0, abs=0.02)


def test_no_dose_acts_before_it_was_taken() -> None:
    assert physiology.planted_log_speed(np.array([0.0, 0.0, 1.0, 0.0]), 0.1)[:2].tolist() == [0.0, 0.0]


def test_a_dose_above_two_acts_like_two() -> None:
    two, three = (physiology.planted_log_speed(np.full(30, dose), 0.04) for dose in (2.0, 3.0))
    assert three.tolist() == two.tolist()


def test_an_effect_of_nothing_plants_nothing() -> None:
    assert not physiology.planted_log_speed(np.ones(30), 0.0).any()


def test_fatigue_fades_by_the_days_after() -> None:
    dose = np.zeros(20)
    dose[2] = 0.5
    fatigue = physiology.fatigue_log_speed(dose)
    assert fatigue[:5].tolist() == pytest.approx([0, 0, -0.004, -0.004 * math.exp(-0.5), -0.004 * math.exp(-1)])
    assert fatigue[16:].tolist() == [0.0, 0.0, 0.0, 0.0]


def test_an_illness_takes_two_per_cent_and_gives_it_back() -> None:
    left = physiology.illness_log_speed(np.array([False, True, True, False, False]))
    assert left.tolist() == pytest.approx([0, -0.02, -0.02, -0.02 * math.exp(-0.1), -0.02 * math.exp(-0.2)])


def test_steady_training_has_no_load_effect() -> None:
    assert physiology.load_log_speed(np.full(100, 8.0)) == pytest.approx(np.zeros(100), abs=1e-12)


def test_todays_load_does_not_move_today() -> None:
    load = np.full(60, 8.0)
    load[40] = 40.0
    effect = physiology.load_log_speed(load)
    start = (28 * 8.0) / 28
    chronic = start + (1 - math.exp(-1 / 42)) * (40.0 - start)
    acute = start + (1 - math.exp(-1 / 7)) * (40.0 - start)
    assert effect[40] == pytest.approx(0.0, abs=1e-12)
    assert effect[41] == pytest.approx(0.05 * math.log(chronic / start) - 0.01 * math.log(acute / chronic))


def test_cost_of_a_ten_per_cent_climb() -> None:
    pencil = (155.4e-5 - 30.4e-4 - 43.3e-3 + 46.3e-2 + 19.5e-1 + 3.6) / 3.6
    assert physiology.cost_of_grade(np.array([0.0, 0.1])).tolist() == pytest.approx([1.0, pencil])


@given(beats=st.floats(100, 185), log_speed=st.floats(-0.2, 0.2))
def test_heart_rate_and_level_speed_are_inverses(beats: float, log_speed: float) -> None:
    speed = physiology.level_speed(np.array([beats]), log_speed)
    assert physiology.steady_heart_rate(speed, log_speed)[0] == pytest.approx(beats)


def test_an_autoregression_keeps_its_spread_and_its_memory() -> None:
    series = physiology.autoregression(200_000, 0.02, 10.0, np.random.default_rng(0))
    assert series.std() == pytest.approx(0.02, rel=0.03)
    assert np.corrcoef(series[:-1], series[1:])[0, 1] == pytest.approx(math.exp(-0.1), abs=0.01)
    firsts = [physiology.autoregression(3, 1.0, 50.0, np.random.default_rng(seed))[0] for seed in range(400)]
    assert np.std(firsts) == pytest.approx(1.0, abs=0.1)


def test_july_is_warmer_than_january() -> None:
    air = physiology.air_temperature_c(np.arange(1.0, 366.0), np.random.default_rng(0))
    assert air[181:212].mean() - air[:31].mean() > 12


def test_stride_at_three_metres_a_second() -> None:
    speed = np.array([3.0])
    stride = (
        physiology.cadence_spm(speed),
        physiology.contact_time_ms(speed),
        physiology.vertical_oscillation_mm(speed),
    )
    assert [value[0] for value in stride] == [168.0, 250.0, 87.0]
