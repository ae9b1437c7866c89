"""Best efforts in words: the fastest stretch over each distance, of the whole record and of the latest quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.report import words

if TYPE_CHECKING:
    from datetime import date

    from hipdrive.report.findings import Findings

DISTANCES = {1000.0: "1 km", 5000.0: "5 km", 10_000.0: "10 km", 21_097.5: "half marathon", 42_195.0: "marathon"}
LEAD_WITH = (5000.0, 10_000.0, 1000.0)  # the first of them that there is; a longer one is run all-out too seldom


@dataclass(frozen=True)
class Best:
    """The fastest stretch over one distance, and the latest quarter's."""

    target_m: float
    name: str
    time_s: float
    day: date
    latest_s: float
    is_of_latest: bool
    quarters: int


def efforts_over(findings: Findings, target_m: float) -> pl.DataFrame:
    """One row a quarter of the year, the oldest first; empty where no run is that long."""
    if findings.best_efforts is None:
        return pl.DataFrame()
    return findings.best_efforts.filter(pl.col("target_m") == target_m).sort("season_start")


def best_over(findings: Findings, target_m: float) -> Best | None:
    """The best of one distance; None where no run is that long."""
    rows = efforts_over(findings, target_m)
    if rows.is_empty():
        return None
    best, latest = rows.sort("time_s", "local_date").row(0, named=True), rows.row(-1, named=True)
    return Best(
        target_m,
        DISTANCES[target_m],
        best["time_s"],
        best["local_date"],
        latest["time_s"],
        best["season_start"] == latest["season_start"],
        rows.height,
    )


def efforts_of_one_quarter(findings: Findings) -> list[str]:
    """Distances with one quarter's best, which make no picture yet, in words."""
    found = (best_over(findings, target) for target in DISTANCES)
    return [
        f"Fastest {best.name}: {words.clock(best.time_s)}, on {words.day(best.day)}"
        for best in found
        if best is not None and best.quarters == 1
    ]


def best_effort_words(findings: Findings) -> str | None:
    """One sentence for the first screen; None without any."""
    best = next(filter(None, (best_over(findings, target) for target in LEAD_WITH)), None)
    if best is None:
        return None
    said = f"Your fastest {best.name} within a run: {words.clock(best.time_s)}, on {words.day(best.day)}"
    if best.is_of_latest:
        return f"{said}." if best.quarters == 1 else f"{said}, the best of your record."
    return f"{said}; this quarter {words.clock(best.latest_s)}."
