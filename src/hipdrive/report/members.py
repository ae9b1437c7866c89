"""A team's table: one row a runner, with what a coach looks for first: is somebody's record in need of a hand?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.measure.trend import mean
from hipdrive.report import words
from hipdrive.report.gate import FRESH_DAYS
from hipdrive.report.sentences import VERDICT_NAMES, verdict_that_stands

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hipdrive.estimate.readiness import Readiness
    from hipdrive.estimate.speed_path import SpeedPath
    from hipdrive.report.findings import Findings

SPARK_WEEKS = 26
SPARK_WIDTH, SPARK_HEIGHT = 130, 26
DOSE_WEEKS = 4
FINEST_SCALE = 0.06  # of pace, from the top of a line to its foot
FEWEST_POINTS = 3  # of a line: two would be an arrow


@dataclass(frozen=True)
class Spark:
    """The 28-day pace of half a year as lines, faster above; broken where it is not known."""

    lines: tuple[str, ...]
    said: str


@dataclass(frozen=True)
class Member:
    """One runner's row, in words."""

    athlete: str
    spark: Spark | None
    pace: str
    is_old: bool
    dose: str
    state: str
    attention: tuple[str, ...]


def describe_member(
    athlete: str,
    tonight: date,
    *,
    weeks: pl.DataFrame,
    runs: pl.DataFrame,
    log_span: pl.DataFrame,
    path: SpeedPath | None,
    readiness: Readiness | None,
    verdict: str | None,
    unknown_sets: int,
) -> Member:
    """A runner's row.

    Args:
        athlete: their name.
        tonight: their date.
        weeks: theirs.
        runs: theirs.
        log_span: the days that their strength logs speak for.
        path: of their speed; None where no run tells it.
        readiness: how far it is to an answer.
        verdict: the one that stands; None before there is any.
        unknown_sets: sets that carry a name nobody knows.
    """
    now = None if path is None else path.recent.now
    half_width = "" if now is None else f" \u00b1{words.THIN}{words.seconds_of_pace(now.pace_half_width_s_per_km)}"
    return Member(
        athlete,
        None if path is None else _spark(path.curve, tonight),
        "" if now is None else f"{words.pace(now.pace_s_per_km)}{half_width}{words.THIN}s",
        now is not None and now.is_old,
        _dose(weeks, tonight),
        _state(readiness, verdict),
        _attention(tonight, runs, log_span, unknown_sets),
    )


def member_of(findings: Findings) -> Member:
    """The row of a runner whose page is drawn tonight."""
    return describe_member(
        "".join(findings.athlete["athlete_id"].head(1)),
        findings.tonight,
        weeks=findings.weeks,
        runs=findings.runs,
        log_span=findings.log_span,
        path=findings.speed_path,
        readiness=findings.readiness,
        verdict=verdict_that_stands(findings),
        unknown_sets=int(findings.unmatched["sets"].sum()),
    )


def in_order(members: Sequence[Member]) -> list[Member]:
    """Who needs a hand first, then by name."""
    return sorted(members, key=lambda one: (not one.attention, one.athlete))


def _spark(curve: pl.DataFrame, tonight: date) -> Spark | None:
    first = tonight - timedelta(weeks=SPARK_WEEKS)
    shown = curve.filter(pl.col("day") >= first)
    if shown.height < FEWEST_POINTS:
        return None
    paces = shown["pace_s_per_km"].to_list()
    fastest, slowest = min(paces), max(paces)
    # Every line on a scale no finer than this, so that a steady runner's looks steady.
    height = max(slowest - fastest, FINEST_SCALE * slowest)
    fastest -= (height - (slowest - fastest)) / 2

    def place(day: date, pace: float) -> str:
        x = (SPARK_WIDTH - 4) * (day - first).days / (7 * SPARK_WEEKS)
        return f"{2 + round(x, 1)},{2 + round((SPARK_HEIGHT - 4) * (pace - fastest) / height, 1)}"

    lines = tuple(
        " ".join(place(day, pace) for day, pace in stretch.select("day", "pace_s_per_km").iter_rows())
        for stretch in shown.partition_by("stretch", maintain_order=True)
        if stretch.height >= FEWEST_POINTS
    )
    return Spark(lines, f"between {words.pace(min(paces))} and {words.pace(slowest)}") if lines else None


def _dose(weeks: pl.DataFrame, tonight: date) -> str:
    """Mean hip work of the last complete weeks before tonight, where it is known of any."""
    since = tonight - timedelta(weeks=DOSE_WEEKS, days=tonight.weekday())
    known = weeks.filter("is_complete", pl.col("week_start") >= since)["hip_dose"].drop_nulls()
    return "" if known.is_empty() else words.number(mean(known), 2)


def _state(readiness: Readiness | None, verdict: str | None) -> str:
    if readiness is not None and not readiness.is_ready:
        steps = (
            ("weeks", readiness.weeks, readiness.weeks_needed),
            ("runs", readiness.runs, readiness.runs_needed),
            ("changes", readiness.changes, readiness.changes_needed),
        )
        return ", ".join(f"{there} of {needed} {name}" for name, there, needed in steps if there < needed)
    return "too early to tell" if verdict is None else VERDICT_NAMES[verdict]


def _attention(tonight: date, runs: pl.DataFrame, log_span: pl.DataFrame, unknown_sets: int) -> tuple[str, ...]:
    newest: date | None = runs["local_date"].max()  # type: ignore[assignment]
    logged: date | None = log_span["last_date"].max()  # type: ignore[assignment]
    said = []
    if newest is None:
        said.append("no runs")
    elif (tonight - newest).days > FRESH_DAYS:
        said.append(f"newest run {words.short_day(newest)}")
    if logged is None:
        said.append("no strength log")
    elif (tonight - logged).days > FRESH_DAYS:
        said.append(f"log read to {words.short_day(logged)}")
    if unknown_sets:
        said.append(f"{words.count(unknown_sets, 'set')} under a name that hipdrive does not know")
    return tuple(said)
