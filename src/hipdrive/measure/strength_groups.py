"""Workouts that several logs hold count once each: groups of matched workouts, and the log that counts in each."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import polars as pl


def count_once(pairs: pl.DataFrame, sessions: pl.DataFrame, loses_to: AbstractSet[tuple[str, str]]) -> pl.DataFrame:
    """Of each group of matched workouts those that give way, `x`, to one that counts, `y`, with `shared` and `delta_s`.

    The log that counts is the one with the most sets in the group, then the most exercises understood, then one with a
    clock, then an app's, then the later made; but none that the user puts behind another log of the group.

    Args:
        pairs: `x y shared delta_s`.
        sessions: `id source_id sets known has_clock is_app rank start_s`.
        loses_to: sources and the ones that count in their place.
    """
    group = _groups(pairs)
    members = sessions.join(group, on="id").sort("group", "start_s", "id")
    logs = members.group_by("group", "source_id", maintain_order=True).agg(
        pl.col("sets", "known").sum(), pl.col("has_clock").all(), pl.col("is_app", "rank", "id").first()
    )
    losers = pl.DataFrame(sorted(loses_to), schema={"source_id": pl.String, "winner": pl.String}, orient="row")
    behind = (
        logs.join(losers, on="source_id")
        .join(logs.select("group", winner="source_id"), on=["group", "winner"], how="semi")
        .select("group", "source_id", is_behind=True)
        .unique()
    )
    logs = logs.join(behind, on=["group", "source_id"], how="left").with_columns(
        pl.col("is_behind").fill_null(value=False)
    )
    best = logs.sort(
        "is_behind", "sets", "known", "has_clock", "is_app", "rank", "source_id", descending=[False, *[True] * 6]
    )
    winners = best.group_by("group", maintain_order=True).first().select("group", winner="source_id", stands_for="id")
    members = members.join(winners, on="group").filter(pl.col("source_id") != pl.col("winner"))
    directly = pl.concat(
        [pairs, pairs.rename({"x": "y", "y": "x"}).with_columns(-pl.col("delta_s")).select(pairs.columns)]
    )
    directly = directly.join(sessions.select(y="id", source_of_y="source_id"), on="y")
    decided = members.select("id", "winner", "stands_for").join(
        directly.sort("x", "shared", "y", descending=[False, True, False]).unique(
            ["x", "source_of_y"], keep="first", maintain_order=True
        ),
        left_on=["id", "winner"],
        right_on=["x", "source_of_y"],
        how="left",
    )
    return decided.select(
        x="id", y=pl.coalesce("y", "stands_for"), shared=pl.col("shared").fill_null(0), delta_s="delta_s"
    )


def _groups(pairs: pl.DataFrame) -> pl.DataFrame:
    """Each workout of the pairs with the least id that a chain of pairs leads to: `id group`."""
    parent: dict[int, int] = {}

    def root(one: int) -> int:
        while parent.setdefault(one, one) != one:
            parent[one] = parent[parent[one]]
            one = parent[one]
        return one

    for x, y in pairs.select("x", "y").iter_rows():
        first, second = sorted((root(x), root(y)))
        parent[second] = first
    return pl.DataFrame(
        {"id": list(parent), "group": [root(one) for one in parent]}, schema={"id": pl.Int64, "group": pl.Int64}
    )
