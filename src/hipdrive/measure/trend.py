"""How a measure goes from week to week: its weekly means, the mean over the weeks around each, its two ends."""

from __future__ import annotations

import polars as pl

AROUND_WEEKS = 4  # the line is the mean over the weeks this near
AROUND_DAYS = 28  # the level is the mean of the runs this near
FEWEST_AROUND = 4
BLANK_WEEKS = 52  # without a value: what came before is another time
WEEKS_COMPARED = 8  # at either end
MIDDLE_OF_WEEK_DAYS = 3
_OUTCOME = "speed_at_reference_hr_m_per_s"


def weekly_trend(weeks: pl.DataFrame, column: str) -> pl.DataFrame:
    """`week_start`, a measure of the weeks, and `mean_around`, its mean over the four weeks either side and its own."""
    return _with_mean_around(weeks.select("week_start", column), column)


def weekly_trend_of_runs(weeks: pl.DataFrame, runs: pl.DataFrame, column: str) -> pl.DataFrame:
    """The same of a measure of the runs, their mean each week, with `is_device_change`.

    A change of device counts in a week where a run with another device than the run before has the measure.
    """
    of_runs = runs.group_by(week_start=pl.col("local_date").dt.truncate("1w")).agg(
        pl.col(column).mean(),
        is_device_change=(pl.col("is_device_change") & pl.col(column).is_not_null()).any(),
    )
    table = weeks.select("week_start").join(of_runs, on="week_start", how="left", maintain_order="left")
    return _with_mean_around(table.with_columns(pl.col("is_device_change").fill_null(value=False)), column)


def weekly_level(weeks: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Pace at reference heart rate: per week the mean over the runs within four weeks either side, 95 % interval.

    The mean is of ln speed, the interval normal; weeks with fewer than four runs around are left out.

    Returns:
        `week_start level_s_per_km level_lo_s_per_km level_hi_s_per_km`; lo is the faster end.
    """
    usable = runs.filter("is_usable", pl.col(_OUTCOME).is_not_null()).select(
        "local_date", log_speed=pl.col(_OUTCOME).log()
    )
    middle = weeks.select("week_start", middle=pl.col("week_start") + pl.duration(days=MIDDLE_OF_WEEK_DAYS))
    apart = (pl.col("middle") - pl.col("local_date")).abs()
    around = middle.join(usable, how="cross").filter(apart <= pl.duration(days=AROUND_DAYS))
    spread = 1.96 * pl.col("log_speed").std() / pl.len().sqrt()
    middle_speed = pl.col("log_speed").mean()
    return (
        around.group_by("week_start")
        .agg(
            level_s_per_km=1000 / middle_speed.exp(),
            level_lo_s_per_km=1000 / (middle_speed + spread).exp(),
            level_hi_s_per_km=1000 / (middle_speed - spread).exp(),
            around=pl.len(),
        )
        .filter(pl.col("around") >= FEWEST_AROUND)
        .drop("around")
        .sort("week_start")
    )


def ends(values: pl.Series) -> tuple[float, float] | None:
    """Mean of the first and of the last eight weeks with a value; None where the two would share weeks."""
    known = values.drop_nulls()
    if known.len() < 2 * WEEKS_COMPARED:
        return None
    return mean(known.head(WEEKS_COMPARED)), mean(known.tail(WEEKS_COMPARED))


def from_first_to_last(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """The rows from the first to the last with a value, so that no figure is mostly empty.

    After a year or more without any value it begins anew, if four weeks or more follow: no axis has blank years.
    """
    known = table[column].is_not_null().arg_true()
    if known.is_empty():
        return table.clear()
    begins = known.filter((known.diff() > BLANK_WEEKS).fill_null(value=False))
    late_enough = [int(row) for row in begins if (known >= row).sum() >= FEWEST_AROUND]
    return table[max(late_enough, default=int(known[0])) : int(known[-1]) + 1]


def mean(values: pl.Series) -> float:
    """Mean of a column with at least one value, its nulls left out."""
    return float(values.drop_nulls().to_numpy().mean())


def lowest(values: pl.Series) -> float:
    """Smallest value of such a column."""
    return float(values.drop_nulls().to_numpy().min())


def highest(values: pl.Series) -> float:
    """Largest value of such a column."""
    return float(values.drop_nulls().to_numpy().max())


def _with_mean_around(table: pl.DataFrame, column: str) -> pl.DataFrame:
    around = pl.col(column).rolling_mean(2 * AROUND_WEEKS + 1, min_samples=FEWEST_AROUND, center=True)
    return table.with_columns(around.alias("mean_around"))
