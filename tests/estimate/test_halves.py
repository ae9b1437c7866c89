from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from scipy import stats

from hipdrive.estimate.halves import compare_halves

if TYPE_CHECKING:
    from collections.abc import Sequence


def runs_of(values: Sequence[float | None], measure: str = "contact_time_at_reference_speed_s") -> pl.DataFrame:
    return pl.DataFrame(
        {"local_date": [date(2024, 1, 1) + timedelta(days=2 * run) for run in range(len(values))], measure: values}
    )


def test_students_interval_where_neighbours_differ() -> None:
    first, second = [0.25, 0.26] * 5, [0.24, 0.25] * 5
    row = compare_halves(runs_of([*first, *second])).row(0, named=True)
    reference = stats.ttest_ind(second, first).confidence_interval(0.95)
    assert row["first_half_mean"] == pytest.approx(0.255)
    assert row["change_fraction"] == pytest.approx(-0.01 / 0.255)
    assert row["lo_fraction"] == pytest.approx(reference.low / 0.255)
    assert row["hi_fraction"] == pytest.approx(reference.high / 0.255)


def test_runs_that_resemble_their_neighbours_count_for_fewer() -> None:
    rough = [0.25, 0.26] * 10
    smooth = ([0.25] * 5 + [0.26] * 5) * 2
    widths = [
        compare_halves(runs_of(values)).select(pl.col("hi_fraction") - pl.col("lo_fraction")).item()
        for values in (rough, smooth)
    ]
    assert widths[1] > 1.5 * widths[0]


def test_under_eight_runs_in_a_half_there_is_no_interval() -> None:
    row = compare_halves(runs_of([0.25] * 7 + [0.26] * 8)).row(0, named=True)
    assert row["change_fraction"] is None
    assert row["runs"] == 15
    assert compare_halves(runs_of([None, None])).row(0, named=True)["runs"] == 0


def test_halves_are_of_the_dates_and_measures_those_that_are_there() -> None:
    values = np.random.default_rng(0).normal(170, 1, 40)
    found = compare_halves(runs_of(values.tolist(), "cadence_at_reference_speed_spm"))
    assert found["measure"].to_list() == ["cadence_at_reference_speed_spm"]
    assert found["change_fraction"][0] == pytest.approx(values[20:].mean() / values[:20].mean() - 1)
