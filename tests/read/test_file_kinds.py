"""What a FIT file is where it is not an activity, in plain words."""

from __future__ import annotations

import polars as pl
import pytest

from hipdrive.fit import encode
from hipdrive.read.file_kinds import name_other_kind
from hipdrive.read.runs import read_run
from tests.makers.runs import at, event_rows, fit_bytes, record_rows, session_row

RECORDS = ("record", record_rows(range(5)))


def kind_of(data: bytes) -> str | None:
    return read_run(data, "inbox/x.fit", source_id="a", content_sha256="a" * 64, athlete_id="me").not_an_activity


@pytest.mark.parametrize(
    ("kind", "message", "row", "words"),
    [
        ("course", "course", {"name": "Loop", "sport": "running"}, "a course, not an activity"),
        ("workout", "workout", {"wkt_name": "6 x 3", "sport": "running"}, "a planned workout, not an activity"),
        ("settings", "user_profile", {"weight": 70.0}, "a device's settings, not an activity"),
        ("sport", "zones_target", {"max_heart_rate": 190}, "settings of a sport, not an activity"),
        ("totals", "totals", {"timestamp": at(0), "distance": 9000}, "a device's totals, not an activity"),
        ("goals", "goal", {"sport": "running", "value": 5}, "goals, not an activity"),
        ("weight", "weight_scale", {"timestamp": at(0), "weight": 70.0}, "weighings, not an activity"),
        (
            "blood_pressure",
            "blood_pressure",
            {"timestamp": at(0), "systolic_pressure": 120},
            "blood pressures, not an activity",
        ),
        ("monitoring_b", "monitoring", {"timestamp": at(0), "heart_rate": 50}, "a day's monitoring, not an activity"),
        ("monitoring_a", "monitoring", {"timestamp": at(0), "cycles": 50.0}, "a day's monitoring, not an activity"),
        ("schedules", "schedule", {"scheduled_time": at(0)}, "a training calendar, not an activity"),
        ("segment", "segment_lap", {"timestamp": at(0), "name": "hill"}, "a segment, not an activity"),
    ],
)
def test_a_file_of_another_kind_says_what_it_is(kind: str, message: str, row: dict[str, object], words: str) -> None:
    assert kind_of(fit_bytes((message, [row]), kind=kind)) == words


@pytest.mark.parametrize("has_times", [True, False])
def test_a_course_is_one_with_times_and_without(has_times: bool) -> None:  # noqa: FBT001
    times = RECORDS if has_times else ("record", [{"distance": 3.0, "position_lat": 1}])
    lap = ("lap", [{"timestamp": at(4), "start_time": at(0), "total_distance": 12.0}])
    course = ("course", [{"name": "Loop", "sport": "running"}])
    data = fit_bytes(course, lap, times, ("event", event_rows((0, "start"), (4, "stop"))), kind="course")
    assert kind_of(data) == "a course, not an activity"
    assert kind_of(fit_bytes(times, kind="course")) == "a course, not an activity"
    nameless = encode([(name, pl.DataFrame(rows)) for name, rows in (course, times)])
    assert kind_of(nameless) == "a course, not an activity"


def test_a_wrong_type_does_not_hide_what_is_in_a_file() -> None:
    assert kind_of(fit_bytes(("weight_scale", [{"timestamp": at(0), "weight": 70.0}]), kind="blood_pressure")) == (
        "weighings, not an activity"
    )
    run = RECORDS, ("session", [session_row(0, 4)])
    assert kind_of(fit_bytes(*run, kind="course")) is None


def test_an_activity_may_hold_the_course_and_the_workout_that_it_followed() -> None:
    plan = ("course", [{"name": "Loop", "sport": "running"}]), ("workout", [{"wkt_name": "6 x 3"}])
    assert kind_of(fit_bytes(*plan, RECORDS)) is None
    assert kind_of(fit_bytes(*plan, RECORDS, ("session", [session_row(0, 4)]))) is None


@pytest.mark.parametrize("message", ["record", "session", "set"])
def test_records_a_session_or_sets_make_an_activity(message: str) -> None:
    rows = {
        "record": record_rows([0]),
        "session": [session_row(0, 10)],
        "set": [{"timestamp": at(0), "set_type": "active", "repetitions": 8}],
    }
    assert kind_of(fit_bytes((message, rows[message]))) is None
    assert kind_of(encode([(message, pl.DataFrame(rows[message]))])) is None


def test_an_activity_file_that_is_empty_says_so() -> None:
    assert kind_of(fit_bytes()) == "an activity file in which nothing was recorded"
    assert kind_of(encode([("software", pl.DataFrame({"version": [1.0]}))])) == "a FIT file without activity"


def test_a_type_that_nobody_knows_is_told_as_it_stands() -> None:
    assert name_other_kind({"file_id"}, "77") == "a FIT file of type “77”, not an activity"


def test_a_summary_of_an_activity_is_an_activity() -> None:
    assert kind_of(fit_bytes(("session", [session_row(0, 600)]), kind="activity_summary")) is None
