"""Stored sets, understood anew: one alias settles a name for all years, and what the watch guessed stays."""

from __future__ import annotations

from functools import cache

import dataframely as dy
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tidy.names import add_nearest, renew_names
from tests.makers.runs import START, typed

RENEWED = ["exercise", "equipment", "match"]


@cache
def resolver(**aliases: str) -> Resolver:
    return Resolver(load_catalogue(), aliases)


def a_set(name: str | None, **columns: object) -> dict[str, object]:
    """One written set that nobody understood so far."""
    return {
        "athlete_id": "me",
        "source_id": "a",
        "workout_id": "a-0",
        "log_kind": "written",
        "started_utc": START,
        "has_clock": True,
        "local_date": START.date(),
        "set_index": 0,
        "line": 2,
        "set_type": "normal",
        "exercise_name": name,
        "match": "none",
        **columns,
    }


def stored(*rows: dict[str, object]) -> dy.DataFrame[TidyStrengthSet]:
    return typed(TidyStrengthSet, [{**row, "set_index": index} for index, row in enumerate(rows)])


def renewed(*rows: dict[str, object], **aliases: str) -> list[tuple[object, ...]]:
    return renew_names(stored(*rows), resolver(**aliases)).select(RENEWED).rows()


def test_a_name_that_the_catalogue_has_learnt_is_understood_now() -> None:
    assert renewed(a_set("Hip Thrust (Barbell)", weight_kg=60.0)) == [("hip_thrust", "barbell", "exact")]


def test_an_alias_settles_a_name_wherever_it_was_logged() -> None:
    rows = [a_set("Ottos"), a_set("Plank"), a_set("Ottos", line=9)]
    assert [exercise for exercise, _, _ in renewed(*rows, Ottos="hip_thrust")] == ["hip_thrust", "plank", "hip_thrust"]


def test_an_alias_taken_back_leaves_the_name_unknown() -> None:
    known = a_set("Ottos", exercise="hip_thrust", match="alias", match_score=100.0)
    assert renewed(known, Ottos="hip_thrust") == [("hip_thrust", None, "alias")]
    assert renewed(known) == [(None, None, "none")]


def test_a_name_that_became_cardio_is_left_out_on_purpose() -> None:
    assert renewed(a_set("Running", exercise="sl_bounds", match="fuzzy")) == [(None, None, "excluded")]


@pytest.mark.parametrize("weight_kg", [None, 60.0])
def test_a_squat_without_load_and_equipment_is_the_one_without(weight_kg: float | None) -> None:
    exercise = "back_squat" if weight_kg else "bw_squat"
    assert renewed(a_set("Squat", weight_kg=weight_kg)) == [(exercise, None, "alias")]


def test_an_alias_to_the_loaded_squat_is_final() -> None:
    assert renewed(a_set("Squat"), Squat="back_squat") == [("back_squat", None, "alias")]


@pytest.mark.parametrize(
    "as_it_is",
    [
        a_set("Hip Thrust", set_type="rest", match="excluded"),
        a_set("Hip Thrust", set_type="note", match="excluded"),
        a_set("Hip Thrust", log_kind="watch", exercise="glute_bridge", match="watch"),
        a_set(None, log_kind="watch", exercise="back_squat", match="watch", weight_kg=60.0),
        a_set(None),
    ],
    ids=["a rest", "a note", "a watch's guess by name", "a watch's guess", "no name"],
)
def test_what_was_not_understood_by_its_name_stays(as_it_is: dict[str, object]) -> None:
    assert renewed(as_it_is) == [(as_it_is.get("exercise"), None, as_it_is["match"])]


def test_all_else_of_a_set_and_their_order_stay() -> None:
    sets = stored(a_set("Plank", hold_s=30.0), a_set("Ottos", reps=8.0, notes="hard"), a_set("Plank", line=9))
    after = renew_names(sets, resolver(Ottos="hip_thrust"))
    names = [*RENEWED, "match_score"]
    assert_frame_equal(after.drop(names), sets.drop(names))
    assert after.columns == sets.columns


def test_understood_twice_is_understood_once() -> None:
    sets = stored(
        a_set("Squat"), a_set("Step Up"), a_set("Hip Thrust", weight_kg=60.0), a_set("Ottos"), a_set("Running")
    )
    once = renew_names(sets, resolver())
    assert_frame_equal(renew_names(once, resolver()), once)


def test_no_sets_stay_none() -> None:
    assert renew_names(TidyStrengthSet.create_empty(), resolver()).is_empty()


def test_a_name_nobody_knows_has_the_three_nearest_beside_it() -> None:
    names = pl.DataFrame({"exercise_name": ["Hip thingy", None], "sets": [3, 1]})
    found = add_nearest(names, resolver())
    assert found["nearest"].list.len().to_list()[0] == 3
    assert set(found["nearest"].explode(empty_as_null=False)) <= set(load_catalogue().exercises["exercise"])
    assert found.drop("nearest").equals(names)
