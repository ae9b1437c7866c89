"""What every table is: its grain, and unit, source and caveat of every column. Nothing is computed here."""

from __future__ import annotations

import dataframely as dy

from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.estimates import CheckRow, EffectRow, PacePartRow, Plan, PlanBlock, RaceRow, StoredAnswers
from hipdrive.tables.fetches import Fetch, FetchedItem
from hipdrive.tables.questions import (
    BestEffortBySeason,
    ChangeSinceLastMonth,
    CriticalSpeed,
    DoseAndNextWeeks,
    Effort,
    PersonalRecord,
    RunListRow,
    StrideByMonth,
    UnknownName,
    WeekVolumeAndDose,
)
from hipdrive.tables.run_efforts import BestEffort
from hipdrive.tables.run_history import AthleteLevel, EfficiencySlope, Run, RunEfficiency
from hipdrive.tables.run_labels import ListedFile, RunLabel
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.run_strides import RunStride
from hipdrive.tables.runs import Activity, Lap, Sample, TimerSpan
from hipdrive.tables.sources import Reading, Reject, Source
from hipdrive.tables.strength import Exercise, LogSpan, NoneSpan, ProgrammeTarget, ProgrammeWeek, StrengthSet, WeekSet
from hipdrive.tables.strength_overlap import LogOverlap
from hipdrive.tables.teams import TeamEffectRow, TeamMemberRow, TeamStart
from hipdrive.tables.weeks import Athlete, AthleteSetting, DailyLoad, Day, NightlyRun, Week
from hipdrive.tables.wellness import DailyWellness, RestingHeartRate

TABLES: dict[str, type[dy.Schema]] = {
    "sources": Source,
    "readings": Reading,
    "rejects": Reject,
    "activities": Activity,
    "samples": Sample,
    "laps": Lap,
    "timer_spans": TimerSpan,
    "run_measures": RunMeasure,
    "run_windows": RunWindow,
    "run_efficiency": RunEfficiency,
    "run_strides": RunStride,
    "best_efforts": BestEffort,
    "diary": DiaryLine,
    "listed_files": ListedFile,
    "run_labels": RunLabel,
    "resting_heart_rates": RestingHeartRate,
    "daily_wellness": DailyWellness,
    "athlete_levels": AthleteLevel,
    "efficiency_slopes": EfficiencySlope,
    "strength_sets": StrengthSet,
    "none_spans": NoneSpan,
    "exercises": Exercise,
    "programme_weeks": ProgrammeWeek,
    "programme_targets": ProgrammeTarget,
    "log_overlaps": LogOverlap,
    "log_spans": LogSpan,
    "daily_load": DailyLoad,
    "effects": EffectRow,
    "effect_checks": CheckRow,
    "answers": StoredAnswers,
    "pace_parts": PacePartRow,
    "races": RaceRow,
    "plans": Plan,
    "plan_blocks": PlanBlock,
    "team_effects": TeamEffectRow,
    "team_members": TeamMemberRow,
    "team_starts": TeamStart,
    "athlete_settings": AthleteSetting,
    "nightly_runs": NightlyRun,
    "fetches": Fetch,
    "fetched_items": FetchedItem,
}
"""Stored tables, by name."""

HEAVY = ("samples", "run_windows", "laps")
"""Tables that are kept in each athlete's own file only, and not in a team's catalogue."""

OF_A_TEAM = ("team_effects", "team_members", "team_starts")
"""Tables that many athletes make together."""

NOT_OF_ONE = ("exercises", "nightly_runs", *OF_A_TEAM)
"""Tables of a team's catalogue whose rows are not taken from the athletes' files."""

LIGHT: dict[str, type[dy.Schema]] = {name: schema for name, schema in TABLES.items() if name not in HEAVY}
"""Stored tables of a team's catalogue, by name."""

VIEWS: dict[str, type[dy.Schema]] = {
    "runs": Run,
    "run_list": RunListRow,
    "days": Day,
    "weeks": Week,
    "week_sets": WeekSet,
    "athletes": Athlete,
    "unknown_names": UnknownName,
    "week_volume_and_dose": WeekVolumeAndDose,
    "efforts": Effort,
    "best_efforts_by_season": BestEffortBySeason,
    "personal_records": PersonalRecord,
    "critical_speeds": CriticalSpeed,
    "stride_by_month": StrideByMonth,
    "dose_and_next_weeks": DoseAndNextWeeks,
    "changes_since_last_month": ChangeSinceLastMonth,
}
"""Views, by name, in the order they are built."""

KEPT_VIEWS = ("weeks",)
"""Views that a team's catalogue keeps as tables, taken from each athlete's file: over thousands they cost too much."""
