"""Resting heart rates as watches and diaries tell them → one a day that can be believed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.tables.wellness import HIGHEST_RESTING_BPM, LOWEST_RESTING_BPM, RestingHeartRate
from hipdrive.tidy.time_zones import FIRST, WIDEST_OFFSET_S

if TYPE_CHECKING:
    from datetime import date

    import dataframely as dy

    from hipdrive.tables.wellness import RawDailySummary, RawRestingHeartRate


def tidy_resting_heart_rates(
    raw: dy.DataFrame[RawRestingHeartRate], *, athlete_id: str, source_id: str, time_zone: str, last_date: date
) -> dy.DataFrame[RestingHeartRate]:
    """One row a day: what was told last of it, of that day where it is told, else the mean of seven days.

    Args:
        raw: of one file.
        athlete_id: whose file it is.
        source_id: the file.
        time_zone: the athlete's, for a file that does not tell its local time.
        last_date: days after it cannot have happened.
    """
    offset = pl.col("utc_offset_s")
    by_file = pl.col("timestamp").dt.replace_time_zone(None) + pl.duration(seconds=offset)
    by_zone = pl.col("timestamp").dt.convert_time_zone(time_zone).dt.replace_time_zone(None)
    dated = raw.with_columns(
        local_date=pl.when(offset.abs() <= WIDEST_OFFSET_S).then(by_file).otherwise(by_zone).dt.date(),
        told_utc="timestamp",
    ).filter(pl.col("timestamp") >= FIRST)
    return _one_a_day(dated, athlete_id, source_id, last_date)


def tidy_daily_summaries(
    raw: dy.DataFrame[RawDailySummary], *, athlete_id: str, source_id: str, last_date: date
) -> dy.DataFrame[RestingHeartRate]:
    """The same of a list that names the days itself; each is told at its end.

    Args:
        raw: of one list.
        athlete_id: whose list it is.
        source_id: the list.
        last_date: days after it cannot have happened.
    """
    end = pl.col("local_date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(days=1)
    return _one_a_day(raw.with_columns(told_utc=end), athlete_id, source_id, last_date)


def _one_a_day(dated: pl.DataFrame, athlete_id: str, source_id: str, last_date: date) -> dy.DataFrame[RestingHeartRate]:
    believable = {
        name: pl.when(pl.col(name).is_between(LOWEST_RESTING_BPM, HIGHEST_RESTING_BPM)).then(name)
        for name in ("current_day_resting_heart_rate", "resting_heart_rate")
    }
    tidy = (
        dated.with_columns(**believable)
        .with_columns(
            athlete_id=pl.lit(athlete_id),
            source_id=pl.lit(source_id),
            resting_heart_rate_bpm=pl.coalesce(*believable),
            is_of_day=pl.col("current_day_resting_heart_rate").is_not_null(),
        )
        .filter(pl.col("resting_heart_rate_bpm").is_not_null(), pl.col("local_date") <= last_date)
        .sort("local_date", "is_of_day", "told_utc", maintain_order=True)
        .unique("local_date", keep="last", maintain_order=True)
    )
    return RestingHeartRate.validate(tidy.select(RestingHeartRate.column_names()), cast=True)
