"""Which workouts of two written logs are one: matched one to one by their sets, on one day or under one clock.

The same minute alone is not a match; a few edited sets or a moved start undo none. Without evidence for a shift of the
clock (`strength_clocks`) only workouts of the same local day match, or those begun within 45 minutes of each other.
One workout may also stand as several in the other log: the sets that the first part leaves may match a second.
"""

from __future__ import annotations

import polars as pl

from hipdrive.measure.strength_clocks import (
    EVIDENCE_FRACTION,
    EVIDENCE_WORKOUTS,
    LARGEST_SHIFT_S,
    Evidence,
    Shifts,
    find_shifts,
)
from hipdrive.measure.strength_renames import learn_renames
from hipdrive.measure.strength_sessions import KIND, count_shared

SAME_SETS_FRACTION = 0.5  # of the smaller workout
SAME_SETS_AT_ONE_TIME = 0.25  # where the clock, which the logs show, agrees as well
MOMENT_S = 45 * 60.0  # a workout is begun in one app some time after the other
MOVED_START_S = 6 * 3600.0  # a start that its owner put right
TOLERANCES_S = (60.0, 20 * 60.0)  # of one instant told twice, and of two presses of a button
NEIGHBOURS = 3  # rhythms of up to three workouts in turn
SAME_CLOCK_S = 3 * 3600.0
PARTS = 4
_DAY_S = 86400.0
_STEPS = [step for step in range(-NEIGHBOURS, NEIGHBOURS + 1) if step]


def match_logs(
    first: pl.DataFrame, second: pl.DataFrame, kinds: pl.DataFrame, other_kinds: pl.DataFrame
) -> pl.DataFrame:
    """The workouts of two written logs of one athlete that are one: `x y shared delta_s`.

    One to one, but for workouts that one of the logs splits; `delta_s` is null where one has no clock.

    Args:
        first: `id start_s has_clock local_date sets`, sorted by start; ids are whole numbers.
        second: the same of the other log.
        kinds: how many sets of each kind each workout of the first log holds: `id key reps extent load count`.
        other_kinds: of the second.
    """
    pairs = _candidates(first, second)
    renamed = learn_renames(pairs.filter("same_day").select("x", "y", "delta_s"), kinds, other_kinds)
    if renamed:
        kinds = kinds.with_columns(pl.col("key").replace(renamed))
    pairs = pairs.with_columns(shared=count_shared(pairs, kinds, other_kinds)).filter(pl.col("shared") > 0)
    shifts = find_shifts(_evidence(pairs, first, second, kinds, other_kinds), TOLERANCES_S)
    allowed = _allowed(pairs, shifts)
    chosen = one_to_one(allowed)
    chosen = _with_parts(chosen, allowed, kinds, other_kinds)
    return chosen.select("x", "y", "shared", "delta_s")


