"""Records → samples: the timer, who moves, one source a quantity, and what no body does."""

from __future__ import annotations

import polars as pl
import pytest

from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import Columns, raw_file, raw_records, raw_session, tidy, timer

HOUR = 3600.0


def left_out(result: TidyRuns) -> dict[str, int]:
    return dict(result.rejects.select("reason", "rows").iter_rows())


def column(result: TidyRuns, name: str) -> list[object]:
    return result.samples[name].to_list()


# The timer


def test_without_events_the_timer_is_the_time_since_the_start() -> None:
    assert column(tidy(raw_records([2, 3, 10])), "timer_s") == [2, 3, 10]


def test_a_paused_hour_adds_nothing() -> None:
    events = timer((0, "start"), (2, "stop_all"), (2 + HOUR, "start"), (4 + HOUR, "stop_all"))
    records = raw_records([0, 1, 2, 2 + HOUR, 3 + HOUR, 4 + HOUR], distance=[0, 3, 6, 6, 9, 12])
    result = tidy(records, events=events)
    assert column(result, "timer_s") == [0, 1, 2, 2, 3, 4]
    assert column(result, "moving_s") == [0, 1, 1, 0, 1, 1]


def test_what_is_recorded_in_a_pause_takes_no_time() -> None:
    events = timer((0, "start"), (2, "stop"), (10, "start"))
    result = tidy(raw_records([0, 2, 5, 8, 10, 11], distance=[0, 6, 7, 8, 9, 12]), events=events)
    assert column(result, "timer_s") == [0, 2, 2, 2, 2, 3]
    assert column(result, "moving_s") == [0, 2, 0, 0, 0, 1]


def test_pauses_add_up() -> None:
    events = timer((0, "start"), (1, "stop"), (11, "start"), (12, "stop"), (32, "start"))
    assert column(tidy(raw_records([0, 1, 12, 33]), events=events), "timer_s") == [0, 1, 2, 33 - 10 - 20]


@pytest.mark.parametrize("kinds", [("stop", "start"), ("start", "stop")])
def test_a_stop_and_a_start_at_one_instant_leave_the_timer_running(kinds: tuple[str, str]) -> None:
    events = timer((0, "start"), (2, kinds[0]), (2, kinds[1]))
    assert column(tidy(raw_records([0, 2, 5]), events=events), "timer_s") == [0, 2, 5]


def test_two_stops_in_a_row_are_one_pause() -> None:
    events = timer((0, "start"), (2, "stop"), (4, "stop_all"), (6, "start"))
    assert column(tidy(raw_records([0, 2, 7]), events=events), "timer_s") == [0, 2, 7 - 4]


def test_a_stop_at_the_start_of_a_session_is_that_of_the_one_before() -> None:
    events = timer((0, "start"), (10, "stop_all"))
    result = tidy(raw_records([0, 5, 10, 15, 20]), sessions=[raw_session(0), raw_session(10)], events=events)
    assert column(result, "timer_s") == [0, 5, 0, 5, 10]


def test_a_pause_of_one_session_is_none_of_another() -> None:
    events = timer((0, "start"), (2, "stop"), (8, "start"), (10, "stop"), (10, "start"))
    result = tidy(raw_records([0, 9, 10, 15]), sessions=[raw_session(0), raw_session(10)], events=events)
    assert column(result, "timer_s") == [0, 9 - 6, 0, 5]


def test_records_before_the_session_s_start_belong_to_it_and_begin_its_timer() -> None:
    assert column(tidy(raw_records([0, 1, 2]), sessions=[raw_session(1.5)]), "timer_s") == [0, 1, 2]


def test_the_timer_never_runs_below_zero() -> None:
    events = timer((-50, "start"), (-40, "stop"), (5, "start"))
    assert min(tidy(raw_records([0, 5, 6]), events=events).samples["timer_s"]) == 0


def test_markers_and_other_timer_events_are_no_pause() -> None:
    events = timer((0, "start"), (2, "marker"), (3, "consecutive_depreciated"))
    assert column(tidy(raw_records([0, 2, 5]), events=events), "timer_s") == [0, 2, 5]


# Moving


