"""A watch's `set` messages: what counts as a set, in which order, at what time."""

# ruff: noqa: DTZ001  a log tells the time of the athlete's own clock
from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from hipdrive.read.strength import read_watch_sets

START = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)


def sets(**columns: list[object]) -> dict[str, pl.DataFrame]:
    return {
        "set": pl.DataFrame(columns, strict=False),
        "session": pl.DataFrame({"start_time": [START], "sport": ["training"], "total_elapsed_time": [1800.0]}),
        "activity": pl.DataFrame({"timestamp": [START], "local_timestamp": [datetime(2026, 3, 2, 18, 30)]}),
    }


def test_only_the_first_guess_counts() -> None:
    read = read_watch_sets(
        sets(
            set_type=["active"],
            category=[["curl", "hip_raise", "bench_press"]],
            category_subtype=[[3, 1, None]],
            repetitions=[12],
        )
    )
    assert read.select("watch_category", "watch_exercise", "reps").rows() == [("curl", 3, 12.0)]


def test_rests_are_no_sets() -> None:
    read = read_watch_sets(
        sets(set_type=["active", "rest", "active"], repetitions=[10, None, 8], category=["squat"] * 3)
    )
    assert read["reps"].to_list() == [10, 8]


def test_a_weight_of_zero_was_not_entered() -> None:
    read = read_watch_sets(sets(set_type=["active"] * 3, weight=[0.0, 20.0, None]))
    assert read["weight"].to_list() == [None, 20.0, None]
    assert read["weight_unit"].to_list() == ["kg"] * 3


def test_order_is_by_message_index() -> None:
    read = read_watch_sets(sets(set_type=["active"] * 3, message_index=[4, 0, 2], repetitions=[3, 1, 2]))
    assert read.select("line", "reps").rows() == [(0, 1.0), (2, 2.0), (4, 3.0)]


def test_the_workout_starts_with_its_session_on_the_watches_own_clock() -> None:
    read = read_watch_sets(sets(set_type=["active"], start_time=[datetime(2026, 3, 2, 17, 40, tzinfo=UTC)]))
    row = read.row(0, named=True)
    assert row["started_utc"] == START
    assert row["started_local"] == datetime(2026, 3, 2, 18, 30)
    assert row["duration_s"] == 1800.0


def test_of_several_sessions_the_training_counts() -> None:
    frames = sets(set_type=["active"])
    later = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
    frames["session"] = pl.DataFrame(
        {"start_time": [START, later], "sport": ["running", "training"], "total_elapsed_time": [1700.0, 900.0]}
    )
    assert read_watch_sets(frames)["started_utc"].to_list() == [later]


def test_without_a_session_the_first_set_is_the_start() -> None:
    frames = {"set": pl.DataFrame({"set_type": ["active", "active"], "start_time": [None, START]})}
    row = read_watch_sets(frames).row(0, named=True)
    assert (row["started_utc"], row["started_local"], row["duration_s"]) == (START, None, None)


def test_numbers_in_place_of_names_and_fits_mark_for_unknown() -> None:
    read = read_watch_sets(sets(set_type=["active"], category=[65534], category_subtype=[65534]))
    assert read.select("watch_category", "watch_exercise").rows() == [("unknown", None)]


def test_a_file_without_sets_gives_none() -> None:
    assert read_watch_sets({}).is_empty()
    assert read_watch_sets({"set": pl.DataFrame()}).is_empty()
    assert read_watch_sets(sets(set_type=["rest"])).is_empty()
