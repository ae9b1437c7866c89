"""Stride at one speed, second half of the log against the first: description, never called a benefit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl
from scipy.special import stdtrit

from hipdrive.estimate.mechanisms import SHOWN
from hipdrive.tables.estimates import StrideChange

if TYPE_CHECKING:
    import dataframely as dy
    import numpy as np
    from numpy.typing import NDArray

FEWEST_RUNS = 8  # in each half


def compare_halves(runs: pl.DataFrame) -> dy.DataFrame[StrideChange]:
    """Mean of each stride measure at the reference speed, second half of its dates against the first.

    Runs resemble their neighbours, so the Student interval counts N (1 - r)/(1 + r) of them, r the lag-one
    autocorrelation about the two means (not below 0). Under eight runs in a half there is no interval.

    Args:
        runs: one athlete's runs: `local_date` and any of the stride measures at reference speed.
    """
    present = [measure for measure in SHOWN if measure in runs.columns]
    rows = [_compare(runs.select("local_date", value=measure), measure) for measure in present]
    names = StrideChange.column_names()
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return StrideChange.validate(frame, cast=True)


def _compare(
    runs: pl.DataFrame, measure: str
) -> tuple[str, float | None, float | None, float | None, float | None, int]:
    known = runs.with_columns(pl.col("value").cast(pl.Float64).fill_nan(None)).drop_nulls().sort("local_date")
    if known.is_empty():
        return (measure, None, None, None, None, 0)
    first_day = known["local_date"][0]
    middle = first_day + (known["local_date"][-1] - first_day) / 2
    is_first = known["local_date"] <= middle
    first, second = (known["value"].filter(half).to_numpy() for half in (is_first, ~is_first))
    if min(first.size, second.size) < FEWEST_RUNS:
        return (measure, None, None, None, None, known.height)
    change, half_width = _student(first, second)
    base = float(first.mean())
    return (measure, base, change / base, (change - half_width) / base, (change + half_width) / base, known.height)


def _student(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, float]:
    centred = (first - first.mean(), second - second.mean())
    squares = sum(float(half @ half) for half in centred)
    neighbours = sum(float(half[1:] @ half[:-1]) for half in centred)
    likeness = max(0.0, neighbours / squares) if squares > 0 else 0.0
    worth = (1 - likeness) / (1 + likeness)
    freedom = max(2.0, (first.size + second.size) * worth - 2)
    variance = squares / (first.size + second.size - 2)
    error = math.sqrt(variance * (1 / first.size + 1 / second.size) / worth)
    return float(second.mean() - first.mean()), float(stdtrit(freedom, 0.975)) * error
