"""`weeks` and `week_sets`: drawn rows in, expected rows out."""

from __future__ import annotations

from datetime import date
from math import exp, log

import pytest

from hipdrive.warehouse import Warehouse
from tests.makers.warehouse import (
    MONDAY,
    a_run,
    a_set,
    an_exercise,
    ask,
    day,
    fill,
    finish,
    known,
    rest_days,
    weeks,
)

DOSES = ("hip_dose", "heavy_hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min")


# weeks


def test_a_week_is_iso_s_also_over_new_year(warehouse: Warehouse) -> None:
    new_year = (date(2026, 1, 1) - MONDAY).days
    rest_days(warehouse, new_year - 1, new_year + 4)
    assert weeks(warehouse, "week_start") == [(date(2025, 12, 29),), (date(2026, 1, 5),)]


def test_a_week_sums_its_days(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 7, run_distance_m=1000.0, run_time_s=300.0)
    known(warehouse, 0, 7)
    for number in (0, 6, 7):
        a_set(warehouse, number, 0.5, **dict.fromkeys(DOSES[1:], 1.0))
    assert weeks(warehouse, "run_distance_m, run_time_s, hip_dose, upper_dose, mobility_min") == [
        (7 * 1000, 7 * 300, 0.5 + 0.5, 1 + 1, 1 + 1),
        (1000, 300, 0.5, 1, 1),
    ]


def test_loads_and_acute_dose_are_means_over_the_days_with_a_run(warehouse: Warehouse) -> None:
    known(warehouse, 0, 6)
    a_set(warehouse, 0, 1.0)
    for number in range(7):
        ran = number in {1, 3}
        rest_days(warehouse, number, number, run_time_s=600.0 if ran else 0.0, ctl=1.0 * number, atl=2.0 * number)
    acute = (exp(-1 / 2) + exp(-3 / 2)) / 2
    assert weeks(warehouse, "ctl, atl, acute_hip_dose") == [((1 + 3) / 2, (2 + 6) / 2, pytest.approx(acute))]


def test_in_a_week_without_a_run_loads_are_means_over_all_its_days(warehouse: Warehouse) -> None:
    for number in range(7):
        rest_days(warehouse, number, number, ctl=1.0 * number, atl=2.0 * number)
    assert weeks(warehouse, "ctl, atl, acute_hip_dose") == [(3, 6, None)]


@pytest.mark.parametrize(
    ("tonight", "expected"),
    [(6, [False, False]), (7, [True, False]), (13, [True, False]), (14, [True, True])],
    ids=["Sunday", "Monday", "the Sunday after", "the Monday after"],
)
def test_a_week_is_complete_when_its_sunday_is_over(warehouse: Warehouse, tonight: int, expected: list[bool]) -> None:
    rest_days(warehouse, 0, 13)
    assert [complete for (complete,) in weeks(warehouse, "is_complete", day(tonight))] == expected


