"""A watch's `set` messages → the raw log that written sets have too.

Only the first guess of the exercise counts: the others are second thoughts of the watch. A weight of 0 means that
nobody entered one. Rests are not sets. Order is by message index, then by start, because files are not always in order.
"""

from __future__ import annotations

from collections.abc import Mapping

import dataframely as dy
import polars as pl

from hipdrive.read.strength.draft import build_sets
from hipdrive.tables.strength import RawStrengthSet

_REST = ("rest", "0")
_UNKNOWN_EXERCISE = 65534  # FIT's mark for a category or exercise that the watch did not recognise


def read_watch_sets(frames: Mapping[str, pl.DataFrame]) -> dy.DataFrame[RawStrengthSet]:
    """The active sets of one decoded FIT file, in order; empty for a file without any.

    Args:
        frames: message name → frame, as `hipdrive.fit.decode` gives them; of these `set`, `session`, `activity`.
    """
    sets = frames.get("set")
    if sets is None or sets.is_empty():
        return RawStrengthSet.create_empty()
    sets = sets.with_columns(pl.lit(None).alias(name) for name in _COLUMNS if name not in sets.columns).with_row_index(
        "_row"
    )
    sets = sets.with_columns(
        _first(sets, "category").cast(pl.String).alias("category"),
        _first(sets, "category_subtype").cast(pl.Int64, strict=False).alias("category_subtype"),
        _utc(sets, "start_time").alias("start_time"),
        pl.col("message_index").cast(pl.Int64, strict=False),
    )
    is_rest = pl.col("set_type").cast(pl.String).is_in(_REST).fill_null(value=False)
    active = sets.filter(~is_rest).sort(pl.coalesce("message_index", "_row"), "start_time", "_row", nulls_last=True)
    start, offset, duration_s = _workout(frames, active)
    exercise_number = pl.col("category_subtype")
    columns = active.select(
        pl.lit("watch").alias("log_kind"),
        pl.lit(start, pl.Datetime("us", "UTC")).alias("started_utc"),
        (pl.lit(start, pl.Datetime("us", "UTC")).dt.replace_time_zone(None) + offset).alias("started_local"),
        pl.lit(duration_s, pl.Float64).alias("duration_s"),
        pl.format("{}", pl.col("message_index")).alias("set_label"),
        pl.col("repetitions").cast(pl.Float64).alias("reps"),
        pl.col("weight").cast(pl.Float64).replace(0.0, None).alias("weight"),
        pl.lit("kg").alias("weight_unit"),
        pl.col("duration").cast(pl.Float64).alias("hold_s"),
        pl.col("category").replace({str(_UNKNOWN_EXERCISE): "unknown"}).alias("watch_category"),
        pl.when(exercise_number != _UNKNOWN_EXERCISE).then(exercise_number).alias("watch_exercise"),
    ).to_dict()
    lines = active.select(pl.coalesce("message_index", pl.col("_row").cast(pl.Int64))).to_series()
    return RawStrengthSet.validate(build_sets(lines, columns))


_COLUMNS = (
    "set_type",
    "category",
    "category_subtype",
    "repetitions",
    "weight",
    "duration",
    "start_time",
    "message_index",
)


def _first(sets: pl.DataFrame, name: str) -> pl.Expr:
    """The first of several guesses."""
    is_list = isinstance(sets.schema[name], pl.List)
    return pl.col(name).list.get(0, null_on_oob=True) if is_list else pl.col(name)


def _utc(frame: pl.DataFrame, name: str) -> pl.Expr:
    dtype = frame.schema[name]
    if isinstance(dtype, pl.Datetime) and dtype.time_zone is None:
        return pl.col(name).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    return pl.col(name).cast(pl.Datetime("us", "UTC"))


def _workout(frames: Mapping[str, pl.DataFrame], active: pl.DataFrame) -> tuple[object, pl.Expr, float | None]:
    """Start, offset of the watch's clock from UTC, and length: from the session, else from the sets themselves."""
    session, activity = frames.get("session"), frames.get("activity")
    start, duration_s = active["start_time"].min(), None
    if session is not None and not session.is_empty() and "start_time" in session.columns:
        strength = session
        if "sport" in session.columns and session.height > 1:
            is_training = pl.col("sport").cast(pl.String).is_in(["training", "10"]).fill_null(value=False)
            strength = session.filter(is_training) if session.select(is_training.any()).item() else session
        first = strength.select(_utc(strength, "start_time")).to_series()[0]
        start = first if first is not None else start
        if "total_elapsed_time" in strength.columns and strength["total_elapsed_time"][0] is not None:
            duration_s = float(strength["total_elapsed_time"][0])
    offset = pl.lit(None, pl.Duration("us"))
    if activity is not None and {"timestamp", "local_timestamp"} <= set(activity.columns) and not activity.is_empty():
        both = activity.select(
            _utc(activity, "timestamp").dt.replace_time_zone(None).alias("utc"),
            pl.col("local_timestamp").cast(pl.Datetime("us")).dt.replace_time_zone(None).alias("local"),
        ).row(0)
        if None not in both:
            offset = pl.lit(both[1] - both[0], pl.Duration("us"))
    return start, offset, duration_s
