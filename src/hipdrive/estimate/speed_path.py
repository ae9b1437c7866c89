"""The path of the page's one number: where it stands tonight, and how it went over the whole record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from hipdrive.estimate.speed_now import RecentSpeed, describe_speed_now, draw_speed_curve

STEP_DAYS = 7
FEWEST_POINTS = 3  # of a line
WIDEST_FRACTION = 0.25  # of speed either way: a wider interval is not shown anywhere
_SPEED = "bounded_speed_at_reference_hr_m_per_s"


@dataclass(frozen=True)
class SpeedPath:
    """Pace at reference heart rate over the record.

    Attributes:
        recent: the number of the last 28 days and its changes.
        curve: the number as it was week by week, `day stretch pace_s_per_km faster_s_per_km slower_s_per_km`: a
            stretch holds three points or more without a gap, and no point lies after the data but tonight's own.
        runs: each usable run by itself, `day pace_s_per_km faster_s_per_km slower_s_per_km`; the ends of its 95 %
            interval are null where it is wider than a quarter of the speed.
    """

    recent: RecentSpeed
    curve: pl.DataFrame
    runs: pl.DataFrame


def follow_speed(runs: pl.DataFrame, slopes: pl.DataFrame, tonight: date) -> SpeedPath | None:
    """The number, its curve and its runs; None where no run can be brought to a reference heart rate.

    Args:
        runs: one athlete's, of the view `runs`.
        slopes: theirs, of the table `efficiency_slopes`.
        tonight: the athlete's date.
    """
    usable = runs.filter("is_usable", pl.col(_SPEED).is_not_null(), pl.col("local_date") <= tonight)
    if usable.is_empty() or slopes.is_empty():
        return None
    first, last = usable["local_date"].min(), usable["local_date"].max()
    span = (tonight - first).days  # type: ignore[operator, union-attr]
    days = [tonight - timedelta(days=back) for back in range(0, span + 1, STEP_DAYS)]
    told = [day for day in reversed(days) if day == tonight or day <= last]  # type: ignore[operator]
    curve = draw_speed_curve(usable, slopes, told).filter(_is_narrow("speed_m_per_s", "lo_m_per_s", "hi_m_per_s"))
    return SpeedPath(describe_speed_now(usable, slopes, tonight), _in_stretches(curve), _each(usable))


def _in_stretches(curve: pl.DataFrame) -> pl.DataFrame:
    apart = (pl.col("day").diff().dt.total_days() > STEP_DAYS).fill_null(value=False)
    numbered = curve.with_columns(stretch=apart.cum_sum().cast(pl.Int64))
    long_enough = numbered.filter(pl.len().over("stretch") >= FEWEST_POINTS)
    return long_enough.select("day", "stretch", *_paces("speed_m_per_s", "lo_m_per_s", "hi_m_per_s"))


def _each(usable: pl.DataFrame) -> pl.DataFrame:
    error = 1.96 * pl.col("speed_at_reference_hr_se_m_per_s")
    ends = usable.select("local_date", _SPEED, lo=pl.col(_SPEED) - error, hi=pl.col(_SPEED) + error)
    narrow = _is_narrow(_SPEED, "lo", "hi")
    kept = ends.with_columns(pl.when(narrow).then(pl.col(name)).alias(name) for name in ("lo", "hi"))
    return kept.select(pl.col("local_date").alias("day"), *_paces(_SPEED, "lo", "hi")).sort("day")


def _is_narrow(middle: str, lo: str, hi: str) -> pl.Expr:
    return (pl.col(hi) - pl.col(lo)) / 2 <= WIDEST_FRACTION * pl.col(middle)


def _paces(middle: str, lo: str, hi: str) -> list[pl.Expr]:
    names = {"pace_s_per_km": middle, "faster_s_per_km": hi, "slower_s_per_km": lo}
    return [(1000 / pl.col(speed)).alias(name) for name, speed in names.items()]
