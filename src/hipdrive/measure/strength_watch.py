"""A written log beats the watch: which of a watch's workouts a log holds, and which two files of the watch are one.

A watch guesses exercises and misses sets, so its workouts are matched by time: they overlap in it, 45 minutes allowed
at both ends, under the shift of the clock that the watch's own strength activities show of the log. On the same day at
another hour a workout is the log's only where its sets look like it: two workouts of one day are two.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from hipdrive.measure.strength_clocks import LARGEST_SHIFT_S, Evidence, Shifts, find_shifts
from hipdrive.measure.strength_pairs import SAME_SETS_FRACTION

WATCH_MARGIN_S = 45 * 60.0  # a log may be opened before the watch is started, or the other way round
UNSTATED_DURATION_S = 90 * 60.0  # of a written workout that states none
TOLERANCES_S = (5 * 60.0, 20 * 60.0)
NEIGHBOURS = 3
_DAY_S = 86400.0
_STEPS = [step for step in range(-NEIGHBOURS, NEIGHBOURS + 1) if step]
COVERED = {"x": pl.Int64, "y": pl.Int64, "shared": pl.Int64, "delta_s": pl.Float64, "rule": pl.String}


def cover_watch(
    watch: pl.DataFrame, logs: Mapping[str, pl.DataFrame], amounts: pl.DataFrame, activities: pl.DataFrame
) -> pl.DataFrame:
    """The watch's workouts that give way: `x y shared delta_s rule`, each `x` once.

    Args:
        watch: one athlete's workouts of the watch: `id source_id start_s duration_s local_date sets known`.
        logs: of each written log the workouts that were not deleted: `id start_s has_clock duration_s local_date sets`.
        amounts: `id key reps load count` of the sets of all workouts; `key` empty where the watch could not name them.
        activities: strength workouts that the watch timed: `started_utc local_date`.
    """
    covered = []
    timed = activities.select("local_date", start_s=pl.col("started_utc").dt.epoch("us") / 1e6)
    timed = pl.concat([watch.select("local_date", "start_s"), timed]).unique()
    timed = timed.sort("start_s").with_columns(id=pl.int_range(pl.len()))
    for source in sorted(logs):
        log = logs[source]
        pairs = _near(log, watch)
        if pairs.is_empty():
            continue
        shifts = _clock_of(log, timed)
        pairs = pairs.with_columns(shared=_count_alike(pairs, amounts))
        covered.append(_overlapping(pairs, shifts))
    twice = _twice(watch)
    if not covered:
        return twice
    by_log = pl.concat(covered).sort("x", "by_time", "off_s", "y", descending=[False, True, False, False])
    by_log = by_log.unique("x", keep="first", maintain_order=True).with_columns(rule=pl.lit("log_over_watch"))
    # What a log covers is settled; of two files of the watch one is left for the rest.
    by_log = by_log.select(*COVERED)
    return pl.concat([by_log, twice.join(by_log, on="x", how="anti")])


def _near(log: pl.DataFrame, watch: pl.DataFrame) -> pl.DataFrame:
    """A log's workouts less than a day from the watch's: those of the watch are `x`, the log's columns with `_log`."""
    day = (pl.col("start_s") // _DAY_S).cast(pl.Int64)
    near = (
        watch.drop("has_clock", strict=False).with_columns(near=pl.concat_list(day - 1, day, day + 1)).explode("near")
    )
    of_log = {name: f"{name}_log" for name in log.columns if name != "id"}
    pairs = near.rename({"id": "x"}).join(log.with_columns(near=day).rename({"id": "y", **of_log}), on="near")
    return pairs.with_columns(
        same_day=pl.col("local_date") == pl.col("local_date_log"),
        delta_s=pl.when("has_clock_log").then(pl.col("start_s_log") - pl.col("start_s")),
    ).filter((pl.col("delta_s").abs() < LARGEST_SHIFT_S) | pl.col("same_day"))


def _clock_of(log: pl.DataFrame, timed: pl.DataFrame) -> Shifts:
    """The shift of a log's clock from the watch's, which knows the time."""
    log = log.filter("has_clock")
    if log.is_empty() or timed.is_empty():
        return Shifts()
    order = log.sort("start_s")["start_s"].to_numpy()
    pairs = _near(log, timed).filter(pl.col("delta_s").is_not_null())
    rivals = log.sort("start_s").select("id", place=pl.int_range(pl.len()))
    starts = log.sort("start_s").select(place=pl.int_range(pl.len()), rival_start_s="start_s")
    nearest = (
        rivals.with_columns(place=pl.concat_list(pl.col("place") + step for step in _STEPS))
        .explode("place")
        .join(starts, on="place")
        .join(log.select("id", "start_s"), on="id")
        .with_columns(apart=(pl.col("rival_start_s") - pl.col("start_s")) % _DAY_S)
        .group_by("id")
        .agg(rival_s=pl.min_horizontal("apart", _DAY_S - pl.col("apart")).min())
    )
    # An hour that is the same every day tells nothing.
    pairs = pairs.join(nearest, left_on="y", right_on="id", how="left")
    pairs = pairs.select("x", "y", "start_s", "same_day", "delta_s", "rival_s", start_s_y="start_s_log")
    days_coincide = False
    return find_shifts(Evidence(pairs, timed["start_s"].to_numpy(), order, days_coincide), TOLERANCES_S)


def _overlapping(pairs: pl.DataFrame, shifts: Shifts) -> pl.DataFrame:
    """The pairs that are one workout: at one time under the clock, or on one day with sets that look alike."""
    ends = pl.col("duration_s").fill_null(0.0)
    log_ends = pl.col("duration_s_log").fill_null(UNSTATED_DURATION_S)

    def at_one_time(offset: float) -> pl.Expr:
        start = pl.col("start_s") + offset - pl.col("start_s_log")
        return (start <= log_ends + WATCH_MARGIN_S) & (start + ends >= -WATCH_MARGIN_S)

    by_time = pl.col("delta_s").is_not_null() & pl.any_horizontal(
        at_one_time(offset) for offset in shifts.offsets or (0.0,)
    )
    looks_alike = pl.col("shared") >= SAME_SETS_FRACTION * pl.col("sets")
    no_clock = pl.col("delta_s").is_null()
    off = shifts.distance_s(pl.col("delta_s")) if shifts.offsets else pl.col("delta_s").abs()
    return (
        pairs.with_columns(by_time=by_time, off_s=off.fill_null(0.0))
        .filter(pl.col("by_time") | (pl.col("same_day") & (no_clock | looks_alike)))
        .select("x", "y", "shared", "delta_s", "by_time", "off_s")
    )


def _count_alike(pairs: pl.DataFrame, amounts: pl.DataFrame) -> pl.Series:
    """How many of the watch's sets a log has too: by repetitions, and by exercise where the watch could name it."""
    numbered = pairs.select("x", "y").with_row_index("pair")
    done = amounts.filter(pl.col("reps") > 0)
    both = (
        numbered.join(done, left_on="x", right_on="id")
        .join(done, left_on=["y", "reps"], right_on=["id", "reps"], suffix="_log")
        .filter((pl.col("key") == "") | (pl.col("key") == pl.col("key_log")))
    )
    shared = (
        both.group_by("pair", "reps", "key", "count")
        .agg(pl.col("count_log").sum())
        .group_by("pair")
        .agg(shared=pl.min_horizontal("count", "count_log").sum())
    )
    return numbered.join(shared, on="pair", how="left", maintain_order="left")["shared"].fill_null(0)


def _twice(watch: pl.DataFrame) -> pl.DataFrame:
    """Workouts of the watch that another of its files holds too: they overlap by half, and the richer one counts.

    Before that the one with a name: it stands in the list of a service, whose exercises the wearer corrected.
    """
    pairs = _near(watch.with_columns(has_clock=True), watch)
    overlap = pl.min_horizontal(
        pl.col("start_s") + pl.col("duration_s"), pl.col("start_s_log") + pl.col("duration_s_log")
    ) - pl.max_horizontal("start_s", "start_s_log")
    shorter = pl.min_horizontal("duration_s", "duration_s_log")
    better = pl.lit(value=False)
    equal = pl.lit(value=True)
    for name, other in (("is_named", "is_named_log"), ("known", "known_log"), ("sets", "sets_log"), ("x", "y")):
        better |= equal & (pl.col(other) > pl.col(name))
        equal &= pl.col(other) == pl.col(name)
    found = pairs.filter(pl.col("source_id") != pl.col("source_id_log"), overlap > shorter / 2, better)
    found = found.sort("x", "known_log", "sets_log", "y", descending=[False, True, True, True])
    return (
        found.unique("x", keep="first", maintain_order=True)
        .with_columns(shared=pl.min_horizontal("sets", "sets_log"), rule=pl.lit("watch_twice"))
        .select(*COVERED)
    )
