"""Plain weeks for the tests of this room; the long made-up histories are those of `benchmarks/histories.py`."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hipdrive.estimate import Effect
    from hipdrive.estimate.check_result import CheckResult

sys.path.insert(0, str(Path(__file__).parents[2]))  # so that tests can import the maker of histories


@pytest.fixture
def draw_weeks() -> Callable[..., pl.DataFrame]:
    """Weeks of a runner whose log speed is what the test says, plus a wander and noise of a known size."""

    def draw(
        weeks: int = 104,
        dose: Sequence[float] | None = None,
        log_change: Sequence[float] | None = None,
        *,
        seed: int = 1,
        noise: float = 0.01,
        wander: float = 0.002,
        **columns: Sequence[object],
    ) -> pl.DataFrame:
        rng = np.random.default_rng(seed)
        blocks = [float(week // 9 % 2) for week in range(weeks)]
        level = np.log(3) + np.cumsum(rng.normal(0, wander, weeks)) + rng.normal(0, noise, weeks)
        level += np.zeros(weeks) if log_change is None else np.asarray(log_change, dtype=np.float64)
        frame = pl.DataFrame(
            {
                "week_start": [date(2023, 1, 2) + timedelta(weeks=week) for week in range(weeks)],
                "runs": rng.integers(3, 6, weeks),
                "speed_at_reference_hr_m_per_s": np.exp(level),
                "heat_c": rng.uniform(0, 8, weeks),
                "ctl": rng.uniform(6, 9, weeks),
                "atl": rng.uniform(5, 10, weeks),
                "acute_hip_dose": rng.uniform(0, 0.5, weeks),
                "hip_dose": blocks if dose is None else list(dose),
                "upper_dose": rng.uniform(0, 1, weeks),
            }
        )
        return frame.with_columns(**{name: pl.Series(values) for name, values in columns.items()})

    return draw


@pytest.fixture
def check_of() -> Callable[[Effect, str], CheckResult]:
    """One check of an effect, by its name."""

    def find(effect: Effect, name: str) -> CheckResult:
        return next(check for check in effect.checks if check.name == name)

    return find
