"""Everything the page of one athlete is drawn from, as typed frames: what the flow hands to this room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hipdrive.settings import Habits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import dataframely as dy
    import polars as pl

    from hipdrive.estimate import Effect
    from hipdrive.estimate.day_after import DayAfter
    from hipdrive.estimate.description import Likeness
    from hipdrive.estimate.mathematical_coupling import MathematicalCoupling
    from hipdrive.estimate.mechanisms import Mechanism
    from hipdrive.estimate.power_analysis import Prospect, Remedies
    from hipdrive.estimate.readiness import Readiness
    from hipdrive.estimate.speed_path import SpeedPath
    from hipdrive.estimate.stride_seen import StrideSeen
    from hipdrive.tables.diary import DiaryLine
    from hipdrive.tables.estimates import Association, EffectRow, PacePart, Plan, PlanBlock, Race, StrideChange
    from hipdrive.tables.questions import BestEffortBySeason
    from hipdrive.tables.run_history import Run
    from hipdrive.tables.run_measures import RunMinute
    from hipdrive.tables.sources import Reject, Source
    from hipdrive.tables.strength import Exercise, LogSpan, ProgrammeTarget, ProgrammeWeek, StrengthSet
    from hipdrive.tables.weeks import Athlete, Day, NightlyRun, Week
    from hipdrive.warehouse import CheckResult

OPENED_RUNS = 60  # the newest, whose minutes a page holds


@dataclass(frozen=True)
class Planted:
    """What was planted in a made-up runner.

    Attributes:
        effect_fraction: change of speed at a full programme kept up.
        weeks: length of the history.
        seed: of its random numbers.
        sentence: one more sentence about how it was made.
        other: of another made-up runner's page, where it is and what is to be seen there; empty without one.
    """

    effect_fraction: float
    weeks: int
    seed: int
    sentence: str = ""
    other: tuple[str, str] | None = None


@dataclass(frozen=True)
class Findings:
    """One athlete, one night.

    Attributes:
        athlete: one row.
        tonight: the athlete's day on which the page is drawn.
        weeks: every ISO week, none missing.
        days: every day, none missing.
        runs: every run.
        run_minutes: the newest runs minute by minute; None where they were not asked for.
        best_efforts: the fastest stretch of each quarter of the year and target; None where they were not asked for.
        strength_sets: every set with its dose.
        programme_weeks: one row a week and item of the programme.
        programme_targets: the next session, one row an item.
        associations: plain correlations by outcome and lag.
        effects: estimates of this and earlier nights.
        effect: tonight's estimate; None where none was made, the last rows of `effects` then speak.
        look: the estimate at the last declared look, whose verdict stands; None before the first.
        estimated_weeks: complete weeks as they were estimated from: runs repaired, races and illness told.
        races: the race calendar; those that are not counted are asked about.
        pace_parts: what the path of speed at reference heart rate is made of.
        exercises: the catalogue.
        sources: what became of every file.
        rejects: rows of files that could not be used.
        nights: runs of the flow, earlier ones.
        checks: the data checks of this night.
        unmatched: names nobody knows: `exercise_name`, `sets`, `nearest` (list of catalogue keys).
        log_span: the days the strength logs speak for; no row without a log.
        planted: of a made-up runner only.
        day_after: the second question, whether hip work costs speed on the next two days.
        stride_changes: stride at one speed, second half of the log against the first.
        at_present_rhythm: what more weeks would show if the dose goes on as it was.
        in_blocks: what more weeks would show with blocks on and off.
        stride_seen: sweep angle and swing time, for the claims that cannot be tested.
        late: the second declared outcome, late in long runs.
        remedies: what would help most: time, less noise, or a design.
        teaches_most: the block, on or off, that would teach most from Monday on.
        mechanisms: stride at one speed against the dose, where it was measured.
        associations_caveat: how few independent weeks the correlated ones are worth.
        plans: declared experiments.
        plan_blocks: the blocks of the one declared last.
        speed_path: the number of the last 28 days and its curve; None where no run has a pace at heart rate.
        readiness: how far it is to a first estimate.
        diary: the runner's own lines.
        coupling: how much of the correlation of sweep angle and force the formulas build in.
    """

    athlete: dy.DataFrame[Athlete]
    tonight: date
    weeks: dy.DataFrame[Week]
    days: dy.DataFrame[Day]
    runs: dy.DataFrame[Run]
    strength_sets: dy.DataFrame[StrengthSet]
    programme_weeks: dy.DataFrame[ProgrammeWeek]
    programme_targets: dy.DataFrame[ProgrammeTarget]
    associations: dy.DataFrame[Association]
    effects: dy.DataFrame[EffectRow]
    effect: Effect | None
    exercises: dy.DataFrame[Exercise]
    sources: dy.DataFrame[Source]
    rejects: dy.DataFrame[Reject]
    nights: dy.DataFrame[NightlyRun]
    checks: Sequence[CheckResult]
    unmatched: pl.DataFrame
    log_span: dy.DataFrame[LogSpan]
    best_efforts: dy.DataFrame[BestEffortBySeason] | None = None
    run_minutes: dy.DataFrame[RunMinute] | None = None
    planted: Planted | None = None
    look: Effect | None = None
    estimated_weeks: pl.DataFrame | None = None
    races: dy.DataFrame[Race] | None = None
    pace_parts: dy.DataFrame[PacePart] | None = None
    day_after: DayAfter | None = None
    stride_changes: dy.DataFrame[StrideChange] | None = None
    at_present_rhythm: Prospect | None = None
    in_blocks: Prospect | None = None
    coupling: MathematicalCoupling | None = None
    stride_seen: StrideSeen | None = None
    late: Effect | None = None
    remedies: Remedies | None = None
    teaches_most: str | None = None
    mechanisms: Sequence[Mechanism] = ()
    associations_caveat: Likeness | None = None
    plans: dy.DataFrame[Plan] | None = None
    plan_blocks: dy.DataFrame[PlanBlock] | None = None
    speed_path: SpeedPath | None = None
    readiness: Readiness | None = None
    diary: dy.DataFrame[DiaryLine] | None = None
    habits: Habits = field(default_factory=Habits)

    @property
    def weeks_to_estimate(self) -> pl.DataFrame:
        """Complete weeks as they were estimated from; as they are where nothing was estimated."""
        return self.weeks.filter("is_complete") if self.estimated_weeks is None else self.estimated_weeks
