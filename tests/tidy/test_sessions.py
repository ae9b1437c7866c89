"""When each activity began, of what sport it is, and why a file has none."""

from __future__ import annotations

import polars as pl
import pytest

from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import at, raw_file, raw_records, raw_session, tidy


def sports(result: TidyRuns) -> list[object]:
    return result.activities.sort("session_index")["sport"].to_list()


@pytest.mark.parametrize("own", [None, "generic", "all"])
def test_the_sport_message_speaks_where_the_session_has_no_word(own: str | None) -> None:
    files = [raw_file(sports=["running"], sub_sports=["trail"])]
    result = tidy(raw_records([0, 9]), files=files, sessions=[raw_session(sport=own)])
    assert result.activities.select("sport", "sub_sport").rows() == [("running", "trail")]


def test_a_session_s_own_sport_wins() -> None:
    files = [raw_file(sports=["cycling"], sub_sports=[None])]
    assert sports(tidy(raw_records([0, 9]), files=files, sessions=[raw_session(sport="running")])) == ["running"]


def test_each_leg_of_a_multisport_file_has_its_own_sport_message() -> None:
    files = [raw_file(sports=["swimming", "cycling", "running"], sub_sports=[None, None, None])]
    legs = [raw_session(start, sport=None) for start in (0, 100, 200)]
    assert sports(tidy(raw_records(range(0, 300, 10)), files=files, sessions=legs)) == [
        "swimming",
        "cycling",
        "running",
    ]


def test_one_sport_message_speaks_for_all_legs_and_two_for_none_of_three() -> None:
    legs = [raw_session(start, sport=None) for start in (0, 100, 200)]
    one, two = [raw_file(sports=["running"])], [raw_file(sports=["cycling", "running"])]
    assert sports(tidy(raw_records([0, 150, 250]), files=one, sessions=legs)) == ["running"] * 3
    assert sports(tidy(raw_records([0, 150, 250]), files=two, sessions=legs)) == ["unknown"] * 3


def test_a_sub_sport_of_running_alone_says_running() -> None:
    sessions = [raw_session(sport="generic", sub_sport="treadmill")]
    assert sports(tidy(raw_records([0, 9]), sessions=sessions)) == ["running"]
    assert sports(tidy(raw_records([0, 9]), sessions=[raw_session(sport="generic", sub_sport="trail")])) == ["generic"]


def test_records_without_a_time_are_the_reason_for_no_activity() -> None:
    records = raw_records([0, 1, 2]).with_columns(timestamp=pl.lit(None, dtype=pl.Datetime("us", "UTC")))
    result = tidy(records, sessions=[])
    assert result.activities.is_empty()
    assert result.remarks.rows() == [("a", "its 3 records have no time: no activity")]


def test_a_file_with_an_activity_and_a_right_clock_has_no_remark() -> None:
    assert tidy(raw_records([0, 9])).remarks.is_empty()


def test_every_file_has_an_activity_or_a_remark() -> None:
    files = [raw_file("a"), raw_file("b"), raw_file("c")]
    sessions = [raw_session(source_id="a"), raw_session(source_id="b", start_time=None)]
    result = tidy(raw_records([0, 9], source_id="c"), files=files, sessions=sessions)
    assert set(result.activities["source_id"]) == {"a", "c"}
    assert result.remarks["source_id"].to_list() == ["b"]
    only = tidy(files=[raw_file("a")], sessions=[])
    assert only.remarks.rows() == [("a", "no record and no session in it: no activity")]


def test_the_start_of_an_only_session_that_lies_after_its_records_is_theirs() -> None:
    result = tidy(raw_records(range(600)), sessions=[raw_session(300, total_elapsed_time=600.0)])
    assert result.activities["start_utc"].to_list() == [at(0)]
