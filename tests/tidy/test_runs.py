"""Raw running rows → activities, samples, laps: sessions, the timer, one source a quantity, and what is left out."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hipdrive.errors import UnreadableFile
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_run_windows, measure_runs
from hipdrive.read.runs import RawRuns, read_run, stack_runs
from hipdrive.tables.runs import RawFile, RawLap, RawRecord, RawSession, RawTimerEvent
from hipdrive.tidy.run_samples import mask_values, merge_twins
from hipdrive.tidy.runs import TidyRuns, tidy_runs
from tests.makers.runs import START, at, raw_file, raw_records, raw_session, spread, tidy, timer, typed

HOUR = 3600.0
NEVER_SET = datetime(1989, 12, 31, 0, 0, 5, tzinfo=UTC)

if TYPE_CHECKING:
    from pathlib import Path


def left_out(result: TidyRuns) -> dict[str, int]:
    return dict(result.rejects.select("reason", "rows").iter_rows())


def column(result: TidyRuns, name: str) -> list[object]:
    return result.samples[name].to_list()


# Sessions


def test_an_activity_is_named_by_the_content_of_its_file_and_its_place() -> None:
    result = tidy(raw_records([0]), files=[raw_file(content_sha256="0123456789abcdef" * 4)])
    assert result.activities["activity_id"].to_list() == ["0123456789abcdef-0"]


def test_the_sessions_of_a_file_are_counted_by_their_start() -> None:
    sessions = [raw_session(50, sport="running"), raw_session(0, sport="cycling"), raw_session(20, sport="transition")]
    result = tidy(raw_records(range(0, 80, 10)), sessions=sessions)
    assert result.activities.select("session_index", "sport").rows() == [
        (0, "cycling"),
        (1, "transition"),
        (2, "running"),
    ]


def test_a_record_belongs_to_the_session_that_was_running_then() -> None:
    result = tidy(raw_records([5, 10, 19, 20, 21]), sessions=[raw_session(10), raw_session(20, sport="cycling")])
    assert [str(name)[-1] for name in column(result, "activity_id")] == ["0", "0", "0", "1", "1"]


def test_a_file_without_a_session_is_one_activity_made_from_its_records() -> None:
    files = [raw_file(sport="running", sub_sport="trail")]
    (row,) = tidy(raw_records([3, 5, 9]), files=files, sessions=[]).activities.iter_rows(named=True)
    assert (row["sport"], row["sub_sport"], row["start_utc"]) == ("running", "trail", at(3))
    assert (row["elapsed_time_s"], row["timer_time_s"], row["distance_m"]) == (9 - 3, 9 - 3, 3.0 * (9 - 3))


def test_a_file_that_says_no_sport_has_an_unknown_one() -> None:
    assert tidy(raw_records([0]), sessions=[]).activities["sport"].to_list() == ["unknown"]


@pytest.mark.parametrize(
    "session",
    [
        raw_session(start_time=None, timestamp=at(20), total_elapsed_time=20.0),
        raw_session(start_time=NEVER_SET, timestamp=at(20), total_elapsed_time=20.0),
        raw_session(start_time=None),
        raw_session(start_time=at(86_400 * 400)),
        raw_session(start_time=NEVER_SET),
    ],
)
def test_an_only_session_whose_start_is_lost_starts_where_its_records_do(session: dict[str, object]) -> None:
    result = tidy(raw_records([0, 10, 20]), sessions=[session])
    assert result.activities.select("start_utc", "sport").rows() == [(at(0), "running")]
    assert left_out(result) == {}


def test_of_several_sessions_one_without_a_start_is_left_out_and_counted() -> None:
    result = tidy(raw_records([0, 10]), sessions=[raw_session(0), raw_session(start_time=None)])
    assert result.activities.height == 1
    assert left_out(result) == {"session without a time, or with a clock that was never set: left out": 1}


def test_a_session_of_a_clock_that_was_never_set_is_left_out_and_counted() -> None:
    result = tidy(sessions=[raw_session(start_time=NEVER_SET)])
    assert result.activities.height == 0
    assert left_out(result) == {"session without a time, or with a clock that was never set: left out": 1}


def test_a_session_without_records_is_an_activity_with_what_it_tells() -> None:
    session = raw_session(total_elapsed_time=70.0, total_timer_time=60.0, total_distance=200.0, total_ascent=5.0)
    (row,) = tidy(sessions=[session]).activities.iter_rows(named=True)
    told = ("elapsed_time_s", "timer_time_s", "distance_m", "ascent_m", "richness")
    assert [row[name] for name in told] == [70, 60, 200, 5, 0]


def test_what_the_session_tells_wins_over_the_records() -> None:
    session = raw_session(total_elapsed_time=99.0, total_timer_time=98.0, total_distance=97.0)
    (row,) = tidy(raw_records([0, 10]), sessions=[session]).activities.iter_rows(named=True)
    assert (row["elapsed_time_s"], row["timer_time_s"], row["distance_m"]) == (99, 98, 97)


def test_a_session_that_ends_before_it_starts_has_no_elapsed_time() -> None:
    assert tidy(sessions=[raw_session(10, timestamp=at(0))]).activities["elapsed_time_s"].to_list() == [None]


def test_richness_counts_the_values_that_make_one_recording_better_than_another() -> None:
    records = raw_records([0, 1, 2], heart_rate=[None, 120, 121], cadence=80, stance_time=[250, 0, None])
    assert tidy(records).activities["richness"].to_list() == [2 + 3 + 2]


# The athlete's day


@pytest.mark.parametrize(
    ("told", "offset_h"),
    [
        (at(0).replace(tzinfo=None) + timedelta(hours=5, minutes=45), 5.75),
        (at(0).replace(tzinfo=None) + timedelta(hours=-7, seconds=-3), -7),
        (at(0).replace(tzinfo=None) + timedelta(hours=20), 1),
        (None, 1),
    ],
    ids=["Nepal", "a clock 3 s off", "no such zone on earth", "not told"],
)
def test_local_time_is_the_file_s_or_else_the_settings_zone(told: datetime | None, offset_h: float) -> None:
    files = [raw_file(timestamp=at(0), local_timestamp=told)]
    result = tidy(raw_records([0]), files=files, zones={"me": "Europe/Berlin"})
    assert result.activities["utc_offset_s"].to_list() == [offset_h * HOUR]


@pytest.mark.parametrize(
    ("start", "offset_h", "day"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 1, date(2026, 3, 29)),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), 1, date(2026, 3, 29)),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 2, date(2026, 3, 29)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), 2, date(2026, 7, 2)),
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), 2, date(2026, 7, 1)),
    ],
)
def test_the_day_is_the_one_of_the_athlete_s_clock_summer_time_and_all(
    start: datetime, offset_h: int, day: date
) -> None:
    result = tidy(sessions=[raw_session(start_time=start)], zones={"me": "Europe/Berlin"})
    assert result.activities.select("utc_offset_s", "local_date").rows() == [(offset_h * 3600, day)]


def test_each_athlete_has_their_own_zone_and_an_unknown_one_utc() -> None:
    names = ["me", "anna", "nobody"]
    files = [raw_file(name, athlete_id=name, content_sha256=name * 20) for name in names]
    sessions = [raw_session(source_id=name) for name in names]
    result = tidy(files=files, sessions=sessions, zones={"me": "Asia/Tokyo", "anna": "America/New_York"})
    offsets = dict(result.activities.select("athlete_id", "utc_offset_s").iter_rows())
    assert offsets == {"me": 9 * 3600, "anna": -5 * 3600, "nobody": 0}


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
    result = tidy(raw_records([0, 1, 2, 3], cadence=[90, 90, 0, None], step_length=[None, None, None, 990.0]))
    assert column(result, "step_length_m") == [None, pytest.approx(3.0 * 60 / 180), None, 0.99]


# What no body does


def test_impossible_values_are_masked_and_counted() -> None:
    heart = [0, 29, 30, 240, 241, None]
    result = tidy(raw_records(range(6), heart_rate=heart, stance_time=[0, 250, 250, 250, 250, 250]))
    assert column(result, "heart_rate_bpm") == [None, None, 30, 240, None, None]
    assert column(result, "contact_time_s")[:2] == [None, 0.25]
    assert left_out(result) == {
        "heart rate outside 30 to 240 bpm: masked": 3,
        "contact time of 0: masked": 1,
    }


@pytest.mark.parametrize(("sport", "kept"), [("running", [12.5, None, None]), ("cycling", [12.5, 12.6, None])])
def test_nobody_runs_faster_than_anybody_ran_but_a_rider_may(sport: str, kept: list[float | None]) -> None:
    result = tidy(raw_records(range(3), speed=[12.5, 12.6, -0.1]), sessions=[raw_session(sport=sport)])
    assert column(result, "speed_m_per_s") == kept
    assert left_out(result) == {"speed on foot above 12.5 m/s: masked": kept.count(None)}


def test_a_record_without_a_time_is_left_out_and_counted() -> None:
    records = raw_records([0, 1, 2, 3]).with_columns(
        timestamp=pl.Series([at(0), None, NEVER_SET, at(3)], dtype=pl.Datetime("us", "UTC"))
    )
    result = tidy(records)
    assert column(result, "time_utc") == [at(0), at(3)]
    assert left_out(result) == {"record without a time, or with a clock that was never set: left out": 2}


@pytest.mark.parametrize("sessions", [[raw_session()], []])
@pytest.mark.parametrize("days", [-11, 11, 9000])
def test_a_record_of_another_age_is_left_out_and_counted(sessions: list[dict[str, object]], days: int) -> None:
    result = tidy(raw_records([0, 1, 2, days * 86_400.0], speed_m_per_s=1.0), sessions=sessions)
    assert column(result, "time_utc") == [at(0), at(1), at(2)]
    assert left_out(result) == {"record more than 10 days from the others: left out": 1}


def test_a_run_of_nine_days_is_kept() -> None:
    assert tidy(raw_records([0, 86_400, 9 * 86_400]), sessions=[raw_session()]).samples.height == 3


def test_records_of_one_second_are_put_together_and_counted() -> None:
    one = raw_records([0, 1], heart_rate=None)
    other = raw_records([0, 1, 2], distance=None, heart_rate=[120, 121, 122])
    result = tidy(pl.concat([one, other]))
    assert column(result, "distance_m") == [0, 3, None]
    assert column(result, "heart_rate_bpm") == [120, 121, 122]
    assert left_out(result) == {"record of the same time as another: put together as one": 2}


def test_of_two_values_of_one_second_the_later_written_counts() -> None:
    records = raw_records([5, 5, 5], heart_rate=[120, 130, None], distance=[1.0, 2.0, 3.0])
    (row,) = tidy(records).samples.iter_rows(named=True)
    assert (row["heart_rate_bpm"], row["distance_m"]) == (130, 3)


def test_rejects_are_counted_by_file() -> None:
    records = pl.concat(
        [raw_records([0, 1], source_id=name, heart_rate=[0, 0 if name == "b" else 99]) for name in "ab"]
    )
    files, sessions = [raw_file("a"), raw_file("b")], [raw_session(), raw_session(source_id="b")]
    rejects = tidy(records, files=files, sessions=sessions).rejects
    assert rejects.select("source_id", "place", "rows").rows() == [("a", "records", 1), ("b", "records", 2)]


# Laps


def test_laps_are_numbered_within_their_session() -> None:
    laps = [
        {"source_id": "a", "start_time": at(start), "total_distance": distance, "total_timer_time": 5.0}
        for start, distance in [(10, 30.0), (0, 10.0), (5, 20.0)]
    ]
    result = tidy(sessions=[raw_session(0), raw_session(10)], laps=laps).laps
    rows = result.select(pl.col("activity_id").str.tail(1), "lap_index", "distance_m").rows()
    assert rows == [("0", 0, 10), ("0", 1, 20), ("1", 0, 30)]


def test_a_lap_without_a_time_is_left_out_and_counted() -> None:
    result = tidy(laps=[{"source_id": "a"}, {"source_id": "a", "timestamp": at(1)}])
    assert result.laps["start_utc"].to_list() == [at(1)]
    assert left_out(result) == {"lap without a time, or with a clock that was never set: left out": 1}


# Whatever comes

counts = st.lists(st.integers(0, 300), min_size=2, max_size=30, unique=True).map(sorted)


@settings(max_examples=25)
@given(seconds=counts, shift=st.integers(-10_000_000, 10_000_000))
def test_a_time_shift_changes_no_duration(seconds: list[int], shift: int) -> None:
    events = [(0.0, "start"), (100.0, "stop"), (150.0, "start")]
    here = tidy(raw_records(seconds), events=timer(*events))
    there = tidy(
        raw_records([second + shift for second in seconds], distance=[3.0 * second for second in seconds]),
        sessions=[raw_session(shift)],
        events=timer(*((second + shift, kind) for second, kind in events)),
    )
    times = ["timer_s", "moving_s", "speed_m_per_s"]
    assert_frame_equal(here.samples.select(times), there.samples.select(times))


@settings(max_examples=25)
@given(seconds=counts, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seconds: list[int], shuffled: object) -> None:
    records = raw_records(seconds, heart_rate=list(range(100, 100 + len(seconds))))
    order = list(range(len(seconds)))
    shuffled.shuffle(order)  # type: ignore[attr-defined]
    events = timer((0, "start"), (100, "stop"), (150, "start"))
    here, there = tidy(records, events=events), tidy(RawRecord.validate(records[order]), events=events[::-1])
    assert_frame_equal(here.samples, there.samples)
    assert_frame_equal(here.activities, there.activities)


@settings(max_examples=25)
@given(cut=st.integers(1, 28), every=st.sampled_from([1, 3, 8]))
def test_a_run_split_in_two_is_as_long_as_before(cut: int, every: int) -> None:
    seconds = [every * step for step in range(30)]
    whole = tidy(raw_records(seconds), sessions=[])
    parts = [raw_records(seconds[: cut + 1]), raw_records(seconds[cut:], source_id="b")]
    both = tidy(pl.concat(parts), files=[raw_file("a"), raw_file("b")], sessions=[])
    for name in ("distance_m", "timer_time_s"):
        assert both.activities[name].sum() == whole.activities[name].sum()
    assert both.samples["moving_s"].sum() == whole.samples["moving_s"].sum()


@given(order=st.permutations("abc"))
def test_the_order_of_files_does_not_matter(order: list[str]) -> None:
    def tidied(names: list[str]) -> TidyRuns:
        records = [raw_records([0, 1, 5], source_id=name, cadence=60 + ord(name)) for name in names]
        files = [raw_file(name) for name in names]
        return tidy(pl.concat(records), files=files, sessions=[raw_session(3, source_id="b")])

    here, there = tidied(["a", "b", "c"]), tidied(order)
    assert_frame_equal(here.samples, there.samples)
    assert_frame_equal(here.activities, there.activities)


def test_files_tidied_together_come_out_as_each_alone() -> None:
    def tidied(*names: str) -> TidyRuns:
        records = [raw_records(range(3), source_id=name, heart_rate=0 if name == "b" else 120) for name in names]
        return tidy(pl.concat(records), files=[raw_file(name) for name in names], sessions=[])

    together, alone = tidied("a", "b"), [tidied("a"), tidied("b")]
    assert_frame_equal(together.samples, pl.concat([one.samples for one in alone]))
    assert_frame_equal(together.rejects, pl.concat([one.rejects for one in alone]))


def test_what_was_put_together_or_masked_once_stays_so() -> None:
    twins = pl.DataFrame(spread(3, activity_id="a-0", timestamp=[at(0), at(0), at(1)], heart_rate=[120, None, 121]))
    once = merge_twins(twins)
    assert once.height == 2
    assert_frame_equal(merge_twins(once), once)
    samples = tidy(raw_records(range(3), heart_rate=[0, 100, 250])).samples
    flags = samples.with_columns(source_id=pl.lit("a"), on_foot=True)
    again, counts_again = mask_values(flags)
    assert_frame_equal(again, flags)
    assert counts_again.is_empty()


anything = st.one_of(st.none(), st.floats(-1e9, 1e9), st.sampled_from([0.0, 1.0, 90.0, 180.0, 65535.0]))
any_time = st.one_of(
    st.none(),
    st.integers(-5, 900).map(at),
    st.sampled_from([NEVER_SET, START + timedelta(days=30_000), START - timedelta(days=5000)]),
)
any_source = st.sampled_from("ab")
any_records = st.lists(
    st.fixed_dictionaries(
        {"source_id": any_source, "timestamp": any_time},
        optional={name: anything for name in RawRecord.columns() if name not in {"source_id", "timestamp"}},
    ),
    max_size=25,
)
any_sessions = st.lists(
    st.fixed_dictionaries(
        {"source_id": any_source, "sport": st.sampled_from([None, "running", "cycling"])},
        optional={
            "start_time": any_time,
            "timestamp": any_time,
            "total_elapsed_time": anything,
            "total_timer_time": anything,
            "total_distance": anything,
        },
    ),
    max_size=3,
)
any_laps = st.lists(
    st.fixed_dictionaries({"source_id": any_source, "start_time": any_time, "timestamp": any_time}), max_size=3
)
any_events = st.lists(
    st.fixed_dictionaries(
        {
            "source_id": any_source,
            "timestamp": any_time,
            "event_type": st.sampled_from(["start", "stop", "stop_all", "marker", None]),
        }
    ),
    max_size=6,
)


@settings(max_examples=60)
@given(records=any_records, sessions=any_sessions, laps=any_laps, events=any_events)
def test_nothing_that_a_file_can_say_breaks_a_contract(
    records: list[dict[str, object]],
    sessions: list[dict[str, object]],
    laps: list[dict[str, object]],
    events: list[dict[str, object]],
) -> None:
    result = tidy_runs(
        typed(RawFile, [raw_file("a"), raw_file("b")]),
        typed(RawSession, sessions),
        typed(RawLap, laps),
        typed(RawTimerEvent, events),
        typed(RawRecord, records),
        {"me": "UTC"},
    )
    samples = measure_grade(result.samples)
    windows = measure_run_windows(result.activities, samples)
    measure_runs(result.activities, samples, windows)
    gone = result.rejects.filter(pl.col("reason").str.starts_with("record "))["rows"].sum()
    assert samples.height + gone == len(records)


# Real files


def tidied_folder(folder: Path) -> tuple[RawRuns, TidyRuns]:
    runs, seen = [], set()
    for path in sorted([*folder.glob("*.fit"), *folder.glob("*.fit.gz")]):
        data = path.read_bytes()
        data = gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data
        name = hashlib.sha256(data).hexdigest()
        if name not in seen:
            seen.add(name)
            try:
                runs.append(read_run(data, path.name, source_id=name, content_sha256=name, athlete_id="me"))
            except UnreadableFile:
                continue
    raw = stack_runs(runs)
    return raw, tidy_runs(raw.files, raw.sessions, raw.laps, raw.timer_events, raw.records, {"me": "Europe/Berlin"})


@pytest.mark.parametrize("folder", ["mixed", "series_a", "series_b", "series_c"])
def test_every_record_of_the_corpus_is_a_sample_or_counted(corpus: Path, folder: str) -> None:
    raw, result = tidied_folder(corpus / folder)
    gone = result.rejects.filter(pl.col("reason").str.starts_with("record "))["rows"].sum()
    assert result.samples.height + gone == raw.records.height > 10_000


@pytest.mark.parametrize("folder", ["series_a", "series_b", "series_c"])
def test_the_timer_of_real_runs_is_the_watch_s_own(corpus: Path, folder: str) -> None:
    _, result = tidied_folder(corpus / folder)
    ended = result.samples.group_by("activity_id").agg(ended_s=pl.col("timer_s").max())
    runs = result.activities.join(ended, on="activity_id").filter(
        pl.col("sport") == "running", pl.col("timer_time_s") > 300
    )
    off = sorted((runs["ended_s"] / runs["timer_time_s"] - 1).abs())
    assert len(off) > 30
    assert off[len(off) // 2] < 0.001
    assert off[int(0.95 * len(off))] < 0.01


@pytest.mark.parametrize("folder", ["series_a", "series_b", "series_c"])
def test_real_runners_run_at_the_pace_of_runners(corpus: Path, folder: str) -> None:
    """Moving time over distance; it fell to 2:10 a km where a distance written in steps was taken for halts."""
    _, result = tidied_folder(corpus / folder)
    windows = measure_run_windows(result.activities, result.samples)
    runs = measure_runs(result.activities, result.samples, windows).filter(pl.col("distance_m") > 1000)
    assert runs.filter(pl.col("pace_s_per_km").is_between(150, 1100)).height > 0.98 * runs.height > 30
