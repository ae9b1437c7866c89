"""Raw rows become sets in SI units on the athlete's days, or are left out with a cause."""

# ruff: noqa: DTZ001  a log tells the time of the athlete's own clock
from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.tables.strength import RawStrengthSet
from hipdrive.tidy.strength import tidy_strength_sets

RESOLVER = Resolver(load_catalogue(), {"Otto": "kb_swing", "Benched squats": "back_squat"})
EVENING = datetime(2026, 3, 2, 18, 30)


def tidy(
    *rows: dict[str, object],
    time_zone: str = "Europe/Berlin",
    weight_unit: str = "kg",
    distance_unit: str = "m",
    last_date: date | None = None,
) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    schema = RawStrengthSet.create_empty().schema
    given = [
        {
            "line": number,
            "log_kind": "written",
            "started_local": EVENING,
            "has_clock": True,
            "exercise_name": "Hip Thrust",
            "set_type": "normal",
            "reps": 10.0,
            **row,
        }
        for number, row in enumerate(rows, start=2)
    ]
    raw = RawStrengthSet.validate(pl.DataFrame([{n: row.get(n) for n in schema} for row in given], schema=schema))
    sets, rejects = tidy_strength_sets(
        raw,
        athlete_id="me",
        source_id="0123456789abcdef" * 4,
        time_zone=time_zone,
        weight_unit=weight_unit,
        distance_unit=distance_unit,
        resolver=RESOLVER,
        last_date=last_date,
    )
    return sets, rejects.rows()


def test_a_unit_that_is_stated_beats_the_settings() -> None:
    sets, _ = tidy({"weight": 100.0, "weight_unit": "lb"}, {"weight": 100.0}, weight_unit="kg")
    assert sets["weight_kg"].to_list() == [pytest.approx(100 * 0.45359237), 100]


def test_units_that_are_not_stated_are_those_of_the_settings() -> None:
    sets, _ = tidy({"weight": 100.0, "distance": 2.0}, weight_unit="lb", distance_unit="mi")
    assert sets["weight_kg"].to_list() == [pytest.approx(100 * 0.45359237)]
    assert sets["distance_m"].to_list() == [pytest.approx(2 * 1609.344)]


def test_zero_means_not_entered() -> None:
    sets, _ = tidy({"weight": 0.0, "hold_s": 0.0, "distance": 0.0, "rpe": 0.0})
    assert sets.select("weight_kg", "hold_s", "distance_m", "rpe").row(0) == (None, None, None, None)


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        ({"reps": -3.0}, "-3.0 repetitions are not possible"),
        ({"reps": 5000.0}, "5000.0 repetitions are not possible"),
        ({"weight": 9999.0}, "9999.0 kg is not possible"),
        ({"weight": -400.0}, "-400.0 kg is not possible"),
        ({"hold_s": -1.0}, "-1.0 s is not possible"),
        ({"distance": 1e7}, "10000000.0 m is not possible"),
        ({"reps": 0.0}, "no repetitions, time or distance: nothing was done"),
        ({"reps": None}, "no repetitions, time or distance: nothing was done"),
        ({"exercise_name": None}, "no exercise is named"),
        ({"started_local": None}, "there is no date"),
    ],
)
def test_what_cannot_be_is_left_out_with_its_cause(row: dict[str, object], cause: str) -> None:
    sets, rejects = tidy({}, row, {})
    assert rejects == [(3, cause)]
    assert sets["line"].to_list() == [2, 4]


@pytest.mark.parametrize(
    ("name", "possible", "impossible"),
    [
        ("reps", 1000.0, 1001.0),
        ("weight", 700.0, 700.5),
        ("weight", -150.0, -150.5),
        ("hold_s", 4 * 3600.0, 4 * 3600.0 + 1),
        ("distance", 100_000.0, 100_001.0),
    ],
)
def test_what_people_do_at_most_is_kept_and_more_is_left_out(name: str, possible: float, impossible: float) -> None:
    sets, rejects = tidy({name: possible}, {name: impossible})
    assert sets["line"].to_list() == [2]
    assert [line for line, _ in rejects] == [3]


