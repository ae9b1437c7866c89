"""When two logs show how far their clocks are apart."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hipdrive.measure.strength_clocks import Evidence, find_shifts

DAY_S, HOUR_S = 86_400.0, 3600.0


@pytest.mark.parametrize(("rival_s", "offsets"), [(120.0, ()), (121.0, (10 * HOUR_S,))])
def test_a_rhythm_explains_what_lies_within_twice_the_tolerance_of_another_day(
    rival_s: float, offsets: tuple[float, ...]
) -> None:
    """A week of workouts, each ten hours from one of the other log, and a neighbour at nearly the same time of day."""
    first = DAY_S * np.arange(7)
    second = first + 10 * HOUR_S
    pairs = pl.DataFrame(
        {
            "x": range(7),
            "y": range(7),
            "start_s": first,
            "start_s_y": second,
            "delta_s": second - first,
            "same_day": False,
            "rival_s": rival_s,
        }
    )
    shifts = find_shifts(Evidence(pairs, first, second, days_coincide=False), (60.0,))
    assert shifts.offsets == offsets
