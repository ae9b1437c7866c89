"""The views that answer what runners ask: drawn rows in, expected rows out; and every example query has an answer."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from hipdrive.measure.adherence import measure_adherence
from hipdrive.tables.strength import ProgrammeWeek
from hipdrive.warehouse import Warehouse, example_queries
from tests.makers.warehouse import MONDAY, a_run, ask, day, fill, finish, rest_days

AT_SPEED = "contact_time_at_reference_speed_s"


def effort(
    warehouse: Warehouse, run: str, time_s: float, *, metres: float = 1000.0, seconds: float | None = None
) -> None:
    """A best effort over a distance, or, with `seconds`, over a time at the same speed."""
    target: dict[str, object] = {"target_m": metres} if seconds is None else {"target_s": seconds}
    row = {"activity_id": run, **target, "time_s": seconds or time_s, "speed_m_per_s": metres / time_s}
    fill(warehouse, "best_efforts", row)


def runs_on(warehouse: Warehouse, *days: int, **columns: object) -> None:
    for number in days:
        start = datetime.combine(day(number), datetime.min.time())
        a_run(warehouse, f"{number}-0", number, start_utc=start, **columns)


# week_volume_and_dose


def test_volume_and_dose_stand_side_by_side_in_every_week(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 6, run_distance_m=5000.0, run_time_s=1500.0)
    rest_days(warehouse, 7, 13)
    fill(warehouse, "log_spans", {"first_date": day(0), "last_date": day(6)})
    items = [{"exercise": "a", "adherence_fraction": 1.0}, {"exercise": "b", "adherence_fraction": 0.5}]
    fixed = {"athlete_id": "me", "week_start": MONDAY, "is_strengthening": True}
    stretch = {**fixed, "exercise": "c", "is_strengthening": False, "adherence_fraction": 0.0}
    fill(warehouse, "programme_weeks", *({**fixed, **item} for item in items), stretch)
    finish(warehouse)
    columns = "run_distance_m, hip_dose, adherence_fraction, dose_known"
    found = ask(warehouse, f"SELECT {columns} FROM week_volume_and_dose ORDER BY week_start")
    assert found == [(7 * 5000, 0, (1.0 + 0.5) / 2, True), (0, None, None, False)]


def test_a_weeks_adherence_in_sql_is_that_of_the_measure(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 13)
    done = {("a", True): (0.3, 1.0), ("b", True): (0.85, 0.0), ("c", False): (0.1, 0.7)}
    fill(
        warehouse,
        "programme_weeks",
        *(
            {
                "athlete_id": "me",
                "week_start": day(7 * week),
                "exercise": exercise,
                "is_strengthening": is_strengthening,
                "prescribed_sets": 2.0,
                "done_sets": 2 * share,
                "adherence_fraction": share,
            }
            for (exercise, is_strengthening), shares in done.items()
            for week, share in enumerate(shares)
        ),
    )
    finish(warehouse)
    measured = measure_adherence(warehouse.read("programme_weeks", ProgrammeWeek))["adherence_fraction"]
    found = ask(warehouse, "SELECT adherence_fraction FROM week_volume_and_dose ORDER BY week_start")
    assert [value for (value,) in found] == pytest.approx(measured.to_list())


# unknown_names


def test_a_name_nobody_knows_is_of_a_written_log_that_no_better_one_covers(warehouse: Warehouse) -> None:
    rest_days(warehouse, 0, 13)
    unknown: dict[str, object] = {"exercise_name": "Hip thingy", "match": "none", "local_date": day(1)}
    rows: list[dict[str, object]] = [
        unknown,
        {**unknown, "local_date": day(8)},
        {**unknown, "exercise_name": "Hip thrust", "exercise": "hip_thrust", "match": "exact"},
        {**unknown, "exercise_name": "unknown", "log_kind": "watch"},
        {**unknown, "superseded_by": "t-0"},
        {**unknown, "exercise_name": "Gluteus", "athlete_id": "anna"},
    ]
    fill(warehouse, "strength_sets", *rows)
    finish(warehouse)
    assert ask(warehouse, "FROM unknown_names") == [("anna", "Gluteus", 1, day(1)), ("me", "Hip thingy", 2, day(8))]


# best_efforts_by_season, personal_records


def test_the_best_of_a_quarter_and_the_run_it_lies_in(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0, 7, 40)
    for run, time_s in (("0-0", 250.0), ("7-0", 240.0), ("40-0", 260.0)):
        effort(warehouse, run, time_s)
    finish(warehouse)
    query = "SELECT season_start, activity_id, time_s, pace_s_per_km FROM best_efforts_by_season ORDER BY season_start"
    assert ask(warehouse, query) == [
        (date(2026, 1, 1), "7-0", 240, pytest.approx(240)),
        (date(2026, 4, 1), "40-0", 260, pytest.approx(260)),
    ]


def test_a_distance_and_a_time_are_two_targets(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0)
    effort(warehouse, "0-0", 250.0)
    effort(warehouse, "0-0", 250.0, seconds=300.0)
    finish(warehouse)
    assert ask(warehouse, "SELECT target_m, target_s FROM best_efforts_by_season") == [(1000, None), (None, 300)]


def test_a_record_is_what_is_faster_than_all_before_it(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0, 1, 2, 3)
    for run, time_s in (("0-0", 250.0), ("1-0", 260.0), ("2-0", 240.0), ("3-0", 240.0)):
        effort(warehouse, run, time_s)
    finish(warehouse)
    query = "SELECT activity_id, gain_fraction, is_standing FROM personal_records ORDER BY local_date"
    assert ask(warehouse, query) == [("0-0", None, False), ("2-0", pytest.approx(250 / 240 - 1), True)]


def test_a_second_recording_sets_no_record(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0)
    a_run(warehouse, "9-0", 1, duplicate_of="0-0")
    effort(warehouse, "0-0", 250.0)
    effort(warehouse, "9-0", 200.0)
    finish(warehouse)
    assert ask(warehouse, "SELECT activity_id FROM personal_records") == [("0-0",)]
    assert ask(warehouse, "SELECT activity_id FROM best_efforts_by_season") == [("0-0",)]


def test_a_run_that_contradicts_itself_sets_no_best(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0)
    runs_on(warehouse, 1, contradiction="two speeds: its speed field lies -19 % off what its distance says")
    for run, time_s in (("0-0", 250.0), ("1-0", 200.0)):
        effort(warehouse, run, time_s)
        effort(warehouse, run, time_s, seconds=300.0)
    finish(warehouse)
    assert set(ask(warehouse, "SELECT activity_id, over_next_fraction FROM efforts")) == {("0-0", None)}
    assert set(ask(warehouse, "SELECT activity_id FROM personal_records")) == {("0-0",)}
    assert set(ask(warehouse, "SELECT activity_id FROM best_efforts_by_season")) == {("0-0",)}
    assert ask(warehouse, "SELECT efforts FROM critical_speeds") == [(2,)]


def test_a_best_far_ahead_of_the_runner_s_next_is_doubtful(warehouse: Warehouse) -> None:
    """By over 4 %; of a runner's one effort nothing can be said."""
    runs_on(warehouse, 0, 1, 2)
    for run, time_s in (("0-0", 250.0), ("1-0", 249.0), ("2-0", 239.0)):
        effort(warehouse, run, time_s)
    effort(warehouse, "2-0", 250.0, seconds=300.0)
    finish(warehouse)
    query = "SELECT activity_id, over_next_fraction, is_doubtful FROM efforts ORDER BY target_m NULLS LAST, time_s"
    assert ask(warehouse, query) == [
        ("2-0", pytest.approx(249 / 239 - 1), True),
        ("1-0", pytest.approx(250 / 249 - 1), False),
        ("0-0", None, False),
        ("2-0", None, False),
    ]
    doubted = "SELECT activity_id, is_doubtful FROM personal_records WHERE is_standing AND target_m = 1000"
    assert ask(warehouse, doubted) == [("2-0", True)]
    assert ask(warehouse, "SELECT is_doubtful FROM best_efforts_by_season ORDER BY target_m") == [(True,), (False,)]


