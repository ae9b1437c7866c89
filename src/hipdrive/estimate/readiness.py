"""Whether there is enough for a first estimate, and how long it still takes at the present rhythm."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from hipdrive.estimate.blocks import FEWEST_BLOCK_WEEKS
from hipdrive.estimate.found import known_weeks
from hipdrive.estimate.verdict import FEWEST_BLOCK_CHANGES, FEWEST_RUNS, FEWEST_WEEKS, Facts

RHYTHM_WEEKS = 8
FRESH_DAYS = 28


@dataclass(frozen=True)
class Readiness:
    """What is there, what is needed.

    Attributes:
        weeks: of known hip work; `weeks_needed` of them are needed.
        runs: usable runs in them; `runs_needed` are needed.
        changes: between four or more weeks on and four or more off; `changes_needed` are needed.
        weeks_to_go: at the rhythm of the last eight weeks; None where runs or log have stopped, or nothing is missing.
    """

    weeks: int
    runs: int
    changes: int
    weeks_to_go: int | None
    weeks_needed: int = FEWEST_WEEKS
    runs_needed: int = FEWEST_RUNS
    changes_needed: int = FEWEST_BLOCK_CHANGES

    @property
    def is_ready(self) -> bool:
        """Whether nothing of the three is missing."""
        return self.weeks >= self.weeks_needed and self.runs >= self.runs_needed and self.changes >= self.changes_needed


def measure_readiness(weeks: pl.DataFrame, facts: Facts | None, tonight: date) -> Readiness:
    """Progress towards a first estimate.

    Twelve weeks with 30 usable runs at three a week and one change so far: 14 more weeks.

    Args:
        weeks: every week of one athlete.
        facts: of tonight's estimate; None before there is any.
        tonight: the athlete's date.
    """
    known = weeks.filter("is_complete", "dose_known")
    if facts is None:
        there = known_weeks(weeks), int(known["runs"].sum()), 0
    else:
        there = facts.known_weeks, facts.runs, facts.block_changes
    recent = known.filter(pl.col("week_start") >= tonight - timedelta(weeks=RHYTHM_WEEKS + 1))
    is_fresh = known.filter(
        pl.col("week_start") >= tonight - timedelta(days=FRESH_DAYS + 7), pl.col("runs_all") > 0
    ).height
    a_week = recent["runs"].sum() / max(1, recent.height)
    readiness = Readiness(*there, None)
    if readiness.is_ready or not is_fresh or a_week == 0:
        return readiness
    weeks_of_runs = math.ceil((readiness.runs_needed - readiness.runs) / a_week)
    weeks_of_changes = (readiness.changes_needed - readiness.changes) * FEWEST_BLOCK_WEEKS
    to_go = max(readiness.weeks_needed - readiness.weeks, weeks_of_runs, weeks_of_changes)
    return Readiness(*there, max(1, to_go))
