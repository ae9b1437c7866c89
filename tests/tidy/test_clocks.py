"""A run is dated once, whatever its device's clock did: set forward or back, never set, in local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.tables.run_files import RawRecord
from hipdrive.tidy.runs import TidyRuns
from tests.makers.clocks import BEGIN, BERLIN, DAY, HOUR, LENGTH_S, SECOND, ZERO, Drawn, right, set_at, whole
from tests.makers.runs import raw_file, spread, tidy, typed

# Set while it recorded


@pytest.mark.parametrize("at", [1, 2, 4, 300, 999])
@pytest.mark.parametrize(
    "by", [37 * SECOND, 10 * 60 * SECOND, HOUR, 15 * HOUR, 21 * DAY, 1024 * 7 * DAY, -40 * SECOND, -HOUR, -21 * DAY]
)
def test_a_clock_that_is_set_in_a_run_loses_nothing_of_it(at: int, by: timedelta) -> None:
    activity = whole(Drawn(set_at((at, by))).tidied())
    assert (activity["start_utc"], activity["elapsed_time_s"]) == (BEGIN, LENGTH_S)
    assert activity["local_date"] == date(2026, 3, 31)
    assert f"at record {at + 1}" in activity["clock_repair"]
    assert "forward" in activity["clock_repair"] if by > timedelta() else "back" in activity["clock_repair"]


@pytest.mark.parametrize("at", [2001, LENGTH_S - 4, LENGTH_S - 1, LENGTH_S])
@pytest.mark.parametrize("by", [HOUR, 21 * DAY, 2000 * DAY, -HOUR, -21 * DAY])
def test_most_records_date_a_run_whose_clock_is_set_near_its_end(at: int, by: timedelta) -> None:
    activity = whole(Drawn(lambda second: right(second) + (by if second >= at else timedelta())).tidied())
    assert activity["start_utc"] == BEGIN


@pytest.mark.parametrize("by", [HOUR, -HOUR, 3 * DAY])
def test_where_the_halves_are_alike_the_activity_s_end_dates_the_run(by: timedelta) -> None:
    assert whole(Drawn(set_at((1600, by))).tidied())["start_utc"] == BEGIN


@pytest.mark.parametrize("by", [21 * DAY, -21 * DAY, 3 * DAY, -2 * HOUR])
def test_a_file_that_breaks_off_is_joined_too(by: timedelta) -> None:
    result = Drawn(set_at((300, by)), has_session=False, file={"timestamp": None, "local_timestamp": None}).tidied()
    assert whole(result)["start_utc"] == BEGIN


def test_several_steps_are_joined_and_told() -> None:
    clock = set_at((60, 21 * DAY), (200, -HOUR), (400, 5 * 60 * SECOND), (700, -400 * DAY))
    activity = whole(Drawn(clock).tidied())
    assert activity["start_utc"] == BEGIN
    assert "and 1 more times" in activity["clock_repair"]


def test_a_clock_that_goes_wrong_and_right_again_is_joined() -> None:
    wrong = Drawn(lambda second: right(second) + (9 * HOUR if 500 <= second < 900 else timedelta()))
    assert whole(wrong.tidied())["start_utc"] == BEGIN


@pytest.mark.parametrize("at", [590, 600, 660])
def test_laps_and_pauses_of_the_other_clock_move_along(at: int) -> None:
    pauses = [(100, 160), (900, 950)]
    result = Drawn(set_at((at, 21 * DAY)), pauses=pauses).tidied()
    activity = whole(result, pauses_s=108, pauses=2)
    assert (activity["start_utc"], activity["timer_time_s"]) == (BEGIN, LENGTH_S - 108)
    assert result.laps["start_utc"].to_list() == [right(second) for second in range(0, LENGTH_S, 600)]
    assert abs(result.samples["timer_s"].max() - (LENGTH_S - 110)) <= 1  # type: ignore[operator]


@pytest.mark.parametrize("together", [True, False])
def test_a_pause_that_two_stretches_show_is_that_of_the_one_it_was_written_in(together: bool) -> None:  # noqa: FBT001
    """The clock goes back by ten minutes, so that 6:20 comes twice; the pause is in the second."""
    result = Drawn(set_at((1800, -600 * SECOND)), pauses=[(2000, 2100)], together=together).tidied()
    whole(result, pauses_s=99)
    gap = result.samples.with_columns(step=pl.col("time_utc").diff()).filter(pl.col("step") > SECOND)
    assert gap["time_utc"].to_list() == [right(2100)]
    assert (gap["timer_s"] - 2000).abs().max() <= 1  # type: ignore[operator]


@pytest.mark.parametrize("by", [HOUR, 21 * DAY, -HOUR, -21 * DAY])
def test_a_clock_that_is_set_in_a_pause_leaves_the_pause_as_long_as_it_was(by: timedelta) -> None:
    activity = whole(Drawn(set_at((700, by)), pauses=[(500, 700)]).tidied(), pauses_s=199)
    assert activity["start_utc"] == BEGIN


def test_a_pause_over_night_is_none() -> None:
    """The timer stood, and the device counts the night: the clock was never set."""
    length_s = 15 * 3600
    result = Drawn(right, length_s=length_s, pauses=[(1000, length_s - 500)], elapsed_s=length_s).tidied()
    activity = whole(result, length_s=length_s, pauses_s=length_s - 1501)
    assert (activity["start_utc"], activity["clock_repair"]) == (BEGIN, None)


@pytest.mark.parametrize("gap_s", [30, 300, 7200])
def test_a_gap_that_the_device_counts_is_a_gap(gap_s: int) -> None:
    def clock(second: int) -> datetime:
        return right(second if second < 1500 else second + gap_s)

    activity = Drawn(clock, elapsed_s=LENGTH_S + gap_s).tidied().activities.row(0, named=True)
    assert (activity["start_utc"], activity["clock_repair"]) == (BEGIN, None)


@pytest.mark.parametrize("elapsed_s", [None, 600.0])
def test_a_gap_in_which_a_way_was_made_is_a_gap(elapsed_s: float | None) -> None:
    seconds = [*range(600), *range(100_000, 100_600)]
    rows = spread(
        len(seconds), source_id="a", timestamp=[right(one) for one in seconds], distance=[3.0 * one for one in seconds]
    )
    session = {"source_id": "a", "sport": "running", "start_time": BEGIN, "total_elapsed_time": elapsed_s}
    assert tidy(typed(RawRecord, rows), sessions=[session]).activities["clock_repair"].to_list() == [None]


@pytest.mark.parametrize(("m_per_s", "is_gap"), [(0.51, True), (0.50, False)])
def test_over_a_day_without_records_who_stood_was_not_recorded(m_per_s: float, *, is_gap: bool) -> None:
    seconds = [*range(600), *range(100_000, 100_600)]
    metres = [3.0 * one if one < 600 else 1797 + m_per_s * (100_000 - 599) + 3.0 * (one - 100_000) for one in seconds]
    rows = spread(len(seconds), source_id="a", timestamp=[right(one) for one in seconds], distance=metres)
    session = {"source_id": "a", "sport": "running", "start_time": BEGIN, "total_elapsed_time": None}
    (repair,) = tidy(typed(RawRecord, rows), sessions=[session]).activities["clock_repair"]
    assert (repair is None) == is_gap


# Never set


@pytest.mark.parametrize("by", ["time_created", "power_on", "activity", "local"])
def test_times_from_power_on_are_dated_by_what_the_file_says(by: str) -> None:
    def counted(second: int) -> datetime:
        return ZERO + (second + 6) * SECOND

    end = counted(LENGTH_S)
    told: dict[str, dict[str, Any]] = {
        "time_created": {"time_created": BEGIN, "local_timestamp": None},
        "power_on": {"power_on": BEGIN - 6 * SECOND, "time_created": None, "local_timestamp": None},
        "activity": {"timestamp": right(LENGTH_S), "time_created": None},
        "local": {"time_created": None, "local_timestamp": (right(LENGTH_S) + 2 * HOUR).replace(tzinfo=None)},
    }
    activity = whole(Drawn(counted, of_end=end, file=told[by]).tidied())
    assert (activity["start_utc"], activity["utc_offset_s"]) == (BEGIN, 7200)
    assert "count from power-on" in activity["clock_repair"]


def test_times_from_power_on_that_nothing_dates_are_left_out_with_that_reason() -> None:
    result = Drawn(lambda second: ZERO + second * SECOND, file={"time_created": None, "local_timestamp": None}).tidied()
    assert result.activities.is_empty()
    assert result.remarks["remark"].to_list() == [
        "its clock was never set, and nothing in the file says when it was recorded: no activity"
    ]


@pytest.mark.parametrize("at", [1, 3, 20, 1500, 2900])
@pytest.mark.parametrize("never", [ZERO, datetime(2106, 2, 7, 6, tzinfo=UTC)], ids=["1989", "2106"])
def test_a_clock_that_is_set_for_the_first_time_dates_what_was_before(at: int, never: datetime) -> None:
    activity = whole(Drawn(lambda second: right(second) if second >= at else never + second * SECOND).tidied())
    assert activity["start_utc"] == BEGIN


@pytest.mark.parametrize("at", [1, 7, 100])
def test_a_clock_that_is_lost_at_the_end_changes_nothing_before(at: int) -> None:
    lost = datetime(2106, 2, 7, 6, tzinfo=UTC)
    clock = Drawn(lambda second: right(second) if second <= LENGTH_S - at else lost + second * SECOND)
    assert whole(clock.tidied())["start_utc"] == BEGIN


def test_only_totals_are_dated_too() -> None:
    session = {"source_id": "a", "sport": "running", "start_time": ZERO + 6 * SECOND, "timestamp": ZERO + 606 * SECOND}
    totals = {"total_elapsed_time": 600.0, "total_timer_time": 590.0, "total_distance": 1800.0}
    result = tidy(files=[raw_file(time_created=BEGIN)], sessions=[session | totals])
    assert result.activities.select("start_utc", "distance_m").rows() == [(BEGIN, 1800.0)]


# Local time for UTC


def test_records_in_local_time_are_moved_to_utc_by_what_the_activity_says() -> None:
    clock = Drawn(lambda second: right(second) + 2 * HOUR, of_end=right(LENGTH_S) + 2 * HOUR)
    told = {"timestamp": right(LENGTH_S), "local_timestamp": (right(LENGTH_S) + 2 * HOUR).replace(tzinfo=None)}
    activity = whole(Drawn(clock.clock, file=told).tidied())
    assert (activity["start_utc"], activity["utc_offset_s"]) == (BEGIN, 7200)
    assert "local time" in activity["clock_repair"]


@pytest.mark.parametrize(("hours", "is_moved"), [(15, True), (15.25, False)])
def test_local_time_is_believed_up_to_fifteen_hours_from_utc(hours: float, *, is_moved: bool) -> None:
    told = {"timestamp": right(LENGTH_S), "local_timestamp": (right(LENGTH_S) + hours * HOUR).replace(tzinfo=None)}
    far_east = {"position_lat": 0.0, "position_long": 179.9 * 2**31 / 180}
    drawn = Drawn(lambda second: right(second) + hours * HOUR, file=told, columns=far_east)
    activity = whole(drawn.tidied())
    assert (activity["start_utc"] == BEGIN) == is_moved


def test_utc_and_local_time_of_the_activity_are_taken_the_right_way_round() -> None:
    told = {"timestamp": right(LENGTH_S) + 2 * HOUR, "local_timestamp": right(LENGTH_S).replace(tzinfo=None)}
    activity = whole(Drawn(right, file=told).tidied())
    assert (activity["start_utc"], activity["utc_offset_s"]) == (BEGIN, 7200)
    assert "swapped" in activity["clock_repair"]


def test_all_times_swapped_are_moved_if_that_is_the_athlete_s_zone() -> None:
    end = right(LENGTH_S) + 2 * HOUR
    told = {"timestamp": end, "local_timestamp": right(LENGTH_S).replace(tzinfo=None)}
    activity = whole(Drawn(lambda second: right(second) + 2 * HOUR, file=told).tidied())
    assert (activity["start_utc"], activity["utc_offset_s"]) == (BEGIN, 7200)


def test_a_traveller_in_the_opposite_zone_is_believed_where_the_sun_says_so() -> None:
    told = {"timestamp": right(LENGTH_S), "local_timestamp": (right(LENGTH_S) - 2 * HOUR).replace(tzinfo=None)}
    west = {"position_lat": 0.0, "position_long": -30 * 2**31 / 180}
    activity = whole(Drawn(right, file=told, columns=west).tidied())
    assert (activity["start_utc"], activity["utc_offset_s"], activity["clock_repair"]) == (BEGIN, -7200, None)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
def test_records_off_by_exactly_the_zone_are_moved_to_where_the_session_is(zone: str) -> None:
    zone_h = {"Europe/Berlin": 2, "America/New_York": -4, "Asia/Kolkata": 5.5}[zone]
    result = beside_a_session(zone_h * HOUR, zone)
    assert result.activities.select("start_utc", "utc_offset_s").rows() == [(BEGIN, zone_h * 3600)]
    assert result.samples["time_utc"][0] == BEGIN
    assert result.samples["moving_s"].sum() == 600


@pytest.mark.parametrize(("by", "is_moved"), [(120, True), (121, False)])
@pytest.mark.parametrize("way", [1, -1])
def test_records_off_by_two_minutes_more_or_less_than_the_zone_are_in_local_time(
    by: int, way: int, *, is_moved: bool
) -> None:
    off = 2 * HOUR + way * by * SECOND
    (repair,) = beside_a_session(off, "Europe/Berlin").activities["clock_repair"]
    assert ("local time" in (repair or "")) == is_moved


def beside_a_session(off: timedelta, zone: str) -> TidyRuns:
    """Ten minutes of records that are off by so much, beside a session whose times are right."""
    session = {
        "source_id": "a",
        "sport": "running",
        "start_time": BEGIN,
        "timestamp": right(600),
        "total_elapsed_time": 600.0,
    }
    rows = spread(
        601,
        source_id="a",
        timestamp=[right(second) + off for second in range(601)],
        distance=[3.0 * second for second in range(601)],
    )
    return tidy(typed(RawRecord, rows), sessions=[session], zones={"me": zone})


def test_a_file_that_was_made_by_the_zone_s_hours_before_its_records_is_in_local_time() -> None:
    silent = {"timestamp": None, "local_timestamp": None, "time_created": BEGIN}
    activity = whole(Drawn(lambda second: right(second) + 2 * HOUR, file=silent).tidied())
    assert (activity["start_utc"], activity["utc_offset_s"]) == (BEGIN, 7200)


@pytest.mark.parametrize("created", [BEGIN + LENGTH_S * SECOND, BEGIN + 9 * DAY, BEGIN - 3 * HOUR, BEGIN + HOUR])
def test_a_time_of_creation_that_fits_no_zone_moves_nothing(created: datetime) -> None:
    silent = {"timestamp": None, "local_timestamp": None, "time_created": created}
    activity = whole(Drawn(right, file=silent).tidied())
    assert (activity["start_utc"], activity["clock_repair"]) == (BEGIN, None)


# The athlete's day


@pytest.mark.parametrize(
    ("begin", "told_h", "offset_h", "day"),
    [
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 1, 2, date(2026, 10, 25)),  # 0:30 to 3:10, the clock went back
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), 2, 2, date(2026, 10, 25)),  # told as it was at the start
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 2, 1, date(2026, 3, 29)),
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), -5, -5, date(2026, 10, 24)),  # far away
    ],
)
def test_summer_time_that_ends_or_begins_in_a_run_leaves_the_day_of_its_start(
    begin: datetime, told_h: int, offset_h: int, day: date
) -> None:
    end = begin + timedelta(hours=3, minutes=40)
    file = raw_file(timestamp=end, local_timestamp=(end + told_h * HOUR).replace(tzinfo=None))
    session = {"source_id": "a", "sport": "running", "start_time": begin, "timestamp": end}
    (row,) = tidy(files=[file], sessions=[session], zones=BERLIN).activities.iter_rows(named=True)
    assert (row["utc_offset_s"], row["local_date"]) == (offset_h * 3600, day)


# Sessions whose clock is another


@pytest.mark.parametrize("off", [3 * HOUR, -3 * HOUR, 400 * DAY, -400 * DAY])
def test_a_session_by_another_clock_begins_with_its_records(off: timedelta) -> None:
    rows = spread(
        601,
        source_id="a",
        timestamp=[right(second) for second in range(601)],
        distance=[3.0 * second for second in range(601)],
    )
    session = {"source_id": "a", "sport": "running", "start_time": BEGIN + off, "total_elapsed_time": 600.0}
    result = tidy(typed(RawRecord, rows), sessions=[session])
    assert result.activities["start_utc"].to_list() == [BEGIN]
    assert result.samples["timer_s"].max() == 600


def test_a_watch_that_waits_for_its_first_record_began_when_it_was_started() -> None:
    rows = spread(501, source_id="a", timestamp=[right(second) for second in range(100, 601)], heart_rate=150.0)
    session = {"source_id": "a", "sport": "running", "start_time": BEGIN, "total_elapsed_time": 600.0}
    assert tidy(typed(RawRecord, rows), sessions=[session]).activities["start_utc"].to_list() == [BEGIN]


def test_records_that_a_sensor_wrote_after_the_others_are_no_other_clock() -> None:
    way = spread(300, source_id="a", timestamp=[right(s) for s in range(300)], distance=[3.0 * s for s in range(300)])
    pulse = spread(300, source_id="a", timestamp=[right(s) for s in range(300)], heart_rate=150.0)
    result = tidy(typed(RawRecord, [*way, *pulse]), sessions=[])
    assert result.samples.height == 300
    assert result.activities["clock_repair"].to_list() == [None]


def test_two_sessions_of_a_chained_file_at_the_same_time_are_no_other_clock() -> None:
    rows = spread(
        600,
        source_id="a",
        timestamp=[right(s % 300) for s in range(600)],
        distance=[3.0 * (s % 300) for s in range(600)],
    )
    sessions = [{"source_id": "a", "sport": "running", "start_time": BEGIN}] * 2
    assert tidy(typed(RawRecord, rows), sessions=sessions).activities["clock_repair"].to_list() == [None, None]


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(st.tuples(st.integers(30, 900), st.integers(-4 * 10**7, 4 * 10**7)), max_size=3),
    pause=st.integers(1000, 1400),
)
def test_whatever_the_clock_did_the_run_is_as_long_as_it_was(steps: list[tuple[int, int]], pause: int) -> None:
    clock = set_at(*((at, by * SECOND) for at, by in steps if abs(by) > 60))
    result = Drawn(clock, length_s=1800, elapsed_s=1800.0, pauses=[(pause, pause + 100)]).tidied()
    times = result.samples["time_utc"]
    assert times.is_sorted()
    assert result.samples.height == 1801 - 99
    assert abs((times[-1] - times[0]).total_seconds() - 1800) <= 2 * len(steps)
    assert times[-1] == right(1800)
