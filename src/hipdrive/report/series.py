"""Plain floats of a column, its nulls left out; the column has at least one value."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def mean(values: pl.Series) -> float:
    """Mean."""
    return float(values.drop_nulls().to_numpy().mean())


def lowest(values: pl.Series) -> float:
    """Smallest value."""
    return float(values.drop_nulls().to_numpy().min())


def highest(values: pl.Series) -> float:
    """Largest value."""
    return float(values.drop_nulls().to_numpy().max())
