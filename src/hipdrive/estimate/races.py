"""The race calendar: when a runner raced and will race, and where between two races each week lies.

Building up with strength work, tapering without it and being fastest at the race is the commonest life of a runner, and
it looks like an effect of strength work. Told as covariates, the races take that look away.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.tables.diary import HEALTH_KINDS
from hipdrive.tables.estimates import Race

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import dataframely as dy

LONGEST_RAMP_WEEKS = 24
TAPER_WEEKS, RECOVERY_WEEKS = 3, 2  # the race week and the two before it; the two after it
RACE_DISTANCES_M = (5_000.0, 10_000.0, 21_097.5, 42_195.0)
DISTANCE_WITHIN = 0.03  # of a race's distance, as watches measure it
HARD_TYPES = ("race", "tempo")
STANDS_OUT_DAYS = 28  # on either side: no other run of half the length or more was faster
SEASON_DAYS = 182  # on either side
NEAR_BEST = 1.015  # of the season's best time over the distance


def find_races(diary: pl.DataFrame, runs: pl.DataFrame, best_efforts: pl.DataFrame) -> dy.DataFrame[Race]:
    """Every race of one athlete, told or found; those found and not told are asked about.

    A day with a diary line `race` has one, past or to come; the fastest run of that day is it. A run looks like a race
    when it was hard all through, has a race's distance, and was faster than every other run of at least half its length
    in the four weeks before and after. Untold, it counts only within 1.5 % of the season's best over its distance.

    Args:
        diary: one athlete's lines: `local_date`, `kind`.
        runs: their runs: `activity_id`, `local_date`, `distance_m`, `run_type`, `grade_adjusted_pace_s_per_km`.
        best_efforts: `activity_id`, `target_m`, `time_s`; those of other athletes do not matter.
    """
    told = diary.filter(pl.col("kind") == "race").select(pl.col("local_date").cast(pl.Date)).unique()
    own = runs.select(
        "activity_id",
        pl.col("local_date").cast(pl.Date),
        pl.col("run_type").cast(pl.String),
        distance_m=pl.col("distance_m").cast(pl.Float64),
        pace=pl.col("grade_adjusted_pace_s_per_km").cast(pl.Float64),
    )
    fastest = own.sort("pace", nulls_last=True).unique("local_date", keep="first", maintain_order=True)
    of_diary = told.join(fastest, on="local_date", how="left").with_columns(origin=pl.lit("diary"), is_counted=True)
    found = _near_best(_like_races(own.join(told, on="local_date", how="anti")), own, best_efforts)
    races = pl.concat(
        [frame.select("local_date", "activity_id", "origin", "is_counted") for frame in (of_diary, found)]
    )
    return Race.validate(races.sort("local_date"), cast=True)


def with_races(weeks: pl.DataFrame, races: pl.DataFrame) -> pl.DataFrame:
    """The weeks with `race_ramp`, `race_late_ramp`, `race_taper` and `race_recovery`.

    The ramp is the place between the last race and the next: 0 in the week after a race (or 24 weeks before the next,
    whichever comes later), 1 in the race week, 0 where no race lies ahead. The late ramp is what it has above one half,
    doubled.

    Args:
        weeks: one athlete's, with `week_start`.
        races: of `find_races`; those that count.
    """
    mondays = weeks["week_start"].cast(pl.Date).to_list()
    days = races.filter("is_counted")["local_date"].to_list()
    origin = min([*mondays, *days], default=None)
    if origin is None or not mondays:
        return weeks.with_columns(**dict.fromkeys(_covariates(np.empty(0), ()), pl.lit(0.0)))
    first = origin - timedelta(days=origin.weekday())
    week = np.array([_weeks_between(first, monday) for monday in mondays])
    columns = _covariates(week, sorted({_weeks_between(first, day) for day in days}))
    return weeks.with_columns(**{name: pl.Series(values) for name, values in columns.items()})


def with_unwell_weeks(weeks: pl.DataFrame, diary: pl.DataFrame) -> pl.DataFrame:
    """The weeks with `is_unwell`: a diary line of illness or injury in the week or in the one before it."""
    lines = diary.filter(pl.col("kind").is_in(list(HEALTH_KINDS)))
    mondays = lines["local_date"].cast(pl.Date).dt.truncate("1w")
    unwell = pl.concat([mondays, mondays.dt.offset_by("1w")]).unique()
    return weeks.with_columns(is_unwell=pl.col("week_start").cast(pl.Date).is_in(unwell.implode()))


def _weeks_between(monday: date, day: date) -> int:
    return (day - monday).days // 7


def _covariates(week: np.ndarray, races: Sequence[int]) -> dict[str, np.ndarray]:
    """By week, from the race weeks in their order."""
    ramp, taper, recovery = (np.zeros(week.size) for _ in range(3))
    for last, race in zip([None, *races], races, strict=False):
        length = LONGEST_RAMP_WEEKS if last is None else min(LONGEST_RAMP_WEEKS, race - last - 1)
        ahead = race - week
        lies_ahead = (ahead >= 0) & (ahead <= length)
        ramp[lies_ahead] = 1 - ahead[lies_ahead] / max(1, length)
        taper[(ahead >= 0) & (ahead < TAPER_WEEKS)] = 1
        recovery[(ahead < 0) & (ahead >= -RECOVERY_WEEKS)] = 1
    return {
        "race_ramp": ramp,
        "race_late_ramp": np.maximum(0, 2 * (ramp - 0.5)),
        "race_taper": taper,
        "race_recovery": recovery,
    }


def _like_races(runs: pl.DataFrame) -> pl.DataFrame:
    """Hard runs of a race's distance that were the fastest for four weeks round them, with that distance."""
    distances = pl.DataFrame({"target_m": RACE_DISTANCES_M})
    hard = runs.filter(pl.col("run_type").is_in(HARD_TYPES), pl.col("pace").is_not_null()).join(distances, how="cross")
    long_enough = hard.filter((pl.col("distance_m") / pl.col("target_m") - 1).abs() <= DISTANCE_WITHIN)
    rivals = runs.select(other="activity_id", other_day="local_date", other_m="distance_m", other_pace="pace")
    beaten = (
        long_enough.join(rivals, how="cross")
        .filter(
            pl.col("other") != pl.col("activity_id"),
            (pl.col("other_day") - pl.col("local_date")).dt.total_days().abs() <= STANDS_OUT_DAYS,
            pl.col("other_m") >= pl.col("distance_m") / 2,
            pl.col("other_pace") <= pl.col("pace"),
        )
        .select("activity_id")
    )
    return long_enough.join(beaten, on="activity_id", how="anti")


def _near_best(candidates: pl.DataFrame, runs: pl.DataFrame, best_efforts: pl.DataFrame) -> pl.DataFrame:
    """Whether a candidate is within 1.5 % of the best time over its distance in the half-year before and after it."""
    efforts = best_efforts.filter(pl.col("target_m").is_not_null()).select("activity_id", "target_m", "time_s")
    dated = efforts.join(runs.select("activity_id", effort_day="local_date"), on="activity_id")
    timed = candidates.join(efforts, on=["activity_id", "target_m"], how="left")
    best = (
        timed.join(dated.select("target_m", "effort_day", best_s="time_s"), on="target_m")
        .filter((pl.col("effort_day") - pl.col("local_date")).dt.total_days().abs() <= SEASON_DAYS)
        .group_by("activity_id")
        .agg(pl.col("best_s").min())
    )
    return timed.join(best, on="activity_id", how="left").with_columns(
        origin=pl.lit("run"),
        is_counted=(pl.col("time_s") <= NEAR_BEST * pl.col("best_s")).fill_null(value=False),
    )