# critical_speeds


def a_line(warehouse: Warehouse, run: str, times: tuple[float, ...], *, reserve: float = 200.0) -> None:
    """Efforts over the distances that a runner with a critical speed of 4 m/s and this D' covers in these times."""
    for time_s in times:
        effort(warehouse, run, time_s, metres=4.0 * time_s + reserve)


def test_critical_speed_is_the_slope_and_d_prime_the_rest(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0)
    a_line(warehouse, "0-0", (180.0, 400.0, 1200.0))
    effort(warehouse, "0-0", 60.0, metres=450.0)
    finish(warehouse)
    columns = "efforts, critical_speed_m_per_s, critical_pace_s_per_km, d_prime_m"
    (found,) = ask(warehouse, f"SELECT {columns} FROM critical_speeds")
    assert found == (3, pytest.approx(4.0), pytest.approx(250), pytest.approx(200))


@pytest.mark.parametrize(
    ("times", "reserve"),
    [((180.0, 400.0), 200.0), ((300.0, 400.0, 599.0), 200.0), ((180.0, 400.0, 1200.0), -50.0)],
    ids=["two efforts", "times too alike", "below zero"],
)
def test_a_line_that_tells_nothing_is_null(warehouse: Warehouse, times: tuple[float, ...], reserve: float) -> None:
    runs_on(warehouse, 0)
    a_line(warehouse, "0-0", times, reserve=reserve)
    finish(warehouse)
    assert ask(warehouse, "SELECT critical_speed_m_per_s, d_prime_m FROM critical_speeds") == [(None, None)]


