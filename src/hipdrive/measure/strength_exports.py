"""Several exports of one app: the order they were made in, and what of an earlier one a later one replaces.

An app exports its whole history again and again, with what its owner has mended and deleted since. So of two exports of
one app the later owns the span that both cover: what it holds counts as it stands there, and what it no longer holds
was deleted. Two logs of one app are such exports only if they match: half of the earlier one's workouts in that span.
"""

from __future__ import annotations

from datetime import timedelta

import dataframely as dy
import polars as pl

from hipdrive.tables.strength_overlap import StrengthLog

SAME_TIME = timedelta(days=1)  # files copied together tell by their change no order
OWNED_FRACTION = 0.5
MOVED_EDGE_S = 3600.0  # the first workout of an export may have had its start put right


def order_of_making(logs: dy.DataFrame[StrengthLog], sessions: pl.DataFrame) -> list[str]:
    """The `source_id` of one athlete's logs, the earliest made first.

    A log is made when its export says, else when its file was last changed. Logs whose times lie within a day of each
    other are ordered by the stated times if all have them, else by their last workout.

    Args:
        logs: what is known of each.
        sessions: `source_id start_s sets`.
    """
    ends = sessions.group_by("source_id").agg(end_s=pl.col("start_s").max(), sets=pl.col("sets").sum())
    made = pl.coalesce("exported_utc", "modified_utc")
    ordered = (
        logs.join(ends, on="source_id")
        .with_columns(made=made)
        .sort("made", "source_id", nulls_last=False)
        .with_columns(batch=((pl.col("made") - pl.col("made").shift(1)) > SAME_TIME).fill_null(value=False).cum_sum())
        .with_columns(is_stated=pl.col("exported_utc").is_not_null().all().over("batch"))
        .sort("batch", pl.when("is_stated").then("made"), "end_s", "made", "sets", "source_id", nulls_last=False)
    )
    return ordered["source_id"].to_list()


def find_deleted(
    earlier: pl.DataFrame, later: pl.DataFrame, matched: pl.DataFrame, exported_s: float | None, *, is_ruled: bool
) -> list[int]:
    """Workouts of an earlier export that a later one of the app covers and no longer holds.

    Args:
        earlier: `id start_s has_clock local_date` of workouts that still count.
        later: the same of all workouts of the later export.
        matched: `x y delta_s`, the workouts that are one.
        exported_s: when the later export was made, s since 1970, where it says so: until then its silence speaks.
        is_ruled: whether the user named the later export as the one that counts, so that no evidence is asked for.
    """
    shift = matched.select(pl.col("delta_s").median().fill_null(0.0)).item()
    first, last, first_day, last_day = later.select(
        pl.col("start_s").min(),
        last=pl.col("start_s").max(),
        first_day=pl.col("local_date").min(),
        last_day=pl.col("local_date").max(),
    ).row(0)
    by_clock = (pl.col("start_s") + shift).is_between(
        first - MOVED_EDGE_S, max(last + MOVED_EDGE_S, exported_s or last)
    )
    by_day = pl.col("local_date").is_between(first_day, last_day)
    covered = earlier.filter(
        pl.when(pl.col("has_clock") & bool(later["has_clock"].all())).then(by_clock).otherwise(by_day)
    )
    is_matched = covered["id"].is_in(matched["x"].implode())
    if not is_ruled and is_matched.sum() < OWNED_FRACTION * covered.height:
        return []
    return covered.filter(~is_matched)["id"].to_list()
