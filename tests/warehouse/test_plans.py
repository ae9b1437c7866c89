"""Declared experiments outlive crashes, nights and the warehouse itself."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import polars as pl
from polars.testing import assert_frame_equal

from hipdrive.estimate.experiment import declare_experiment
from hipdrive.tables.estimates import Plan
from hipdrive.warehouse import Warehouse, all_plans, connect, plans_text, read_plans, write_plan
from tests.makers.warehouse import a_night, finish

if TYPE_CHECKING:
    import dataframely as dy

    from hipdrive.settings import Home
    from hipdrive.tables.estimates import PlanBlock

NOW = datetime(2024, 1, 5, 20, 0, 0, 123456, tzinfo=UTC)


def declared(athlete: str = "me", seed: int = 7) -> tuple[dy.DataFrame[Plan], dy.DataFrame[PlanBlock]]:
    return declare_experiment(athlete, NOW, date(2024, 1, 8), seed)


def test_before_any_is_declared_there_is_none(home: Home) -> None:
    found = read_plans(home)
    assert found.plans.is_empty()
    assert found.blocks.is_empty()
    assert plans_text(home) == ""


def test_a_plan_is_read_as_it_was_declared(home: Home) -> None:
    plan, blocks = declared()
    write_plan(home, plan, blocks)
    found = read_plans(home)
    assert_frame_equal(found.plans, plan)
    assert_frame_equal(found.blocks, blocks)


def test_a_line_that_broke_off_or_tells_too_little_hides_no_other(home: Home) -> None:
    write_plan(home, *declared(seed=1))
    with (home.data / "plans.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"plan_id": "x", "blocks": [{"block_index": 0}, 3]}\n{"plan_id": "y", "se')
    write_plan(home, *declared(seed=2))
    found = read_plans(home)
    assert found.plans["seed"].to_list() == [1, 2]
    assert found.blocks.height == 24


def test_what_the_warehouse_holds_and_what_it_does_not_hold_yet(home: Home) -> None:
    first, second = declared(seed=1), declared(seed=2)
    with Warehouse(home) as warehouse:
        kept = first[1].with_columns(adherence_fraction=pl.lit(0.5))
        warehouse.append("plans", first[0])
        warehouse.append("plan_blocks", kept)
        finish(warehouse)
        warehouse.swap("build")
    write_plan(home, *first)
    write_plan(home, *second)
    found = all_plans(home)
    assert found.plans["seed"].to_list() == [1, 2]
    assert found.blocks["adherence_fraction"].to_list() == [0.5] * 12 + [None] * 12


def test_a_warehouse_from_before_there_were_plans(home: Home) -> None:
    with Warehouse(home) as warehouse:
        finish(warehouse)
        for table in ("plans", "plan_blocks"):
            warehouse._run(f"DROP TABLE {table}")
        warehouse.swap("build")
    write_plan(home, *declared())
    assert all_plans(home).plans.height == 1
    a_night(home)
    with Warehouse(home) as warehouse:
        assert warehouse.read("plans", Plan).is_empty()


def test_one_athlete_sees_their_own_blocks_only(home: Home) -> None:
    with Warehouse(home) as warehouse:
        for athlete, seed in (("me", 1), ("you", 2)):
            plan, blocks = declared(athlete, seed)
            warehouse.append("plans", plan)
            warehouse.append("plan_blocks", blocks)
        finish(warehouse)
        warehouse.swap("build")
    connection = connect(home, "you")
    try:
        ((ids,),) = connection.execute("SELECT DISTINCT plan_id FROM plan_blocks").fetchall()
    finally:
        connection.close()
    assert ids == "you-2024-01-08-2"


def test_the_line_outlives_the_warehouse(home: Home) -> None:
    write_plan(home, *declared())
    a_night(home)
    home.warehouse_file.unlink()
    shutil.rmtree(home.reports, ignore_errors=True)
    assert all_plans(home).plans["seed"].to_list() == [7]
