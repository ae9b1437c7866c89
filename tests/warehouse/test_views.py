"""Each view by its name: drawn rows in, expected rows out."""

from __future__ import annotations

from datetime import date
from math import exp
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipdrive.tables import TABLES, VIEWS
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

if TYPE_CHECKING:
    from hipdrive.settings import Home

A_WHOLE_SET: dict[str, object] = {"set_index": 0, "match": "exact", "exercise": "hip_thrust", "line": 2}
DOSES = ("hip_dose", "heavy_hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min")


# athletes


def test_athletes_are_those_of_the_settings_with_their_level(warehouse: Warehouse) -> None:
    fill(warehouse, "athlete_settings", *({"athlete_id": name} for name in ("me", "anna")))
    level = {"reference_hr_bpm": 150.0, "reference_speed_m_per_s": 3.2, "hr_slope_per_bpm": 0.008}
    fill(warehouse, "athlete_levels", {"athlete_id": "me", **level})
    finish(warehouse)
    columns = "athlete_id, reference_hr_bpm, reference_pace_s_per_km"
    assert ask(warehouse, f"SELECT {columns} FROM athletes") == [
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
    assert sorted(ask(warehouse, f"SELECT {columns} FROM runs")) == [
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
    assert ask(warehouse, f"SELECT {columns} FROM run_list") == [
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
    told = ask(warehouse, "SELECT function_name, comment FROM duckdb_functions() WHERE NOT internal")
    assert {name for name, _ in told} == {"pace", "pace_mi"}
    assert all(comment for _, comment in told)


# days


def days(warehouse: Warehouse, column: str = "hip_dose") -> dict[int, object]:
    finish(warehouse)
    rows = ask(warehouse, f"SELECT local_date, \"{column}\" FROM days WHERE athlete_id = 'me' ORDER BY local_date")
    return {(found - MONDAY).days: value for found, value in rows if isinstance(found, date)}


def test_a_day_s_doses_are_the_sums_of_its_sets(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 0)
    known(warehouse, 0, 0)
    for part in (1, 2):
        a_set(warehouse, 0, 0.1 * part, **dict.fromkeys(DOSES[1:], part * 1.0))
    assert days(warehouse) == {0: pytest.approx(0.1 + 0.2)}
    assert [days(warehouse, name)[0] for name in DOSES[1:]] == [1 + 2] * 4


@pytest.mark.parametrize("column", DOSES)
def test_a_day_that_the_log_speaks_for_without_a_set_is_a_day_of_nothing(warehouse: Warehouse, column: str) -> None:
    rest_days(warehouse, 0, 2)
    known(warehouse, 0, 2)
    a_set(warehouse, 1, 0.5, **dict.fromkeys(DOSES[1:], 0.5))
    assert days(warehouse, column) == {0: 0, 1: 0.5, 2: 0}
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


# all of them


def test_views_have_the_columns_that_their_schemas_promise(warehouse: Warehouse) -> None:
    finish(warehouse)
    for name, schema in VIEWS.items():
        found = {column for (column,) in ask(warehouse, f"SELECT column_name FROM (DESCRIBE {name})")}
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
