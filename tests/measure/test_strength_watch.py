"""What of the watch's own sets a written log holds, and what another file of the watch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from hipdrive.measure.strength_overlap import find_overlaps
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.strength_overlap import StrengthActivity
from tests.makers.strength_exports import HIPS, at, grown, log, twice_a_week
from tests.makers.strength_histories import Export, Workout, as_tables


def on_watch(workouts: Sequence[Workout], exercise: str | None, reps: float | None = None) -> pl.DataFrame:
    """The same workouts as a watch in UTC, at home in Berlin, wrote them: one file each."""
    frames = []
    for one in workouts:
        export = replace(log(f"w{one.number:03d}", None, [one]))
        sets, _ = as_tables([export])
        frames.append(
            sets.with_columns(
                log_kind=pl.lit("watch"),
                duration_s=pl.lit(2400.0),
                exercise=pl.lit(exercise, pl.String),
                match=pl.lit("watch" if exercise else "none"),
                reps=pl.col("reps") if reps is None else pl.lit(reps),
                weight_kg=pl.lit(None, pl.Float64),
            )
        )
    return pl.concat([frame.select(frames[0].columns) for frame in frames])


def covered_by(export: Export, watch: pl.DataFrame, activities: pl.DataFrame | None = None) -> int:
    sets, logs = as_tables([export])
    both = TidyStrengthSet.cast(pl.concat([sets, watch.select(sets.columns)], how="vertical_relaxed"))
    timed = None if activities is None else StrengthActivity.cast(activities)
    superseded = find_overlaps(both, logs, activities=timed).superseded
    return superseded.filter(~pl.col("workout_id").str.starts_with(export.name[:16])).height


def test_a_log_under_another_clock_covers_the_watch() -> None:
    history = grown(8)
    # Guesses and counts of the watch are of no help.
    assert covered_by(log("a", "strong", history, "America/New_York"), on_watch(history, "bench_press", 3)) == 16


def test_strength_activities_without_sets_tell_the_clock_of_a_log() -> None:
    history = grown(8)
    timed = pl.DataFrame(
        {
            "athlete_id": ["me"] * 16,
            "started_utc": [one.start for one in history],
            "local_date": [one.start.date() for one in history],
            "duration_s": [2400.0] * 16,
        }
    )
    two = on_watch(history[:2], "bench_press", 3)
    abroad = log("a", "strong", history, "America/New_York")
    assert covered_by(abroad, two) == 0
    assert covered_by(abroad, two, timed) == 2


def test_a_watch_at_another_hour_is_the_log_where_their_sets_look_alike() -> None:
    history = twice_a_week(1)
    evening = log("a", None, history, has_clock=True, zone="Asia/Tokyo", home="Europe/Berlin")
    assert covered_by(evening, on_watch(history, None)) == 0  # another day
    same_day = log("a", None, twice_a_week(1, hour=5))
    assert covered_by(same_day, on_watch(history, None)) == 2
    assert covered_by(same_day, on_watch(history, "lunge")) == 0


@pytest.mark.parametrize(("minutes", "covered"), [(40 + 45, 1), (40 + 46, 0), (-90 - 45, 1), (-90 - 46, 0)])
def test_a_log_covers_the_watch_up_to_three_quarters_of_an_hour_apart(minutes: int, covered: int) -> None:
    """The watch ran for 40 minutes; a log that states no length is taken to last for an hour and a half."""
    watch = on_watch([Workout(0, at(0, 12), HIPS)], "bench_press", 3)
    opened = Workout(0, at(0, 12) + timedelta(minutes=minutes), HIPS)
    assert covered_by(log("a", None, [opened]), watch) == covered


def test_two_files_of_the_watch_that_hold_one_workout_count_once() -> None:
    history = twice_a_week(2)
    again = [replace(one, number=one.number + 50, start=one.start + timedelta(seconds=4)) for one in history]
    sets = TidyStrengthSet.cast(on_watch([*history, *again], "lunge"))
    assert find_overlaps(sets).superseded.height == len(history)
