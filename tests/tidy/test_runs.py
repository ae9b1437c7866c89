"""Raw running rows → activities and laps, and what is left out, by file and reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import at, raw_file, raw_records, raw_session, tidy

HOUR = 3600.0
NEVER_SET = datetime(1989, 12, 31, 0, 0, 5, tzinfo=UTC)


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
    files = [raw_file(sports=["running"], sub_sports=["trail"])]
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


def test_without_records_the_session_tells_the_totals() -> None:
    session = raw_session(total_elapsed_time=99.0, total_timer_time=98.0, total_distance=97.0)
    (row,) = tidy(sessions=[session]).activities.iter_rows(named=True)
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
        (at(0).replace(tzinfo=None) + timedelta(hours=14), 14),
        (at(0).replace(tzinfo=None) + timedelta(hours=15), 15),
        (at(0).replace(tzinfo=None) + timedelta(hours=15, minutes=15), 1),
        (None, 1),
    ],
    ids=["Nepal", "a clock 3 s off", "Kiritimati", "an hour to spare", "no such zone on earth", "not told"],
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


# What is left out


def test_a_record_without_a_time_is_left_out_and_counted() -> None:
    records = raw_records([0, 1, 2, 3]).with_columns(
        timestamp=pl.Series([at(0), None, NEVER_SET, at(3)], dtype=pl.Datetime("us", "UTC"))
    )
    result = tidy(records)
    assert column(result, "time_utc") == [at(0), at(1), at(3)]  # the one of 1989 stands where it was written
    assert left_out(result) == {"record without a time, or with a clock that was never set: left out": 1}


@pytest.mark.parametrize("sessions", [[raw_session()], []])
@pytest.mark.parametrize("days", [-11, 11, 9000])
def test_a_record_of_another_age_is_left_out_and_counted(sessions: list[dict[str, object]], days: int) -> None:
    result = tidy(raw_records([0, 1, 2, days * 86_400.0], speed_m_per_s=1.0), sessions=sessions)
    assert column(result, "time_utc") == [at(0), at(1), at(2)]
    assert left_out(result) == {"record with a time and a distance that do not fit the others: left out": 1}


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
