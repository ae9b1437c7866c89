"""What each thing that the page says needs of this runner's data; what is not carried is left out.

One table, read from top to bottom by people. A sentence, title, cell or figure asks `may_say` by its name before it is
written. What is missing is told once, in the card “To say more”.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.speed_path import WIDEST_FRACTION
from hipdrive.report.description import known_weeks, usable_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hipdrive.report.findings import Findings

FRESH_DAYS = 28  # nothing of “now” or “this week” from older data
DAY_AFTER_WIDEST = 0.05  # the day after is a matter of one or two percent: wider tells nothing


ONE_HEART_RATE, ONE_DEVICE = "one heart rate", "one watch, strap and pod"


@dataclass(frozen=True)
class Need:
    """What one thing needs.

    Attributes:
        runs: usable runs.
        weeks: complete weeks of known hip work.
        fresh_runs: whether the newest run must be of the last 28 days.
        fresh_log: whether the strength log must reach into the last 28 days.
        widest: the largest half-width of its interval, as a fraction.
        like: what must be equal over the record, names of `LIKES`, so that like is compared with like.
    """

    runs: int = 0
    weeks: int = 0
    fresh_runs: bool = False
    fresh_log: bool = False
    widest: float = WIDEST_FRACTION
    like: tuple[str, ...] = ()


NEEDS: dict[str, Need] = {
    # the first screen
    "pace of some runs": Need(runs=4, like=(ONE_HEART_RATE,)),
    "change of pace": Need(runs=8, fresh_runs=True, like=(ONE_HEART_RATE, ONE_DEVICE)),
    "targets of this week": Need(fresh_log=True),
    "a date for the answer": Need(fresh_runs=True, fresh_log=True),
    # below it
    "an effect": Need(runs=60, weeks=26, like=(ONE_HEART_RATE,)),
    "the day after": Need(runs=30, weeks=12, widest=DAY_AFTER_WIDEST),
    "best of this quarter": Need(fresh_runs=True),
    "change of stride": Need(like=(ONE_DEVICE,)),
    "first weeks against last": Need(like=(ONE_DEVICE,)),
    "parts of pace": Need(runs=60, weeks=26, like=(ONE_HEART_RATE,)),
    "pace of two periods": Need(runs=8, like=(ONE_HEART_RATE,)),
    "stride of two periods": Need(runs=8),
    "what more weeks would show": Need(fresh_runs=True),
    "the next block": Need(weeks=26, fresh_runs=True, fresh_log=True),
}


def may_say(findings: Findings, what: str, half_width: float | None = None, since: date | None = None) -> bool:
    """Whether this runner's data carry one thing of the table.

    Args:
        findings: of the night.
        what: its name in `NEEDS`.
        half_width: of its interval, where it has one.
        since: the first day that it speaks of; the whole record without.
    """
    need = NEEDS[what]
    return (
        usable_runs(findings) >= need.runs
        and known_weeks(findings) >= need.weeks
        and not (need.fresh_runs and not has_fresh_runs(findings))
        and not (need.fresh_log and not has_fresh_log(findings))
        and (half_width is None or half_width <= need.widest)
        and all(LIKES[name](findings, since) for name in need.like)
    )


def carried(findings: Findings) -> Findings:
    """The findings without what lies ahead, where the record is old or its noise too large to plan with."""
    ahead = (findings.at_present_rhythm, findings.in_blocks)
    widest = max((size for one in ahead if one is not None for size in one.smallest_visible.values()), default=0.0)
    if may_say(findings, "what more weeks would show", widest):
        return findings
    return replace(findings, at_present_rhythm=None, in_blocks=None, remedies=None, teaches_most=None)


def device_changes(findings: Findings, since: date | None = None) -> list[date]:
    """The days of runs with another watch, strap or pod than the run before, after `since`, the oldest first."""
    changed = findings.runs.filter("is_device_change")
    later = changed if since is None else changed.filter(pl.col("local_date") > since)
    days: list[date] = later["local_date"].unique().sort().to_list()
    return days


def _one_heart_rate(findings: Findings, _: date | None) -> bool:
    return findings.athlete["reference_hr_bpm"].drop_nulls().len() > 0


def _one_device(findings: Findings, since: date | None) -> bool:
    return not device_changes(findings, since)


LIKES: dict[str, Callable[[Findings, date | None], bool]] = {ONE_HEART_RATE: _one_heart_rate, ONE_DEVICE: _one_device}


def newest_run(findings: Findings) -> date | None:
    """The day of the newest run of any kind; None without runs."""
    day: date | None = findings.runs["local_date"].max()  # type: ignore[assignment]
    return day


def last_logged(findings: Findings) -> date | None:
    """The last day that a strength log speaks for; None without a log."""
    day: date | None = findings.log_span["last_date"].max()  # type: ignore[assignment]
    return day


def has_fresh_runs(findings: Findings) -> bool:
    """Whether the newest run is from the last 28 days."""
    day = newest_run(findings)
    return day is not None and (findings.tonight - day).days <= FRESH_DAYS


def has_fresh_log(findings: Findings) -> bool:
    """Whether the strength log reaches into the last 28 days; without any log there is nothing old."""
    day = last_logged(findings)
    return day is None or (findings.tonight - day).days <= FRESH_DAYS
