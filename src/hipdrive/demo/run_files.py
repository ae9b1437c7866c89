"""A run of the made-up runner as the bytes of a FIT file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.demo.watch import Message, after, as_utc, closing, instants, opening, timer_events
from hipdrive.fit import encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from hipdrive.demo.physiology import Floats
    from hipdrive.demo.run_samples import Ints, RunSamples
    from hipdrive.demo.running_plan import PlannedRun

LAP_M = 1000.0

# What a lap or a session says of its records. Expressions are built once: building them costs more than running them.
_STEPS = [
    pl.col("elapsed_s").diff().fill_null(0).alias("elapsed_step"),
    pl.col("timer_s").diff().fill_null(0).alias("timer_step"),
    pl.col("distance").diff().fill_null(0.0).alias("distance_step"),
]
_STRIDES = pl.col("cadence") + pl.col("fractional_cadence")
_MEAN_STRIDES = _STRIDES.filter(pl.col("cadence") > 0).mean().fill_null(0.0)
_MOST_STRIDES = _STRIDES.max()
_SUMS = [
    pl.col("elapsed_step").sum().alias("total_elapsed_time"),
    pl.col("timer_step").sum().alias("total_timer_time"),
    pl.col("distance_step").sum().round(2).alias("total_distance"),
    ((_STRIDES * pl.col("timer_step")).sum() / 60.0).round().alias("total_cycles"),
    pl.col("enhanced_speed").max().alias("enhanced_max_speed"),
    pl.col("heart_rate", "temperature").mean().round().name.prefix("avg_"),
    pl.col("heart_rate", "temperature").max().name.prefix("max_"),
    pl.col("step_length", "stance_time", "vertical_oscillation", "vertical_ratio").mean().name.prefix("avg_"),
]
_FIELDS = [
    pl.col("^(total|avg|max|enhanced)_.*$"),
    (pl.col("total_distance") / pl.col("total_timer_time")).fill_nan(0.0).alias("enhanced_avg_speed"),
    pl.col("strides").floor().alias("avg_cadence"),
    (pl.col("strides") % 1.0).alias("avg_fractional_cadence"),
    pl.col("most_strides").floor().alias("max_cadence"),
    (pl.col("most_strides") % 1.0).alias("max_fractional_cadence"),
    pl.lit("stop").alias("event_type"),
    pl.lit("running").alias("sport"),
]


def _records(samples: RunSamples, start: datetime) -> Iterator[Message]:
    """The records in the stretches between two stops, with the timer's stop and restart where they happened."""
    records = samples.records.select(
        instants(start, "elapsed_s").alias("timestamp"), pl.exclude("elapsed_s", "timer_s")
    )
    begin = 0
    for stop in samples.stops:
        yield "record", records[begin : stop + 1]
        yield timer_events([(records["timestamp"][stop], "stop_all"), (records["timestamp"][stop + 1], "start")])
        begin = stop + 1
    yield "record", records[begin:]
    yield timer_events([(after(start, samples.elapsed_s), "stop_all")])


def _lap_of_record(distance_m: Floats) -> Ints:
    """The lap that each record belongs to: the record that completes a kilometre is the last of its lap."""
    before = np.concatenate(([0.0], distance_m[:-1]))
    return np.floor(before / LAP_M).astype(np.int64)


def _summaries(samples: RunSamples, start: datetime, lap: Ints) -> pl.DataFrame:
    """One row a value of `lap`, with the fields that the messages lap and session have in common.

    Totals are what the records add up to. Averages are over the records; those of cadence and stride only over records
    with steps, as watches do it.
    """
    return (
        samples.records.with_columns(pl.lit(lap).alias("lap"), *_STEPS)
        .group_by("lap", maintain_order=True)
        .agg(*_SUMS, _MEAN_STRIDES.alias("strides"), _MOST_STRIDES.alias("most_strides"), pl.col("elapsed_s").last())
        .select(
            instants(start, "elapsed_s").alias("timestamp"),
            instants(start, pl.col("elapsed_s") - pl.col("total_elapsed_time")).alias("start_time"),
            *_FIELDS,
        )
    )


def _laps(samples: RunSamples, start: datetime, sub_sport: str) -> pl.DataFrame:
    laps = _summaries(samples, start, _lap_of_record(samples.records["distance"].to_numpy()))
    is_last = pl.int_range(pl.len()) == pl.len() - 1
    return laps.with_columns(
        message_index=pl.int_range(pl.len()),
        event=pl.lit("lap"),
        lap_trigger=pl.when(is_last).then(pl.lit("session_end")).otherwise(pl.lit("distance")),
        intensity=pl.lit("active"),
        sub_sport=pl.lit(sub_sport),
    )


def _session(samples: RunSamples, start: datetime, sub_sport: str, laps: int) -> pl.DataFrame:
    session = _summaries(samples, start, np.zeros(samples.records.height, np.int64)).with_columns(
        message_index=pl.lit(0),
        event=pl.lit("session"),
        trigger=pl.lit("activity_end"),
        sub_sport=pl.lit(sub_sport),
        first_lap_index=pl.lit(0),
        num_laps=pl.lit(laps),
    )
    if "position_lat" not in samples.records.columns:
        return session
    return session.with_columns(
        start_position_lat=pl.lit(samples.records["position_lat"][0]),
        start_position_long=pl.lit(samples.records["position_long"][0]),
        total_ascent=pl.lit(round(samples.ascent_m)),
        total_descent=pl.lit(round(samples.ascent_m)),
    )


def encode_run(run: PlannedRun, samples: RunSamples) -> bytes:
    """The FIT file that the watch would have written of this run."""
    start = as_utc(run.start)
    sub_sport = "treadmill" if run.is_treadmill else "generic"
    laps = _laps(samples, start, sub_sport)
    return encode(
        [
            *opening(start),
            *_records(samples, start),
            ("lap", laps),
            ("session", _session(samples, start, sub_sport, laps.height)),
            closing(start, samples.elapsed_s, samples.timer_s),
        ]
    )
