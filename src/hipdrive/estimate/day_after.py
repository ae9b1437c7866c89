"""The second question, answered long before the first: does a run within two days of hip work cost speed?

Runs after hip work are compared with other runs of the same week, so that fitness, season and everything else that
changes from week to week cannot have a say. Only weeks with both kinds of run tell anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtrit

from hipdrive.estimate.history import OUTCOME_OF_A_RUN
from hipdrive.estimate.quantity import Quantity, fraction

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_FREEDOM = 3
SHUFFLES = 1999
SHUFFLE_SEED = 20_260


@dataclass(frozen=True)
class DayAfter:
    """Speed at reference heart rate on runs within two days of hip work, against other runs of the same week.

    Attributes:
        change: as a fraction of speed; None where no week has both kinds of run.
        p_value: of shuffling, within weeks, which runs came after hip work.
        runs: usable runs on days whose two days before are known.
        runs_after: those of them after hip work.
        weeks: weeks with both kinds of run.
    """

    change: Quantity
    p_value: float | None
    runs: int
    runs_after: int
    weeks: int


@dataclass(frozen=True)
class Cost:
    """What a run within two days of hip work differs by from the others of its week, as ln speed.

    Attributes:
        slope: the difference; below zero is slower.
        error: its standard error.
        scatter: standard deviation of a run about its week.
        freedom: degrees of freedom.
    """

    slope: float
    error: float
    scatter: float
    freedom: int


def estimate_day_after(runs: pl.DataFrame, days: pl.DataFrame) -> DayAfter:
    """Compare runs after hip work with the others of their week.

    Args:
        runs: one athlete's runs: `local_date`, `bounded_speed_at_reference_hr_m_per_s`; `is_usable` where it is there.
        days: one athlete's days: `local_date`, `hip_dose`; `dose_known` where it is there.
    """
    speed = pl.col(OUTCOME_OF_A_RUN).cast(pl.Float64)
    usable = [pl.col("is_usable").fill_null(value=False)] if "is_usable" in runs.columns else []
    table = runs.filter(speed.is_finite() & (speed > 0), *usable).select(
        pl.col("local_date").cast(pl.Date), outcome=speed.log()
    )
    table = table.with_columns(follows=follows_hip_dose(table["local_date"], days)).drop_nulls()
    if table.is_empty():
        return DayAfter(Quantity(), None, 0, 0, 0)
    week, flag = _week(table), table["follows"].cast(pl.Float64).to_numpy()
    inside = _within_weeks(flag, week)
    counts = (week.size, int(flag.sum()), int((np.bincount(week, inside**2) > 0).sum()))
    found = compare_day_after(table)
    if found is None:
        return DayAfter(Quantity(), None, *counts)
    half = float(stdtrit(found.freedom, 0.975)) * found.error
    change = Quantity(fraction(found.slope), fraction(found.slope - half), fraction(found.slope + half))
    outcome = _within_weeks(table["outcome"].to_numpy(), week)
    return DayAfter(change, _shuffle_p_value(outcome, flag, week), *counts)


def compare_day_after(table: pl.DataFrame) -> Cost | None:
    """The difference within weeks; None where no week has both kinds of run, or too few runs are left to tell.

    Args:
        table: runs with `local_date`, `outcome` (ln speed) and `follows`, whether one came after hip work; no nulls.
    """
    if table.is_empty():
        return None
    week = _week(table)
    outcome = _within_weeks(table["outcome"].to_numpy(), week)
    inside = _within_weeks(table["follows"].cast(pl.Float64).to_numpy(), week)
    spread = float(inside @ inside)
    freedom = week.size - int(week.max()) - 2
    if spread == 0 or freedom < FEWEST_FREEDOM:
        return None
    slope = float(inside @ outcome) / spread
    rest = outcome - slope * inside
    scatter = math.sqrt(float(rest @ rest) / freedom)
    return None if scatter == 0 else Cost(slope, scatter / math.sqrt(spread), scatter, freedom)


def follows_hip_dose(dates: pl.Series, days: pl.DataFrame) -> pl.Series:
    """For each date whether hip work fell on one of the two days before it; null where those days are not known."""
    is_known = pl.col("dose_known").fill_null(value=False) if "dose_known" in days.columns else pl.lit(True)
    dose = days.select(
        pl.col("local_date").cast(pl.Date), dose=pl.when(is_known).then(pl.col("hip_dose").cast(pl.Float64) > 0)
    )
    table = dates.cast(pl.Date).alias("local_date").to_frame()
    for back in (1, 2):
        earlier = dose.select(pl.col("local_date").dt.offset_by(f"{back}d"), pl.col("dose").alias(f"dose_{back}"))
        table = table.join(earlier, on="local_date", how="left", maintain_order="left")
    is_told = pl.col("dose_1").is_not_null() & pl.col("dose_2").is_not_null()
    return table.select(follows=pl.when(is_told).then(pl.col("dose_1") | pl.col("dose_2"))).to_series()


def _week(table: pl.DataFrame) -> NDArray[np.int64]:
    _, week = np.unique(table["local_date"].dt.truncate("1w").to_numpy(), return_inverse=True)
    return week


def _within_weeks(values: NDArray[np.float64], week: NDArray[np.int64]) -> NDArray[np.float64]:
    inside: NDArray[np.float64] = values - (np.bincount(week, values) / np.bincount(week))[week]
    return inside


def _shuffle_p_value(outcome: NDArray[np.float64], flag: NDArray[np.float64], week: NDArray[np.int64]) -> float:
    """Share of shuffles within weeks, the true order included, with at least as large a difference."""
    by_week = np.argsort(week, kind="stable")
    outcome, flag, week = outcome[by_week], flag[by_week], week[by_week]
    keys = np.random.default_rng(SHUFFLE_SEED).random((SHUFFLES, week.size)) + week
    shuffled = flag[np.argsort(keys, axis=1)]
    true = abs(float(outcome @ flag))
    as_large = int(np.count_nonzero(np.abs(shuffled @ outcome) >= true * (1 - 1e-9)))
    return (1 + as_large) / (1 + SHUFFLES)
