"""The speed of each record: as much as the distance says, spread over the seconds as the speed field says.

From second to second a device's distance is rough (on one watch by 0.6 m/s), its speed field is smooth; over a minute
the distance is the better of the two. So the field is scaled to the distance of the minute around it. Where the field
says nothing, or a record stands for more than ten seconds, the speed is that of the distance.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AROUND_S = 30.0  # to both sides
FIELD_SPEAKS_FOR_S = 10.0  # a speed field is that of its moment: over a longer step it tells nothing
FIELD_CEILING_M_PER_S = 12.5
_APART_S = 1e3  # between two activities on the common axis of time


def field_compares() -> pl.Expr:
    """Whether a record's speed field can be held against its distance."""
    return (
        pl.col("is_moving")
        & (pl.col("step_s") <= FIELD_SPEAKS_FOR_S)
        & (pl.col("field_speed") > 0)
        & (pl.col("field_speed") <= FIELD_CEILING_M_PER_S)
        & pl.col("stretch_speed").is_not_null()
    ).fill_null(value=False)


def choose_speeds(records: pl.DataFrame) -> pl.DataFrame:
    """Records with `speed`, m/s; null where neither distance nor field tells it.

    Args:
        records: sorted by activity and time, with `stretch_speed`, `field_speed`, `is_moving`, `timer_s`, `step_s`.
    """
    told = records.select(
        compares=field_compares(),
        by_field=pl.col("field_speed") * pl.col("step_s"),
        by_distance=pl.col("stretch_speed") * pl.col("step_s"),
    )
    compares = told["compares"].to_numpy()
    if not compares.any():
        return records.with_columns(speed=pl.coalesce("stretch_speed", "field_speed"))
    axis = _one_axis(records["activity_id"], records["timer_s"].to_numpy())
    by_distance, by_field = (
        _around(axis, np.where(compares, told[name].fill_null(0.0), 0.0)) for name in ("by_distance", "by_field")
    )
    scale = np.divide(by_distance, by_field, out=np.ones(axis.size), where=by_field > 0)
    return records.with_columns(
        speed=pl.when(told["compares"])
        .then(pl.col("field_speed") * pl.Series(scale))
        .otherwise(pl.coalesce("stretch_speed", "field_speed"))
    )


def _one_axis(activity: pl.Series, timer_s: Floats) -> Floats:
    """Timer time on one axis, each activity beyond the reach of the one before."""
    first = activity.rle_id().diff().fill_null(1).to_numpy() != 0
    length = np.maximum.reduceat(timer_s, np.flatnonzero(first))
    before = np.r_[0.0, np.cumsum(length[:-1] + _APART_S)]
    axis: Floats = timer_s + before[np.cumsum(first) - 1]
    return axis


def _around(axis: Floats, values: Floats) -> Floats:
    """Sum of what is gained in the minute around each record."""
    total = np.r_[0.0, np.cumsum(values)]
    ends = np.searchsorted(axis, axis + AROUND_S, side="right")
    begins = np.searchsorted(axis, axis - AROUND_S, side="left")
    gained: Floats = total[ends] - total[begins]
    return gained