@pytest.mark.parametrize("reserve", [0.0, 0.5])
def test_a_line_through_the_origin_or_above_it_tells(warehouse: Warehouse, reserve: float) -> None:
    runs_on(warehouse, 0)
    a_line(warehouse, "0-0", (180.0, 400.0, 1200.0), reserve=reserve)
    finish(warehouse)
    columns = "critical_speed_m_per_s, critical_pace_s_per_km, d_prime_m"
    (found,) = ask(warehouse, f"SELECT {columns} FROM critical_speeds")
    assert found == (pytest.approx(4.0), pytest.approx(250), pytest.approx(reserve))


def test_a_line_is_of_efforts_of_three_to_twenty_and_a_half_minutes(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0)
    a_line(warehouse, "0-0", (179.0, 180.0, 400.0, 1230.0, 1231.0))
    finish(warehouse)
    assert ask(warehouse, "SELECT efforts FROM critical_speeds") == [(3,)]


def test_the_season_moves_with_the_month(warehouse: Warehouse) -> None:
    runs_on(warehouse, 0, 60, 130)
    a_line(warehouse, "0-0", (180.0, 400.0, 1200.0))
    finish(warehouse)
    query = "SELECT month_start, efforts FROM critical_speeds ORDER BY month_start"
    assert ask(warehouse, query) == [(date(2026, 3, 1), 3), (date(2026, 5, 1), 3), (date(2026, 7, 1), 0)]


@pytest.mark.parametrize(("on", "efforts"), [(0, 3), (-1, 0)])
def test_the_season_of_a_month_is_its_last_91_days(warehouse: Warehouse, on: int, efforts: int) -> None:
    """Of the 91 days to 31 May the first is 2 March."""
    runs_on(warehouse, on, 60)
    a_line(warehouse, f"{on}-0", (180.0, 400.0, 1200.0))
    finish(warehouse)
    query = "SELECT efforts FROM critical_speeds WHERE month_start = DATE '2026-05-01'"
    assert ask(warehouse, query) == [(efforts,)]


# stride_by_month


def test_devices_stay_apart_and_errors_are_the_scatter_of_runs(warehouse: Warehouse) -> None:
    for number, (device, contact) in enumerate([("a", 0.24), ("a", 0.26), ("b", 0.30)]):
        runs_on(warehouse, number, device=device)
        at_speed = {AT_SPEED: contact, "cadence_at_reference_speed_spm": 170.0}
        fill(warehouse, "run_strides", {"activity_id": f"{number}-0", "level_minutes": 9, **at_speed})
    finish(warehouse)
    query = f"SELECT device, runs, {AT_SPEED}, contact_time_at_reference_speed_se_s FROM stride_by_month"
    deviation = (0.01**2 + 0.01**2) ** 0.5
    assert ask(warehouse, query) == [
        ("a", 2, pytest.approx(0.25), pytest.approx(deviation / 2**0.5)),
        ("b", 1, pytest.approx(0.30), None),
    ]


# dose_and_next_weeks