def test_a_runner_who_stands_does_not_move() -> None:
    times = [*range(5), *range(5, 40), *range(40, 45)]
    distance = [3.0 * second for second in range(5)] + [12.0] * 35 + [12.0 + 3.0 * step for step in range(1, 6)]
    result = tidy(raw_records(times, distance=distance, enhanced_speed=None))
    assert sum(result.samples["moving_s"]) == 4 + 5


@pytest.mark.parametrize("every", [2, 3, 7])
def test_a_distance_written_every_few_seconds_is_an_even_run(every: int) -> None:
    seconds = list(range(61))
    distance = [3.0 * (second // every * every) for second in seconds]
    result = tidy(raw_records(seconds, distance=distance))
    last_rise = 60 // every * every
    assert sum(result.samples["moving_s"]) == last_rise
    assert result.samples["speed_m_per_s"][1:last_rise].to_list() == pytest.approx([3.0] * (last_rise - 1))


def test_records_without_a_distance_lie_on_the_stretch_around_them() -> None:
    result = tidy(raw_records(range(7), distance=[0.0, None, 6.0, None, None, None, 18.0]))
    assert column(result, "moving_s") == [0, 1, 1, 1, 1, 1, 1]
    assert column(result, "speed_m_per_s") == [None, 3, 3, 3, 3, 3, 3]


def test_without_any_distance_the_device_s_speed_says_who_moves() -> None:
    result = tidy(raw_records(range(4), distance=None, enhanced_speed=[3.0, 3.0, 0.4, 3.0]))
    assert column(result, "is_moving") == [False, True, False, True]


def test_a_distance_that_falls_says_nothing_of_speed() -> None:
    result = tidy(raw_records([0, 1, 2, 3], distance=[100.0, 103.0, 0.0, 3.0], speed=[None, None, 3.0, None]))
    assert column(result, "speed_m_per_s") == [None, 3, 3, 3]


def test_a_sample_stands_for_the_time_since_the_one_before() -> None:
    assert column(tidy(raw_records([0, 1, 4, 12])), "moving_s") == [0, 1, 3, 8]


# One source a quantity


def test_the_enhanced_field_wins_over_the_plain_one() -> None:
    records = raw_records([0], enhanced_speed=3.5, speed=3.0, enhanced_altitude=101.5, altitude=100.0)
    result = tidy(records)
    assert (column(result, "speed_m_per_s"), column(result, "altitude_m")) == ([3.5], [101.5])
    plain = tidy(raw_records([0], speed=3.0, altitude=100.0))
    assert (column(plain, "speed_m_per_s"), column(plain, "altitude_m")) == ([3.0], [100.0])


@pytest.mark.parametrize(
    ("sport", "cadence", "expected"),
    [
        ("running", [88, 90], [2 * 88, 2 * 90]),
        ("walking", [55, 60], [2 * 55, 2 * 60]),
        ("running", [176, 180], [176, 180]),
        ("running", [0, 0, 0, 88, 90], [0, 0, 0, 2 * 88, 2 * 90]),
        ("running", [0, 0, 0, 176, 180], [0, 0, 0, 176, 180]),
        ("cycling", [88, 90], [None, None]),
        ("running", [None, 90], [None, 2 * 90]),
    ],
)
def test_cadence_counts_the_steps_of_both_feet(sport: str, cadence: list[int], expected: list[int]) -> None:
    result = tidy(raw_records(range(len(cadence)), cadence=cadence), sessions=[raw_session(sport=sport)])
    assert column(result, "cadence_spm") == expected


def test_a_fraction_of_a_turn_is_two_halves_of_a_step() -> None:
    assert column(tidy(raw_records([0], cadence=88, fractional_cadence=0.5)), "cadence_spm") == [2 * 88.5]


def test_each_file_counts_its_feet_by_itself() -> None:
    records = pl.concat([raw_records([0], source_id="a", cadence=88), raw_records([0], source_id="b", cadence=176)])
    result = tidy(records, files=[raw_file("a"), raw_file("b")], sessions=[raw_session(), raw_session(source_id="b")])
    assert column(result, "cadence_spm") == [176, 176]


def test_fit_s_units_become_ours() -> None:
    records = raw_records(
        [0],
        step_length=1020.0,
        stance_time=248.0,
        vertical_oscillation=84.5,
        position_lat=2.0**30,
        position_long=-(2.0**29),
    )
    (row,) = tidy(records).samples.iter_rows(named=True)
    assert (row["step_length_m"], row["contact_time_s"]) == (1.02, 0.248)
    assert (row["vertical_oscillation_m"], row["latitude_deg"], row["longitude_deg"]) == (0.0845, 90, -45)


def test_a_step_is_speed_over_cadence_where_the_device_measures_none() -> None:
    result = tidy(raw_records([0, 1, 2, 3], cadence=[90, 90, 0, None]))
    assert column(result, "step_length_m") == [None, pytest.approx(3.0 * 60 / 180), None, None]
    assert column(result, "is_step_length_measured") == [None, False, None, None]


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ([None, 800.0, 800.0, None, None], [None, 0.8, 0.8, None, None]),
        ([None, 800.0, None, None, None], [None, 1.0, 1.0, 1.0, 1.0]),
        ([800.0, None, None, None, None], [None, 1.0, 1.0, 1.0, 1.0]),
    ],
    ids=["half", "under half", "standing only"],
)
def test_one_activity_has_one_source_of_step_length(measured: list[float | None], expected: list[float | None]) -> None:
    result = tidy(raw_records(range(5), cadence=90, step_length=measured))
    assert column(result, "step_length_m") == pytest.approx(expected)
    assert set(column(result, "is_step_length_measured")[1:3]) == {expected[1] == 0.8}


