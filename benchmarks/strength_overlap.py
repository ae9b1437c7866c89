"""A strength history in several files: seconds and memory of settling what counts, and that they grow with the sets.

    python benchmarks/strength_overlap.py [SETS]

A tenth of the sets is timed first, then all of them (made up, seeded): twelve exports of one app, by turns on two
clocks, and the log of another app on a third, so that every set is there several times.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from hipdrive.measure.strength_overlap import find_overlaps
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.strength_overlap import StrengthLog

SETS = 1_000_000
SETS_A_WORKOUT = 20
EXPORTS = 12
LARGEST_RATIO = 12.0
EXERCISES = ("hip_thrust", "rdl", "back_squat", "lunge", "bench_press", "pull_up", "calf_raise", "plank", "leg_press")


def history(workouts: int) -> pl.DataFrame:
    """A made-up history of sets, three workouts in two days."""
    draw = np.random.default_rng(20260301)
    sets = workouts * SETS_A_WORKOUT
    number = np.repeat(np.arange(workouts), SETS_A_WORKOUT)
    begun = np.arange(workouts) * 16 * 3600 + draw.integers(0, 5400, workouts)
    return pl.DataFrame(
        {
            "number": number,
            "started_utc": (np.datetime64("1990-01-01T06:00:00", "us") + begun.astype("timedelta64[s]"))[number],
            "set_index": np.tile(np.arange(SETS_A_WORKOUT), workouts),
            "exercise": np.array(EXERCISES)[draw.integers(0, len(EXERCISES), sets)],
            "reps": draw.integers(3, 16, sets).astype(float),
            "weight_kg": draw.integers(0, 60, sets) * 2.5,
        }
    )


def export(sets: pl.DataFrame, name: str, clock: timedelta) -> pl.DataFrame:
    """The sets as one file gives them."""
    started = pl.col("started_utc").cast(pl.Datetime("us")) + clock
    return sets.select(
        athlete_id=pl.lit("me"),
        source_id=pl.lit(name),
        workout_id=pl.format("{}-{}", pl.lit(name), "number"),
        workout_name=pl.lit("Gym"),
        log_kind=pl.lit("written"),
        started_utc=started.dt.replace_time_zone("UTC"),
        has_clock=pl.lit(value=True),
        duration_s=pl.lit(3600.0),
        local_date=started.dt.date(),
        set_index=pl.col("set_index"),
        line=pl.col("set_index"),
        set_type=pl.lit("normal"),
        exercise_name="exercise",
        exercise="exercise",
        equipment=pl.lit(None, pl.String),
        match=pl.lit("exact"),
        match_score=pl.lit(100.0),
        reps="reps",
        weight_kg="weight_kg",
        hold_s=pl.lit(None, pl.Float64),
        distance_m=pl.lit(None, pl.Float64),
        rpe=pl.lit(None, pl.Float64),
        side=pl.lit(None, pl.String),
        notes=pl.lit(None, pl.String),
    )


def files(sets: int) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """So many sets in all files together: the tables, and how many sets must count."""
    # Twelve cumulative exports hold 6.5 histories, the other app one more.
    workouts = round(sets / SETS_A_WORKOUT / ((EXPORTS + 1) / 2 + 1))
    whole = history(workouts)
    made = datetime(2027, 1, 1, tzinfo=UTC)
    parts = [export(whole, "other", timedelta(hours=5))]
    logs: list[tuple[str, str, datetime]] = [("other", "hevy", made)]
    for number in range(1, EXPORTS + 1):
        held = whole.filter(pl.col("number") < round(workouts * number / EXPORTS))
        parts.append(export(held, f"export{number:02d}", timedelta(hours=-6 * (number % 2))))
        logs.append((f"export{number:02d}", "strong", made - timedelta(days=30 * (EXPORTS - number))))
    known = pl.DataFrame(
        [("me", name, name, app, None, None, at) for name, app, at in logs],
        schema=StrengthLog.create_empty().schema,
        orient="row",
    )
    return TidyStrengthSet.validate(pl.concat(parts), cast=True), StrengthLog.validate(known), whole.height


def seconds_of(sets: int) -> float:
    """CPU seconds of settling what counts; prints them with the peak of the process."""
    logged, logs, must_count = files(sets)
    begun = time.process_time()
    superseded = find_overlaps(TidyStrengthSet.cast(logged), StrengthLog.cast(logs)).superseded
    seconds = time.process_time() - begun
    counted = logged.join(superseded, on="workout_id", how="anti").height
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{logged.height:>10,} sets in {logs.height} files: {seconds:6.2f} s CPU, {peak_mb:6.0f} MB peak; "
        f"{counted:,} count, must be {must_count:,}"
    )
    return seconds


def main() -> None:
    """Print the table."""
    sets = int(sys.argv[1]) if len(sys.argv) > 1 else SETS
    seconds_of(sets // 100)  # warm
    tenth = seconds_of(sets // 10)
    ratio = seconds_of(sets) / tenth
    print(f"ten times the sets take {ratio:.1f} times as long; at most {LARGEST_RATIO:.0f}")


if __name__ == "__main__":
    main()
