"""Stride at one speed, second half of the log against the first: description, never called a benefit.

A stride wanders by itself, slower than any two neighbouring runs can show. So the two halves are compared under the
same wandering level as speed is; what it could have done alone widens the interval.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.estimate.mechanisms import SHOWN
from hipdrive.estimate.state_space import fit, whitening_grid
from hipdrive.tables.estimates import StrideChange

if TYPE_CHECKING:
    import dataframely as dy

FEWEST_RUNS = 8  # in each half
DAYS_OF_A_WEEK = 7
STEP_WIDENING = 1.08  # of the error of a step between halves, beyond that of the model; by simulation (docs/methods.md)

Change = tuple[str, float | None, float | None, float | None, float | None, int]


def compare_halves(runs: pl.DataFrame) -> dy.DataFrame[StrideChange]:
    """Each stride measure at the reference speed, second half of its dates against the first.

    The change is the step between the halves in a model of weekly means with a wandering level, and its 95 % interval.
    Under eight runs in a half there is none.

    Args:
        runs: one athlete's runs: `local_date` and any of the stride measures at reference speed.
    """
    present = [measure for measure in SHOWN if measure in runs.columns]
    rows = [_compare(runs.select("local_date", value=measure), measure) for measure in present]
    names = StrideChange.column_names()
    frame = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    return StrideChange.validate(frame, cast=True)


def _compare(runs: pl.DataFrame, measure: str) -> Change:
    known = runs.with_columns(pl.col("value").cast(pl.Float64).fill_nan(None)).drop_nulls().sort("local_date")
    if known.is_empty():
        return (measure, None, None, None, None, 0)
    first_day = known["local_date"][0]
    middle = first_day + (known["local_date"][-1] - first_day) / 2
    halved = known.with_columns(is_second=pl.col("local_date") > middle)
    first = halved.filter(~pl.col("is_second"))["value"]
    if min(first.len(), known.height - first.len()) < FEWEST_RUNS:
        return (measure, None, None, None, None, known.height)
    base = float(first.to_numpy().mean())
    day = (pl.col("local_date") - first_day).dt.total_days()
    weekly = (
        halved.group_by(week=day // DAYS_OF_A_WEEK)
        .agg(value=pl.col("value").mean() / base, step=pl.col("is_second").cast(pl.Float64).mean(), runs=pl.len())
        .sort("week")
    )
    week, value, step, count = (weekly[name].to_numpy() for name in ("week", "value", "step", "runs"))
    grid = whitening_grid(week, count.astype(np.float64))
    posterior = fit(grid, value, np.ones((week.size, 1)), step[:, None])
    if posterior is None:
        return (measure, base, None, None, None, known.height)
    change = posterior.of([1.0])
    change = replace(change, scale=STEP_WIDENING * change.scale)
    return (measure, base, change.mean, change.quantile(0.025), change.quantile(0.975), known.height)
