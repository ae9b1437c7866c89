"""A watch's monitoring files: of all that they hold, the resting heart rate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.tables.wellness import RawRestingHeartRate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import dataframely as dy

MESSAGE = "monitoring_hr_data"
_RATES = ("resting_heart_rate", "current_day_resting_heart_rate")
_CLOCKS = ("timestamp", "local_timestamp")


def read_resting_heart_rates(frames: Mapping[str, pl.DataFrame]) -> dy.DataFrame[RawRestingHeartRate]:
    """What a FIT file tells of the resting heart rate, in the order written; empty where it tells nothing.

    Args:
        frames: its messages under FIT's names.
    """
    frame = frames.get(MESSAGE)
    if frame is None or not isinstance(frame.schema.get("timestamp"), pl.Datetime):
        return RawRestingHeartRate.create_empty()
    rates = {name: _rate(frame, name) for name in _RATES}
    told = frame.select("timestamp", pl.lit(_offset_s(frames), dtype=pl.Int64).alias("utc_offset_s"), **rates)
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in _RATES)
    return RawRestingHeartRate.validate(told.filter(some & pl.col("timestamp").is_not_null()), cast=True)


def _rate(frame: pl.DataFrame, name: str) -> pl.Expr:
    if name not in frame.columns:
        return pl.lit(None, dtype=pl.Float64)
    value = pl.col(name).list.first() if isinstance(frame.schema[name], pl.List) else pl.col(name)
    return value.cast(pl.Float64, strict=False).fill_nan(None)


def _offset_s(frames: Mapping[str, pl.DataFrame]) -> int | None:
    """Local time less UTC, by the first message that has both."""
    frame = frames.get("monitoring_info")
    if frame is None or any(not isinstance(frame.schema.get(name), pl.Datetime) for name in _CLOCKS):
        return None
    both = frame.select(pl.col(name).dt.replace_time_zone(None) for name in _CLOCKS).drop_nulls()
    return round((both[0, "local_timestamp"] - both[0, "timestamp"]).total_seconds()) if both.height else None
