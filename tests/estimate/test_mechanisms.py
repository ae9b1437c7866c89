from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.exposure import expose
from hipdrive.estimate.mechanisms import estimate_mechanisms, false_discovery_rates

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCKS = (np.arange(104) // 9 % 2).astype(np.float64)


def test_false_discovery_rates_by_pencil() -> None:
    # in order of p: 0.01 * 3 / 1, 0.03 * 3 / 2, 0.04 * 3 / 3; each at most the next
    assert false_discovery_rates([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])
    assert false_discovery_rates([0.9, None, 0.2]) == [pytest.approx(0.9), None, pytest.approx(0.4)]
    assert false_discovery_rates([]) == []


def test_a_measure_that_moves_with_the_dose_stands_out(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks()
    rng = np.random.default_rng(1)
    moved = 0.25 * np.exp(-0.05 * expose(BLOCKS, 6))
    runs = pl.DataFrame(
        {
            "local_date": [day + timedelta(days=run) for day in weeks["week_start"] for run in (1, 3, 5)],
            "contact_time_at_reference_speed_s": np.repeat(moved, 3) * np.exp(rng.normal(0, 0.01, 312)),
            "cadence_at_reference_speed_spm": 172 * np.exp(rng.normal(0, 0.01, 312)),
        }
    )
    found = {one.outcome: one for one in estimate_mechanisms(weeks, runs)}
    assert list(found) == ["contact_time_at_reference_speed_s", "cadence_at_reference_speed_spm"]
    contact = found["contact_time_at_reference_speed_s"]
    assert contact.effect.sustained.estimate == pytest.approx(np.expm1(-0.05), abs=0.01)
    assert contact.q_value is not None
    assert contact.q_value < 0.01
    cadence = found["cadence_at_reference_speed_spm"].q_value
    assert cadence is not None
    assert cadence > 0.05
    assert contact.effect.runs == 312


def test_runs_without_a_value_do_not_count(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(30)
    runs = pl.DataFrame(
        {
            "local_date": weeks["week_start"],
            "contact_time_at_reference_speed_s": [None, float("nan"), *[0.25] * 28],
        }
    )
    assert estimate_mechanisms(weeks, runs)[0].effect.weeks_with_runs == 28


def test_what_no_run_tells_is_passed_over(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(30)
    nothing = pl.DataFrame(
        {
            "local_date": weeks["week_start"],
            "contact_time_at_reference_speed_s": pl.Series([None] * 30, dtype=pl.Float64),
        }
    )
    assert estimate_mechanisms(weeks, nothing) == []
    assert estimate_mechanisms(weeks, nothing.drop("contact_time_at_reference_speed_s")) == []