def test_a_foot_pod_speaks_where_the_watch_measures_nothing() -> None:
    pod: Columns = {
        "developer_power": 230.0,
        "developer_stance_time": 241.0,
        "developer_vertical_oscillation": 65.0,
        "leg_spring_stiffness": 9.25,
    }
    (row,) = tidy(raw_records([0], **pod)).samples.iter_rows(named=True)
    assert (row["power_w"], row["contact_time_s"], row["foot_pod_stiffness_n_per_m"]) == (230, 0.241, 9250)
    assert row["vertical_oscillation_m"] == pytest.approx(0.065)
    watch: Columns = {"power": 300.0, "stance_time": 250.0, "vertical_oscillation": 80.0}
    (row,) = tidy(raw_records([0], **pod, **watch)).samples.iter_rows(named=True)
    assert (row["power_w"], row["contact_time_s"], row["vertical_oscillation_m"]) == (300, 0.25, 0.08)


# A start that nobody wrote


def test_a_timer_that_never_starts_again_does_not_freeze_the_rest_of_the_run() -> None:
    events = timer((0, "start"), (10, "stop"))
    result = tidy(raw_records([0, 5, 10, 40, 70]), events=events)
    assert column(result, "timer_s") == [0, 5, 10, 10, 40]
    assert left_out(result) == {"timer never started again though the runner ran on: started with the next record": 1}


def test_a_stop_between_two_stops_is_mended_as_well() -> None:
    events = timer((0, "start"), (10, "stop"), (70, "stop"), (90, "start"))
    result = tidy(raw_records([0, 10, 20, 60, 90, 95], distance=[0, 30, 60, 180, 210, 225]), events=events)
    assert column(result, "timer_s") == [0, 10, 10, 50, 60, 65]


def test_a_pause_that_a_start_ends_stays_a_pause_however_far_one_strolls() -> None:
    events = timer((0, "start"), (10, "stop"), (100, "start"))
    records = raw_records([0, 10, 20, 50, 90, 100, 105], distance=[0, 30, 45, 75, 120, 130, 145])
    assert column(tidy(records, events=events), "timer_s") == [0, 10, 10, 10, 10, 10, 15]


def test_a_standing_watch_that_wanders_off_has_not_started_again() -> None:
    records = raw_records([0, 10, 20, 500, 1000], distance=[0, 30, 31, 80, 130])
    assert column(tidy(records, events=timer((0, "start"), (10, "stop"))), "timer_s") == [0, 10, 10, 10, 10]


@pytest.mark.parametrize(("metres", "timer_s"), [(50.0, 30), (49.9, 10)])
def test_fifty_metres_after_a_stop_are_a_run(metres: float, timer_s: float) -> None:
    records = raw_records([0, 10, 20, 40], distance=[0, 30, 31, 31 + metres])
    assert column(tidy(records, events=timer((0, "start"), (10, "stop"))), "timer_s")[-1] == timer_s


