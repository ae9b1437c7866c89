"""A session's totals held against its records: which of them count, what is kept, and what is said."""

from __future__ import annotations

import pytest

from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import Columns, at, raw_file, raw_records, raw_session, tidy, timer


def activity(result: TidyRuns) -> dict[str, object]:
    (row,) = result.activities.iter_rows(named=True)
    return row


def totals(result: TidyRuns) -> tuple[object, object, object]:
    row = activity(result)
    return row["distance_m"], row["timer_time_s"], row["elapsed_time_s"]


def half_an_hour(sub_sport: str | None = None, **told: object) -> TidyRuns:
    """Half an hour at 3 m/s by its records, and what its session tells."""
    records = raw_records(range(1801), enhanced_speed=3.0, step_length=1000.0, cadence=90)
    session: Columns = {"sub_sport": sub_sport, **told}
    return tidy(records, sessions=[raw_session(**session)])


def test_totals_that_agree_are_kept_without_a_word() -> None:
    result = half_an_hour(total_distance=5402.0, total_timer_time=1800.6, total_elapsed_time=1801.2)
    assert totals(result) == (5400, 1800.6, 1801.2)
    assert activity(result)["reason"] is None
    assert activity(result)["told_distance_m"] == 5402


def test_the_totals_of_a_first_part_are_not_the_run_s() -> None:
    """Paused after 900 s, resumed after two and three quarter hours, run for 1,800 s more."""
    seconds = [*range(901), *range(10_800, 12_601)]
    metres = [3.0 * (second if second <= 900 else second - 9900) for second in seconds]
    events = timer((0, "start"), (900, "stop_all"), (10_800, "start"), (12_600, "stop_all"))
    told = raw_session(total_distance=2700.0, total_timer_time=900.0, total_elapsed_time=900.0)
    result = tidy(raw_records(seconds, distance=metres, enhanced_speed=3.0), sessions=[told], events=events)
    assert totals(result) == (8100, 2700, 12_600)
    row = activity(result)
    assert (row["told_distance_m"], row["told_timer_time_s"], row["told_elapsed_time_s"]) == (2700, 900, 900)
    assert row["reason"] == (
        "its session says 2.7 km, its records 8.1 km: the records count; "
        "its session says 900 s, its records 2700 s: the records count"
    )
    assert row["contradiction"] is None


@pytest.mark.parametrize("told", [{"total_distance": 4500.0, "total_timer_time": 1500.0}, {}])
def test_a_last_lap_that_is_missing_from_the_totals_is_run_all_the_same(told: Columns) -> None:
    laps = [
        {"source_id": "a", "start_time": at(begin), "total_timer_time": 300.0, "total_distance": 900.0}
        for begin in range(0, 1500, 300)
    ]
    records = raw_records(range(1801), enhanced_speed=3.0)
    result = tidy(records, sessions=[raw_session(**told)], laps=laps)
    assert totals(result)[:2] == (5400, 1800)
    assert activity(result)["contradiction"] is None
    assert "the records count" in str(activity(result)["reason"])


def test_a_session_without_totals_has_those_of_its_laps() -> None:
    laps = [
        {"source_id": "a", "start_time": at(begin), "total_timer_time": 300.0, "total_distance": 900.0}
        for begin in (0, 300)
    ]
    assert totals(tidy(sessions=[raw_session()], laps=laps))[:2] == (1800, 600)


@pytest.mark.parametrize("told_m", [6000.0, 5000.0])
@pytest.mark.parametrize("sub_sport", ["treadmill", "indoor_running"])
def test_a_calibrated_treadmill_scales_its_records(sub_sport: str, told_m: float) -> None:
    result = half_an_hour(sub_sport, total_distance=told_m, total_timer_time=1800.0)
    assert totals(result)[0] == pytest.approx(told_m)
    last = result.samples.row(-1, named=True)
    assert last["distance_m"] == pytest.approx(told_m)
    assert last["speed_m_per_s"] == pytest.approx(told_m / 1800)
    assert last["step_length_m"] == pytest.approx(told_m / 1800 * 60 / 180)
    assert activity(result)["reason"] == f"its records say 5.4 km and were scaled to the calibrated {told_m / 1000} km"
    assert activity(result)["contradiction"] is None


def test_a_treadmill_without_a_told_distance_keeps_its_records() -> None:
    assert totals(half_an_hour("treadmill"))[0] == 5400
    assert totals(half_an_hour("treadmill", total_distance=0.0))[0] == 5400


def test_a_told_distance_that_nothing_explains_is_a_contradiction() -> None:
    result = half_an_hour(total_distance=6000.0, total_timer_time=1800.0)
    assert totals(result)[0] == 5400
    assert activity(result)["contradiction"] == "two distances: its session says 6.0 km, its records 5.4 km"


@pytest.mark.parametrize(("told_m", "is_off"), [(5683.0, False), (5685.0, True), (5131.0, False), (5129.0, True)])
def test_five_percent_apart_is_apart(told_m: float, is_off: bool) -> None:  # noqa: FBT001
    row = activity(half_an_hour(total_distance=told_m, total_timer_time=1800.0))
    assert (row["contradiction"] is not None) is is_off


def test_a_told_timer_that_leaves_out_what_was_stood_is_believed() -> None:
    metres = [3.0 * (second if second < 600 else max(600, second - 300)) for second in range(2101)]
    told = raw_session(total_distance=5400.0, total_timer_time=1800.0, total_elapsed_time=2100.0)
    result = tidy(raw_records(range(2101), distance=metres), sessions=[told])
    assert totals(result) == (5400, 1800, 2100)


def test_several_sessions_of_one_file_are_held_against_their_own_records() -> None:
    sessions = [
        raw_session(0, total_distance=1800.0, total_timer_time=600.0, total_elapsed_time=600.0),
        raw_session(600, sport="cycling", total_distance=4800.0, total_timer_time=600.0, total_elapsed_time=600.0),
        raw_session(1200, total_distance=900.0, total_timer_time=300.0, total_elapsed_time=300.0),
    ]
    speeds = [3.0] * 600 + [8.0] * 600 + [3.0] * 600
    metres = [sum(speeds[:second]) for second in range(1801)]
    result = tidy(raw_records(range(1801), distance=metres), sessions=sessions, files=[raw_file()])
    assert result.activities["distance_m"].to_list() == pytest.approx([1797, 4792, 1800], abs=10)
    assert result.activities["timer_time_s"].to_list()[2] == 600
    assert result.activities["vehicle_distance_m"].to_list() == [0, 0, 0]


def test_an_elapsed_time_is_never_shorter_than_the_timer_or_the_records() -> None:
    assert totals(half_an_hour(total_elapsed_time=100.0, total_timer_time=1800.0))[2] == 1800
