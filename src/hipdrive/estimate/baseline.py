"""How fast this runner is, and how exactly that is known: pace at reference heart rate, and of the stride."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.estimate.found import Estimate
from hipdrive.estimate.history import PRIMARY_OUTCOME
from hipdrive.estimate.mixture import Mixture

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_VALUES = 5  # a mean of fewer has no interval worth printing
FEWEST_EFFECTIVE = 4.0  # keeps Student's freedom above two


def mean_with_interval(values: NDArray[np.float64]) -> Estimate | None:
    """Mean and Student interval; neighbours that resemble each other count for less: n (1 - r1) / (1 + r1).

    None with fewer than five values.
    """
    if values.size < FEWEST_VALUES:
        return None
    deviations = values - values.mean()
    squares = float(deviations @ deviations)
    likeness = float(deviations[1:] @ deviations[:-1]) / squares if squares > 0 else 0.0
    likeness = max(0.0, min(0.9, likeness))
    effective = max(FEWEST_EFFECTIVE, values.size * (1 - likeness) / (1 + likeness))
    error = np.array([np.sqrt(squares / (values.size - 1) / effective)])
    if error[0] == 0:
        return Estimate(float(values.mean()), float(values.mean()), float(values.mean()))
    student = Mixture(np.ones(1), values.mean(keepdims=True), error, effective - 1)
    return Estimate(float(values.mean()), student.quantile(0.025), student.quantile(0.975))


def reference_pace(runs: pl.DataFrame) -> Estimate | None:
    """Mean pace at reference heart rate in s/km over all usable runs; lo is the faster end."""
    counting = runs.filter("is_usable", pl.col(PRIMARY_OUTCOME).is_not_null()).sort("start_utc")
    found = mean_with_interval(counting[PRIMARY_OUTCOME].log().to_numpy())
    if found is None:
        return None
    slow, middle, fast = (1000 / float(np.exp(value)) for value in (found.lo, found.value, found.hi))
    return Estimate(middle, fast, slow)


def stride_pace(runs: pl.DataFrame) -> float | None:
    """The pace in s/km that stride at one speed holds at; None where no run tells it."""
    speeds = runs["stride_reference_speed_m_per_s"].drop_nulls()
    return None if speeds.is_empty() else 1000 / float(speeds[-1])
