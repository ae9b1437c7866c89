"""How the estimate tightened: what each night said, and what earlier weeks would have said."""

from __future__ import annotations

import numpy as np
import polars as pl

from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS
from hipdrive.estimate.facts import achieved_contrasts
from hipdrive.estimate.found import Estimate, estimate_of, estimates_by_night
from hipdrive.estimate.history import read_history
from hipdrive.estimate.interim_analyses import FIRST_LOOK_WEEKS, is_look
from hipdrive.estimate.quantity import quantity
from hipdrive.estimate.state_space import fit, whitening_grid

MOST_POINTS = 14  # worked out again; each costs a fit
STEPS_WEEKS = (2, 4, 13, 26)
SCHEMA = {
    "weeks": pl.Int64,
    "estimate_fraction": pl.Float64,
    "lo_fraction": pl.Float64,
    "hi_fraction": pl.Float64,
    "is_look": pl.Boolean,
    "is_recomputed": pl.Boolean,
}


def follow_estimate(effects: pl.DataFrame, nights: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """One row per number of calendar weeks, the fewest first: achieved estimate, interval, whether a declared look.

    Nights speak for themselves. Who starts with a long history has none: for weeks before the first night the same
    model is fitted to the weeks known by then, which is what the page would have shown, had it been read since.

    Args:
        effects: one athlete's estimates of all nights.
        nights: when each of them was.
        weeks: the athlete's.
    """
    of_nights = _of_nights(effects, nights)
    first = of_nights["weeks"].min()
    before = _worked_out(weeks, int(first) if isinstance(first, int) else None)
    return pl.concat([before, of_nights]).sort("weeks")


def _of_nights(effects: pl.DataFrame, nights: pl.DataFrame) -> pl.DataFrame:
    """Nights with the same number of weeks count once, as they were last seen."""
    rows = estimates_by_night(effects, nights, "achieved").drop_nulls(
        ["estimate_fraction", "lo_fraction", "hi_fraction"]
    )
    return rows.unique("weeks", keep="last", maintain_order=True).select(
        "weeks", "estimate_fraction", "lo_fraction", "hi_fraction", "is_look", is_recomputed=pl.lit(value=False)
    )


def _worked_out(weeks: pl.DataFrame, until: int | None) -> pl.DataFrame:
    history = read_history(weeks)
    if history is None or until is None:
        return pl.DataFrame(schema=SCHEMA)
    known = weeks.filter(pl.col("week_start") >= history.first_week).sort("week_start")
    rows = []
    for calendar_weeks in _ends(history.calendar_weeks):
        found, until_then = _fitted(known.head(calendar_weeks))
        if found is not None and until_then < until:
            rows.append((until_then, found.value, found.lo, found.hi, is_look(calendar_weeks), True))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _ends(calendar_weeks: int) -> list[int]:
    """Every so many weeks from the first look on, every look among them."""
    span = calendar_weeks - FIRST_LOOK_WEEKS
    step = next((step for step in STEPS_WEEKS if span / step <= MOST_POINTS), None)
    if step is None:
        step = STEPS_WEEKS[-1] * -(-span // (STEPS_WEEKS[-1] * MOST_POINTS))
    return list(range(FIRST_LOOK_WEEKS, calendar_weeks, step))


def _fitted(weeks: pl.DataFrame) -> tuple[Estimate | None, int]:
    """The estimate without its checks, and the calendar weeks that it is of."""
    history = read_history(weeks)
    if history is None or history.rows == 0:
        return None, 0
    exposures = np.column_stack([history.exposure(lag) for lag in MEAN_LAGS_WEEKS])
    posterior = fit(
        whitening_grid(history.week, history.weight), history.outcome, history.design, exposures, KERNEL_PRIOR
    )
    if posterior is None:
        return None, history.calendar_weeks
    return estimate_of(quantity(posterior.of(achieved_contrasts(exposures)))), history.calendar_weeks
