"""Stored sets → the same sets, their names understood by today's catalogue and aliases; of the others what is nearest.

So one line in `hipdrive.toml` settles a name for all years, and no file is opened again for it.
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tidy.strength import as_loaded

_RENEWED = ("exercise", "equipment", "match", "match_score")


def add_nearest(names: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Names nobody knows, as the view `unknown_names` holds them, with `nearest`: the three nearest catalogue keys.

    Args:
        names: has `exercise_name`.
        resolver: by today's aliases.
    """
    nearest = [list(resolver.resolve(name or "").nearest) for name in names["exercise_name"]]
    return names.with_columns(nearest=pl.Series(nearest, dtype=pl.List(pl.String)))


def renew_names(sets: dy.DataFrame[TidyStrengthSet], resolver: Resolver) -> dy.DataFrame[TidyStrengthSet]:
    """Sets with `exercise`, `equipment`, `match` and `match_score` by this resolver, in the order given.

    Rests, notes and a watch's guesses stay as they are: they were not understood by their names.
    """
    by_name = (pl.col("log_kind") == "written") & ~pl.col("set_type").is_in(["rest", "note"])
    names = sets.filter(by_name)["exercise_name"].drop_nulls()
    found = resolver.resolve_names(names).drop("named_side")
    renewed = sets.join(found, on="exercise_name", how="left", suffix="_now", maintain_order="left").with_columns(
        pl.when(by_name, pl.col("match_now").is_not_null()).then(f"{name}_now").otherwise(name).alias(name)
        for name in _RENEWED
    )
    loaded = pl.when(by_name).then(as_loaded()).otherwise("exercise")
    return TidyStrengthSet.validate(renewed.with_columns(exercise=loaded).select(sets.columns))
