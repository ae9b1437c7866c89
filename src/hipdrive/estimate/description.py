"""Plain correlations of dose with running, week by week: drawn beside the estimate, and never in its place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.exposure import COMPROMISE_LAG_WEEKS
from hipdrive.estimate.history import read_history
from hipdrive.tables.estimates import OUTCOMES, Association

if TYPE_CHECKING:
    import dataframely as dy
    import numpy as np
    from numpy.typing import NDArray

FEWEST_PAIRS = 8  # our choice: a correlation of fewer pairs is noise to the eye
FEWEST_WEEKS_TO_EXPLAIN = 12
FEWEST_INDEPENDENT = 3
SMALLEST_SPREAD = 1e-9  # of a series' own size; below it only rounding moves


@dataclass(frozen=True)
class Likeness:
    """Why plain correlations mislead: so many weeks, worth so many independent ones, correlate so far by chance."""

    weeks: int
    independent: float
    by_chance: float


def describe_associations(weeks: pl.DataFrame, max_lag_weeks: int = 12) -> dy.DataFrame[Association]:
    """Correlate each running measure with the hip dose of the same week and of up to `max_lag_weeks` weeks before.

    Weeks of unknown dose and the running week are left out; weeks without a run count on the calendar but form no pair.
    Outcomes whose column is missing have no rows. Measures of a week's runs are the means that the view `weeks` holds.

    Args:
        weeks: one athlete's weeks, in order and none missing; needs `hip_dose` and any of the outcomes.
        max_lag_weeks: the longest lag.

    Returns:
        One row an outcome and lag, in that order.
    """
    ordered = weeks.sort("week_start") if "week_start" in weeks.columns else weeks
    flags = [pl.col(name) for name in ("dose_known", "is_complete") if name in weeks.columns]
    usable = pl.all_horizontal(pl.lit(True), *flags)
    dose = ordered.select(pl.when(usable).then(pl.col("hip_dose").cast(pl.Float64).fill_nan(None))).to_series()
    rows = []
    for outcome in (name for name in OUTCOMES if name in weeks.columns):
        measure = pl.col(outcome).cast(pl.Float64).fill_nan(None)
        series = ordered.select(pl.when(usable).then(measure.log() if outcome == OUTCOMES[0] else measure)).to_series()
        for lag in range(max_lag_weeks + 1):
            pairs = pl.DataFrame({"outcome": series, "dose": dose.shift(lag)}).drop_nulls()
            rows.append((outcome, lag, _correlation(pairs), pairs.height))
    names = ["outcome", "lag_weeks", "correlation", "weeks"]
    return Association.validate(pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None), cast=True)


def _correlation(pairs: pl.DataFrame) -> float | None:
    if pairs.height < FEWEST_PAIRS:
        return None
    for column in pairs.iter_columns():
        spread, size = column.std(), column.abs().max()
        if not isinstance(spread, float) or not isinstance(size, float) or spread <= SMALLEST_SPREAD * size:
            return None
    correlation = pairs.select(pl.corr("outcome", "dose")).item()
    return max(-1.0, min(1.0, float(correlation)))


def explain_associations(weeks: pl.DataFrame) -> Likeness | None:
    """How few independent weeks this runner's weeks are worth to a correlation; None with too few weeks to say.

    Weeks that resemble their neighbours on both sides count for fewer: N (1 - ab)/(1 + ab) with a and b the lag-one
    autocorrelations (Bartlett's approximation for two first-order autoregressions). That many independent weeks give by
    chance a correlation beyond 2/sqrt(number) about one time in twenty.
    """
    history = read_history(weeks)
    if history is None or history.rows < FEWEST_WEEKS_TO_EXPLAIN:
        return None
    likeness = _likeness(history.outcome) * _likeness(history.exposure(COMPROMISE_LAG_WEEKS))
    worth = max(FEWEST_INDEPENDENT, history.rows * (1 - likeness) / (1 + likeness))
    return Likeness(history.rows, worth, min(1.0, 2 / math.sqrt(worth)))


def _likeness(series: NDArray[np.float64]) -> float:
    centred = series - series.mean()
    spread = float(centred @ centred)
    return max(0.0, float(centred[1:] @ centred[:-1]) / spread) if spread > 0 else 0.0
