"""Declared experiments: a line in `data/plans.jsonl` for each, written before it begins and never changed.

The tables `plans` and `plan_blocks` hold the same. The line stays when the warehouse has to be made anew, because no
source file tells of an experiment.
"""

from __future__ import annotations

from typing import NamedTuple

import dataframely as dy
import polars as pl

from hipdrive.settings import Home
from hipdrive.tables.estimates import Plan, PlanBlock
from hipdrive.tables.teams import TeamStart
from hipdrive.warehouse.lines import append_line, keep_lines, read_lines
from hipdrive.warehouse.reading import describe_tables, read_table

_FILE = "plans.jsonl"
_TEAM_FILE = "team_starts.jsonl"


class Declared(NamedTuple):
    """Experiments, and the blocks of all of them."""

    plans: dy.DataFrame[Plan]
    blocks: dy.DataFrame[PlanBlock]


def write_plan(home: Home, plan: dy.DataFrame[Plan], blocks: dy.DataFrame[PlanBlock]) -> None:
    """Put one declared experiment on disk, with its draw."""
    drawn = blocks.drop("plan_id", "adherence_fraction").sort("block_index").to_dicts()
    append_line(home.data / _FILE, {**plan.row(0, named=True), "blocks": drawn})


def read_plans(home: Home) -> Declared:
    """Every experiment declared so far; a line that broke off in a crash, or tells too little, is left out."""
    rows = [row for row in read_lines(home.data / _FILE) if isinstance(row.get("blocks"), list)]
    plans, _ = Plan.filter(_typed([{name: row.get(name) for name in Plan.columns()} for row in rows], Plan), cast=True)
    blocks = [
        {**{name: block.get(name) for name in PlanBlock.columns()}, "plan_id": row.get("plan_id")}
        for row in rows
        for block in row["blocks"]
        if isinstance(block, dict)
    ]
    known, _ = PlanBlock.filter(_typed(blocks, PlanBlock), cast=True)
    return Declared(plans, PlanBlock.cast(known.join(plans, on="plan_id", how="semi", maintain_order="left")))


def all_plans(home: Home) -> Declared:
    """Every experiment declared so far: of the warehouse, with adherence, and what it does not hold yet."""
    told = read_plans(home)
    if not home.warehouse_file.is_file() or "plans" not in {name for name, *_ in describe_tables(home)}:
        return told
    held = Declared(read_table(home, "plans", Plan), read_table(home, "plan_blocks", PlanBlock))
    plans, blocks = (
        pl.concat([known, more.join(held.plans, on="plan_id", how="anti", maintain_order="left")])
        for known, more in zip(held, told, strict=True)
    )
    return Declared(Plan.cast(plans), PlanBlock.cast(blocks))


def write_team_starts(home: Home, starts: dy.DataFrame[TeamStart]) -> None:
    """Put the starts that were drawn for a team on disk, a line an athlete."""
    for row in starts.iter_rows(named=True):
        append_line(home.data / _TEAM_FILE, row)


def read_team_starts(home: Home) -> dy.DataFrame[TeamStart]:
    """Every start drawn so far; a line that broke off in a crash, or tells too little, is left out."""
    rows = [{name: row.get(name) for name in TeamStart.columns()} for row in read_lines(home.data / _TEAM_FILE)]
    return TeamStart.filter(_typed(rows, TeamStart), cast=True)[0]


def plans_text(home: Home) -> str:
    """The file as it stands, for what has to change with it; empty where nothing was declared."""
    path = home.data / _FILE
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def drop_plans_of(home: Home, athlete: str) -> None:
    """Remove one athlete's experiments, and their start in a team's."""
    for file in (_FILE, _TEAM_FILE):
        keep_lines(home.data / file, lambda row: row.get("athlete_id") != athlete)


def _typed(rows: list[dict[str, object]], schema: type[dy.Schema]) -> pl.DataFrame:
    types = {name: column.dtype for name, column in schema.columns().items()}
    texts = {
        name: pl.String if isinstance(dtype, pl.Date | pl.Datetime | pl.Enum) else dtype
        for name, dtype in types.items()
    }
    frame = pl.DataFrame(rows, schema=texts)
    return frame.with_columns(
        *(pl.col(name).str.to_date(strict=False) for name, dtype in types.items() if isinstance(dtype, pl.Date)),
        *(
            pl.col(name).str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
            for name, dtype in types.items()
            if isinstance(dtype, pl.Datetime)
        ),
    )
