"""The first screen's number with its two changes, what is new, and what it would take to say more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from hipdrive.report import words
from hipdrive.report.as_read import as_read
from hipdrive.report.gate import (
    FRESH_DAYS,
    device_changes,
    has_fresh_log,
    has_fresh_runs,
    last_logged,
    may_say,
    newest_run,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hipdrive.estimate.speed_now import SpeedChange, SpeedNow
    from hipdrive.report.findings import Findings

YEAR_DAYS = 364
MOST_HINTS = 5


@dataclass(frozen=True)
class Change:
    """One of the two changes: the finding, and what it is against."""

    title: str
    lines: tuple[str, ...]
    has_ring: bool = False


@dataclass(frozen=True)
class Number:
    """The page's one number; `value` is empty where there is none, and `label` says why."""

    label: str
    value: str = ""
    unit: str = ""
    is_old: bool = False
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Hint:
    """One thing that would let the page say more."""

    what: str
    why: str


def tell_number(findings: Findings) -> Number | None:
    """The number; None where no run can be brought to a heart rate at all."""
    path, beats = findings.speed_path, findings.athlete["reference_hr_bpm"].to_list()
    if path is None or not beats or beats[0] is None:
        return None
    at = f"Pace at {words.number(beats[0])} beats a minute"
    now = path.recent.now
    if now is None or not may_say(findings, "pace of some runs", now.half_width):
        return Number(f"{at}: too few runs for a number. It takes four that count in {FRESH_DAYS} days.")
    when = (
        f"last {FRESH_DAYS} days"
        if now.is_of_last_28_days
        else f"{now.runs} newest runs, {words.months(now.first_day, now.last_day)}"
    )
    half_width = words.seconds_of_pace(now.pace_half_width_s_per_km)
    unit = f"{words.a_pace()} \u00b1{words.THIN}{half_width}{words.THIN}s"
    return Number(f"{at}, {when}", words.minutes(now.pace_s_per_km), unit, now.is_old, _changes(findings, now))


def _changes(findings: Findings, now: SpeedNow) -> tuple[Change, ...]:
    recent = None if findings.speed_path is None else findings.speed_path.recent
    too_few = Change("No comparison", (f"too few runs: it takes four in each {FRESH_DAYS} days",))
    if now.is_old or recent is None:
        old = words.age((findings.tonight - now.last_day).days)
        return (Change(old, (f"newest run that counts: {words.day(now.last_day)}",)), too_few)
    told = [
        (recent.since_month, f"the {FRESH_DAYS} days before", 2 * FRESH_DAYS),
        (recent.since_year, "a year ago", YEAR_DAYS + FRESH_DAYS),
    ]
    seen = tuple(_change(findings, change, against, days) for change, against, days in told if change is not None)
    return tuple(each for each in seen if each is not None) or (too_few,)


def _change(findings: Findings, change: SpeedChange, against: str, days: int) -> Change | None:
    found, pace, since = change.change, change.pace_then_s_per_km, findings.tonight - timedelta(days=days)
    if device_changes(findings, since):
        return Change("No comparison", (f"against {against}", "another watch or sensor since"))
    if found.estimate is None or found.lo is None or found.hi is None or found.half_width is None:
        return None
    if not may_say(findings, "change of pace", found.half_width, since):
        return None
    warmer = () if change.warmer_c is None else (_weather(change.warmer_c),)
    if not change.is_seen:
        return Change(
            "No change seen",
            (f"against {against}", f"within {words.seconds_between(found.lo, found.hi, pace)}", *warmer),
            has_ring=True,
        )
    likely = f"likely {words.seconds_between(found.lo, found.hi, pace)}"
    return Change(
        words.seconds_faster_or_slower(found.estimate, pace), (f"than {against}", likely, *warmer), has_ring=True
    )


def _weather(warmer_c: float) -> str:
    return f"and {words.warmer(warmer_c)} {'warmer' if warmer_c > 0 else 'cooler'}"


def tell_news(findings: Findings) -> list[str]:
    """What changed since the last night: runs, sets, files that were not understood."""
    nights = findings.nights.sort("started_utc")
    if nights.is_empty():
        runs, sets = (
            words.count(findings.runs.height, "run"),
            words.count(findings.strength_sets.height, "strength set"),
        )
        return [f"The first night: {runs} and {sets} read."]
    since = nights["started_utc"][-1]
    new = findings.sources.filter(pl.col("first_seen_utc") > since)
    files = new.filter(pl.col("status").cast(pl.String) == "loaded")
    logs = files.filter(pl.col("format").cast(pl.String) != "fit").height
    lost = new.filter(pl.col("status").cast(pl.String) == "quarantined").height
    runs_since = findings.runs.filter(pl.col("start_utc") > since).sort("start_utc")
    said = [_run_words(row) for row in runs_since.tail(1).iter_rows(named=True)]
    said += [f"{words.count(files.height - logs, 'watch file')} read"] if files.height > logs else []
    said += [f"{words.count(logs, 'strength log')} read"] if logs else []
    said += [f"{words.count(lost, 'file')} not understood: see Data quality"] if lost else []
    return said or ["Nothing new."]


def _run_words(run: Mapping[str, Any]) -> str:
    told = f"Run of {words.day_and_month(run['local_date'])}: {words.distance(run['distance_m'])}"
    pace = run["pace_s_per_km"]
    return told if pace is None else f"{told} at {words.pace(pace)}"


def tell_hints(findings: Findings) -> list[Hint]:
    """What is missing, once each, the most telling first."""
    hints = []
    logged, newest = last_logged(findings), newest_run(findings)
    if newest is not None and not has_fresh_runs(findings):
        hints.append(Hint("New runs:", f"the newest is from {words.day(newest)}, so nothing here is about today"))
    if logged is None:
        hints.append(Hint("A strength log:", "an export of your app into data/inbox"))
    elif not has_fresh_log(findings):
        hints.append(Hint("Export the log again:", f"read to {words.day(logged)}"))
    recent = findings.runs.sort("local_date").tail(20)
    reasons = recent.filter(~pl.col("is_usable"))["unusable_reason"].value_counts(sort=True)
    for reason, runs in reasons.head(1).iter_rows():
        if runs * 3 >= recent.height:
            newest_ones = f"{runs} of the last {recent.height} runs" if recent.height > 1 else "The only run"
            hints.append(Hint(newest_ones, f"{'do' if recent.height > 1 else 'does'} not count: {as_read(reason)}"))
    if findings.unmatched.height:
        sets = int(findings.unmatched["sets"].sum())
        verb = "carry a name that" if sets != 1 else "carries a name that"
        hints.append(Hint(words.count(sets, "set"), f"{verb} hipdrive does not know: name them under Data quality"))
    has_plan = findings.plans is not None and not findings.plans.is_empty()
    if not has_plan and not findings.runs.is_empty():
        hints.append(Hint("Weeks on and weeks off,", "drawn by lot, can tell cause from coincidence: see The plan"))
    return hints[:MOST_HINTS]
