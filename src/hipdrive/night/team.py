"""What a team tells together: the pooled estimate from what each night answered, and starts drawn by lot."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

import dataframely as dy
import polars as pl

from hipdrive.errors import MissingWarehouse, WrongUse
from hipdrive.estimate.experiment import next_monday
from hipdrive.estimate.history import PRIMARY_EXPOSURE, PRIMARY_OUTCOME
from hipdrive.estimate.team import LeftOut, Summary, TeamEffect, pool, summarise
from hipdrive.estimate.team_starts import FEWEST_TO_DRAW, draw_starts
from hipdrive.night.answers import kept_answers
from hipdrive.night.calendar import build_name, local_date
from hipdrive.night.members import make_member
from hipdrive.night.plans import MOST_SEEDS, end_of_blocks
from hipdrive.report import Member, words, written_for
from hipdrive.settings import Home
from hipdrive.tables.teams import TeamEffectRow, TeamMemberRow, TeamStart
from hipdrive.warehouse import (
    Catalogue,
    Warehouse,
    is_todays_catalogue,
    only_writer,
    read_team_starts,
    write_team_starts,
)


@dataclass(frozen=True)
class Pooled:
    """A pooled estimate, None with fewer than three athletes; who was left out and why; starts that were drawn."""

    effect: TeamEffect | None
    pooled: int
    left_out: tuple[LeftOut, ...]
    starts: dy.DataFrame[TeamStart]
    members: tuple[Member, ...] = ()


def estimate_team(home: Home, now: datetime) -> Pooled:
    """Pool what the last nights found of each athlete, and keep it in `team_effects` and `team_members`.

    Of an athlete only the estimate and its error are taken: no run, no sample.

    Raises:
        MissingWarehouse: no night has been run yet.
        HipdriveError: the home is being written by another process.
    """
    if not home.warehouse_file.is_file():
        raise MissingWarehouse(home.warehouse_file)
    run_id = build_name(now)
    with only_writer(home.data), Catalogue(home) if is_todays_catalogue(home) else Warehouse(home) as warehouse:
        answers = {athlete: kept_answers(warehouse, athlete) for athlete in warehouse.owners()}
        parts = [summarise(athlete, found.effect if found else None) for athlete, found in answers.items()]
        summaries = [one for one in parts if isinstance(one, Summary)]
        left_out = tuple(one for one in parts if isinstance(one, LeftOut))
        effect = pool(summaries)
        warehouse.append("team_effects", effect_row(effect, run_id, len(summaries), len(left_out)))
        warehouse.append("team_members", member_rows(effect, run_id, left_out))
        starts = read_team_starts(home)
        warehouse.replace("team_starts", starts)
        warehouse.build_views()
        with written_for(home.settings.habits_of(home.settings.first_athlete)):
            members = tuple(make_member(warehouse, one, local_date(home.settings, one, now)) for one in answers)
        warehouse.swap(run_id)
    return Pooled(effect, len(summaries), left_out, starts, members)


def declare_team(home: Home, now: datetime) -> dy.DataFrame[TeamStart]:
    """Draw the starts of all athletes of the settings, and put them on disk before the first Monday.

    Raises:
        WrongUse: too few athletes, starts were drawn already and the last is still to come, or somebody has an
            experiment of their own.
        HipdriveError: the home is being written by another process.
    """
    settings = home.settings
    today = max(local_date(settings, athlete, now) for athlete in settings.athlete_ids)
    members = [athlete for athlete in settings.athlete_ids if athlete in settings.athletes] or settings.athlete_ids
    if len(members) < FEWEST_TO_DRAW:
        raise WrongUse(
            "plan",
            f"{len(members)} of a team of {FEWEST_TO_DRAW} or more",
            "name every athlete in athletes.csv or hipdrive.toml: a line with their id, or a section [athletes.NAME]",
        )
    with only_writer(home.data):
        last = max(read_team_starts(home)["start_date"].to_list(), default=None)
        if last is not None and last >= today:
            raise WrongUse("plan", f"starts were drawn already, the last for {last}", "their order is never changed")
        ends = {one: end_of_blocks(home, one) for one in members}
        running = [f"{one} until {words.day(end)}" for one, end in ends.items() if end is not None and end >= today]
        if running:
            raise WrongUse(
                "plan",
                f"an experiment of their own is declared for {words.listed(running)}, and a start in the team would "
                "undo it",
                "draw the starts after that",
            )
        monday = next_monday(today, now.astimezone(UTC).date())
        starts = draw_starts(members, now, monday, secrets.randbelow(MOST_SEEDS))
        write_team_starts(home, starts)
    return starts


def effect_row(effect: TeamEffect | None, run_id: str, pooled: int, left_out: int) -> dy.DataFrame[TeamEffectRow]:
    """The pooled estimate as a row; its numbers are null where there was nothing to pool."""
    row = {
        "run_id": run_id,
        "outcome": PRIMARY_OUTCOME,
        "exposure": PRIMARY_EXPOSURE,
        "estimate_fraction": effect and effect.pooled.estimate,
        "lo_fraction": effect and effect.pooled.lo,
        "hi_fraction": effect and effect.pooled.hi,
        "prediction_lo_fraction": effect and effect.prediction.lo,
        "prediction_hi_fraction": effect and effect.prediction.hi,
        "between_sd_fraction": effect and effect.between_sd_fraction,
        "p_value": effect and effect.p_value,
        "athletes": pooled,
        "left_out": left_out,
    }
    return TeamEffectRow.validate(pl.DataFrame([row]).select(TeamEffectRow.column_names()), cast=True)


def member_rows(effect: TeamEffect | None, run_id: str, left_out: tuple[LeftOut, ...]) -> dy.DataFrame[TeamMemberRow]:
    """One row an athlete: pooled, or left out and why."""
    pooled: list[dict[str, object]] = [
        {
            "athlete_id": one.athlete_id,
            "estimate_fraction": one.own.estimate,
            "lo_fraction": one.own.lo,
            "hi_fraction": one.own.hi,
            "shrunken_fraction": one.shrunken.estimate,
            "shrunken_lo_fraction": one.shrunken.lo,
            "shrunken_hi_fraction": one.shrunken.hi,
            "weight_fraction": one.weight,
        }
        for one in (effect.members if effect else ())
    ]
    others: list[dict[str, object]] = [
        {"athlete_id": one.athlete_id, "left_out_reason": one.reason} for one in left_out
    ]
    types = {name: column.dtype for name, column in TeamMemberRow.columns().items()}
    rows = [{name: {"run_id": run_id, **row}.get(name) for name in types} for row in (*pooled, *others)]
    return TeamMemberRow.validate(pl.DataFrame(rows, schema=types), cast=True)
