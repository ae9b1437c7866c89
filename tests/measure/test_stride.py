"""The stride of a sample: what follows from cadence, contact time, vertical oscillation and step length."""

from __future__ import annotations

import pytest

from hipdrive.measure.stride import measure_strides
from tests.makers.runs import Columns, samples

DYNAMICS: Columns = {"contact_time_s": 0.25, "vertical_oscillation_m": 0.08, "step_length_m": 1.0}


def test_a_step_of_a_third_of_a_second_with_a_quarter_on_the_ground() -> None:
    row = measure_strides(samples([0], cadence_spm=180.0, **DYNAMICS)).row(0, named=True)
    assert row["flight_time_s"] == pytest.approx(60 / 180 - 0.25)
    assert row["duty_factor"] == pytest.approx(0.25 / (2 * 60 / 180))
    assert row["vertical_ratio_fraction"] == pytest.approx(0.08 / 1.0)


def test_a_walker_has_no_flight_but_less_than_none() -> None:
    assert measure_strides(samples([0], cadence_spm=120.0, contact_time_s=0.7))["flight_time_s"][0] < 0


@pytest.mark.parametrize("cadence", [None, 0.0])
def test_without_steps_only_the_ratio_is_known(cadence: float | None) -> None:
    row = measure_strides(samples([0], cadence_spm=cadence, **DYNAMICS)).row(0, named=True)
    assert (row["flight_time_s"], row["duty_factor"]) == (None, None)
    assert row["vertical_ratio_fraction"] == pytest.approx(0.08)
