"""Samples with no more digits than they can know: values computed per second would fill half the warehouse."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.runs import Sample

# A device tells speed to a mm/s, contact to 0.1 ms, position to about a centimetre (1e-7°).
_DECIMALS = {
    "grade_fraction": 5,
    "graded_speed_m_per_s": 4,
    "flight_time_s": 5,
    "duty_factor": 5,
    "vertical_ratio_fraction": 5,
    "step_length_m": 4,
    "latitude_deg": 7,
    "longitude_deg": 7,
}


def keep_sensible_digits(samples: dy.DataFrame[Sample]) -> dy.DataFrame[Sample]:
    """Samples as they are stored: derived values rounded, after everything was measured from the exact ones.

    0.3333333 s of step less 0.25 s of contact is kept as 0.08333 s.

    Args:
        samples: of any number of activities.
    """
    return Sample.cast(samples.with_columns(pl.col(name).round(digits) for name, digits in _DECIMALS.items()))
