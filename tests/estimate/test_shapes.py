"""The estimate as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.found import Estimate
from hipdrive.estimate.shapes import speed_by_dose, weeks_and_line

if TYPE_CHECKING:
    from collections.abc import Callable

FOUND = Estimate(0.04, -0.01, 0.09)


def test_every_set_goes_on_and_one_programme_stops_at_one() -> None:
    shapes = speed_by_dose(FOUND, Estimate(0.05, 0.0, 0.1))
    at = {row["dose"]: row for row in shapes.iter_rows(named=True)}
    assert at[0.0]["every_set_fraction"] == at[0.0]["up_to_programme_fraction"] == 0
    assert at[1.0]["every_set_fraction"] == pytest.approx(0.04)
    assert at[1.0]["up_to_programme_hi_fraction"] == pytest.approx(0.1)
    assert at[1.5]["every_set_lo_fraction"] == pytest.approx(0.99**1.5 - 1)
    assert at[1.6]["up_to_programme_fraction"] == pytest.approx(0.05)


def test_the_line_goes_through_the_middle_and_rises_by_the_estimate(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    drawn = weeks_and_line(draw_weeks(), FOUND)
    assert drawn is not None
    line = drawn.table.drop_nulls("line_s_per_km")
    dots = drawn.table.drop_nulls("pace_s_per_km")
    assert dots.height == drawn.weeks
    first, last = line["line_s_per_km"][0], line["line_s_per_km"][-1]
    assert first / last - 1 == pytest.approx(drawn.rise_fraction)
    assert drawn.rise_fraction == pytest.approx(1.04 ** (drawn.most - drawn.least) - 1)
    middle = np.interp(dots["exposure"].to_numpy().mean(), line["exposure"], np.log(line["line_s_per_km"]))
    assert middle == pytest.approx(np.log(dots["pace_s_per_km"].to_numpy()).mean())
    assert drawn.fastest_s_per_km < drawn.slowest_s_per_km


def test_no_line_without_a_week_in_the_estimate(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks()
    assert weeks_and_line(weeks.with_columns(hip_dose=pl.lit(None, pl.Float64)), FOUND) is None
