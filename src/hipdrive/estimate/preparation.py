"""The weeks of the warehouse as the estimate wants them: runs repaired, races, illness and resting heart rate told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hipdrive.estimate.history import RESTING
from hipdrive.estimate.races import find_races, with_races, with_unwell_weeks
from hipdrive.estimate.repairs import repair_weeks

if TYPE_CHECKING:
    import dataframely as dy

    from hipdrive.tables.estimates import Race


class Prepared(NamedTuple):
    """Complete weeks for `estimate_effect`, and the race calendar that they were told."""

    weeks: pl.DataFrame
    races: dy.DataFrame[Race]


def prepare_weeks(
    weeks: pl.DataFrame,
    runs: pl.DataFrame,
    days: pl.DataFrame,
    diary: pl.DataFrame,
    best_efforts: pl.DataFrame,
    wellness: pl.DataFrame,
) -> Prepared:
    """One athlete's complete weeks in order, with everything else that the estimate takes into account.

    Args:
        weeks: every ISO week, none missing; the running week is left out.
        runs: every run.
        days: every day.
        diary: every line.
        best_efforts: of these runs; those of others do not matter.
        wellness: days that something is told of: `local_date`, `resting_heart_rate_bpm`.
    """
    complete = weeks.filter("is_complete").sort("week_start")
    races = find_races(diary, runs, best_efforts)
    repaired = repair_weeks(complete, runs, days)
    told = with_resting_heart_rate(with_unwell_weeks(with_races(repaired, races), diary), wellness)
    return Prepared(told, races)


def with_resting_heart_rate(weeks: pl.DataFrame, wellness: pl.DataFrame) -> pl.DataFrame:
    """The weeks with `resting_heart_rate_bpm`, the mean over their days that have one; null without any."""
    means = wellness.group_by(week_start=pl.col("local_date").cast(pl.Date).dt.truncate("1w")).agg(
        pl.col(RESTING).mean()
    )
    return (
        weeks.drop(RESTING, strict=False)
        .with_columns(pl.col("week_start").cast(pl.Date))
        .join(means, on="week_start", how="left", maintain_order="left")
    )
