"""Samples → when the timer of each activity ran: what another device recorded outside of it is another activity."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.runs import Sample, TimerSpan

STANDS_S = 2.0  # by which the timer falls behind the clock where it stood; less is the rounding of its stamps


def measure_timer_spans(samples: dy.DataFrame[Sample]) -> dy.DataFrame[TimerSpan]:
    """One row a stretch of an activity in which its timer ran, from its first sample to its last.

    An hour from 6:00 with a pause from 6:20 to 6:30 gives 6:00 to 6:20 and 6:30 to 7:00.

    Args:
        samples: of any number of activities, each sorted by time.
    """
    clock_s = (pl.col("time_utc").diff().dt.total_microseconds() / 1e6).over("activity_id")
    timer_s = pl.col("timer_s").diff().over("activity_id")
    stood_s = clock_s - timer_s
    # Where samples are minutes apart, a timer that stood for seconds of them ran.
    is_break = ((stood_s > STANDS_S) & (stood_s >= timer_s)).fill_null(value=False)
    spans = (
        samples.select("activity_id", "time_utc", is_break=is_break)
        .with_columns(span=pl.col("is_break").cum_sum().over("activity_id"))
        .group_by("activity_id", "span", maintain_order=True)
        .agg(start_utc=pl.col("time_utc").min(), end_utc=pl.col("time_utc").max())
    )
    return TimerSpan.validate(spans.select(list(TimerSpan.columns())))