def test_a_negative_load_is_assistance() -> None:
    sets, rejects = tidy({"exercise_name": "Assisted Pull Up", "weight": -30.0})
    assert rejects == []
    assert sets["weight_kg"].to_list() == [None]


def test_a_rating_that_is_none_leaves_the_set() -> None:
    sets, rejects = tidy({"rpe": 11.0}, {"rpe": 8.0})
    assert rejects == []
    assert sets["rpe"].to_list() == [None, 8]


def test_local_time_becomes_utc_in_the_athletes_zone() -> None:
    sets, _ = tidy({}, time_zone="Asia/Tokyo")
    assert sets["started_utc"].to_list() == [datetime(2026, 3, 2, 9, 30, tzinfo=UTC)]
    assert sets["local_date"].to_list() == [date(2026, 3, 2)]


def test_utc_becomes_the_athletes_day() -> None:
    late = datetime(2026, 3, 2, 22, 6, tzinfo=UTC)
    sets, _ = tidy({"started_local": None, "started_utc": late}, time_zone="Asia/Tokyo")
    assert sets["local_date"].to_list() == [date(2026, 3, 3)]


def test_a_day_without_a_clock_stands_at_noon() -> None:
    sets, _ = tidy({"started_local": datetime(2026, 3, 2), "has_clock": False})
    assert sets["started_utc"].to_list() == [datetime(2026, 3, 2, 11, 0, tzinfo=UTC)]


@pytest.mark.parametrize(("local", "utc_hour"), [(datetime(2026, 3, 29, 2, 30), 1), (datetime(2026, 10, 25, 2, 30), 0)])
def test_clock_changes_lose_no_set(local: datetime, utc_hour: int) -> None:
    sets, rejects = tidy({"started_local": local})
    assert rejects == []
    assert sets["started_utc"][0].hour == utc_hour


def test_a_start_at_midnight_to_the_second_is_a_day_without_a_clock() -> None:
    sets, _ = tidy({"started_local": datetime(2026, 3, 2)}, {"started_local": datetime(2026, 3, 2, 0, 0, 1)})
    assert sets.sort("line")["has_clock"].to_list() == [False, True]
    assert sets.sort("line")["started_utc"][0] == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_a_day_that_cannot_be_is_left_out_with_its_cause() -> None:
    rows: list[dict[str, object]] = [
        {"started_local": datetime(year, 1, 8, 18)} for year in (26, 1989, 1990, 2026, 2062)
    ]
    sets, rejects = tidy(*rows, last_date=date(2026, 1, 8))
    assert sets["local_date"].dt.year().to_list() == [1990, 2026]
    assert [cause for _, cause in rejects] == [
        "0026-01-08 is before 1990",
        "1989-01-08 is before 1990",
        "2062-01-08 lies in the future",
    ]


def test_rests_notes_and_cardio_are_excluded_not_unknown() -> None:
    sets, rejects = tidy(
        {"set_type": "rest", "reps": None, "hold_s": 90.0},
        {"set_type": "note", "reps": None},
        {"exercise_name": "Running", "reps": None, "distance": 5000.0},
    )
    assert rejects == []
    assert sets.select("exercise", "match").rows() == [(None, "excluded")] * 3


def test_an_unknown_name_is_kept_and_an_alias_settles_it() -> None:
    sets, _ = tidy({"exercise_name": "Uncle Otto's Special"}, {"exercise_name": "OTTO"})
    assert sets.select("exercise_name", "exercise", "match").rows() == [
        ("Uncle Otto's Special", None, "none"),
        ("OTTO", "kb_swing", "alias"),
    ]


def test_a_squat_without_load_or_equipment_is_the_body_weight_squat() -> None:
    sets, _ = tidy(
        {"exercise_name": "Squat"},
        {"exercise_name": "Squat", "weight": 60.0},
        {"exercise_name": "Squat (Barbell)"},
    )
    assert sets["exercise"].to_list() == ["bw_squat", "back_squat", "back_squat"]


