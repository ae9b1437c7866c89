"""Every check finds its poison, and nothing in sound data."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from hipdrive.errors import FailedCheck
from hipdrive.night.derive import raise_failed
from hipdrive.warehouse import CheckResult, OddRow, Warehouse
from tests.makers.warehouse import TONIGHT, a_run, day, fill, finish, rest_days

if TYPE_CHECKING:
    from collections.abc import Callable

NOTHING = {"paused_distance_m": 0.0, "jump_distance_m": 0.0, "vehicle_distance_m": 0.0}
CHECKS = sorted(file.name.removesuffix(".sql") for file in (files("hipdrive.warehouse") / "checks").iterdir())


def a_second_copy(warehouse: Warehouse) -> None:
    fill(warehouse, "activities", {"activity_id": "a-0"})


def a_run_the_days_do_not_know(warehouse: Warehouse) -> None:
    a_run(warehouse, "b-0", 1, distance_m=4000.0)


def a_runner_without_days(warehouse: Warehouse) -> None:
    a_run(warehouse, "b-0", 1, athlete_id="anna")


def three_weeks_without_a_day(warehouse: Warehouse) -> None:
    rest_days(warehouse, 35, 35)


def a_week_of_tuesdays(warehouse: Warehouse) -> None:
    warehouse._run(
        "CREATE OR REPLACE VIEW weeks AS SELECT 'me' AS athlete_id, DATE '2026-03-03' AS week_start, 0.5 AS hip_dose"
    )


def a_set_on_a_day_that_is_none(warehouse: Warehouse) -> None:
    fill(warehouse, "strength_sets", {"local_date": day(30), "hip_dose": 0.25})


def a_run_of_the_day_after_tomorrow(warehouse: Warehouse) -> None:
    fill(warehouse, "activities", {"activity_id": "b-0", "local_date": date(2026, 3, 22)})


def a_run_of_bo(warehouse: Warehouse, **columns: object) -> None:
    a_run(warehouse, "b-0", 0, athlete_id="bo", **{"distance_m": 501.0, **columns})
    warehouse._run("UPDATE daily_load SET run_distance_m = 501 WHERE athlete_id = 'bo'")


def a_run_faster_than_any(warehouse: Warehouse) -> None:
    a_run_of_bo(warehouse, pace_s_per_km=119.0)


def a_run_slower_than_a_stroll(warehouse: Warehouse) -> None:
    a_run_of_bo(warehouse, pace_s_per_km=1201.0)


def a_run_that_moves_when_its_timer_stands(warehouse: Warehouse) -> None:
    a_run_of_bo(warehouse, moving_time_s=200.0, timer_time_s=198.0, elapsed_time_s=300.0)


def a_timer_that_runs_beyond_the_end(warehouse: Warehouse) -> None:
    a_run_of_bo(warehouse, moving_time_s=200.0, timer_time_s=300.0, elapsed_time_s=297.0)


def a_run_that_never_leaves_the_ground(warehouse: Warehouse) -> None:
    a_run_of_bo(warehouse, duty_factor=0.5)


def a_run_of_two_lengths(warehouse: Warehouse) -> None:
    a_run_of_bo(
        warehouse, told_distance_m=552.0, told_timer_time_s=200.0, timer_time_s=200.0, moving_time_s=200.0, **NOTHING
    )


POISONS: list[tuple[str, Callable[[Warehouse], None]]] = [
    ("activities_are_unique", a_second_copy),
    ("activities_begin_before_tonight", a_run_of_the_day_after_tomorrow),
    ("days_sum_to_runs", a_run_the_days_do_not_know),
    ("days_sum_to_runs", a_runner_without_days),
    ("no_week_is_missing", three_weeks_without_a_day),
    ("runs_have_a_believable_pace", a_run_faster_than_any),
    ("runs_have_a_believable_pace", a_run_slower_than_a_stroll),
    ("runs_keep_within_their_timer", a_run_that_moves_when_its_timer_stands),
    ("runs_keep_within_their_timer", a_timer_that_runs_beyond_the_end),
    ("runs_leave_the_ground", a_run_that_never_leaves_the_ground),
    ("runs_are_as_long_as_told", a_run_of_two_lengths),
    ("weeks_start_on_monday", a_week_of_tuesdays),
    ("weeks_sum_to_sets", a_set_on_a_day_that_is_none),
]


def sound(warehouse: Warehouse) -> None:
    """Two weeks with a run and a set."""
    rest_days(warehouse, 0, 13)
    rest_days(warehouse, 0, 0, athlete_id="bo")
    a_run(warehouse, "a-0", 0)
    warehouse._run(
        "UPDATE daily_load SET run_distance_m = 10000 WHERE athlete_id = 'me' AND local_date = DATE '2026-03-02'"
    )
    fill(warehouse, "strength_sets", {"local_date": day(5), "hip_dose": 0.5}, {"local_date": day(5), "hip_dose": None})
    finish(warehouse)


def results(warehouse: Warehouse) -> dict[str, CheckResult]:
    return {result.name: result for result in warehouse.run_checks()}


def test_sound_data_pass_every_check(warehouse: Warehouse) -> None:
    sound(warehouse)
    found = results(warehouse)
    assert list(found) == CHECKS
    assert {name: result.found for name, result in found.items()} == dict.fromkeys(CHECKS, ())


def test_no_data_pass_every_check(warehouse: Warehouse) -> None:
    finish(warehouse)
    assert {result.rows for result in warehouse.run_checks()} == {0}


def test_every_check_has_a_poison_here() -> None:
    assert {name for name, _ in POISONS} == set(CHECKS)


@pytest.mark.parametrize(("name", "poison"), POISONS, ids=lambda value: getattr(value, "__name__", value))
def test_a_check_finds_its_poison(warehouse: Warehouse, name: str, poison: Callable[[Warehouse], None]) -> None:
    sound(warehouse)
    poison(warehouse)
    severity = (files("hipdrive.warehouse") / "checks" / f"{name}.sql").read_text(encoding="utf-8")[3:7]
    found = results(warehouse)[name]
    assert (found.rows, found.is_severe) == (1, severity == "fail")
    assert {row.athlete_id for row in found.found} - {None} <= {"me", "anna", "bo"}
    assert any(row.athlete_id for row in found.found)
    if found.is_severe:
        with pytest.raises(FailedCheck, match=f"^check {name}: .* but 1 row does not \\(\\w+_id "):
            raise_failed(found)


@pytest.mark.parametrize(
    "columns",
    [
        {"told_distance_m": 550.0},
        {"told_distance_m": 1501.0, "jump_distance_m": 1000.0},
        {"told_distance_m": 250.5, "told_timer_time_s": 100.0},
    ],
    ids=["within 50 m", "a leap left out", "of a part"],
)
def test_a_told_distance_that_is_explained_is_no_warning(warehouse: Warehouse, columns: dict[str, float]) -> None:
    sound(warehouse)
    told: dict[str, float] = {"told_timer_time_s": 200.0, "timer_time_s": 200.0, "moving_time_s": 200.0}
    a_run_of_bo(warehouse, **{**told, **NOTHING, **columns})
    assert results(warehouse)["runs_are_as_long_as_told"].rows == 0


@pytest.mark.parametrize("pace_s_per_km", [120.0, 1200.0])
def test_the_ends_of_the_believable_are_believed(warehouse: Warehouse, pace_s_per_km: float) -> None:
    sound(warehouse)
    warehouse._run("UPDATE run_measures SET pace_s_per_km = $pace", {"pace": pace_s_per_km})
    assert results(warehouse)["runs_have_a_believable_pace"].rows == 0


def test_a_few_metres_may_have_any_pace(warehouse: Warehouse) -> None:
    sound(warehouse)
    a_run(warehouse, "b-0", 0, pace_s_per_km=5.0, distance_m=0.5)
    assert results(warehouse)["runs_have_a_believable_pace"].rows == 0


def test_tomorrow_is_no_future_for_one_east_of_here(warehouse: Warehouse) -> None:
    sound(warehouse)
    fill(warehouse, "activities", {"activity_id": "b-0", "local_date": date(2026, 3, 21)})
    assert results(warehouse)["activities_begin_before_tonight"].rows == 0
    assert (date(2026, 3, 21) - TONIGHT).days == 1


def test_a_check_says_what_it_found_in_words() -> None:
    check = CheckResult("c", is_severe=False, sentence="it must be so")
    assert check.in_words == "it must be so: so it is"
    rows = tuple(OddRow(f"id {number}") for number in range(7))
    assert CheckResult("c", True, "it must be so", rows[:1]).in_words == "it must be so: 1 row does not (id 0)"
    five = "id 0; id 1; id 2; id 3; id 4"
    assert CheckResult("c", True, "it must be so", rows[:5]).in_words == f"it must be so: 5 rows do not ({five})"
    assert CheckResult("c", True, "it must be so", rows).in_words == (
        f"it must be so: 7 rows do not ({five}; and 2 more)"
    )


def test_rows_are_named_by_day_with_whose_they_are(warehouse: Warehouse) -> None:
    sound(warehouse)
    for number in (3, 1):
        a_run(warehouse, f"b-{number}", number, athlete_id="bo", pace_s_per_km=119.123456789, unusable_reason=None)
    found = results(warehouse)["runs_have_a_believable_pace"]
    assert [row.named for row in found.found] == [
        f"athlete_id bo, activity_id b-{number}, local_date 2026-03-0{2 + number}, pace_s_per_km 119.123"
        for number in (1, 3)
    ]


def test_a_warning_stops_nothing(warehouse: Warehouse) -> None:
    sound(warehouse)
    a_run_of_the_day_after_tomorrow(warehouse)
    found = results(warehouse)["activities_begin_before_tonight"]
    assert (found.is_severe, found.rows) == (False, 1)
    assert found.in_words.endswith("(athlete_id me, activity_id b-0, local_date 2026-03-22)")
