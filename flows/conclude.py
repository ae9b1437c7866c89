"""From finished tables to what is said of each athlete: the estimate's rows, and everything the page is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import dataframely as dy
import polars as pl

from flows.planning import of_athlete
from hipdrive.catalogue import Resolver
from hipdrive.estimate import Effect, estimate_effect
from hipdrive.estimate.built_in import BuiltIn, measure_built_in_correlation
from hipdrive.estimate.day_after import DayAfter, estimate_day_after
from hipdrive.estimate.description import describe_associations, explain_associations
from hipdrive.estimate.halves import compare_halves
from hipdrive.estimate.history import read_history
from hipdrive.estimate.looks import estimate_at_last_look
from hipdrive.estimate.mechanisms import SHOWN, Mechanism, estimate_mechanisms, measured_outcomes
from hipdrive.estimate.planner import (
    Prospect,
    Remedies,
    block_that_teaches_most,
    compare_remedies,
    prospect_at_present_rhythm,
    prospect_in_blocks,
)
from hipdrive.estimate.rows import check_rows, effect_rows
from hipdrive.estimate.stride_seen import StrideSeen, describe_stride
from hipdrive.report import Findings, Planted
from hipdrive.settings import Home
from hipdrive.tables.estimates import EffectRow, Plan, PlanBlock
from hipdrive.tables.questions import BestEffortBySeason
from hipdrive.tables.run_history import Run
from hipdrive.tables.runs import RunWindow
from hipdrive.tables.sources import Reject, Source
from hipdrive.tables.strength import Exercise, LogSpan, ProgrammeTarget, ProgrammeWeek, StrengthSet
from hipdrive.tables.weeks import Athlete, Day, NightlyRun, Week
from hipdrive.warehouse import CheckResult, Declared, Warehouse

S = TypeVar("S", bound=dy.Schema)


@dataclass(frozen=True)
class Answers:
    """What the estimate room says of one athlete tonight.

    Attributes:
        effect: of hip-extension work on speed at reference heart rate, all weeks.
        look: the same with the weeks up to the last declared look, whose verdict stands; None before the first.
        day_after: runs after hip work against the others of their week.
        at_present_rhythm: what more weeks like those so far would let one see; None where the noise is not known yet.
        in_blocks: the same for blocks on and off.
        remedies: what would help most: time, less noise, or a design.
        teaches_most: the block, on or off, that would teach most from Monday on.
        mechanisms: stride at one speed, where it was measured; never in the verdict.
        built_in: what the formulas of force and angle build in; None with too few runs to tell.
        stride_seen: sweep angle and swing time, description only; None with too few minutes.
    """

    effect: Effect
    look: Effect | None
    day_after: DayAfter
    at_present_rhythm: Prospect | None
    in_blocks: Prospect | None
    remedies: Remedies | None
    teaches_most: str | None
    mechanisms: tuple[Mechanism, ...]
    built_in: BuiltIn | None
    stride_seen: StrideSeen | None


def estimate_everyone(warehouse: Warehouse, run_id: str) -> dict[str, Answers]:
    """Each athlete's answers; the effect is kept as rows of this night in `effects` and `effect_checks`.

    Only complete weeks enter; which of them have a known dose the estimate sees itself.
    """
    weeks = warehouse.read("weeks", Week)
    runs, days, athletes = warehouse.read("runs", Run), warehouse.read("days", Day), warehouse.read("athletes", Athlete)
    windows = warehouse.read("run_windows", RunWindow).join(runs.select("activity_id", "athlete_id"), on="activity_id")
    declared = Declared(warehouse.read("plans", Plan), warehouse.read("plan_blocks", PlanBlock))
    answers = {}
    for (athlete,), rows in weeks.filter("is_complete").partition_by("athlete_id", as_dict=True).items():
        own = pl.col("athlete_id") == athlete
        own_weeks = rows.sort("week_start")
        blocks = of_athlete(declared, str(athlete)).blocks
        effect, look = estimate_effect(own_weeks, blocks), estimate_at_last_look(own_weeks, blocks)
        leg_m = athletes.filter(own)["leg_length_m"].item()
        mechanisms = estimate_mechanisms(own_weeks, runs.filter(own))
        history, noise = read_history(own_weeks), effect.noise
        plannable = (history, noise) if history is not None and noise is not None else None
        answers[str(athlete)] = Answers(
            effect=effect,
            look=look,
            day_after=estimate_day_after(runs.filter(own), days.filter(own)),
            at_present_rhythm=prospect_at_present_rhythm(*plannable) if plannable else None,
            in_blocks=prospect_in_blocks(*plannable) if plannable else None,
            remedies=compare_remedies(*plannable) if plannable else None,
            teaches_most=block_that_teaches_most(*plannable) if plannable else None,
            mechanisms=tuple(mechanisms),
            built_in=measure_built_in_correlation(windows.filter(own), leg_m),
            stride_seen=describe_stride(windows.filter(own), leg_m),
        )
        warehouse.append("effects", effect_rows(effect, run_id, str(athlete), look=look))
        for one in mechanisms:
            rows_of_one = effect_rows(one.effect, run_id, str(athlete), one.outcome, q_value=one.q_value)
            warehouse.append("effects", rows_of_one)
        warehouse.append("effect_checks", check_rows(effect, run_id, str(athlete)))
    return answers


def gather_findings(
    warehouse: Warehouse,
    home: Home,
    tonight: date,
    answers: Mapping[str, Answers],
    checks: Sequence[CheckResult],
    resolver: Resolver,
    planted: Planted | None,
) -> dict[str, Findings]:
    """What each athlete's page is drawn from; athletes without any data have no page, but one page there always is."""
    weeks = warehouse.read("weeks", Week)
    with_data = weeks["athlete_id"].unique().to_list()
    athletes = [name for name in home.settings.athlete_ids if name in with_data] or [home.settings.athlete_ids[0]]
    sets = warehouse.read("strength_sets", StrengthSet)
    unmatched = list_unmatched(sets, resolver)
    declared = Declared(warehouse.read("plans", Plan), warehouse.read("plan_blocks", PlanBlock))

    def of(athlete: str, table: str, schema: type[S]) -> dy.DataFrame[S]:
        rows = warehouse.read(table, schema)
        return schema.cast(rows.filter(pl.col("athlete_id") == athlete))

    found = {}
    for athlete in athletes:
        own_weeks = of(athlete, "weeks", Week)
        own_runs = of(athlete, "runs", Run)
        own_sources = of(athlete, "sources", Source)
        answer = answers.get(athlete)
        plans, blocks = of_athlete(declared, athlete)
        found[athlete] = Findings(
            athlete=of(athlete, "athletes", Athlete),
            tonight=tonight,
            weeks=own_weeks,
            days=of(athlete, "days", Day),
            runs=own_runs,
            strength_sets=of(athlete, "strength_sets", StrengthSet),
            programme_weeks=of(athlete, "programme_weeks", ProgrammeWeek),
            programme_targets=of(athlete, "programme_targets", ProgrammeTarget),
            associations=describe_associations(own_weeks.filter("is_complete", "dose_known")),
            effects=of(athlete, "effects", EffectRow),
            effect=answer.effect if answer else None,
            look=answer.look if answer else None,
            exercises=warehouse.read("exercises", Exercise),
            sources=own_sources,
            rejects=Reject.cast(warehouse.read("rejects", Reject).join(own_sources, on="source_id", how="semi")),
            nights=warehouse.read("nightly_runs", NightlyRun),
            checks=tuple(checks),
            unmatched=unmatched.filter(pl.col("athlete_id") == athlete).drop("athlete_id"),
            log_span=of(athlete, "log_spans", LogSpan),
            best_efforts=of(athlete, "best_efforts_by_season", BestEffortBySeason),
            planted=planted,
            day_after=answer.day_after if answer else None,
            at_present_rhythm=answer.at_present_rhythm if answer else None,
            in_blocks=answer.in_blocks if answer else None,
            remedies=answer.remedies if answer else None,
            teaches_most=answer.teaches_most if answer else None,
            mechanisms=answer.mechanisms if answer else (),
            stride_changes=compare_halves(own_runs) if measured_outcomes(own_runs, SHOWN) else None,
            associations_caveat=explain_associations(own_weeks.filter("is_complete")),
            built_in=answer.built_in if answer else None,
            stride_seen=answer.stride_seen if answer else None,
            plans=plans,
            plan_blocks=PlanBlock.cast(blocks.join(plans.tail(1), on="plan_id", how="semi", maintain_order="left")),
        )
    return found


def list_unmatched(sets: pl.DataFrame, resolver: Resolver) -> pl.DataFrame:
    """Names nobody knows: `athlete_id exercise_name sets nearest` (three catalogue keys), the commonest first."""
    names = (
        # A watch's category is no name that an alias could settle, and a set that a log covers is settled by the log.
        sets.filter(pl.col("match") == "none", pl.col("log_kind") == "written", pl.col("superseded_by").is_null())
        .group_by("athlete_id", "exercise_name")
        .agg(sets=pl.len().cast(pl.Int64))
        .sort("athlete_id", "sets", "exercise_name", descending=[False, True, False])
    )
    nearest = [list(resolver.resolve(name).nearest) for name in names["exercise_name"]]
    return names.with_columns(nearest=pl.Series(nearest, dtype=pl.List(pl.String)))
