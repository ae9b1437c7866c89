"""Which state the first screen is in: by rules on the data, first match wins."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from hipdrive.report.description import known_weeks
from hipdrive.report.experiment import block_tonight, ended_experiment

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

LOG_STOPPED_AFTER_DAYS = 28  # an app is exported about once a month; our choice


class State(Enum):
    """What the first screen leads with."""

    DEMO = "demo"
    NO_RUNS = "no_runs"
    NO_STRENGTH_LOG = "no_strength_log"
    LOG_STOPPED = "log_stopped"
    EXPERIMENT = "experiment"
    UNDER_12_WEEKS = "under_12_weeks"
    FROM_12_WEEKS = "from_12_weeks"
    FROM_26_WEEKS = "from_26_weeks"
    FROM_52_WEEKS = "from_52_weeks"


def choose_state(findings: Findings) -> State:
    """The state of tonight's first screen; weeks are those with both runs and a known dose, first to last."""
    return _before_the_weeks_count(findings) or _by_weeks(known_weeks(findings))


def _before_the_weeks_count(findings: Findings) -> State | None:
    if findings.planted is not None:
        return State.DEMO
    if findings.runs.is_empty():
        return State.NO_RUNS
    if findings.log_span.is_empty():
        return State.NO_STRENGTH_LOG
    if days_without_log(findings) > LOG_STOPPED_AFTER_DAYS:
        return State.LOG_STOPPED
    has_experiment = block_tonight(findings) is not None or ended_experiment(findings) is not None
    return State.EXPERIMENT if has_experiment else None


def _by_weeks(weeks: int) -> State:
    from_weeks = {52: State.FROM_52_WEEKS, 26: State.FROM_26_WEEKS, 12: State.FROM_12_WEEKS}
    return next((state for first, state in from_weeks.items() if weeks >= first), State.UNDER_12_WEEKS)


def days_without_log(findings: Findings) -> int:
    """Days of running after the last day that the strength log speaks for; 0 where the log is ahead.

    Counted to the last run and not to tonight: where both have ended, nothing is missing between them.
    """
    last_run, last_logged = findings.runs["local_date"].max(), findings.log_span["last_date"].max()
    return max(0, (last_run - last_logged).days)  # type: ignore[operator, union-attr]
