"""What the protocol allows, each as a file of a few bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from hipdrive.fit import decode, field_unit
from tests.fit.build import (
    BYTE,
    DEVELOPER_DATA_ID,
    DEVICE_INFO,
    ENUM,
    EVENT,
    FIELD_DESCRIPTION,
    FILE_ID,
    FLOAT32,
    HR,
    NOON,
    RECORD,
    SESSION,
    SINT8,
    SINT16,
    SINT32,
    STRING,
    TIMESTAMP,
    UINT8,
    UINT8Z,
    UINT16,
    UINT16Z,
    UINT32,
    UINT64,
    compressed,
    data,
    definition,
    file,
)

TIME = datetime(1989, 12, 31, tzinfo=UTC) + timedelta(seconds=NOON)


def at(second: int) -> datetime:
    return TIME + timedelta(seconds=second)


def column(frame: pl.DataFrame, name: str) -> list[object]:
    return frame[name].to_list()


def test_values_are_scaled_to_the_profiles_unit() -> None:
    fields = [TIMESTAMP, (2, 2, UINT16), (6, 2, UINT16), (13, 1, SINT8)]
    decoded = decode(file(definition(0, RECORD, fields), data(0, "<IHHb", NOON, 2600, 3250, -5)))
    record = decoded.frames["record"]
    assert column(record, "timestamp") == [TIME]
    assert column(record, "altitude") == [2600 / 5 - 500]
    assert column(record, "speed") == [3250 / 1000]
    assert column(record, "temperature") == [-5]
    assert decoded.units["record"]["speed"] == field_unit("record", "speed") == "m/s"
    assert decoded.faults == []


@pytest.mark.parametrize(
    ("base", "size", "stored"),
    [
        (ENUM, 1, b"\xff"),
        (SINT8, 1, b"\x7f"),
        (UINT8, 1, b"\xff"),
        (SINT16, 2, b"\xff\x7f"),
        (UINT16, 2, b"\xff\xff"),
        (SINT32, 4, b"\xff\xff\xff\x7f"),
        (UINT32, 4, b"\xff\xff\xff\xff"),
        (STRING, 3, b"\0\0\0"),
        (FLOAT32, 4, b"\xff\xff\xff\xff"),
        (UINT8Z, 1, b"\0"),
        (UINT16Z, 2, b"\0\0"),
        (BYTE, 3, b"\xff\xff\xff"),
        (UINT64, 8, b"\xff" * 8),
    ],
)
def test_the_mark_of_each_type_is_null(base: int, size: int, stored: bytes) -> None:
    frames = decode(file(definition(0, 0xFF00, [(7, size, base)]), data(0, f"{size}s", stored))).frames
    assert column(frames["unknown_65280"], "unknown_7") == [None]


@pytest.mark.parametrize("times", [1, 40, 500])
def test_both_byte_orders_give_the_same(times: int) -> None:
    fields = [TIMESTAMP, (0, 4, SINT32), (3, 1, UINT8), (6, 2, UINT16), (9, 2, SINT16)]
    files = [
        file(
            definition(0, RECORD, fields, big=order == ">"),
            *[data(0, order + "IiBHh", NOON + i, -(2**30) + i, 60 + i % 100, 3000 + i, -250) for i in range(times)],
        )
        for order in "<>"
    ]
    little, big = (decode(one).frames["record"] for one in files)
    assert little.equals(big)
    assert column(little, "position_lat")[-1] == -(2**30) + times - 1
    assert column(little, "grade")[0] == -2.5


def test_a_message_without_a_time_stamp_of_its_own_counts_on_from_the_last() -> None:
    frames = decode(
        file(
            definition(0, RECORD, [TIMESTAMP, (3, 1, UINT8)]),
            definition(1, RECORD, [(3, 1, UINT8)]),
            data(0, "<IB", NOON, 100),
            compressed(1, (NOON + 3) & 31, "B", 103),
            compressed(1, (NOON + 30) & 31, "B", 130),
            compressed(1, (NOON + 35) & 31, "B", 135),  # the five bits start again in between
        )
    ).frames
    assert column(frames["record"], "timestamp") == [at(0), at(3), at(30), at(35)]
    assert column(frames["record"], "heart_rate") == [100, 103, 130, 135]


def test_files_of_a_chain_are_read_one_after_the_other() -> None:
    one = file(definition(0, RECORD, [(3, 1, UINT8)]), data(0, "B", 100))
    other = file(definition(0, RECORD, [(4, 1, UINT8)]), data(0, "B", 80))
    decoded = decode(one + other)
    assert column(decoded.frames["record"], "heart_rate") == [100, None]
    assert column(decoded.frames["record"], "cadence") == [None, 80]
    assert decoded.faults == []


@pytest.mark.parametrize("times", [1, 700])
def test_a_definition_that_changes_and_comes_back_keeps_the_order_of_the_file(times: int) -> None:
    short, long = definition(0, RECORD, [TIMESTAMP]), definition(0, RECORD, [(3, 1, UINT8), TIMESTAMP])
    parts = []
    for i in range(times):
        parts += [short, data(0, "<I", NOON + 2 * i), long, data(0, "<BI", i % 200, NOON + 2 * i + 1)]
    record = decode(file(*parts)).frames["record"]
    assert column(record, "timestamp") == [at(i) for i in range(2 * times)]
    assert column(record, "heart_rate") == [v for i in range(times) for v in (None, i % 200)]


def test_a_field_that_is_stored_in_two_ways_is_one_column() -> None:
    decoded = decode(
        file(
            definition(0, 0xFF00, [(1, 1, UINT8)]), data(0, "B", 7),
            definition(0, 0xFF00, [(1, 4, FLOAT32)]), data(0, "<f", 0.5),
            definition(0, 0xFF00, [(1, 2, UINT8)]), data(0, "BB", 8, 9),
        )
    )  # fmt: skip
    assert column(decoded.frames["unknown_65280"], "unknown_1") == [[7.0, None], [0.5, None], [8.0, 9.0]]


def test_a_text_and_a_number_of_one_name_are_two_columns() -> None:
    decoded = decode(
        file(
            definition(0, 0xFF00, [(1, 1, UINT8)]), data(0, "B", 7),
            definition(0, 0xFF00, [(1, 4, STRING)]), data(0, "4s", b"so"),
        )
    )  # fmt: skip
    frame = decoded.frames["unknown_65280"]
    assert column(frame, "unknown_1") == [7, None]
    assert column(frame, "unknown_1_text") == [None, "so"]


@pytest.mark.parametrize("times", [1, 500])
def test_what_is_packed_in_a_field_is_unpacked(times: int) -> None:
    fields = [(6, 2, UINT16), (2, 2, UINT16)]
    record = decode(file(definition(0, RECORD, fields), *[data(0, "<HH", 3250, 0xFFFF)] * times)).frames["record"]
    assert column(record, "enhanced_speed") == [3.25] * times
    assert column(record, "enhanced_altitude") == [None] * times


def test_a_packed_field_goes_before_the_field_itself() -> None:
    fields = [(6, 2, UINT16), (73, 4, UINT32)]
    messages = [data(0, "<HI", 3000, 9999), data(0, "<HI", 0xFFFF, 9999)]
    record = decode(file(definition(0, RECORD, fields), *messages)).frames["record"]
    assert column(record, "enhanced_speed") == [3.0, 9.999]


@pytest.mark.parametrize("big", [False, True])
def test_packed_speed_and_distance_count_on(big: bool) -> None:  # noqa: FBT001
    # Twelve bits of speed in cm/s, then twelve of distance in 1/16 m, which start again after 256 m.
    def packed(speed: int, distance: int) -> bytes:
        return (speed | distance << 12).to_bytes(3, "little")

    stored = [packed(300, 4000), packed(310, 4064), packed(320, 32), b"\xff\xff\xff", packed(0, 48)]
    fields = [(8, 3, BYTE)]
    record = decode(file(definition(0, RECORD, fields, big=big), *[data(0, "3s", s) for s in stored])).frames["record"]
    assert column(record, "speed") == [3.0, 3.1, 3.2, None, 0.0]
    assert column(record, "enhanced_speed") == [3.0, 3.1, 3.2, None, 0.0]
    assert column(record, "distance") == [4000 / 16, 4064 / 16, (4096 + 32) / 16, None, (4096 + 48) / 16]


def test_a_counter_of_few_bits_counts_on_and_a_whole_value_sets_it() -> None:
    counted = decode(
        file(
            definition(0, RECORD, [(18, 1, UINT8)]), data(0, "B", 250), data(0, "B", 254), data(0, "B", 3),
            definition(0, RECORD, [(19, 4, UINT32)]), data(0, "<I", 1000),
            definition(0, RECORD, [(18, 1, UINT8)]), data(0, "B", (1000 + 5) % 256),
        )
    )  # fmt: skip
    assert column(counted.frames["record"], "total_cycles") == [250, 254, 259, 1000, 1005]


def test_a_subfield_is_a_column_where_its_condition_holds() -> None:
    fields = [(0, 1, ENUM), (3, 4, UINT32)]
    event = decode(
        file(definition(0, EVENT, fields), data(0, "<BI", 0, 1), data(0, "<BI", 11, 3700), data(0, "<BI", 45, 9))
    ).frames["event"]
    assert column(event, "data") == [1, 3700, 9]
    assert column(event, "timer_trigger") == ["auto", None, None]
    assert column(event, "battery_level") == [None, 3.7, None]
    assert "course_point_index" not in event.columns


def test_gears_are_unpacked_from_a_subfield() -> None:
    stored = 0x02_20_05_11  # front gear 2 of 32 teeth, rear gear 5 of 17
    event = decode(file(definition(0, EVENT, [(0, 1, ENUM), (3, 4, UINT32)]), data(0, "<BI", 43, 0x20_02_11_05))).frames
    assert stored
    assert [column(event["event"], c) for c in ("rear_gear_num", "rear_gear", "front_gear_num", "front_gear")] == [
        [5], [17], [2], [32],
    ]  # fmt: skip


def test_a_product_has_its_name_only_of_its_maker() -> None:
    fields = [(1, 2, UINT16), (2, 2, UINT16)]
    frames = decode(file(definition(0, FILE_ID, fields), data(0, "<HH", 1, 1623))).frames
    assert column(frames["file_id"], "garmin_product") == ["fr620"]
    assert column(frames["file_id"], "product") == [1623]
    frames = decode(file(definition(0, FILE_ID, fields), data(0, "<HH", 32, 1623))).frames
    assert "garmin_product" not in frames["file_id"].columns
    assert column(frames["file_id"], "manufacturer") == ["wahoo_fitness"]


def test_a_value_without_a_name_is_its_digits() -> None:
    frames = decode(file(definition(0, SESSION, [(5, 1, ENUM)]), data(0, "B", 1), data(0, "B", 201))).frames
    assert column(frames["session"], "sport") == ["running", "201"]


def test_lists_keep_their_elements_and_bytes_are_missing_only_as_a_whole() -> None:
    fields = [(1, 4, UINT16), (2, 3, BYTE)]
    messages = [data(0, "<HH3s", 5, 0xFFFF, b"\xff\1\xff"), data(0, "<HH3s", 0xFFFF, 0xFFFF, b"\xff\xff\xff")]
    for times in (1, 300):
        frame = decode(file(definition(0, 0xFF00, fields), *messages * times)).frames["unknown_65280"]
        assert column(frame, "unknown_1") == [[5, None], None] * times
        assert column(frame, "unknown_2") == [[255, 1, 255], None] * times


def test_a_text_ends_at_its_nul_or_at_its_field_and_what_is_no_utf8_is_replaced() -> None:
    stored = [b"run\0left over", b"twelve bytes", "grün".encode(), b"\xffab"]
    for times in (1, 300):
        messages = [data(0, "12s", text) for text in stored] * times
        frame = decode(file(definition(0, 0xFF00, [(1, 12, STRING)]), *messages)).frames["unknown_65280"]
        assert column(frame, "unknown_1") == ["run", "twelve bytes", "grün", "\N{REPLACEMENT CHARACTER}ab"] * times


def test_a_field_whose_size_does_not_fit_its_type_is_kept_as_bytes() -> None:
    frame = decode(file(definition(0, 0xFF00, [(1, 3, UINT16)]), data(0, "3s", b"\1\2\3"))).frames["unknown_65280"]
    assert column(frame, "unknown_1") == [[1, 2, 3]]


def test_a_type_that_does_not_exist_is_kept_as_bytes_and_told() -> None:
    decoded = decode(file(definition(0, 0xFF00, [(1, 2, 0x1E)]), data(0, "2s", b"\1\2")))
    assert column(decoded.frames["unknown_65280"], "unknown_1") == [[1, 2]]
    assert [fault.offset for fault in decoded.faults] == [14]


def description(number: int, base: int, name: bytes, unit: bytes, index: int = 0) -> list[bytes]:
    fields = [(0, 1, UINT8), (1, 1, UINT8), (2, 1, UINT8), (3, 12, STRING), (8, 6, STRING)]
    return [
        definition(1, FIELD_DESCRIPTION, fields),
        data(1, "BBB12s6s", index, number, base, name, unit),
    ]


def test_developer_fields_have_their_own_names_and_units() -> None:
    decoded = decode(
        file(
            definition(0, DEVELOPER_DATA_ID, [(3, 1, UINT8)]), data(0, "B", 0),
            *description(7, UINT16, b"Power", b"W"), *description(8, FLOAT32, b"Lean", b"deg"),
            definition(2, RECORD, [(3, 1, UINT8)], apps=[(7, 2, 0), (8, 4, 0), (9, 1, 0)]),
            data(2, "<BHfB", 120, 250, 1.5, 3), data(2, "<BHfB", 121, 0xFFFF, float("nan"), 4),
        )
    )  # fmt: skip
    record = decoded.frames["record"]
    assert column(record, "Power") == [250, None]
    assert column(record, "Lean") == [1.5, None]
    assert column(record, "unknown_0_9") == [3, 4]
    assert decoded.units["record"]["Power"] == "W"


def test_a_developer_field_that_is_described_anew_means_something_else_from_then_on() -> None:
    uses = definition(2, RECORD, [], apps=[(7, 1, 0)])
    decoded = decode(
        file(
            *description(7, UINT8, b"first", b""), uses, data(2, "B", 1),
            *description(7, SINT8, b"second", b""), uses, data(2, "B", 0xFF),
        )
    )  # fmt: skip
    assert column(decoded.frames["record"], "first") == [1, None]
    assert column(decoded.frames["record"], "second") == [None, -1]


def test_a_local_time_has_no_zone() -> None:
    frames = decode(file(definition(0, 34, [TIMESTAMP, (5, 4, UINT32)]), data(0, "<II", NOON, NOON + 7200))).frames
    assert frames["activity"].schema["timestamp"] == pl.Datetime("us", "UTC")
    assert column(frames["activity"], "local_timestamp") == [(TIME + timedelta(hours=2)).replace(tzinfo=None)]


def test_the_straps_heart_rates_are_merged_into_the_records() -> None:
    ticks = 1024  # of the strap's clock, a second
    frames = decode(
        file(
            definition(0, RECORD, [TIMESTAMP]), *[data(0, "<I", NOON + s) for s in range(1, 5)],
            definition(1, HR, [TIMESTAMP, (6, 1, UINT8), (9, 4, UINT32)]), data(1, "<IBI", NOON, 100, 0),
            definition(2, HR, [(6, 4, UINT8), (9, 16, UINT32)]),
            data(2, "<4B4I", 110, 120, 130, 140, ticks, 2 * ticks, 3 * ticks, 6 * ticks),
        )
    ).frames  # fmt: skip
    # In the second before a record a rate counts at each quarter: three times the one before, then its own.
    expected = [(3 * 100 + 110) / 4, (3 * 110 + 120) / 4, (3 * 120 + 130) / 4, 130]
    assert column(frames["record"], "heart_rate") == [int(rate + 0.5) for rate in expected]


def test_the_same_message_read_long_and_short_is_the_same() -> None:
    fields = [TIMESTAMP, (0, 4, SINT32), (3, 1, UINT8), (2, 2, UINT16), (13, 1, SINT8), (42, 1, ENUM), (8, 3, BYTE)]
    one = data(0, "<IiBHbB3s", NOON, -5, 0xFF, 3000, -4, 1, b"\x10\x20\x30")
    short = decode(file(definition(0, RECORD, fields), *[one] * 3)).frames["record"]
    long = decode(file(definition(0, RECORD, fields), *[one] * 3000)).frames["record"]
    assert long.height == 3000
    assert long.drop("distance").unique().equals(short.drop("distance").unique())


def test_a_message_of_a_device_is_kept_beside_others_of_as_many_kinds_as_there_are() -> None:
    kinds = [definition(i, 0xFF00 + i, [(1, 1, UINT8)]) + data(i, "B", i + 1) for i in range(16)]
    frames = decode(file(*kinds, definition(0, DEVICE_INFO, [(27, 8, STRING)]), data(0, "8s", b"strap"))).frames
    assert [column(frames[f"unknown_{0xFF00 + i}"], "unknown_1") for i in range(16)] == [[i + 1] for i in range(16)]
    assert column(frames["device_info"], "product_name") == ["strap"]


def test_a_path_is_read_like_its_bytes(tmp_path: Path) -> None:
    whole = file(definition(0, RECORD, [(3, 1, UINT8)]), data(0, "B", 100))
    path = tmp_path / "run.fit"
    path.write_bytes(whole)
    assert decode(path).frames["record"].equals(decode(whole).frames["record"])
    with pytest.raises(OSError, match="none"):
        decode(tmp_path / "none.fit")


def test_the_rows_of_all_messages_have_their_place_in_the_file() -> None:
    """Two definitions of one message, and an event between them: the written order can be told."""
    record = definition(0, RECORD, [TIMESTAMP]), definition(1, RECORD, [TIMESTAMP, (3, 1, UINT8)])
    event = definition(2, EVENT, [TIMESTAMP])
    parts = [*record, event, data(0, "<I", NOON), data(1, "<IB", NOON + 1, 99), data(2, "<I", 7), data(0, "<I", NOON)]
    decoded = decode(file(*parts))
    first = 14 + sum(len(part) for part in parts[:3])
    assert decoded.offsets("record").tolist() == [first, first + 5, first + 16]
    assert decoded.offsets("event").tolist() == [first + 11]
    assert decoded.offsets("lap").tolist() == []
