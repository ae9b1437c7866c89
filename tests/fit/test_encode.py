from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import fitparse
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hipdrive.fit import DeveloperField, RowOrder, decode, encode

START = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)


def file_id() -> tuple[str, pl.DataFrame]:
    columns = {"type": ["activity"], "manufacturer": ["garmin"], "serial_number": [1234], "time_created": [START]}
    return "file_id", pl.DataFrame(columns, schema_overrides={"time_created": pl.Datetime("us", "UTC")})


def records(seconds: int = 4) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "timestamp": [START + timedelta(seconds=s) for s in range(seconds)],
            "heart_rate": [None, *(120 + s for s in range(1, seconds))],
            "enhanced_speed": [3.0 + s / 4 for s in range(seconds)],
            "position_lat": [-(2**30) + s for s in range(seconds)],
            "activity_type": ["running"] * seconds,
        },
        schema_overrides={"timestamp": pl.Datetime("us", "UTC")},
    )


@pytest.mark.parametrize("big_endian", [False, True])
def test_what_is_written_is_read_back(big_endian: bool) -> None:  # noqa: FBT001
    decoded = decode(encode([file_id(), ("record", records())], big_endian=big_endian))
    assert decoded.faults == []
    assert_frame_equal(decoded.frames["record"], records())
    assert_frame_equal(decoded.frames["file_id"], file_id()[1])


def test_fitparse_reads_what_is_written() -> None:
    file = fitparse.FitFile(io.BytesIO(encode([file_id(), ("record", records())])))
    rows = [m.get_values() for m in file.get_messages("record")]
    assert [row["heart_rate"] for row in rows] == [None, 121, 122, 123]
    assert [row["enhanced_speed"] for row in rows] == [3.0, 3.25, 3.5, 3.75]
    assert rows[0]["timestamp"] == START.replace(tzinfo=None)


def test_developer_fields_are_declared_before_they_are_used() -> None:
    frame = records().with_columns(Power=pl.Series([250.5, None, 251.0, 0.0]))
    data = encode([file_id(), ("record", frame)], developer_fields=[DeveloperField("Power", 7, "float32", "W")])
    decoded = decode(data)
    assert decoded.frames["record"]["Power"].to_list() == [250.5, None, 251.0, 0.0]
    assert decoded.units["record"]["Power"] == "W"


def test_rows_can_be_merged_by_their_time_stamps() -> None:
    events = pl.DataFrame({"timestamp": [START + timedelta(seconds=2)], "event": ["timer"], "event_type": ["stop"]})
    data = encode([file_id(), ("record", records()), ("event", events)], order=RowOrder.BY_TIMESTAMP)
    names = [m.name for m in fitparse.FitFile(io.BytesIO(data)).get_messages()]
    assert names == ["file_id", "record", "record", "record", "event", "record"]


def test_more_than_sixteen_definitions_reuse_local_types() -> None:
    blocks = [(f"unknown_{number}", pl.DataFrame({"unknown_0": [number]})) for number in range(1000, 1040)]
    frames = decode(encode([file_id(), *blocks])).frames
    assert [frames[name]["unknown_0"].to_list() for name, _ in blocks] == [[n] for n in range(1000, 1040)]


def test_a_definition_that_still_stands_is_not_repeated() -> None:
    once, twice = (encode([file_id(), *[("record", records())] * n]) for n in (1, 2))
    message_size = 1 + 4 + 1 + 4 + 4 + 1
    assert len(twice) - len(once) == 4 * message_size


@pytest.mark.parametrize(
    ("message", "column", "values", "words"),
    [
        ("record", "heart_rate", [256], "outside"),
        ("record", "heart_rate", [255], "no value"),
        ("record", "speed", [70.0], "outside"),
        ("record", "pulse", [60], "no field"),
        ("recording", "heart_rate", [60], "no message"),
        ("session", "sport", ["jumping jacks"], "not a value of the type sport"),
        ("sport", "name", ["x" * 255], "255"),
    ],
)
def test_what_a_file_cannot_hold_is_refused_in_words(
    message: str, column: str, values: list[object], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        encode([(message, pl.DataFrame({column: values}))])
