"""What is stored of a sample: fewer digits, the same number for anyone who runs."""

from __future__ import annotations

import polars as pl
import pytest

from hipdrive.measure.digits import keep_sensible_digits
from tests.makers.runs import samples

STRIDE = {"cadence_spm": 180.0, "contact_time_s": 0.25, "vertical_oscillation_m": 0.081, "step_length_m": 1.04}


def test_derived_values_lose_what_nobody_measured() -> None:
    drawn = samples(range(3), **STRIDE, latitude_deg=47.123456789, grade_fraction=0.0123456)  # type: ignore[arg-type]
    row = keep_sensible_digits(drawn).row(1, named=True)
    assert (row["flight_time_s"], row["duty_factor"], row["vertical_ratio_fraction"]) == (0.08333, 0.375, 0.07788)
    assert (row["latitude_deg"], row["grade_fraction"]) == (47.1234568, 0.01235)


def test_nothing_moves_by_a_thousandth_and_nothing_else_moves() -> None:
    drawn = samples(range(3), **STRIDE, grade_fraction=0.05, heart_rate_bpm=150.5)  # type: ignore[arg-type]
    kept = keep_sensible_digits(drawn)
    for name, dtype in drawn.schema.items():
        if dtype == pl.Float64 and drawn[name][1]:
            assert kept[name][1] == pytest.approx(drawn[name][1], rel=1e-3), name
    assert kept["heart_rate_bpm"].equals(drawn["heart_rate_bpm"])
