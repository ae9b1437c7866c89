"""From finished tables to what is said of each athlete: the estimate's rows, and everything the page is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

import dataframely as dy
import polars as pl

from hipdrive.catalogue import Resolver
from hipdrive.estimate import Effect, estimate_effect
from hipdrive.estimate.description import describe_associations
from hipdrive.estimate.rows import check_rows, effect_rows
from hipdrive.report import Findings, Planted
from hipdrive.settings import Home
from hipdrive.tables.estimates import EffectRow
from hipdrive.tables.runs import Run
from hipdrive.tables.sources import Reject, Source
from hipdrive.tables.strength import Exercise, LogSpan, ProgrammeTarget, ProgrammeWeek, StrengthSet
from hipdrive.tables.weeks import Athlete, Day, NightlyRun, Week
from hipdrive.warehouse import CheckResult, Warehouse

S = TypeVar("S", bound=dy.Schema)


def estimate_everyone(warehouse: Warehouse, run_id: str) -> dict[str, Effect]:
    """Each athlete's effect, kept as rows of this night in `effects` and `effect_checks`.

    Only complete weeks enter; which of them have a known dose the estimate sees itself.
    """
    weeks = warehouse.read("weeks", Week)
    effects = {}
    for (athlete,), rows in weeks.filter("is_complete").partition_by("athlete_id", as_dict=True).items():
        effect = estimate_effect(rows.sort("week_start"))
        effects[str(athlete)] = effect
        warehouse.append("effects", effect_rows(effect, run_id, str(athlete)))
        warehouse.append("effect_checks", check_rows(effect, run_id, str(athlete)))
    return effects


def gather_findings(
    warehouse: Warehouse,
    home: Home,
    tonight: date,
    effects: Mapping[str, Effect],
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

    def of(athlete: str, table: str, schema: type[S]) -> dy.DataFrame[S]:
        rows = warehouse.read(table, schema)
        return schema.cast(rows.filter(pl.col("athlete_id") == athlete))

    found = {}
    for athlete in athletes:
        own_weeks = of(athlete, "weeks", Week)
        found[athlete] = Findings(
            athlete=of(athlete, "athletes", Athlete),
            tonight=tonight,
            weeks=own_weeks,
            days=of(athlete, "days", Day),
            runs=of(athlete, "runs", Run),
            strength_sets=of(athlete, "strength_sets", StrengthSet),
            programme_weeks=of(athlete, "programme_weeks", ProgrammeWeek),
            programme_targets=of(athlete, "programme_targets", ProgrammeTarget),
            associations=describe_associations(own_weeks.filter("is_complete", "dose_known")),
            effects=of(athlete, "effects", EffectRow),
            effect=effects.get(athlete),
            exercises=warehouse.read("exercises", Exercise),
            sources=of(athlete, "sources", Source),
            rejects=warehouse.read("rejects", Reject),
            nights=warehouse.read("nightly_runs", NightlyRun),
            checks=tuple(checks),
            unmatched=unmatched.filter(pl.col("athlete_id") == athlete).drop("athlete_id"),
            log_span=of(athlete, "log_spans", LogSpan),
            planted=planted,
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
