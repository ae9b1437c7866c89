"""Each view by its name: drawn rows in, expected rows out."""

from __future__ import annotations

from datetime import date
from math import exp, log
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipdrive.tables import TABLES, VIEWS
from hipdrive.warehouse import Warehouse
from tests.makers.warehouse import MONDAY, TONIGHT, a_run, ask, day, fill, finish, rest_days

if TYPE_CHECKING:
    from hipdrive.settings import Home

A_WHOLE_SET: dict[str, object] = {"set_index": 0, "match": "exact", "exercise": "hip_thrust", "line": 2}
DOSES = ("hip_dose", "heavy_hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min")


def a_set(warehouse: Warehouse, on: int, hip_dose: float | None, **columns: object) -> None:
    fill(warehouse, "strength_sets", {"local_date": day(on), "hip_dose": hip_dose, **columns})


def known(warehouse: Warehouse, first: int, last: int, **columns: object) -> None:
    fill(warehouse, "log_spans", {"first_date": day(first), "last_date": day(last), **columns})


# athletes


def test_athletes_are_those_of_the_settings_with_their_level(warehouse: Warehouse) -> None:
    fill(warehouse, "athlete_settings", *({"athlete_id": name} for name in ("me", "anna")))
    level = {"reference_hr_bpm": 150.0, "reference_speed_m_per_s": 3.2, "hr_slope_per_bpm": 0.008}
    fill(warehouse, "athlete_levels", {"athlete_id": "me", **level})
    finish(warehouse)
    columns = "athlete_id, reference_hr_bpm, reference_pace_s_per_km"
    assert ask(warehouse, f"SELECT {columns} FROM athletes") == [  # noqa: S608
        ("anna", None, None),
        ("me", 150, pytest.approx(1000 / 3.2)),
    ]


# runs


def test_runs_leave_out_second_recordings(warehouse: Warehouse) -> None:
    a_run(warehouse, "b-0", on=1, device="watch", unusable_reason=None)
    a_run(warehouse, "a-0", on=0, run_type="tempo", is_usable=False, unusable_reason="no heart rate")
    a_run(warehouse, "c-0", on=1, duplicate_of="b-0")
    finish(warehouse)
    columns = "activity_id, local_date, device, run_type, is_usable, unusable_reason, distance_m"
    assert sorted(ask(warehouse, f"SELECT {columns} FROM runs")) == [  # noqa: S608
        ("a-0", day(0), None, "tempo", False, "no heart rate", 10_000),
        ("b-0", day(1), "watch", "easy", True, None, 10_000),
    ]


def test_an_activity_that_is_no_run_is_none(warehouse: Warehouse) -> None:
    fill(warehouse, "activities", {"activity_id": "a-0", "sport": "cycling"})
    finish(warehouse)
    assert ask(warehouse, "SELECT * FROM runs") == []


# run_list, and the macros that write a pace


def test_the_list_of_runs_has_the_newest_first_with_its_file(warehouse: Warehouse) -> None:
    fill(warehouse, "sources", {"source_id": "a", "path": "data/inbox/a.fit"})
    a_run(warehouse, "a-0", on=0, utc_offset_s=3600, source_id="a")
    a_run(warehouse, "b-0", on=1, is_usable=False, unusable_reason="no heart rate", source_id="gone")
    finish(warehouse)
    columns = "activity_id, hour(local_start), run_type, pace, counts, why_not, path"
    assert ask(warehouse, f"SELECT {columns} FROM run_list") == [  # noqa: S608
        ("b-0", 7, "easy", "5:00", False, "no heart rate", None),
        ("a-0", 8, "easy", "5:00", True, None, "data/inbox/a.fit"),
    ]


def test_a_file_of_two_paths_is_one_run(warehouse: Warehouse) -> None:
    fill(warehouse, "sources", *({"source_id": "a", "path": path} for path in ("b.fit", "a.fit")))
    a_run(warehouse, "a-0", on=0, source_id="a")
    finish(warehouse)
    assert ask(warehouse, "SELECT path FROM run_list") == [("a.fit",)]


