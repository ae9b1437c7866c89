"""Whatever weeks come in, an answer comes out: no error, no warning, no number that is none."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.rows import check_rows, effect_rows
from hipdrive.tables.estimates import VERDICTS

COVARIATES = ("heat_c", "ctl", "atl", "acute_hip_dose", "upper_dose")


def strange_weeks(seed: int, weeks: int, dose: str) -> pl.DataFrame:
    """Nulls, constants, zeros, holes in the calendar and in the log."""
    rng = np.random.default_rng(seed)
    calendar = np.arange(weeks)
    doses = {
        "none": np.zeros(weeks),
        "steady": np.ones(weeks),
        "wild": rng.uniform(0, 3, weeks),
        "blocks": (calendar // 8 % 2).astype(float),
        "at the end": (calendar >= weeks - 3).astype(float),
        "once": (calendar == 5).astype(float),
    }

    def with_nulls(values: np.ndarray[tuple[int], np.dtype[np.float64]], share: float) -> pl.Series:
        return pl.Series([None if rng.random() < share else float(value) for value in values], dtype=pl.Float64)

    frame = pl.DataFrame({"week_start": [date(2022, 1, 3) + timedelta(weeks=week) for week in range(weeks)]})
    frame = frame.with_columns(
        pl.col("week_start").cast(pl.Date),
        runs=pl.Series(rng.integers(0, 6, weeks).tolist(), dtype=pl.Int64),
        speed_at_reference_hr_m_per_s=with_nulls(
            np.exp(1.1 + rng.choice([0, 1e-6, 0.02]) * rng.normal(size=weeks)), 0.05
        ),
        hip_dose=with_nulls(doses[dose], float(rng.choice([0, 0.1]))),
        dose_known=pl.Series((rng.random(weeks) < rng.choice([0.8, 1])).tolist(), dtype=pl.Boolean),
        **{name: with_nulls(rng.choice([0, 1]) * rng.uniform(0, 9, weeks), 0.05) for name in COVARIATES},
    )
    return frame.filter(pl.Series(rng.random(weeks) < rng.choice([0.9, 1])))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10**6),
    st.integers(0, 120),
    st.sampled_from(["none", "steady", "wild", "blocks", "at the end", "once"]),
)
def test_any_weeks_are_answered(seed: int, weeks: int, dose: str) -> None:
    effect = estimate_effect(strange_weeks(seed, weeks, dose))
    assert effect.verdict in VERDICTS
    for found in (effect.achieved, effect.sustained):
        if found.estimate is not None:
            assert found.lo is not None
            assert found.hi is not None
            assert math.isfinite(found.lo)
            assert math.isfinite(found.hi)
            assert found.lo <= found.estimate <= found.hi
    assert effect_rows(effect, "night", "me").height == 3
    assert check_rows(effect, "night", "me").height == len(effect.checks)
