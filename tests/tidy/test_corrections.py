"""A correction puts right what stands in a column of its kind, and nothing where something else stands."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from hipdrive.errors import UnreadableFile
from hipdrive.read.corrections import FILE, Correction
from hipdrive.tidy.corrections import correct_columns, correct_frames, refuse_all

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FRAME = pl.DataFrame(
    {
        "start": pl.Series([NOON, None], dtype=pl.Datetime("us", "UTC")),
        "local": pl.Series([NOON.replace(tzinfo=None), None], dtype=pl.Datetime("us")),
        "day": [date(2026, 3, 2), None],
        "is_warm_up": [True, False],
        "sport": pl.Series(["running", None], dtype=pl.Enum(["running", "cycling"])),
        "weight": [60.1, None],
        "reps": [8, None],
        "name": ["Squat", None],
        "parts": [[1], [2]],
    }
)


def line(field: str, was: str, becomes: str) -> Correction:
    return Correction(3, "log.csv", field, was, becomes)


@pytest.mark.parametrize(
    ("field", "was", "becomes", "found"),
    [
        ("start", "2026-03-02T12:00:00", "2026-03-02T15:00:00+02:00", NOON.replace(hour=13)),
        ("local", "2026-03-02T12:00:00", "2026-03-02T07:30:00", datetime(2026, 3, 2, 7, 30)),  # noqa: DTZ001
        ("day", "2026-03-02", "2026-03-03", date(2026, 3, 3)),
        ("is_warm_up", "True", "false", False),
        ("sport", "running", "cycling", "cycling"),
        ("weight", "60.1", "61", 61.0),
        ("reps", "8", "10", 10),
        ("name", "Squat", "Front squat", "Front squat"),
        ("reps", "8", "", None),
    ],
)
def test_a_value_of_every_kind_is_put_right(field: str, was: str, becomes: str, found: object) -> None:
    corrected, count = correct_columns(FRAME, [line(field, was, becomes)], "log.csv")
    assert count == 1
    assert corrected[field].to_list() == [found, FRAME[field][1]]
    assert corrected.schema == FRAME.schema
    assert corrected.drop(field).equals(FRAME.drop(field))


@pytest.mark.parametrize(("field", "becomes"), [("day", "2026-03-09"), ("reps", "12"), ("sport", "cycling")])
def test_an_empty_cell_can_be_filled(field: str, becomes: str) -> None:
    corrected, count = correct_columns(FRAME, [line(field, "", becomes)], "log.csv")
    assert count == 1
    assert corrected[field].null_count() == 0
    assert corrected[field][0] == FRAME[field][0]


@pytest.mark.parametrize(
    ("field", "was", "becomes", "why"),
    [
        ("reps", "9", "10", "no “reps” in it is what the line says it was"),
        ("reps", "8", "many", "one of its values cannot stand there"),
        ("day", "2 March", "2026-03-03", "one of its values cannot stand there"),
        ("sport", "running", "rowing", "one of its values cannot stand there"),
        ("colour", "red", "blue", "it has no value “colour”"),
        ("parts", "1", "2", "it has no value “parts”"),
    ],
)
def test_a_line_that_does_not_fit_says_where_it_stands(field: str, was: str, becomes: str, why: str) -> None:
    with pytest.raises(UnreadableFile) as told:
        correct_columns(FRAME, [line(field, was, becomes)], "log.csv")
    assert f"line 3 of {FILE} does not fit this file: {why};" in str(told.value)


def test_a_message_that_is_not_there_and_a_file_of_no_columns_say_so() -> None:
    with pytest.raises(UnreadableFile, match="it holds no “lap”"):
        correct_frames({"session": FRAME}, [line("lap.sport", "running", "cycling")], "a.fit")
    with pytest.raises(UnreadableFile, match="nothing can be corrected in a file of this kind"):
        refuse_all([line("sport", "running", "cycling")], "wellness.json")
    refuse_all([], "wellness.json")
