"""Days that a log speaks for."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from hipdrive.measure.strength_spans import measure_log_spans
from hipdrive.tables.strength import StrengthSet
from hipdrive.tables.strength_overlap import StrengthLog

MONDAY = date(2026, 3, 2)


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def a_set(number: int, source: str = "a", **columns: object) -> dict[str, object]:
    return {
        "athlete_id": "me",
        "source_id": source,
        "workout_id": f"{source}-{number}",
        "log_kind": "written",
        "started_utc": datetime.combine(day(number), datetime.min.time(), tzinfo=UTC),
        "has_clock": True,
        "local_date": day(number),
        "set_index": 0,
        "line": 2,
        "set_type": "normal",
        "exercise_name": "Lunge",
        "exercise": "lunge",
        "match": "exact",
        **columns,
    }


def spans(
    *sets: dict[str, object], logs: pl.DataFrame | None = None, none: list[tuple[int, int]] | None = None
) -> list[tuple[date, date, str]]:
    schema = StrengthSet.create_empty().schema
    frame = StrengthSet.validate(
        pl.DataFrame([{name: one.get(name) for name in schema} for one in sets], schema=schema)
    )
    said = pl.DataFrame(
        [("me", day(first), day(last)) for first, last in none or []],
        schema={"athlete_id": pl.String, "first_date": pl.Date, "last_date": pl.Date},
        orient="row",
    )
    known = None if logs is None else StrengthLog.validate(logs, cast=True)
    found = measure_log_spans(frame, known, said)
    return found.select("first_date", "last_date", "log_kind").rows()


def of_app(exported: int | None, app: str | None = "strong") -> pl.DataFrame:
    row = {"athlete_id": "me", "source_id": "a", "path": "a.csv", "app": app, "exported_utc": None}
    stated = None if exported is None else day(exported)
    schema = StrengthLog.create_empty().schema
    return pl.DataFrame([{**row, "exported_date": stated, "modified_utc": None}], schema=schema)


def test_a_log_speaks_from_its_first_workout_to_its_last_however_long_the_silence() -> None:
    assert spans(a_set(0), a_set(90)) == [(day(0), day(90), "written")]


def test_nobody_speaks_for_the_days_between_two_logs() -> None:
    assert spans(a_set(0), a_set(9), a_set(40, "b"), a_set(50, "b")) == [
        (day(0), day(9), "written"),
        (day(40), day(50), "written"),
    ]


def test_logs_that_touch_or_overlap_speak_for_one_span() -> None:
    assert spans(a_set(0), a_set(9), a_set(10, "b"), a_set(50, "b"), a_set(20, "c"), a_set(30, "c")) == [
        (day(0), day(50), "written")
    ]


def test_the_export_of_an_app_speaks_up_to_the_day_it_states() -> None:
    assert spans(a_set(0), a_set(9), logs=of_app(30)) == [(day(0), day(30), "written")]
    assert spans(a_set(0), a_set(9), logs=of_app(None)) == [(day(0), day(9), "written")]
    assert spans(a_set(0), a_set(9), logs=of_app(30, app=None)) == [(day(0), day(9), "written")]


def test_a_workout_that_was_deleted_since_stretches_nothing() -> None:
    deleted = a_set(300, superseded_by="bbbb")
    assert spans(a_set(0), deleted, a_set(9, "b")) == [(day(0), day(0), "written"), (day(9), day(9), "written")]
    assert spans(a_set(0), a_set(9, superseded_by="b-9"), a_set(9, "b"))[0] == (day(0), day(9), "written")


def test_a_rest_or_a_note_is_no_workout() -> None:
    assert spans(a_set(0), a_set(9, set_type="note", match="excluded")) == [(day(0), day(0), "written")]


def test_none_is_known_on_its_own_days_only() -> None:
    assert spans(a_set(0), a_set(9), none=[(10, 20), (30, 30)]) == [
        (day(0), day(20), "written"),
        (day(30), day(30), "written"),
    ]


def test_a_watch_speaks_only_for_an_athlete_without_a_log_and_where_it_could_name() -> None:
    unknown: dict[str, Any] = {"log_kind": "watch", "match": "none", "exercise": None}
    named: dict[str, Any] = {"log_kind": "watch", "match": "watch"}
    assert spans(a_set(0, **unknown), a_set(90, "b", **unknown)) == []
    assert spans(a_set(0, **named), a_set(9, "b", **named), a_set(90, "c", **unknown)) == [(day(0), day(9), "watch")]
    assert spans(a_set(5), a_set(9, "b", **named)) == [(day(5), day(5), "written")]
