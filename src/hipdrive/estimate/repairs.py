"""Runs before they become weeks: what hip work costs the next two days is taken out, and a wild run is pulled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.estimate.day_after import compare_day_after, follows_hip_dose
from hipdrive.estimate.history import ACUTE, AS_RUN, OUTCOME_OF_A_RUN, PRIMARY_OUTCOME
from hipdrive.estimate.neighbours import clip_to_neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray


def repair_weeks(weeks: pl.DataFrame, runs: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """The weeks with the outcome made anew from repaired runs, the one as it was beside it, and `effective_runs`.

    The cost of the two days after hip work is the one found within weeks (`estimate_day_after`), taken off each run
    that it applies to; how uncertain it is adds to the error of those runs, so they count for fewer. With it taken out,
    the acute dose is not a covariate any more: its column is set to nothing. Where no cost can be told, it stays.

    Args:
        weeks: one athlete's, as `estimate_effect` takes them.
        runs: their runs: `local_date`, `bounded_speed_at_reference_hr_m_per_s`; `is_usable` where it is there.
        days: their days: `local_date`, `hip_dose`; `dose_known` where it is there.
    """
    speed = pl.col(OUTCOME_OF_A_RUN).cast(pl.Float64)
    usable = [pl.col("is_usable").fill_null(value=False)] if "is_usable" in runs.columns else []
    table = (
        runs.filter(speed.is_finite() & (speed > 0), *usable)
        .select(pl.col("local_date").cast(pl.Date), outcome=speed.log())
        .sort("local_date", "outcome")
    )
    if table.is_empty():
        return weeks
    flag = follows_hip_dose(table["local_date"], days)
    cost = compare_day_after(table.with_columns(follows=flag).drop_nulls())
    taken = flag.fill_null(value=False).cast(pl.Float64).to_numpy() * (0.0 if cost is None else 1.0)
    repaired = table["outcome"].to_numpy() - taken * (0.0 if cost is None else cost.slope)
    clipped = clip_to_neighbours(_day_number(table["local_date"]), repaired)
    extra = 0.0 if cost is None else (cost.error / cost.scatter) ** 2
    weekly = (
        table.select(
            week_start=pl.col("local_date").dt.truncate("1w"),
            outcome=pl.Series(clipped),
            variance=pl.Series(1 + taken * extra),
        )
        .group_by("week_start")
        .agg(
            pl.col("outcome").mean().exp().alias(PRIMARY_OUTCOME),
            effective_runs=pl.len() ** 2 / pl.col("variance").sum(),
        )
    )
    joined = (
        weeks.drop("effective_runs", AS_RUN, strict=False)
        .rename({PRIMARY_OUTCOME: AS_RUN})
        .with_columns(pl.col("week_start").cast(pl.Date))
        .join(weekly, on="week_start", how="left", maintain_order="left")
    )
    return joined if cost is None else joined.with_columns(pl.lit(0.0).alias(ACUTE))


def _day_number(dates: pl.Series) -> NDArray[np.int64]:
    return dates.cast(pl.Int32).cast(pl.Int64).to_numpy()
