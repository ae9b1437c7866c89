"""What people write into one cell: units, plates, body weight, several sets; and what a spreadsheet made of it."""

from __future__ import annotations

from datetime import date

import pytest

from hipdrive.read.strength import RawStrength, read_strength
from hipdrive.read.strength.cells import CellSet, Load, parse_distance, parse_load, parse_sets


@pytest.mark.parametrize(
    ("text", "load"),
    [
        ("225lb", Load(225.0, "lb")),
        ("225 lbs.", Load(225.0, "lb")),
        ("225 #", Load(225.0, "lb")),
        ("100 kg", Load(100.0, "kg")),
        ("62,5kg", Load(62.5, "kg")),
        ("15 each", Load(15.0)),
        ("15 kg je Hand", Load(15.0, "kg")),
        ("2x15", Load(15.0)),
        ("20 + 2x15", Load(50.0)),
        ("20kg+2x12,5kg", Load(45.0, "kg")),
        ("BW+10", Load(10.0)),
        ("bw - 15 kg", Load(-15.0, "kg")),
        ("BW", Load(None)),
        ("Körpergewicht", Load(None)),
        ("poids du corps + 5", Load(5.0)),
        ("-20", Load(-20.0)),
    ],
)
def test_a_load_states_its_unit_and_adds_its_plates(text: str, load: Load) -> None:
    assert parse_load(text) == load


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("60m", "“m” is not a unit of weight"),
        ("12 st", "“st” is not a unit of weight"),
        ("20kg + 2x45lb", "weight “20kg + 2x45lb” has two units"),
        ("heavy", "weight “heavy” is not a number"),
        ("5-Aug", "weight “5-Aug” is not a number; a spreadsheet turned it into a date"),
        ("nan", "weight “nan” is not a number"),
        ("9" * 400, "weight “" + "9" * 23 + "…” is not possible"),
    ],
)
def test_what_is_no_load_says_why(text: str, cause: str) -> None:
    assert parse_load(text) == cause


def test_a_distance_states_its_unit() -> None:
    assert parse_distance("0.5 mi") == Load(0.5, "mi")
    assert parse_distance("50") == Load(50.0)
    assert parse_distance("5 kg") == "“kg” is not a unit of distance"


@pytest.mark.parametrize(
    ("text", "sets"),
    [
        ("10", [CellSet(reps=10.0)]),
        ("12 Wdh.", [CellSet(reps=12.0)]),
        ("15 each", [CellSet(reps=15.0)]),
        ("10 per leg", [CellSet(reps=10.0)]),
        ("10/side", [CellSet(reps=10.0)]),
        ("30s", [CellSet(hold_s=30.0)]),
        ("1:30", [CellSet(hold_s=90.0)]),
        ("50m", [CellSet(distance=50.0, distance_unit="m")]),
        ("3x8", [CellSet(reps=8.0)] * 3),
        ("3 sets of 8", [CellSet(reps=8.0)] * 3),
        ("3\u00d78 @ 60kg", [CellSet(reps=8.0, load=Load(60.0, "kg"))] * 3),
        ("2x8@RPE 8", [CellSet(reps=8.0, rpe=8.0)] * 2),
        ("2x50m", [CellSet(distance=50.0, distance_unit="m")] * 2),
        ("3x30 sec", [CellSet(hold_s=30.0)] * 3),
        ("5/5/4", [CellSet(reps=5.0), CellSet(reps=5.0), CellSet(reps=4.0)]),
        ("5/5/-", [CellSet(reps=5.0), CellSet(reps=5.0)]),
        ("8,8,6", [CellSet(reps=8.0), CellSet(reps=8.0), CellSet(reps=6.0)]),
        ("20/20/25", [CellSet(reps=20.0), CellSet(reps=20.0), CellSet(reps=25.0)]),
    ],
)
def test_a_cell_spells_out_its_sets(text: str, sets: list[CellSet]) -> None:
    assert parse_sets(text) == sets