def test_a_week_is_set_beside_the_eight_before_and_the_eight_after_it(warehouse: Warehouse) -> None:
    weeks = 20
    rest_days(warehouse, -7 * weeks, -1)
    fill(warehouse, "log_spans", {"first_date": day(-7 * weeks), "last_date": day(-1)})
    for week in range(weeks):
        speed = 3.0 if week < 10 else 3.3
        runs_on(warehouse, 7 * (week - weeks), speed_at_reference_hr_m_per_s=99.0 if week == 10 else speed)
    finish(warehouse)
    columns = "weeks_before, weeks_after, before_speed_at_reference_hr_m_per_s, change_fraction"
    rows = ask(warehouse, f"SELECT {columns} FROM dose_and_next_weeks ORDER BY week_start")
    assert len(rows) == weeks
    assert rows[10] == (8, 8, pytest.approx(3.0), pytest.approx(3.3 / 3.0 - 1))
    assert (rows[0][:2], rows[-1][:2]) == ((0, 8), (8, 0))
    assert (rows[0][3], rows[-1][3]) == (None, None)


def test_a_week_of_unknown_dose_is_no_row(warehouse: Warehouse) -> None:
    rest_days(warehouse, -14, -1)
    fill(warehouse, "log_spans", {"first_date": day(-14), "last_date": day(-8)})
    finish(warehouse)
    assert ask(warehouse, "SELECT week_start FROM dose_and_next_weeks") == [(day(-14),)]


# changes_since_last_month


def test_four_weeks_are_set_against_the_four_before(warehouse: Warehouse) -> None:
    """Tonight is 20 March: the 28 days from 20 February, and the 28 from 23 January."""
    rest_days(warehouse, -37, -11, run_distance_m=1000.0)
    rest_days(warehouse, -10, 17, run_distance_m=1100.0)
    rest_days(warehouse, 18, 19, run_distance_m=9000.0)
    runs_on(warehouse, -20, speed_at_reference_hr_m_per_s=3.0)
    runs_on(warehouse, 0, speed_at_reference_hr_m_per_s=3.3)
    runs_on(warehouse, 18, speed_at_reference_hr_m_per_s=9.0)
    finish(warehouse)
    rows = {row[0]: row[1:] for row in ask(warehouse, "SELECT * EXCLUDE (athlete_id) FROM changes_since_last_month")}
    assert rows["running distance"] == ("m", 28 * 1100, 27 * 1000, pytest.approx(28 * 1100 / (27 * 1000) - 1))
    assert rows["speed at reference heart rate"] == ("m/s", pytest.approx(3.3), pytest.approx(3.0), pytest.approx(0.1))
    assert rows["runs"] == ("count", 1, 1, 0)
    assert not {"hip dose", "training impulse"} & rows.keys()


def test_runs_of_either_four_weeks_are_those_of_28_days(warehouse: Warehouse) -> None:
    """Tonight is day 18: the 28 days before it begin with day -10, those before them with day -38."""
    amounts = {-39: 1e5, -38: 1e1, -11: 1e2, -10: 1e3, 17: 1e4, 18: 1e6}
    for on in range(-39, 19):
        rest_days(warehouse, on, on, run_distance_m=amounts.get(on, 0.0))
    for on, amount in amounts.items():
        runs_on(warehouse, on, trimp=amount)
    finish(warehouse)
    rows = {row[0]: row[1:] for row in ask(warehouse, "SELECT * EXCLUDE (athlete_id) FROM changes_since_last_month")}
    assert rows["runs"][1:3] == (2, 2)
    assert rows["training impulse"][1:3] == rows["running distance"][1:3] == (1e3 + 1e4, 1e1 + 1e2)


def test_a_dose_counts_where_the_log_reaches_to_the_end(warehouse: Warehouse) -> None:
    rest_days(warehouse, -38, 17)
    fill(warehouse, "log_spans", {"first_date": day(-60), "last_date": day(16)})
    finish(warehouse)
    query = "SELECT latest_28_days, days_28_before FROM changes_since_last_month WHERE measure = 'hip dose'"
    assert ask(warehouse, query) == [(None, 0)]


# The examples


@pytest.mark.parametrize(("question", "query"), example_queries(), ids=[one for one, _ in example_queries()])
def test_every_example_is_a_question_and_has_an_answer(warehouse: Warehouse, question: str, query: str) -> None:
    rest_days(warehouse, -60, 17)
    runs_on(warehouse, 0, 1)
    finish(warehouse)
    assert question
    assert query.startswith("SELECT")
    ask(warehouse, query)


def test_the_examples_are_what_people_ask() -> None:
    asked = " ".join(question for question, _ in example_queries())
    words = ("four weeks", "eight weeks", "each year", "day after", "month and device", "nobody knows")
    for word in (*words, "programme", "night after night", "hip thrust", "files", "pace a mile"):
        assert word in asked
    assert len(example_queries()) == 11