@pytest.mark.parametrize(
    ("m_per_s", "a_km", "a_mile"),
    [
        ("1000 / 310.0", "5:10", "8:19"),
        ("1000 / 299.6", "5:00", "8:02"),
        ("1000 / 59.6", "1:00", "1:36"),
        ("0.25", "66:40", "107:17"),
        ("0", None, None),
        ("-1", None, None),
        ("NULL", None, None),
    ],
)
def test_a_speed_is_written_as_a_pace(warehouse: Warehouse, m_per_s: str, a_km: str | None, a_mile: str | None) -> None:
    finish(warehouse)
    assert ask(warehouse, f"SELECT pace({m_per_s}), pace_mi({m_per_s})") == [(a_km, a_mile)]


def test_every_macro_says_what_it_is(warehouse: Warehouse) -> None:
    finish(warehouse)
    told = dict(ask(warehouse, "SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal"))
    assert set(told) == {"pace", "pace_mi"}
    assert all(told.values())


# days


def days(warehouse: Warehouse, column: str = "hip_dose") -> dict[int, object]:
    finish(warehouse)
    rows = ask(warehouse, f"SELECT local_date, \"{column}\" FROM days WHERE athlete_id = 'me' ORDER BY local_date")  # noqa: S608
    return {(found - MONDAY).days: value for found, value in rows if isinstance(found, date)}


def test_a_day_s_doses_are_the_sums_of_its_sets(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 0)
    known(warehouse, 0, 0)
    for part in (1, 2):
        a_set(warehouse, 0, 0.1 * part, **dict.fromkeys(DOSES[1:], part * 1.0))
    assert days(warehouse) == {0: pytest.approx(0.1 + 0.2)}
    assert [days(warehouse, name)[0] for name in DOSES[1:]] == [1 + 2] * 4


def test_a_day_that_the_log_speaks_for_without_a_set_is_a_day_of_nothing(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 2)
    known(warehouse, 0, 2)
    a_set(warehouse, 1, 0.5)
    assert days(warehouse) == {0: 0, 1: 0.5, 2: 0}
    assert days(warehouse, "dose_known") == {0: True, 1: True, 2: True}


@pytest.mark.parametrize("column", [*DOSES, "acute_hip_dose"])
def test_a_day_that_no_log_speaks_for_is_unknown_and_not_nothing(warehouse: Warehouse, column: str) -> None:
    rest_days(warehouse, -1, 3)
    known(warehouse, 0, 2)
    a_set(warehouse, 1, 0.5)
    assert days(warehouse, "dose_known") == {-1: False, 0: True, 1: True, 2: True, 3: False}
    found = days(warehouse, column)
    assert (found[-1], found[3]) == (None, None)
    assert None not in (found[0], found[1], found[2])


def test_an_athlete_without_any_log_has_no_known_day(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 1)
    known(warehouse, 0, 1, athlete_id="anna")
    assert days(warehouse, "dose_known") == {0: False, 1: False}
    assert days(warehouse) == {0: None, 1: None}


def test_a_set_that_was_recorded_outside_the_log_has_its_dose_and_its_day_stays_unknown(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 1)
    known(warehouse, 0, 0)
    a_set(warehouse, 1, 0.25, log_kind="watch")
    assert days(warehouse)[1] == 0.25
    assert days(warehouse, "dose_known")[1] is False
    assert days(warehouse, "acute_hip_dose")[1] is None


def test_a_set_of_an_exercise_nobody_knows_has_no_dose(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 1)
    known(warehouse, 0, 0)
    a_set(warehouse, 0, None)
    a_set(warehouse, 1, None)
    assert days(warehouse) == {0: 0, 1: None}


