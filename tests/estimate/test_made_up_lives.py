"""The demo's runners drawn without files, on which the calibration of the whole pipeline rests."""

from __future__ import annotations

import math

import numpy as np
import pytest

from benchmarks.drawn import drawn_life, response_of, weeks_of
from benchmarks.lives import live
from hipdrive.estimate import estimate_effect


def test_what_is_added_to_the_runs_is_found_in_the_weeks() -> None:
    life = drawn_life(1)
    plain = estimate_effect(weeks_of(life, life.y, life.kind)).sustained
    planted = estimate_effect(weeks_of(life, life.y + math.log(1.5) * life.response, life.kind)).sustained
    assert plain.estimate is not None
    assert planted.estimate is not None
    # kernels of shape 2 smooth more than the planted response of shape 3, so up to a quarter too much is found
    assert 1.4 < (1 + planted.estimate) / (1 + plain.estimate) < 1.8


def test_the_parts_of_a_life_are_those_of_the_runner() -> None:
    life, made = drawn_life(2), live(2)
    on_these_days = made.truth.by_day["log_speed"].to_numpy()[life.day]
    rest = on_these_days - sum(life.parts.values())
    # what is left is fitness, the week's noise and the day's form: 2, 0.6 and 2 %
    assert np.std(rest) == pytest.approx(math.hypot(0.02, 0.006, 0.02), rel=0.25)
    assert response_of(made)[life.day] == pytest.approx(life.response)
    assert weeks_of(life, life.y, life.kind)["hip_dose"].to_list() == made.truth.by_week["hip_dose"].to_list()
