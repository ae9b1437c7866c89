"""One run from two devices or two exports: the richer recording is kept, the other names it."""

from __future__ import annotations

from datetime import timedelta

import dataframely as dy
import polars as pl

from hipdrive.tables.runs import Activity

OVERLAP_FRACTION = 0.8  # of the shorter recording; two true sessions of one athlete cannot overlap at all


def mark_duplicates(activities: dy.DataFrame[Activity]) -> dy.DataFrame[Activity]:
    """Activities with `duplicate_of` settled, in the order given.

    Two activities of one athlete and sport, from different files, are the same when they overlap by at least 80 % of
    the shorter one's elapsed time. Kept is the one with more values, then the longer, then the first by id.

    Args:
        activities: all of any number of athletes.
    """
    best_first = activities.sort(
        "richness", pl.col("elapsed_time_s").fill_null(0.0), "activity_id", descending=[True, True, False]
    )
    kept: dict[tuple[str, str, int], list[tuple[float, float, str, str]]] = {}
    duplicate_of: dict[str, str | None] = {}
    for activity_id, athlete, sport, source, start, elapsed in best_first.select(
        "activity_id", "athlete_id", "sport", "source_id", "start_utc", "elapsed_time_s"
    ).iter_rows():
        begin = start.timestamp()
        end = begin + (elapsed or 0.0)
        days = range(start.toordinal(), (start + timedelta(seconds=elapsed or 0.0)).toordinal() + 1)
        rivals = [rival for day in days for rival in kept.get((athlete, sport, day), [])]
        duplicate_of[activity_id] = next(
            (
                rival_id
                for rival_begin, rival_end, rival_source, rival_id in rivals
                if rival_source != source and _same((begin, end), (rival_begin, rival_end))
            ),
            None,
        )
        if duplicate_of[activity_id] is None:
            for day in days:
                kept.setdefault((athlete, sport, day), []).append((begin, end, source, activity_id))
    settled = activities.with_columns(
        duplicate_of=pl.col("activity_id").replace_strict(duplicate_of, return_dtype=pl.String)
        if duplicate_of
        else pl.lit(None, dtype=pl.String)
    )
    return Activity.validate(settled)


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    shorter = min(one[1] - one[0], other[1] - other[0])
    return shared >= OVERLAP_FRACTION * shorter if shorter > 0 else one[0] == other[0]
