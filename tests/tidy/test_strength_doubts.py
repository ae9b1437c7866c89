"""Loads that look like the other unit are asked about; plausible ones are not."""

from __future__ import annotations

import pytest

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.read.strength import read_strength
from hipdrive.tidy.strength import tidy_none_spans, tidy_strength_sets
from hipdrive.tidy.strength_doubts import doubt_loads

RESOLVER = Resolver(load_catalogue(), {})
POUNDS = (95, 135, 155, 185, 205, 225, 135, 185, 225, 245)
KILOGRAMS = (60, 80, 100, 62.5, 82.5, 70, 100, 120, 85, 97.5)


def doubts(loads: tuple[float, ...], unit: str, *, header: str = "weight", name: str = "Back Squat") -> list[str]:
    rows = [f"2026-03-{1 + day % 28:02d},{name},5,{load}" for day, load in enumerate(loads * 3)]
    log = read_strength("\n".join([f"date,exercise,reps,{header}", *rows]).encode(), "mine.csv")
    sets, _ = tidy_strength_sets(
        log.sets,
        athlete_id="me",
        source_id="f" * 64,
        time_zone="UTC",
        weight_unit=unit,
        distance_unit="m",
        resolver=RESOLVER,
    )
    return doubt_loads(sets, log.sets, weight_unit=unit)


def test_pounds_taken_as_kilograms_are_asked_about() -> None:
    (doubt,) = doubts(POUNDS, "kg")
    assert doubt.startswith("are these pounds? 100% of the loads on a bar end in 5, as with a 45-lb bar; ")


def test_kilograms_taken_as_pounds_are_asked_about() -> None:
    assert [doubt[:21] for doubt in doubts(KILOGRAMS, "lb")] == ["are these kilograms? "]


@pytest.mark.parametrize(("loads", "unit"), [(POUNDS, "lb"), (KILOGRAMS, "kg")])
def test_loads_in_their_own_unit_raise_no_doubt(loads: tuple[float, ...], unit: str) -> None:
    assert doubts(loads, unit) == []


def test_a_stated_unit_is_not_doubted_by_its_plates() -> None:
    assert doubts(POUNDS, "kg", header="weight_kg") == []


def test_dumbbells_say_nothing_about_a_bar() -> None:
    assert doubts(POUNDS, "kg", name="Dumbbell Row") == []


def test_a_load_beyond_any_record_is_asked_about_even_where_its_unit_is_stated() -> None:
    (doubt,) = doubts((60.0, 405.0), "kg", header="weight_kg", name="Bench Press")
    assert doubt.startswith("3 loads are beyond any record, such as Bench Press with 405 kg in line 3")


def test_days_without_strength_work_are_the_athletes() -> None:
    log = read_strength(b"date,exercise,until\n2026-03-09,none,2026-03-15\n", "mine.csv")
    spans = tidy_none_spans(log.none_spans, athlete_id="anna", source_id="s")
    assert spans.select("athlete_id", "source_id", "line").rows() == [("anna", "s", 2)]
    assert (spans["last_date"] - spans["first_date"]).dt.total_days().to_list() == [6]
