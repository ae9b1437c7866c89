"""Running load by day: chronic (42 d) and acute (7 d), in km a day."""

from __future__ import annotations

import math

import dataframely as dy
import polars as pl

from hipdrive.tables.weeks import DailyLoad

CHRONIC_DAYS = 42.0
ACUTE_DAYS = 7.0
START_DAYS = 28  # both averages start at the mean of this many first days


def measure_daily_load(run_days: pl.DataFrame, spans: pl.DataFrame) -> dy.DataFrame[DailyLoad]:
    """One row an athlete and day of their span, none missing.

    Each average moves by a = 1 - exp(-1/τ) of its distance to the day's km: after a first month of 5 km a day, one day
    of 12 km moves the acute average (τ = 7, a = 0.133) from 5 to 5.93.

    Args:
        run_days: `athlete_id`, `local_date`, `run_distance_m`, `run_time_s`; days without a run may be missing.
        spans: `athlete_id`, `first_date`, `last_date`, both included.
    """
    calendar = spans.select("athlete_id", pl.date_ranges("first_date", "last_date").alias("local_date")).explode(
        "local_date"
    )
    days = (
        calendar.join(run_days, on=["athlete_id", "local_date"], how="left")
        .with_columns(pl.col("run_distance_m", "run_time_s").fill_null(0.0))
        .sort("athlete_id", "local_date")
    )
    km = pl.col("run_distance_m") / 1000
    return DailyLoad.validate(
        days.with_columns(
            _average(km, CHRONIC_DAYS).over("athlete_id").alias("ctl"),
            _average(km, ACUTE_DAYS).over("athlete_id").alias("atl"),
        ).select(list(DailyLoad.columns()))
    )


def _average(km: pl.Expr, tau_days: float) -> pl.Expr:
    alpha = 1 - math.exp(-1 / tau_days)
    # `ewm_mean` starts at its first value; the wanted start s moves to it by s + a(x - s), so that goes in first.
    start = km.head(START_DAYS).mean()
    first = start + alpha * (km.first() - start)
    return pl.when(pl.int_range(pl.len()) == 0).then(first).otherwise(km).ewm_mean(alpha=alpha, adjust=False)
