"""Everything the page of one athlete is drawn from, as typed frames: what the flow hands to this room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import dataframely as dy
    import polars as pl

    from hipdrive import tables
    from hipdrive.estimate import Effect
    from hipdrive.warehouse import CheckResult


@dataclass(frozen=True)
class Planted:
    """What was planted in a made-up runner.

    Attributes:
        effect_fraction: change of speed at a full programme kept up.
        weeks: length of the history.
        seed: of its random numbers.
        sentence: one more sentence about how it was made.
    """

    effect_fraction: float
    weeks: int
    seed: int
    sentence: str = ""


@dataclass(frozen=True)
class Findings:
    """One athlete, one night.

    Attributes:
        athlete: one row.
        tonight: the athlete's day on which the page is drawn.
        weeks: every ISO week, none missing.
        days: every day, none missing.
        runs: every run.
        strength_sets: every set with its dose.
        programme_weeks: one row a week and item of the programme.
        programme_targets: the next session, one row an item.
        associations: plain correlations by outcome and lag.
        effects: estimates of this and earlier nights.
        effect: tonight's estimate; None where none was made, the last rows of `effects` then speak.
        exercises: the catalogue.
        sources: what became of every file.
        rejects: rows of files that could not be used.
        nights: runs of the flow, earlier ones.
        checks: the data checks of this night.
        unmatched: names nobody knows: `exercise_name`, `sets`, `nearest` (list of catalogue keys).
        log_span: the days the strength logs speak for; no row without a log.
        planted: of a made-up runner only.
    """

    athlete: dy.DataFrame[tables.Athlete]
    tonight: date
    weeks: dy.DataFrame[tables.Week]
    days: dy.DataFrame[tables.Day]
    runs: dy.DataFrame[tables.Run]
    strength_sets: dy.DataFrame[tables.StrengthSet]
    programme_weeks: dy.DataFrame[tables.ProgrammeWeek]
    programme_targets: dy.DataFrame[tables.ProgrammeTarget]
    associations: dy.DataFrame[tables.Association]
    effects: dy.DataFrame[tables.EffectRow]
    effect: Effect | None
    exercises: dy.DataFrame[tables.Exercise]
    sources: dy.DataFrame[tables.Source]
    rejects: dy.DataFrame[tables.Reject]
    nights: dy.DataFrame[tables.NightlyRun]
    checks: Sequence[CheckResult]
    unmatched: pl.DataFrame
    log_span: dy.DataFrame[tables.LogSpan]
    planted: Planted | None = None
