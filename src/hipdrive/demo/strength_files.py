"""A workout of the made-up runner as the watch saw it: the bytes of a FIT file with `set` messages.

The watch knows less than the log: it guesses the category from how the wrist moves, mostly wrong; it miscounts by one
or two; and it knows a weight only where the wearer typed one in, which this one does for about one set in six.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import polars as pl

from hipdrive.demo.physiology import autoregression, low_pass
from hipdrive.demo.strength_log import REST_TIMER, LoggedSet, Workout
from hipdrive.demo.watch import Message, after, as_utc, closing, instants, one_row, opening, timer_events
from hipdrive.fit import encode

# three guesses of the watch, the likeliest first; they owe nothing to the exercise that was done
GUESSES = (
    ["unknown", "curl", "bench_press"],
    ["curl", "row", "unknown"],
    ["unknown", "hip_raise", "core"],
    ["squat", "deadlift", "unknown"],
    ["row", "shoulder_press", "curl"],
)
SECONDS_PER_REP = 2.6
METRES_PER_SECOND_OF_BOUNDS = 2.0
LEAST_REST_S = 30.0
TYPED_WEIGHT_SHARE = 1 / 6
SET_HEART_RATE_BPM, REST_HEART_RATE_BPM, HEART_RATE_LAG_S = 126.0, 96.0, 35.0


def _seconds(row: LoggedSet) -> int:
    return row.seconds or round(row.reps * SECONDS_PER_REP + row.distance_m / METRES_PER_SECOND_OF_BOUNDS) + 4


def watch_sets(workout: Workout, rng: np.random.Generator) -> pl.DataFrame:
    """The `set` messages: each logged set and the rest after it, in seconds after the watch's start.

    Columns: `begin_s`, `duration` (s), `set_type`, and, null for a rest, `repetitions`, `category` (a list of three
    guesses) and `weight` (kg; 0 where none was typed in).
    """
    rows: list[dict[str, object]] = []
    begin = 0
    done = [row for row in workout.sets if row.order != REST_TIMER]
    usual_rest = max((workout.minutes * 60 - sum(map(_seconds, done))) / len(done), LEAST_REST_S)
    for row in done:
        counted = max(row.reps + int(rng.integers(-2, 3)), 1)
        typed = row.weight_kg if rng.random() < TYPED_WEIGHT_SHARE else 0.0
        guess = GUESSES[int(rng.integers(len(GUESSES)))]
        active = {"set_type": "active", "repetitions": counted, "weight": typed, "category": guess}
        rest = {"set_type": "rest", "repetitions": None, "weight": None, "category": None}
        for what, length in ((active, _seconds(row)), (rest, round(usual_rest * rng.uniform(0.7, 1.3)))):
            rows.append({"begin_s": begin, "duration": float(length), **what})
            begin += length
    schema: dict[str, pl.DataType] = {
        "repetitions": pl.Int64(),
        "weight": pl.Float64(),
        "category": pl.List(pl.String()),
    }
    return pl.DataFrame(rows, schema_overrides=schema)


def _records(sets: pl.DataFrame, start: datetime, rng: np.random.Generator) -> pl.DataFrame:
    """Heart rate each second, from the begin of the first set to the end of the last rest; no distance is covered."""
    seconds = sets["duration"].cast(pl.Int64).to_numpy()
    is_active = (sets["set_type"] == "active").to_numpy()
    wanted = np.append(
        np.repeat(np.where(is_active, SET_HEART_RATE_BPM, REST_HEART_RATE_BPM), seconds), REST_HEART_RATE_BPM
    )
    wanted[0] = REST_HEART_RATE_BPM
    beats = low_pass(wanted, HEART_RATE_LAG_S) + autoregression(len(wanted), 2.5, 20.0, rng)
    return pl.select(
        timestamp=instants(start, pl.int_range(len(wanted))),
        distance=pl.lit(0.0),
        heart_rate=pl.lit(pl.Series(np.round(beats))),
    )


def encode_workout(workout: Workout, rng: np.random.Generator) -> bytes:
    """The FIT file that the watch would have written; it was started up to a minute before or after the log."""
    start = as_utc(workout.start + timedelta(seconds=int(rng.integers(-60, 60))))
    sets = watch_sets(workout, rng)
    records = _records(sets, start, rng)
    beats = records["heart_rate"].to_numpy()
    elapsed_s = float(sets["duration"].sum())
    end = after(start, elapsed_s)
    messages: list[Message] = [
        *opening(start),
        ("record", records),
        timer_events([(end, "stop_all")]),
        (
            "set",
            sets.select(
                pl.exclude("begin_s"),
                message_index=pl.int_range(pl.len()),
                start_time=instants(start, "begin_s"),
                timestamp=instants(start, pl.col("begin_s") + pl.col("duration").cast(pl.Int64)),
            ),
        ),
        one_row(
            "session",
            timestamp=end,
            start_time=start,
            message_index=0,
            event="session",
            event_type="stop",
            sport="training",
            sub_sport="strength_training",
            trigger="activity_end",
            total_elapsed_time=elapsed_s,
            total_timer_time=elapsed_s,
            total_distance=0.0,
            avg_heart_rate=round(beats.mean()),
            max_heart_rate=int(beats.max()),
        ),
        closing(start, elapsed_s, elapsed_s),
    ]
    return encode(messages)
