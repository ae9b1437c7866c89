"""Declared experiments: taken over every night, followed block by block, and the declaration of a new one."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime

import polars as pl

from hipdrive.errors import WrongUse
from hipdrive.estimate.answers import ask_plans
from hipdrive.estimate.experiment import declare_experiment, last_day, measure_adherence, next_monday
from hipdrive.night.calendar import build_name, local_date
from hipdrive.report import words
from hipdrive.settings import Home
from hipdrive.tables.estimates import Plan, PlanBlock
from hipdrive.tables.weeks import Week
from hipdrive.warehouse import (
    Declared,
    StoredTables,
    Warehouse,
    all_plans,
    only_writer,
    read_plans,
    read_team_starts,
    write_plan,
)

MOST_SEEDS = 2**31


def keep_plans(warehouse: Warehouse, home: Home) -> None:
    """Take over what was declared and the copy does not hold; what it holds is never changed."""
    declared, known = read_plans(home), warehouse.read("plans", Plan)
    for table, rows in (("plans", declared.plans), ("plan_blocks", declared.blocks)):
        warehouse.append(table, rows.join(known, on="plan_id", how="anti", maintain_order="left"))


def follow_plans(warehouse: Warehouse) -> None:
    """The share of the programme done in each block so far; the views must stand."""
    plans, blocks = warehouse.read("plans", Plan), warehouse.read("plan_blocks", PlanBlock)
    warehouse.replace("plan_blocks", measure_adherence(plans, blocks, warehouse.read("weeks", Week)))


def stored_plans(warehouse: StoredTables, athlete: str) -> Declared:
    """One athlete's experiments as the copy holds them."""
    return of_athlete(Declared(warehouse.read("plans", Plan), warehouse.read("plan_blocks", PlanBlock)), athlete)


def answer_plans(
    warehouse: Warehouse, athlete: str, weeks: pl.DataFrame, asked_utc: datetime, *, again: bool = False
) -> Declared:
    """One athlete's experiments; the draw of one that is due is asked, once, and its answer kept with the plan."""
    plans, blocks = stored_plans(warehouse, athlete)
    answered = ask_plans(plans, blocks, weeks, asked_utc, again=again)
    if not answered.equals(plans):
        warehouse.replace_of(athlete, "plans", answered)
    return Declared(answered, blocks)


def forget_answers(warehouse: Warehouse) -> None:
    """Let every draw be asked again, by the estimate of the same night; only a backfill does that."""
    unasked = (pl.lit(None).alias(name) for name in ("asked_utc", "draw_p_value", "verdict"))
    warehouse.replace("plans", Plan.cast(warehouse.read("plans", Plan).with_columns(*unasked)))


def of_athlete(declared: Declared, athlete: str) -> Declared:
    """One athlete's experiments, in the order they were declared, and the blocks of all of them."""
    plans = declared.plans.filter(pl.col("athlete_id") == athlete).sort("declared_utc")
    blocks = declared.blocks.join(plans, on="plan_id", how="semi", maintain_order="left")
    return Declared(Plan.cast(plans), PlanBlock.cast(blocks))


def end_of_blocks(home: Home, athlete: str) -> date | None:
    """The last day of all experiments that an athlete of a home has declared; None without any.

    What was declared before there was a team lies with the team until its next night.
    """
    ends = [last_day(of_athlete(all_plans(one), athlete).blocks) for one in {home, home.of(athlete)}]
    return max((end for end in ends if end is not None), default=None)


def declare(home: Home, athlete: str, now: datetime) -> Declared:
    """Draw an experiment and put it on disk before it begins: a line of its own, then the warehouse's tables.

    Raises:
        WrongUse: one is declared already and has not ended, or starts were drawn for a team with this athlete in it.
        HipdriveError: the home is being written by another process.
    """
    own, today = home.of(athlete), local_date(home.settings, athlete, now)
    with only_writer(own.data):
        end = end_of_blocks(home, athlete)
        if end is not None and end >= today:
            raise WrongUse(
                "plan",
                f"an experiment is declared already and runs until {words.day(end)}",
                "its draw is never changed, and the next one can be declared after it; `hipdrive plan` shows it",
            )
        _must_have_no_start(home, athlete, today)
        start = next_monday(today, now.astimezone(UTC).date())
        plan, blocks = declare_experiment(athlete, now, start, secrets.randbelow(MOST_SEEDS))
        write_plan(own, plan, blocks)
        with Warehouse(own) as warehouse:
            keep_plans(warehouse, own)
            warehouse.build_views()
            warehouse.swap(build_name(now))
    return Declared(plan, blocks)


def _must_have_no_start(home: Home, athlete: str, today: date) -> None:
    starts = read_team_starts(home)
    with_them = starts.filter(
        pl.col("plan_id").is_in(starts.filter(pl.col("athlete_id") == athlete)["plan_id"].implode())
    )
    last = max(with_them["start_date"].to_list(), default=None)
    if last is not None and last >= today:
        raise WrongUse(
            "plan",
            f"{athlete} has a start in a team, the last of which is on {words.day(last)}, and blocks off would undo it",
            "declare an experiment of their own after that day",
        )