def _candidates(first: pl.DataFrame, second: pl.DataFrame) -> pl.DataFrame:
    """Pairs of workouts less than a day apart, or of one day: `x y …`, the second's columns with `_y`."""
    day = (pl.col("start_s") // _DAY_S).cast(pl.Int64)
    columns = ["id", "start_s", "has_clock", "local_date", "sets"]
    near = (
        first.select(*columns, near=pl.concat_list(day - 1, day, day + 1))
        .explode("near")
        .join(second.select(*columns, near=day), on="near", suffix="_y")
        .drop("near")
        .rename({"id": "x", "id_y": "y"})
    )
    both_clocks = pl.col("has_clock") & pl.col("has_clock_y")
    return near.with_columns(
        same_day=pl.col("local_date") == pl.col("local_date_y"),
        delta_s=pl.when(both_clocks).then(pl.col("start_s_y") - pl.col("start_s")),
        smaller=pl.min_horizontal("sets", "sets_y"),
        larger=pl.max_horizontal("sets", "sets_y"),
    ).filter((pl.col("delta_s").abs() < LARGEST_SHIFT_S) | pl.col("same_day"))


def _evidence(
    pairs: pl.DataFrame, first: pl.DataFrame, second: pl.DataFrame, kinds: pl.DataFrame, other_kinds: pl.DataFrame
) -> Evidence:
    alike = pairs.filter(pl.col("delta_s").is_not_null(), pl.col("shared") >= SAME_SETS_AT_ONE_TIME * pl.col("smaller"))
    starts, other = (log.filter("has_clock")["start_s"].sort() for log in (first, second))
    same_day = alike.filter("same_day")
    on_one_day = min(same_day["x"].n_unique(), same_day["y"].n_unique())
    smaller = 0
    if not starts.is_empty() and not other.is_empty():
        begin, end = max(starts[0], other[0]) - _DAY_S, min(starts[-1], other[-1]) + _DAY_S
        smaller = min(int(log.is_between(begin, end).sum()) for log in (starts, other))
    coincide = on_one_day >= max(EVIDENCE_WORKOUTS, EVIDENCE_FRACTION * smaller)
    rivals = _nearest_rival(alike, first, kinds, other_kinds)
    return Evidence(
        alike.select("x", "y", "start_s", "start_s_y", "delta_s", "same_day", rival_s=rivals),
        starts.to_numpy(),
        other.to_numpy(),
        coincide,
    )


def _nearest_rival(
    alike: pl.DataFrame, first: pl.DataFrame, kinds: pl.DataFrame, other_kinds: pl.DataFrame
) -> pl.Series:
    """How near in the time of the day, s, a workout lies for which a pair says only that both logs keep one rhythm.

    Such a rival is one of the three workouts before or after `x` in its own log that is as much like `y` as `x` is.
    Null where there is none, and for pairs on one day.
    """
    order = first.filter("has_clock").sort("start_s").select("id", "start_s", place=pl.int_range(pl.len()))
    rivals = (
        alike.with_row_index("pair")
        .filter(~pl.col("same_day"))
        .select("pair", "x", "y", "start_s", "shared")
        .join(order.select("id", "place"), left_on="x", right_on="id")
        .with_columns(place=pl.concat_list(pl.col("place") + step for step in _STEPS))
        .explode("place")
        .join(order.rename({"id": "rival", "start_s": "rival_start_s"}), on="place")
    )
    apart = (pl.col("rival_start_s") - pl.col("start_s")) % _DAY_S
    rivals = rivals.with_columns(rival_s=pl.min_horizontal(apart, _DAY_S - apart)).filter(
        pl.col("rival_s") <= 2 * max(TOLERANCES_S)
    )
    as_like = count_shared(rivals.select("y", x="rival"), kinds, other_kinds) >= rivals["shared"]
    nearest = rivals.filter(as_like).group_by("pair").agg(pl.col("rival_s").min())
    pairs = alike.with_row_index("pair").select("pair")
    return pairs.join(nearest, on="pair", how="left", maintain_order="left")["rival_s"]


def _allowed(pairs: pl.DataFrame, shifts: Shifts) -> pl.DataFrame:
    """The pairs that may be one workout, with `rank` (0 at one time, 1 on one day) and `off_s` from the clock."""
    off = shifts.distance_s(pl.col("delta_s")) if shifts.offsets else pl.col("delta_s").abs()
    keeps_day = not shifts.offsets or any(abs(offset) <= SAME_CLOCK_S for offset in shifts.offsets)
    no_clock = pl.col("delta_s").is_null()
    on_day = pl.col("same_day") & (no_clock | keeps_day)
    moved = (off <= MOVED_START_S) if shifts.offsets else pl.lit(value=False)
    enough = SAME_SETS_AT_ONE_TIME if shifts.offsets else SAME_SETS_FRACTION
    ranked = pairs.with_columns(off_s=off).with_columns(
        rank=pl.when((pl.col("off_s") <= MOMENT_S) & (pl.col("shared") >= enough * pl.col("smaller")))
        .then(0)
        .when((on_day | moved) & (pl.col("shared") >= SAME_SETS_FRACTION * pl.col("smaller")))
        .then(1)
    )
    return ranked.filter(pl.col("rank").is_not_null())


def one_to_one(allowed: pl.DataFrame) -> pl.DataFrame:
    """The best pairs, each workout once: those at one time first, then the more alike, then the nearer.

    Args:
        allowed: `x y rank shared larger off_s` and what else is to be kept.
    """
    likeness = pl.col("shared") / pl.col("larger")
    left = allowed.sort("rank", -likeness, pl.col("off_s").fill_null(0.0), "x", "y").with_row_index("order")
    chosen = [left.clear()]
    while not left.is_empty():
        first = pl.col("order") == pl.col("order").min()
        best = left.filter(first.over("x") & first.over("y"))
        chosen.append(best)
        left = left.join(best, on="x", how="anti").join(best, on="y", how="anti")
    return pl.concat(chosen).drop("order")


def _with_parts(
    chosen: pl.DataFrame, allowed: pl.DataFrame, kinds: pl.DataFrame, other_kinds: pl.DataFrame
) -> pl.DataFrame:
    """The pairs, and the workouts that are a further part of one that the other log holds whole."""
    for _ in range(PARTS):
        parts = _parts(chosen, allowed, kinds, other_kinds)
        turned = {"x": "y", "y": "x", "sets": "sets_y", "sets_y": "sets"}
        mirrored = _parts(chosen.rename(turned), allowed.rename(turned), other_kinds, kinds).rename(turned)
        more = pl.concat([parts, mirrored.select(parts.columns)])
        if more.is_empty():
            break
        chosen = pl.concat([chosen, more.select(chosen.columns)])
    return chosen


def _parts(chosen: pl.DataFrame, allowed: pl.DataFrame, kinds: pl.DataFrame, other_kinds: pl.DataFrame) -> pl.DataFrame:
    """Workouts `x` that no pair holds yet, and the `y` whose sets, left over by its partners, are theirs."""
    held = chosen.group_by("y").agg(held=pl.col("x"), held_shared=pl.col("shared").sum())
    free = allowed.join(chosen, on="x", how="anti").join(held, on="y")
    free = free.filter(pl.col("sets_y") - pl.col("held_shared") >= SAME_SETS_FRACTION * pl.col("sets"))
    if free.is_empty():
        return free.drop("held", "held_shared")
    # Each with its partners as one workout, under a number of its own.
    free = free.with_row_index("whole").with_columns(pl.col("whole").cast(pl.Int64))
    members = free.select("whole", id=pl.concat_list("x", "held")).explode("id")
    wholes = members.join(kinds, on="id").group_by("whole", *KIND).agg(pl.col("count").sum()).rename({"whole": "id"})
    together = count_shared(free.select("y", x="whole"), wholes, other_kinds)
    gained = together - free["held_shared"]
    free = free.with_columns(shared=gained).filter(gained >= SAME_SETS_FRACTION * free["sets"])
    return one_to_one(free.drop("held", "held_shared", "whole"))
