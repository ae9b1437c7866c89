"""Rows that spell out several sets in one cell (“3x8@60”, “5/5/5”) → one row a set; for logs written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from hipdrive.read.strength.cells import CellSet, parse_sets
from hipdrive.read.strength.delimited import Table

# What a spelled cell says besides its repetitions stands in columns of these names, to be read like any other.
HOLD, DISTANCE, LOAD, RPE = "spelled hold", "spelled distance", "spelled load", "spelled rpe"
_PIECES = (HOLD, DISTANCE, LOAD, RPE)


def spell_out(table: Table, amount: str | None, *, count: str | None, load: str | None) -> Table:
    """The table with one row a set, its column of repetitions plain numbers, and four columns for the rest.

    Args:
        table: the rows as text.
        amount: the column of repetitions, or null where the table has none: then nothing changes.
        count: the column that says how many sets a row stands for, or null.
        load: the column of weights, or null.
    """
    if amount is None:
        return table
    odd = table.frame.filter(pl.col(amount).cast(pl.Float64, strict=False).is_null() & pl.col(amount).is_not_null())
    spelled = {text: parse_sets(text) for text in odd[amount].unique(maintain_order=True)}
    if not spelled:
        return table
    good = {text: sets for text, sets in spelled.items() if not isinstance(sets, str)}
    causes = {text: cause for text, cause in spelled.items() if isinstance(cause, str)}
    frame = table.frame.with_columns(_cause(good, causes, amount, count, load))
    rejects = frame.filter(pl.col("cause").is_not_null()).select("line", "cause").rows()
    pieces = _pieces(good, amount)
    spread = (
        frame.filter(pl.col("cause").is_null())
        .join(pieces, on=amount, how="left", maintain_order="left_right")
        .with_columns(pl.when(pl.col("is_spelled")).then("reps_of_cell").otherwise(amount).alias(amount))
    )
    if count is not None:
        is_several = pl.col("sets_of_cell") > 1
        spread = spread.with_columns(pl.when(is_several).then(None).otherwise(pl.col(count)).alias(count))
    return replace(
        table,
        header=(*table.header, *_PIECES),
        frame=spread.select(*table.frame.columns, *_PIECES),
        rejects=[*table.rejects, *rejects],
        met=table.rows,
    )


def _cause(
    good: Mapping[str, list[CellSet]], causes: Mapping[str, str], amount: str, count: str | None, load: str | None
) -> pl.Expr:
    """Why a row with such a cell cannot be read, or null: a cell that is none, or one that another column denies."""
    cause = pl.col(amount).replace_strict(causes, default=None, return_dtype=pl.String)
    has_load = [text for text, sets in good.items() if any(one.load for one in sets)]
    if load is not None:
        twice = pl.col(amount).is_in(has_load) & pl.col(load).is_not_null() & (pl.col(load) != "0")
        cause = cause.fill_null(
            pl.when(twice).then(pl.format("“{}” states a weight, and the column {} another", amount, pl.lit(load)))
        )
    if count is not None:
        sizes = {text: str(len(sets)) for text, sets in good.items() if len(sets) > 1}
        size = pl.col(amount).replace_strict(sizes, default=None, return_dtype=pl.String)
        said = pl.col(count).str.replace(r"\.0+$", "")
        denied = size.is_not_null() & said.is_not_null() & (said != size)
        cause = cause.fill_null(pl.when(denied).then(pl.format("“{}” is not the {} sets of its column", amount, count)))
    return cause.alias("cause")


def _pieces(good: Mapping[str, list[CellSet]], amount: str) -> pl.DataFrame:
    """One row for each set of each different cell."""
    rows = [
        {
            amount: text,
            "is_spelled": True,
            "sets_of_cell": len(sets),
            "reps_of_cell": _text(one.reps),
            HOLD: _text(one.hold_s),
            DISTANCE: _text(one.distance, one.distance_unit),
            LOAD: _text(one.load.value, one.load.unit) if one.load else None,
            RPE: _text(one.rpe),
        }
        for text, sets in good.items()
        for one in sets
    ]
    texts = dict.fromkeys((amount, "reps_of_cell", *_PIECES), pl.String)
    return pl.DataFrame(rows, schema={**texts, "is_spelled": pl.Boolean, "sets_of_cell": pl.Int64})


def _text(number: float | None, unit: str | None = None) -> str | None:
    return None if number is None else f"{number:g}{unit or ''}"