def test_averages_are_over_the_usable_runs_only(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    a_run(warehouse, "a-0", 0, speed_at_reference_hr_m_per_s=2.0, heat_c=0.0, heart_rate_bpm=140.0, cadence_spm=170.0)
    a_run(warehouse, "b-0", 6, speed_at_reference_hr_m_per_s=4.5, heat_c=3.0, heart_rate_bpm=150.0, cadence_spm=None)
    a_run(warehouse, "c-0", 3, speed_at_reference_hr_m_per_s=None, is_usable=False, heart_rate_bpm=190.0, heat_c=9.0)
    columns = "runs_all, runs, speed_at_reference_hr_m_per_s, heat_c, heart_rate_bpm, cadence_spm"
    assert weeks(warehouse, columns) == [
        (3, 2, pytest.approx(exp((log(2.0) + log(4.5)) / 2)), (0 + 3) / 2, (140 + 150) / 2, 170)
    ]


def test_a_week_without_a_usable_run_has_counts_and_no_averages(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 13)
    a_run(warehouse, "a-0", 0, is_usable=False, speed_at_reference_hr_m_per_s=None)
    columns = "runs_all, runs, speed_at_reference_hr_m_per_s, heat_c, pace_s_per_km, heart_rate_bpm"
    assert weeks(warehouse, columns) == [(1, 0, None, None, None, None), (0, 0, None, None, None, None)]


def test_a_week_s_pace_is_time_over_the_distance_of_that_time(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    a_run(warehouse, "a-0", 0, moving_time_s=3000.0, distance_m=10_000.0, pace_s_per_km=300.0)
    a_run(warehouse, "b-0", 1, moving_time_s=400.0, distance_m=99_000.0, pace_s_per_km=400.0)
    a_run(warehouse, "c-0", 2, moving_time_s=777.0, distance_m=0.0, pace_s_per_km=None)
    assert weeks(warehouse, "pace_s_per_km") == [(pytest.approx((3000 + 400) / (10 + 1)),)]


def test_a_run_whose_value_is_not_shown_counts_at_its_bound(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    a_run(warehouse, "a-0", 0, speed_at_reference_hr_m_per_s=2.0)
    a_run(
        warehouse, "b-0", 3, speed_at_reference_hr_m_per_s=None, bounded_speed_at_reference_hr_m_per_s=4.5, heat_c=9.0
    )
    assert weeks(warehouse, "runs, speed_at_reference_hr_m_per_s") == [(2, pytest.approx(3.0))]


def test_second_recordings_count_in_no_week(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    a_run(warehouse, "a-0", 0)
    a_run(warehouse, "b-0", 0, duplicate_of="a-0", speed_at_reference_hr_m_per_s=9.0)
    assert weeks(warehouse, "runs_all, speed_at_reference_hr_m_per_s") == [(1, pytest.approx(3.0))]


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (2, 8, [False, False, False, False]),  # Wednesday to Tuesday: neither week is whole
        (0, 13, [False, True, True, False]),
        (0, 12, [False, True, False, False]),  # the second Sunday is missing
        (1, 13, [False, False, True, False]),
    ],
)
def test_a_week_is_known_when_the_log_speaks_for_all_its_days(
    warehouse: Warehouse, first: int, last: int, expected: list[bool]
) -> None:
    rest_days(warehouse, -7, 20)
    known(warehouse, first, last)
    assert weeks(warehouse, "dose_known") == [(is_known,) for is_known in expected]


def test_what_was_logged_in_a_week_of_unknown_dose_is_shown_as_it_is(warehouse: Warehouse) -> None:
    rest_days(warehouse, -7, 20)
    known(warehouse, 2, 8)
    a_set(warehouse, 2, 0.5)
    assert weeks(warehouse, "hip_dose, upper_dose") == [(None, None), (0.5, 0), (0, 0), (None, None)]


def test_a_week_that_begins_with_the_first_run_is_not_whole(warehouse: Warehouse) -> None:
    rest_days(warehouse, 2, 13)
    known(warehouse, 2, 13)
    assert weeks(warehouse, "dose_known") == [(False,), (True,)]


# week_sets


def test_the_sets_of_a_week_lead_from_its_dose_to_the_lines_of_the_log(warehouse: Warehouse) -> None:
    an_exercise(warehouse, weight=0.8)
    fill(warehouse, "sources", {"path": "b.csv", "source_id": "s"}, {"path": "a.csv", "source_id": "s"})
    a_set(warehouse, 6, 0.5, exercise="hip_thrust", exercise_name="Hip Thrust", line=9, upper_dose=0.0)
    finish(warehouse)
    columns = "week_start, local_date, exercise_name, hip_extension_weight, hip_dose, path, line"
    assert ask(warehouse, f"SELECT {columns} FROM week_sets") == [(day(0), day(6), "Hip Thrust", 0.8, 0.5, "a.csv", 9)]


@pytest.mark.parametrize("name", ["hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min"])
def test_a_set_with_any_dose_is_one_of_its_week_s(warehouse: Warehouse, name: str) -> None:
    an_exercise(warehouse)
    nothing = dict.fromkeys(DOSES, 0.0)
    for dose in (0.25, 0.0):
        a_set(warehouse, 0, **{**nothing, "exercise": "hip_thrust", name: dose})  # type: ignore[arg-type]
    finish(warehouse)
    assert ask(warehouse, f"SELECT {name} FROM week_sets") == [(0.25,)]


def test_the_sets_of_a_week_sum_to_its_doses(warehouse: Warehouse) -> None:
    an_exercise(warehouse)
    rest_days(warehouse, 0, 13)
    known(warehouse, 0, 13)
    for number in range(12):
        a_set(warehouse, number, number / 10, exercise="hip_thrust", superseded_by="x" if number == 3 else None)
    a_set(warehouse, 2, None)
    finish(warehouse)
    sums = "SELECT week_start, sum(hip_dose) FROM week_sets GROUP BY week_start ORDER BY week_start"
    assert ask(warehouse, sums) == weeks(warehouse, "week_start, hip_dose")
