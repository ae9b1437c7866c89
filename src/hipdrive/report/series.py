"""Plain floats of a column, its nulls left out; the column has at least one value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def from_first_to_last(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows from the first to the last with a value, so that no figure is mostly empty."""
    known = table[column].is_not_null().arg_true()
    return table.clear() if known.is_empty() else table[int(known[0]) : int(known[-1]) + 1]


def mean(values: pl.Series) -> float:
    """Mean."""
    return float(values.drop_nulls().to_numpy().mean())


def lowest(values: pl.Series) -> float:
    """Smallest value."""
    return float(values.drop_nulls().to_numpy().min())


def highest(values: pl.Series) -> float:
    """Largest value."""
    return float(values.drop_nulls().to_numpy().max())
