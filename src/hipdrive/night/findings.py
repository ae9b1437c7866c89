"""Everything the page of one athlete is drawn from, read from finished tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import dataframely as dy

from hipdrive.catalogue import Resolver
from hipdrive.estimate.description import describe_associations, explain_associations
from hipdrive.estimate.halves import compare_halves
from hipdrive.estimate.mechanisms import SHOWN, measured_outcomes
from hipdrive.estimate.readiness import measure_readiness
from hipdrive.estimate.speed_path import follow_speed
from hipdrive.night.answers import Answers
from hipdrive.night.plans import stored_plans
from hipdrive.report import OPENED_RUNS, Findings, Planted
from hipdrive.settings import Habits
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.estimates import EffectRow, PlanBlock
from hipdrive.tables.questions import BestEffortBySeason, UnknownName
from hipdrive.tables.run_history import EfficiencySlope, Run
from hipdrive.tables.run_measures import RunMinute
from hipdrive.tables.sources import Reject, Source
from hipdrive.tables.strength import Exercise, LogSpan, ProgrammeTarget, ProgrammeWeek, StrengthSet
from hipdrive.tables.weeks import Athlete, Day, NightlyRun, Week
from hipdrive.tidy.names import add_nearest
from hipdrive.warehouse import CheckResult, StoredTables


def gather_findings(
    warehouse: StoredTables,
    athlete: str,
    tonight: date,
    answers: Answers | None,
    checks: Sequence[CheckResult],
    resolver: Resolver,
    planted: Planted | None,
    habits: Habits,
) -> Findings:
    """One athlete's findings; each table is read once, and of it this athlete's rows only.

    Args:
        warehouse: with its views built.
        athlete: whose.
        tonight: the athlete's date.
        answers: of the estimate room; None where there was nothing to estimate.
        checks: the data checks of this night.
        resolver: names of exercises → catalogue, for the nearest names.
        planted: the made-up runner's truth.
        habits: how the athlete reads numbers and days.
    """
    weeks, runs = warehouse.read("weeks", Week, athlete), warehouse.read("runs", Run, athlete)
    plans, blocks = stored_plans(warehouse, athlete)
    return Findings(
        athlete=warehouse.read("athletes", Athlete, athlete),
        tonight=tonight,
        weeks=weeks,
        days=warehouse.read("days", Day, athlete),
        runs=runs,
        run_minutes=_newest_minutes(warehouse, runs),
        strength_sets=warehouse.read("strength_sets", StrengthSet, athlete),
        programme_weeks=warehouse.read("programme_weeks", ProgrammeWeek, athlete),
        programme_targets=warehouse.read("programme_targets", ProgrammeTarget, athlete),
        associations=describe_associations(weeks.filter("is_complete", "dose_known")),
        effects=warehouse.read("effects", EffectRow, athlete),
        effect=answers.effect if answers else None,
        look=answers.look if answers else None,
        estimated_weeks=answers.weeks if answers else None,
        races=answers.races if answers else None,
        pace_parts=answers.parts if answers else None,
        exercises=warehouse.read("exercises", Exercise),
        sources=warehouse.read("sources", Source, athlete),
        rejects=warehouse.read("rejects", Reject, athlete),
        nights=warehouse.read("nightly_runs", NightlyRun),
        checks=tuple(checks),
        unmatched=add_nearest(warehouse.read("unknown_names", UnknownName, athlete), resolver),
        log_span=warehouse.read("log_spans", LogSpan, athlete),
        best_efforts=warehouse.read("best_efforts_by_season", BestEffortBySeason, athlete),
        planted=planted,
        day_after=answers.day_after if answers else None,
        at_present_rhythm=answers.at_present_rhythm if answers else None,
        in_blocks=answers.in_blocks if answers else None,
        remedies=answers.remedies if answers else None,
        teaches_most=answers.teaches_most if answers else None,
        mechanisms=answers.mechanisms if answers else (),
        stride_changes=compare_halves(runs) if measured_outcomes(runs, SHOWN) else None,
        associations_caveat=explain_associations(weeks.filter("is_complete")),
        coupling=answers.coupling if answers else None,
        stride_seen=answers.stride_seen if answers else None,
        late=answers.late if answers else None,
        plans=plans,
        plan_blocks=PlanBlock.cast(blocks.join(plans.tail(1), on="plan_id", how="semi", maintain_order="left")),
        speed_path=follow_speed(runs, warehouse.read("efficiency_slopes", EfficiencySlope, athlete), tonight),
        readiness=measure_readiness(weeks, answers.effect.decision.facts if answers else None, tonight),
        diary=warehouse.read("diary", DiaryLine, athlete),
        habits=habits,
    )


def _newest_minutes(warehouse: StoredTables, runs: dy.DataFrame[Run]) -> dy.DataFrame[RunMinute]:
    newest = runs.sort("start_utc", descending=True)["activity_id"].head(OPENED_RUNS)
    return warehouse.rows_of("run_windows", RunMinute, "activity_id", newest.to_list())