def test_a_day_whose_sets_nobody_could_name_is_unknown_and_not_zero(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    known(warehouse, 0, 6, log_kind="watch")
    a_set(warehouse, 0, 0.5, match="watch")
    a_set(warehouse, 1, None, match="none", log_kind="watch")
    a_set(warehouse, 2, 0.5, match="exact")
    a_set(warehouse, 2, 0.5, match="exact")
    a_set(warehouse, 2, None, match="none")
    assert days(warehouse, "dose_known") == {0: True, 1: False, **dict.fromkeys(range(2, 7), True)}
    assert days(warehouse)[1] is None
    assert days(warehouse)[2] == 1.0
    assert weeks(warehouse, "dose_known") == [(False,)]


def test_a_set_that_a_log_covers_makes_no_day_unknown(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 0)
    known(warehouse, 0, 0)
    a_set(warehouse, 0, 0.5, match="exact")
    for number in range(3):
        a_set(warehouse, 0, None, match="none", log_kind="watch", superseded_by="s-0", set_index=number)
    assert days(warehouse, "dose_known") == {0: True}


def test_days_between_two_logs_are_unknown(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6)
    known(warehouse, 0, 1)
    known(warehouse, 5, 6)
    assert days(warehouse, "dose_known") == {n: n in {0, 1, 5, 6} for n in range(7)}


def test_a_set_that_another_log_covers_changes_no_sum(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 0)
    known(warehouse, 0, 0)
    a_set(warehouse, 0, 0.5)
    a_set(warehouse, 0, 0.0, superseded_by="s-0")
    assert days(warehouse) == {0: 0.5}


def test_the_acute_dose_is_that_of_two_weeks_fading_by_days(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 14)
    known(warehouse, 0, 14)
    a_set(warehouse, 0, 1.0)
    a_set(warehouse, 4, 0.5)
    acute = days(warehouse, "acute_hip_dose")
    assert acute[0] == pytest.approx(1)
    assert acute[3] == pytest.approx(exp(-3 / 2))
    assert acute[4] == pytest.approx(exp(-4 / 2) + 0.5)
    assert acute[13] == pytest.approx(exp(-13 / 2) + 0.5 * exp(-9 / 2))
    assert acute[14] == pytest.approx(0.5 * exp(-10 / 2))


def test_the_days_of_two_athletes_stand_apart(warehouse: Warehouse) -> None:
    for name, dose in (("me", 0.5), ("anna", 0.25)):
        rest_days(warehouse, 0, 0, athlete_id=name)
        known(warehouse, 0, 0, athlete_id=name)
        a_set(warehouse, 0, dose, athlete_id=name)
    finish(warehouse)
    assert ask(warehouse, "SELECT athlete_id, hip_dose, acute_hip_dose FROM days") == [
        ("anna", 0.25, 0.25),
        ("me", 0.5, 0.5),
    ]


# weeks


def weeks(warehouse: Warehouse, columns: str, tonight: date = TONIGHT) -> list[tuple[object, ...]]:
    finish(warehouse, tonight)
    return ask(warehouse, f"SELECT {columns} FROM weeks ORDER BY athlete_id, week_start")  # noqa: S608


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


def an_exercise(warehouse: Warehouse, name: str = "hip_thrust", weight: float = 1.0) -> None:
    fill(warehouse, "exercises", {"exercise": name, "label": name, "hip_extension_weight": weight, "source": "drawn"})


def test_the_sets_of_a_week_lead_from_its_dose_to_the_lines_of_the_log(warehouse: Warehouse) -> None:
    an_exercise(warehouse, weight=0.8)
    fill(warehouse, "sources", {"path": "b.csv", "source_id": "s"}, {"path": "a.csv", "source_id": "s"})
    a_set(warehouse, 6, 0.5, exercise="hip_thrust", exercise_name="Hip Thrust", line=9, upper_dose=0.0)
    finish(warehouse)
    columns = "week_start, local_date, exercise_name, hip_extension_weight, hip_dose, path, line"
    assert ask(warehouse, f"SELECT {columns} FROM week_sets") == [  # noqa: S608
        (day(0), day(6), "Hip Thrust", 0.8, 0.5, "a.csv", 9)
    ]


@pytest.mark.parametrize("name", ["hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min"])
def test_a_set_with_any_dose_is_one_of_its_week_s(warehouse: Warehouse, name: str) -> None:
    an_exercise(warehouse)
    nothing = dict.fromkeys(DOSES, 0.0)
    for dose in (0.25, 0.0):
        a_set(warehouse, 0, **{**nothing, "exercise": "hip_thrust", name: dose})  # type: ignore[arg-type]
    finish(warehouse)
    assert ask(warehouse, f"SELECT {name} FROM week_sets") == [(0.25,)]  # noqa: S608


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


# all of them


def test_views_have_the_columns_that_their_schemas_promise(warehouse: Warehouse) -> None:
    finish(warehouse)
    for name, schema in VIEWS.items():
        found = {column for (column,) in ask(warehouse, f"SELECT column_name FROM (DESCRIBE {name})")}  # noqa: S608
        assert found == set(schema.columns()), name


def test_views_leave_the_warehouse_as_typed_frames(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 13)
    known(warehouse, 0, 6)
    a_run(warehouse, "a-0", 0)
    an_exercise(warehouse)
    a_set(warehouse, 1, 0.5, **A_WHOLE_SET, **dict.fromkeys(DOSES[1:], 0.0))
    fill(warehouse, "athlete_settings", {"athlete_id": "me"})
    finish(warehouse)
    heights = {name: warehouse.read(name, schema).height for name, schema in VIEWS.items()}
    basic = {"runs": 1, "days": 14, "weeks": 2, "week_sets": 1, "athletes": 1}
    assert {name: heights[name] for name in basic} == basic


def test_every_table_and_every_column_of_tables_and_views_is_commented(warehouse: Warehouse) -> None:
    finish(warehouse)
    bare = ask(
        warehouse,
        "SELECT table_name, NULL FROM duckdb_tables() WHERE comment IS NULL AND table_name <> 'about' "
        "UNION ALL SELECT view_name, NULL FROM duckdb_views() WHERE comment IS NULL AND NOT internal "
        "UNION ALL SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE comment IS NULL AND table_name <> 'about' AND database_name = 'hipdrive' AND NOT internal",
    )
    assert bare == []
    counted = ask(warehouse, "SELECT count(*) FROM duckdb_columns() WHERE comment <> '' AND NOT internal")
    assert counted == [(sum(len(schema.columns()) for schema in {**TABLES, **VIEWS}.values()),)]


def test_a_view_made_anew_keeps_its_comments(warehouse: Warehouse) -> None:
    query = "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'weeks' ORDER BY column_index"
    finish(warehouse)
    before = ask(warehouse, query)
    finish(warehouse)
    assert ask(warehouse, query) == before
    assert ("run_distance_m", "running distance; unit: m") in before


day_rows = st.lists(
    st.tuples(st.integers(0, 40), st.floats(0, 30_000), st.floats(0, 2)),
    min_size=1,
    max_size=20,
    unique_by=lambda row: row[0],
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=day_rows)
def test_polars_and_duckdb_agree_on_the_sums_of_weeks(home: Home, drawn: list[tuple[int, float, float]]) -> None:
    by_day = {number: (metres, dose) for number, metres, dose in drawn}
    with Warehouse(home) as warehouse:
        known(warehouse, 0, 40)
        for number in range(max(by_day) + 1):
            metres, dose = by_day.get(number, (0.0, 0.0))
            rest_days(warehouse, number, number, run_distance_m=metres)
            a_set(warehouse, number, dose)
        found = weeks(warehouse, "week_start, run_distance_m, hip_dose")
    frame = pl.DataFrame(
        [(day(number), *by_day.get(number, (0.0, 0.0))) for number in range(max(by_day) + 1)],
        schema={"local_date": pl.Date, "metres": pl.Float64, "dose": pl.Float64},
        orient="row",
    )
    expected = (
        frame.group_by(pl.col("local_date").dt.truncate("1w")).agg(pl.col("metres", "dose").sum()).sort("local_date")
    )
    assert [row[0] for row in found] == expected["local_date"].to_list()
    for place, column in ((1, "metres"), (2, "dose")):
        assert [row[place] for row in found] == pytest.approx(expected[column].to_list())


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shuffled=st.permutations(range(10)))
def test_the_order_in_which_rows_came_does_not_matter(home: Home, shuffled: list[int]) -> None:
    def built(order: list[int]) -> list[tuple[object, ...]]:
        with Warehouse(home) as warehouse:
            known(warehouse, 0, 9)
            for number in order:
                rest_days(warehouse, number, number, run_time_s=60.0 * (number % 3), ctl=1.0 * number)
                a_set(warehouse, number, number / 10)
                a_run(warehouse, f"{number}-0", number, speed_at_reference_hr_m_per_s=2.5 + number / 10)
            return weeks(warehouse, "*")

    assert [pytest.approx(row) for row in built(list(range(10)))] == built(shuffled)