@pytest.mark.parametrize("text", ["5-8", "8/8", "max", "100x5", "40x8", "3x8@heavy", "10+10"])
def test_what_may_be_two_things_is_not_guessed(text: str) -> None:
    assert isinstance(parse_sets(text), str)


@pytest.mark.parametrize("text", ["5-Aug", "05. Aug", "Aug-05", "5/8/26", "2026-08-05", "2026-08-05 00:00:00"])
def test_a_plan_that_a_spreadsheet_made_a_date_is_not_read(text: str) -> None:
    cause = parse_sets(text)
    assert isinstance(cause, str)
    assert "a spreadsheet turned it into a date" in cause


def by_hand(*rows: str, header: str = "date,exercise,sets,reps,weight") -> RawStrength:
    return read_strength("\n".join([header, *rows]).encode(), "mine.csv")


def test_a_hand_made_log_may_spell_out_its_sets() -> None:
    log = by_hand(
        "2026-03-02,Hip Thrust,,3x8@60kg,",
        "2026-03-02,Plank,2,30 s,",
        "2026-03-02,Squat,3,5/5/4,80",
        "2026-03-02,Lunge,1,10 each,15 each",
    )
    assert log.sets.select("line", "reps", "hold_s", "weight", "weight_unit").rows() == [
        *[(2, 8.0, None, 60.0, "kg")] * 3,
        *[(3, None, 30.0, None, None)] * 2,
        (4, 5.0, None, 80.0, None),
        (4, 5.0, None, 80.0, None),
        (4, 4.0, None, 80.0, None),
        (5, 10.0, None, 15.0, None),
    ]
    assert log.rows == 4


def test_a_cell_that_another_column_denies_is_listed() -> None:
    log = by_hand("2026-03-02,Squat,4,5/5/5,80", "2026-03-02,Squat,,3x8@60,80", "2026-03-02,Squat,1,5,80")
    assert log.rejects.rows() == [
        (2, "“5/5/5” is not the 4 sets of its column"),
        (3, "“3x8@60” states a weight, and the column weight another"),
    ]
    assert log.sets["line"].to_list() == [4]


@pytest.mark.parametrize(
    ("header", "cell", "unit"),
    [
        ("weight", "225lb", "lb"),
        ("weight_kg", "225lb", "lb"),
        ("weight_kg", "100", "kg"),
        ("weight (lbs)", "100", "lb"),
    ],
)
def test_the_cells_unit_wins_over_the_headers(header: str, cell: str, unit: str) -> None:
    log = by_hand(f"2026-03-02,Squat,1,5,{cell}", header=f"date,exercise,sets,reps,{header}")
    assert log.sets["weight_unit"].to_list() == [unit]


def test_a_unit_of_another_quantity_costs_its_row_only() -> None:
    header = "Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time"
    rows = [
        "2026-03-02,Squat,Legs,60,m,5,,,",
        "2026-03-02,Squat,Legs,60,kg,5,,,",
        "2026-03-02,Plank,Abs,,,,0.0,kg,1:00",
    ]
    log = read_strength("\n".join([header, *rows]).encode(), "fitnotes.csv")
    assert log.sets["line"].to_list() == [3, 4]
    assert log.rejects.rows() == [(2, "“m” is not a unit of weight")]


def test_days_without_strength_work_are_a_known_zero() -> None:
    log = by_hand(
        "2026-03-02,Hip Thrust,10,",
        "2026-03-09,none,,2026-03-15",
        "2026-03-20,None,,",
        "2026-03-25,none,,2026-03-24",
        header="date,exercise,reps,until",
    )
    assert log.none_spans.select("line", "first_date", "last_date").rows() == [
        (3, date(2026, 3, 9), date(2026, 3, 15)),
        (4, date(2026, 3, 20), date(2026, 3, 20)),
    ]
    assert log.sets["line"].to_list() == [2]
    assert log.rejects.rows() == [(5, "its last day is before its first")]


def test_a_log_may_hold_nothing_but_days_without() -> None:
    log = by_hand("2026-03-09,none,2026-03-15", header="date,exercise,until")
    assert (log.sets.height, log.none_spans.height, log.rows) == (0, 1, 1)
