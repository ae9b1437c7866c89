"""What each thing that the page says needs of this runner's data; what is not carried is left out.

One table, read from top to bottom by people. A sentence, title, cell or figure asks `may_say` by its name before it is
written. What is missing is told once, in the card “To say more”.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipdrive.estimate.speed_path import WIDEST_FRACTION
from hipdrive.report.description import known_weeks, usable_runs

if TYPE_CHECKING:
    from datetime import date

    from hipdrive.report.findings import Findings

FRESH_DAYS = 28  # nothing of “now” or “this week” from older data
DAY_AFTER_WIDEST = 0.05  # the day after is a matter of one or two percent: wider tells nothing


@dataclass(frozen=True)
class Need:
    """What one thing needs.

    Attributes:
        runs: usable runs.
        weeks: complete weeks of known hip work.
        fresh_runs: whether the newest run must be of the last 28 days.
        fresh_log: whether the strength log must reach into the last 28 days.
        widest: the largest half-width of its interval, as a fraction.
        like: what is held equal, so that like is compared with like.
    """

    runs: int = 0
    weeks: int = 0
    fresh_runs: bool = False
    fresh_log: bool = False
    widest: float = WIDEST_FRACTION
    like: str = ""


NEEDS: dict[str, Need] = {
    # the first screen
    "pace of some runs": Need(runs=4, like="one heart rate"),
    "change of pace": Need(runs=8, fresh_runs=True, like="one heart rate, the same slopes, four runs in each 28 days"),
    "targets of this week": Need(fresh_log=True),
    "a date for the answer": Need(fresh_runs=True, fresh_log=True),
    # below it
    "an effect": Need(runs=60, weeks=26, like="one heart rate; season, load and trend taken out"),
    "the day after": Need(runs=30, weeks=12, widest=DAY_AFTER_WIDEST, like="runs of the same week"),
    "best of this quarter": Need(fresh_runs=True, like="one distance"),
    "the next block": Need(weeks=26, fresh_runs=True, fresh_log=True),
}


def may_say(findings: Findings, what: str, half_width: float | None = None) -> bool:
    """Whether this runner's data carry one thing of the table.

    Args:
        findings: of the night.
        what: its name in `NEEDS`.
        half_width: of its interval, where it has one.
    """
    need = NEEDS[what]
    return (
        usable_runs(findings) >= need.runs
        and known_weeks(findings) >= need.weeks
        and not (need.fresh_runs and not has_fresh_runs(findings))
        and not (need.fresh_log and not has_fresh_log(findings))
        and (half_width is None or half_width <= need.widest)
    )


def newest_run(findings: Findings) -> date | None:
    """The day of the newest run of any kind; None without runs."""
    day: date | None = findings.runs["local_date"].max()  # type: ignore[assignment]
    return day


def last_logged(findings: Findings) -> date | None:
    """The last day that a strength log speaks for; None without a log."""
    day: date | None = findings.log_span["last_date"].max()  # type: ignore[assignment]
    return day


def has_fresh_runs(findings: Findings) -> bool:
    """Whether the newest run is of the last 28 days."""
    day = newest_run(findings)
    return day is not None and (findings.tonight - day).days <= FRESH_DAYS


def has_fresh_log(findings: Findings) -> bool:
    """Whether the strength log reaches into the last 28 days; without any log there is nothing old."""
    day = last_logged(findings)
    return day is None or (findings.tonight - day).days <= FRESH_DAYS