def test_a_few_records_after_the_end_are_no_run() -> None:
    result = tidy(
        raw_records([0, 10, 11, 12, 13], distance=[0, 30, 31, 31, 31]), events=timer((0, "start"), (10, "stop"))
    )
    assert column(result, "timer_s") == [0, 10, 10, 10, 10]
    assert left_out(result) == {}


# What no body does


def test_a_distance_that_leaps_stands_for_no_moving_and_is_counted() -> None:
    result = tidy(raw_records([0, 1, 2, 3], distance=[0.0, 3.0, 803.0, 806.0], enhanced_speed=3.0))
    assert column(result, "moving_s") == [0, 1, 0, 1]
    assert column(result, "speed_m_per_s") == [3, 3, None, 3]
    assert column(result, "speed_fault") == [None, None, "jump", None]
    assert left_out(result) == {"distance that leaps as no runner does: no moving time": 1}


@pytest.mark.parametrize(("gap_s", "metres", "moving_s"), [(100, 1240, 100), (101, 900, 0), (101, 800, 101)])
def test_over_a_long_gap_nobody_runs_at_a_sprinter_s_speed(gap_s: int, metres: float, moving_s: float) -> None:
    assert column(tidy(raw_records([0, gap_s], distance=[0.0, metres])), "moving_s") == [0, moving_s]


def test_a_rider_s_distance_does_not_leap() -> None:
    result = tidy(raw_records([0, 1], distance=[0.0, 20.0]), sessions=[raw_session(sport="cycling")])
    assert column(result, "moving_s") == [0, 1]


def test_an_altitude_above_both_its_neighbours_is_a_spike() -> None:
    result = tidy(raw_records(range(5), altitude=[100.0, 100.0, 111.0, 100.0, 101.0]))
    assert column(result, "altitude_m") == [100, 100, None, 100, 101]
    assert left_out(result) == {"altitude more than 10 m above or below both neighbours: masked": 1}


def test_a_cliff_is_no_spike() -> None:
    assert column(tidy(raw_records(range(4), altitude=[100.0, 100.0, 130.0, 130.0])), "altitude_m")[2] == 130


@pytest.mark.parametrize(
    ("field", "value", "column_name"),
    [
        ("step_length", 150.0, "step_length_m"),
        ("step_length", 2800.0, "step_length_m"),
        ("stance_time", 1300.0, "contact_time_s"),
        ("vertical_oscillation", 310.0, "vertical_oscillation_m"),
    ],
)
def test_strides_no_body_makes_are_masked_and_counted(field: str, value: float, column_name: str) -> None:
    given: Columns = {field: value}
    result = tidy(raw_records([0], **given))
    assert column(result, column_name) == [None]
    assert sum(left_out(result).values()) == 1


def test_a_derived_step_no_body_makes_is_none() -> None:
    result = tidy(raw_records([0, 1, 2], cadence=[90, 30, 90]))
    assert column(result, "step_length_m") == [None, None, pytest.approx(1.0)]


def test_impossible_values_are_masked_and_counted() -> None:
    heart = [0, 29, 30, 240, 241, None]
    result = tidy(raw_records(range(6), heart_rate=heart, stance_time=[0, 250, 250, 250, 250, 250]))
    assert column(result, "heart_rate_bpm") == [None, None, 30, 240, None, None]
    assert column(result, "contact_time_s")[:2] == [None, 0.25]
    assert left_out(result) == {
        "heart rate outside 30 to 240 bpm: masked": 3,
        "contact time outside 0.05 to 1.2 s: masked": 1,
    }


@pytest.mark.parametrize(("sport", "kept"), [("running", [12.5, None, None]), ("cycling", [12.5, 12.6, None])])
def test_nobody_runs_faster_than_anybody_ran_but_a_rider_may(sport: str, kept: list[float | None]) -> None:
    result = tidy(raw_records(range(3), distance=None, speed=[12.5, 12.6, -0.1]), sessions=[raw_session(sport=sport)])
    assert column(result, "speed_m_per_s") == kept
    assert left_out(result) == {"speed on foot above 12.5 m/s: masked": kept.count(None)}