def test_a_name_or_an_alias_that_says_the_load_is_taken_at_its_word() -> None:
    names = ["Back Squat", "Low bar squat", "BENCHED SQUATS", "Box Squat", "Step Up"]
    rows: list[dict[str, object]] = [{"exercise_name": name} for name in names]
    sets, _ = tidy(*rows)
    assert sets["exercise"].to_list() == ["back_squat", "back_squat", "back_squat", "bw_squat", "bw_step_up"]


def test_a_side_named_in_the_exercise_is_the_side_of_the_set() -> None:
    sets, _ = tidy({"exercise_name": "Single Leg Glute Bridge (Left)"}, {"exercise_name": "Lunge", "side": "right"})
    assert sets["side"].to_list() == ["left", "right"]


def test_a_watchs_guess_is_shown_as_its_name() -> None:
    watch = {"log_kind": "watch", "exercise_name": None}
    sets, rejects = tidy(
        {**watch, "watch_category": "hip_raise", "watch_exercise": 1},
        {**watch, "watch_category": "unknown"},
        {**watch, "watch_category": "squat"},
        {**watch, "watch_category": "squat", "weight": 60.0},
        {**watch, "watch_category": "squat", "watch_exercise": 61},
        {**watch, "watch_category": "squat", "watch_exercise": 62},
        {**watch, "watch_category": None},
    )
    assert sets.select("exercise_name", "exercise", "match").rows() == [
        ("watch: hip_raise, exercise 1", "hip_thrust", "watch"),
        ("watch: unknown", None, "none"),
        ("watch: squat", "bw_squat", "watch"),
        ("watch: squat", "back_squat", "watch"),
        ("watch: squat, exercise 61", "bw_squat", "watch"),
        ("watch: squat, exercise 62", "goblet_squat", "watch"),
    ]
    assert rejects == [(8, "no exercise is named")]


def test_workouts_are_numbered_by_start_and_sets_within_them() -> None:
    morning = datetime(2026, 3, 2, 7)
    sets, _ = tidy({}, {"started_local": morning}, {}, {"workout_name": "Other"})
    assert sets.select("line", "workout_id", "set_index").rows() == [
        (3, "0123456789abcdef-0", 0),
        (2, "0123456789abcdef-1", 0),
        (4, "0123456789abcdef-1", 1),
        (5, "0123456789abcdef-2", 0),
    ]


def test_an_empty_log_is_an_empty_table() -> None:
    sets, rejects = tidy()
    assert sets.is_empty()
    assert rejects == []


def test_a_weight_has_no_dust_of_conversions() -> None:
    sets, _ = tidy({"weight": 74.99999999999999, "distance": 0.1 + 0.2}, distance_unit="m")
    assert (sets["weight_kg"].to_list(), sets["distance_m"].to_list()) == ([75.0], [0.3])


def test_a_day_of_a_spreadsheet_is_no_count_of_repetitions() -> None:
    assert tidy({"reps": 44778.0})[1] == [(2, "44778 repetitions: a spreadsheet turned them into a date")]


def test_a_name_that_says_warm_up_makes_the_set_one() -> None:
    sets, _ = tidy({"exercise_name": "Deadlift (Warm Up)"}, {"exercise_name": "Kreuzheben Aufwärmsatz"}, {})
    assert sets["exercise"].to_list() == ["deadlift", "deadlift", "hip_thrust"]
    assert sets["set_type"].to_list() == ["warmup", "warmup", "normal"]


def test_a_rest_of_impossible_length_is_a_rest_without_one() -> None:
    sets, rejects = tidy({"set_type": "rest", "hold_s": -90.0, "weight": 5000.0})
    assert (sets["match"].to_list(), sets["hold_s"].to_list(), sets["weight_kg"].to_list()) == (
        ["excluded"],
        [None],
        [None],
    )
    assert rejects == []
