"""An exercise that has another name in the other log: learned from the pair of logs, where one takes the other's place.

A name that only one log knows and a name that only the other knows are one exercise where, in workouts of the same day,
their sets agree time after time. At least one of them must be a name that the catalogue does not understand, or the
workouts must begin in the same minute: two exercises that are known to differ are not made one by equal numbers. Equal
numbers without a load that never change say nothing.
"""

from __future__ import annotations

import polars as pl

from hipdrive.measure.strength_sessions import count_shared

WORKOUTS = 3
SAME_FRACTION = 0.5
SAME_MINUTE_S = 60.0


def learn_renames(pairs: pl.DataFrame, kinds: pl.DataFrame, other_kinds: pl.DataFrame) -> dict[str, str]:
    """Names of the first log → names of the second.

    Args:
        pairs: workouts of the same day: `x y delta_s`.
        kinds: sets of the first log's workouts by kind: `id key reps extent load count`.
        other_kinds: of the second's.
    """
    own = _only_in(kinds.join(pairs, left_on="id", right_on="x", how="semi"), other_kinds)
    others = _only_in(other_kinds.join(pairs, left_on="id", right_on="y", how="semi"), kinds)
    if own.is_empty() or others.is_empty():
        return {}
    both = (
        pairs.join(own.select("id", "key").unique(), left_on="x", right_on="id")
        .join(others.select("id", "key").unique(), left_on="y", right_on="id", suffix="_y")
        .filter(
            pl.any_horizontal(pl.col(name).str.starts_with("“") for name in ("key", "key_y"))
            | (pl.col("delta_s").abs() <= SAME_MINUTE_S)
        )
        .with_row_index("part")
        .with_columns(pl.col("part").cast(pl.Int64))
    )
    # The sets of one name in one workout, under a number of its own and no name: only their amounts are compared.
    mine = _nameless(both.select("part", "key", id="x"), own)
    theirs = _nameless(both.select("part", key="key_y", id="y"), others)
    sizes = [part.group_by("id").agg(sets=pl.col("count").sum()) for part in (mine, theirs)]
    both = both.join(sizes[0], left_on="part", right_on="id").join(sizes[1], left_on="part", right_on="id", suffix="_y")
    both = both.with_columns(shared=count_shared(both.select(x="part", y="part"), mine, theirs))
    agrees = pl.col("shared") >= SAME_FRACTION * pl.max_horizontal("sets", "sets_y")
    seen = (
        both.join(_amounts(mine), left_on="part", right_on="id")
        .group_by("key", "key_y")
        .agg(
            agree=pl.col("x").filter(agrees).n_unique(),
            met=pl.col("x").n_unique(),
            amounts=pl.col("amount").n_unique(),
            load=pl.col("load").max(),
        )
    )
    seen = seen.filter(
        pl.col("agree") >= WORKOUTS,
        pl.col("agree") >= SAME_FRACTION * pl.col("met"),
        (pl.col("load") > 0) | (pl.col("amounts") > 1),
    ).sort("agree", "key", "key_y", descending=[True, False, False])
    best = seen.unique("key", keep="first", maintain_order=True).unique("key_y", keep="first", maintain_order=True)
    return dict(best.select("key", "key_y").iter_rows())


def _only_in(kinds: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    return kinds.join(other, on="key", how="anti")


def _nameless(parts: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    named = parts.join(kinds, on=["id", "key"]).select("part", "reps", "extent", "load", "count", key=pl.lit(""))
    return named.rename({"part": "id"})


def _amounts(kinds: pl.DataFrame) -> pl.DataFrame:
    """Of each part its amounts as one value, and its largest load."""
    amount = pl.concat_str("reps", "extent", "load", separator=" ").sort().str.join("; ")
    return kinds.group_by("id").agg(amount=amount, load=pl.col("load").max())
