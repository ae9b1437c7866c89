"""The fastest stretch over one distance, of the whole record and of its latest quarter of the year."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True)
class Best:
    """The fastest stretch over one distance, and the latest quarter's.

    `over_next_fraction` is by how much it beats the runner's next, where that is so much that it is doubtful.
    """

    target_m: float
    time_s: float
    day: date
    latest_s: float
    is_of_latest: bool
    quarters: int
    over_next_fraction: float | None


def efforts_over(best_efforts: pl.DataFrame, target_m: float) -> pl.DataFrame:
    """One row a quarter of the year, the oldest first; empty where no run is that long.

    Args:
        best_efforts: one athlete's, one row a quarter and target.
        target_m: the distance.
    """
    return best_efforts.filter(pl.col("target_m") == target_m).sort("season_start")


def best_over(best_efforts: pl.DataFrame, target_m: float) -> Best | None:
    """The best of one distance; None where no run is that long."""
    rows = efforts_over(best_efforts, target_m)
    if rows.is_empty():
        return None
    best, latest = rows.sort("time_s", "local_date").row(0, named=True), rows.row(-1, named=True)
    return Best(
        target_m,
        best["time_s"],
        best["local_date"],
        latest["time_s"],
        best["season_start"] == latest["season_start"],
        rows.height,
        best["over_next_fraction"] if best["is_doubtful"] else None,
    )
