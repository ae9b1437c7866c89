"""The newest runs as a table to sort: what each was, how it counts, and which of them open minute by minute."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import polars as pl

from hipdrive.report import words
from hipdrive.report.as_read import as_read
from hipdrive.report.habits import units

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipdrive.report.findings import Findings

SHOWN_RUNS = 200
SHOWN_AT_FIRST = 20
NO_VALUE = "\u2013"
_SPEED = "bounded_speed_at_reference_hr_m_per_s"


@dataclass(frozen=True)
class Cell:
    """One value as it is read and as it is sorted; `by` is empty where there is none."""

    text: str
    by: str = ""


@dataclass(frozen=True)
class RunRow:
    """One run: its day, its cells in the order of the columns, and its key in the page's minutes."""

    key: str
    iso_day: str
    day: str
    cells: tuple[Cell, ...]
    opens: bool


@dataclass(frozen=True)
class RunList:
    """The table: its columns after the day, its rows, the newest first, and why some runs do not count."""

    columns: tuple[str, ...]
    rows: tuple[RunRow, ...]
    reasons: tuple[tuple[str, str], ...]
    minutes: dict[str, object]

    @property
    def opened(self) -> int:
        """How many open minute by minute."""
        return sum(row.opens for row in self.rows)


def list_runs(findings: Findings) -> RunList | None:
    """The newest runs; None without any."""
    runs = findings.runs.sort("start_utc", descending=True).head(SHOWN_RUNS)
    if runs.is_empty():
        return None
    beats = findings.athlete["reference_hr_bpm"].to_list()
    letters = _letters(runs)
    minutes = _minutes(findings)
    rows = tuple(_row(run, place, letters, minutes) for place, run in enumerate(runs.iter_rows(named=True)))
    columns = (
        "Type",
        units().distance.name,
        words.pace_unit(),
        "Beats/min",
        f"{words.pace_unit()} at {words.number(beats[0])} beats"
        if beats and beats[0] is not None
        else "Pace at heart rate",
        "Steps/min",
        f"Step, {units().step_length.name}",
        "Counts",
    )
    kept = {row.key: minutes[run] for row, run in zip(rows, runs["activity_id"], strict=True) if row.opens}
    return RunList(columns, rows, tuple((letter, as_read(reason)) for reason, letter in letters.items()), kept)


def _letters(runs: pl.DataFrame) -> dict[str, str]:
    """A letter for each reason, the most frequent first: each is said once, under the table."""
    reasons = runs.filter(~pl.col("is_usable"))["unusable_reason"].drop_nulls()
    counted = reasons.value_counts(sort=True).sort("count", "unusable_reason", descending=[True, False])
    return dict(zip(counted["unusable_reason"].to_list(), ascii_lowercase, strict=False))


def _row(run: Mapping[str, Any], place: int, letters: dict[str, str], minutes: Mapping[str, object]) -> RunRow:
    distance, step = units().distance, units().step_length
    speed = run[_SPEED]
    cells = (
        Cell(run["run_type"], run["run_type"]),
        _number(run["distance_m"], distance.per_si, 1),
        _pace(run["pace_s_per_km"]),
        _number(run["heart_rate_bpm"], 1.0, 0),
        _pace(None if speed is None else 1000 / speed),
        _number(run["cadence_spm"], 1.0, 0),
        _number(run["step_length_m"], step.per_si, units().step_length_decimals),
        _counts(run, letters),
    )
    day = run["local_date"]
    return RunRow(f"r{place}", day.isoformat(), words.short_day(day), cells, run["activity_id"] in minutes)


def _counts(run: Mapping[str, Any], letters: dict[str, str]) -> Cell:
    if run["is_usable"]:
        return Cell("yes", "yes")
    letter = letters.get(run["unusable_reason"] or "", "")
    return Cell(f"no ({letter})" if letter else "no", f"no {letter}")


def _number(value: float | None, scale: float, decimals: int) -> Cell:
    return (
        Cell(NO_VALUE)
        if value is None
        else Cell(words.number(value * scale, decimals), words.to_sort_by(value * scale))
    )


def _pace(s_per_km: float | None) -> Cell:
    return Cell(NO_VALUE) if s_per_km is None else Cell(words.minutes(s_per_km), words.to_sort_by(s_per_km))


def _minutes(findings: Findings) -> dict[str, object]:
    """Whole s/km, beats and steps a minute of each run's windows in order, null where one holds none."""
    if findings.run_minutes is None:
        return {}
    whole = findings.run_minutes.sort("activity_id", "window_index").select(
        "activity_id",
        minute="window_index",
        pace=(1000 / pl.col("speed_m_per_s")).round(0).cast(pl.Int64, strict=False),
        heart_rate=pl.col("heart_rate_bpm").round(0).cast(pl.Int64, strict=False),
        cadence=(60 / pl.col("step_time_s")).round(0).cast(pl.Int64, strict=False),
    )
    return {
        str(run): {name: of_run[name].to_list() for name in ("minute", "pace", "heart_rate", "cadence")}
        for (run,), of_run in whole.group_by("activity_id", maintain_order=True)
    }
