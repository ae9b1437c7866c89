"""What is wrong with a file is told with its place, and costs no more than it must."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipdrive.fit import Fault, Strictness, decode
from tests.fit.build import NOON, RECORD, SINT32, TIMESTAMP, UINT8, UINT16, data, definition, file, header

FIELDS = [TIMESTAMP, (0, 4, SINT32), (3, 1, UINT8), (6, 2, UINT16)]
DEFINITION = definition(0, RECORD, FIELDS)
SIZE = 1 + 4 + 4 + 1 + 2


def records(first: int, count: int, local: int = 0) -> list[bytes]:
    return [data(local, "<IiBH", NOON + i, 1000 * i, 100 + i % 50, 3000) for i in range(first, first + count)]


def rows(source: bytes, strictness: Strictness = Strictness.RECOVER) -> tuple[int, list[Fault]]:
    decoded = decode(source, strictness=strictness)
    return (decoded.frames["record"].height if "record" in decoded.frames else 0), decoded.faults


SOUND = file(DEFINITION, *records(0, 100))


def test_a_sound_file_has_no_faults() -> None:
    assert rows(SOUND) == (100, [])


def test_a_short_header_and_a_header_without_a_checksum_are_sound() -> None:
    assert rows(file(DEFINITION, *records(0, 9), length=12)) == (9, [])
    assert rows(file(DEFINITION, *records(0, 9), crc=0)) == (9, [])
    assert rows(file(DEFINITION, *records(0, 9), length=20)) == (9, [])


def test_a_wrong_checksum_of_the_header_is_told() -> None:
    count, faults = rows(file(DEFINITION, *records(0, 9), crc=0x1234))
    assert (count, [fault.offset for fault in faults]) == (9, [12])


def test_a_wrong_checksum_is_told_at_the_end() -> None:
    count, faults = rows(SOUND[:-1] + bytes((SOUND[-1] ^ 1,)))
    assert (count, [fault.offset for fault in faults]) == (100, [len(SOUND) - 2])
    assert "checksum" in faults[0].reason


@pytest.mark.parametrize("cut", range(1, len(SOUND), 7))
def test_whatever_stands_before_a_cut_is_read(cut: int) -> None:
    count, faults = rows(SOUND[:cut])
    assert count == max((min(cut, len(SOUND) - 2) - 14 - len(DEFINITION)) // SIZE, 0)
    assert faults


def test_a_data_size_of_nothing_is_worked_around() -> None:
    for source in (file(DEFINITION, *records(0, 50), data_size=0), file(DEFINITION, *records(0, 50), data_size=0)[:-2]):
        count, faults = rows(source)
        assert count == 50
        assert [fault.offset for fault in faults] == [4]


def test_a_data_size_that_is_too_small_is_worked_around() -> None:
    count, faults = rows(file(DEFINITION, *records(0, 50), data_size=len(DEFINITION) + 5 * SIZE))
    assert count == 50
    assert "go on" in faults[0].reason


@pytest.mark.parametrize("declared", [-2, -1, 0, 1, 2, 3, 40])
@pytest.mark.parametrize("count", [9, 100])
def test_without_a_checksum_the_last_message_may_fill_the_file_to_its_last_byte(declared: int, count: int) -> None:
    body = DEFINITION + b"".join(records(0, count))
    got, faults = rows(header(len(body), data_size=len(body) + declared) + body)
    assert got == count
    assert faults
    assert not any("cut off" in fault.reason for fault in faults)


def test_a_message_that_runs_into_a_sound_checksum_is_cut_off() -> None:
    cut = file(DEFINITION, *records(0, 9), records(9, 1)[0][:-2])
    assert rows(cut)[0] == 9


def test_a_header_size_of_nothing_is_worked_around() -> None:
    whole = bytearray(file(DEFINITION, *records(0, 50)))
    whole[0] = 0
    count, faults = rows(bytes(whole))
    assert count == 50
    assert faults[0].offset == 0


def test_what_stands_before_and_behind_a_file_is_told() -> None:
    count, faults = rows(b"rubbish" + SOUND + b"more rubbish that is not a FIT file")
    assert count == 100
    assert [fault.offset for fault in faults] == [0, 7 + len(SOUND)]


def test_reading_goes_on_behind_a_message_that_nothing_defines() -> None:
    whole = file(DEFINITION, *records(0, 40), bytes((0x0B, 1, 2, 3, 4, 5, 6)), *records(40, 60))
    count, faults = rows(whole)
    assert count == 100
    assert faults == [
        Fault(14 + len(DEFINITION) + 40 * SIZE, "a message of the local type 11, which nothing defines; 7 bytes were "
              "skipped to where messages go on")
    ]  # fmt: skip


def test_a_torn_message_is_left_out_and_reading_goes_on() -> None:
    torn = data(0, "<IiBH", NOON + 40, 5, 6, 7)[:5]
    decoded = decode(file(DEFINITION, *records(0, 40), torn, *records(40, 60)))
    seconds = decoded.frames["record"]["timestamp"].dt.epoch("s")
    assert decoded.frames["record"].height >= 98
    assert seconds.is_sorted()
    assert "out of step" in decoded.faults[0].reason


def test_a_definition_alone_is_enough_to_go_on() -> None:
    whole = file(DEFINITION, *records(0, 5), b"\x0b\xee\xee", definition(1, RECORD, FIELDS), *records(5, 5, local=1))
    assert rows(whole)[0] == 10


def test_strictness_says_how_much_of_a_faulty_file_is_believed() -> None:
    whole = file(DEFINITION, *records(0, 40), b"\x0b\xee\xee", *records(40, 60))
    assert rows(whole, Strictness.RECOVER)[0] == 100
    assert rows(whole, Strictness.PREFIX)[0] == 40
    assert rows(whole, Strictness.SOUND)[0] == 0
    assert rows(SOUND, Strictness.SOUND) == (100, [])
    assert rows(whole, Strictness.SOUND)[1]


def test_nothing_and_what_is_no_fit_file_have_a_fault_and_no_frames() -> None:
    for source in (b"", b"no", b"PK\3\4" + bytes(500), header(0)[:9]):
        decoded = decode(source)
        assert decoded.frames == {}
        assert len(decoded.faults) == 1


def test_a_file_without_messages_is_empty() -> None:
    assert decode(file()).frames == {}


def test_a_message_without_fields_is_counted_by_nothing_and_harms_nothing() -> None:
    decoded = decode(file(definition(0, 0xFF00, []), *[b"\0"] * 40, DEFINITION, *records(0, 3)))
    assert decoded.frames["record"].height == 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_mutation_raises(choose: st.DataObject) -> None:
    """A smoke test of what `benchmarks/fuzz_decode.py` does at length."""
    source = bytearray(SOUND)
    for _ in range(choose.draw(st.integers(1, 6))):
        place = choose.draw(st.integers(0, len(source) - 1))
        kind = choose.draw(st.sampled_from(["flip", "set", "cut", "insert", "repeat"]))
        if kind == "flip":
            source[place] ^= 1 << choose.draw(st.integers(0, 7))
        elif kind == "set":
            source[place] = choose.draw(st.integers(0, 255))
        elif kind == "cut":
            del source[place : place + choose.draw(st.integers(1, 30))]
        elif kind == "insert":
            source[place:place] = choose.draw(st.binary(min_size=1, max_size=30))
        else:
            source += source[place : place + choose.draw(st.integers(1, 300))]
        if not source:
            break
    decoded = decode(bytes(source))
    assert all(0 <= fault.offset <= len(source) for fault in decoded.faults)
    assert decoded.faults == sorted(decoded.faults)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_behind_a_header_raise(body: bytes) -> None:
    decode(file(body))


def test_definitions_with_little_in_common_do_not_make_a_frame_that_is_nearly_empty() -> None:
    parts = [definition(0, RECORD, [(number, 1, UINT8)]) + bytes((0, 7)) * 300 for number in range(200)]
    source = file(*parts)
    frames = decode(source).frames
    assert sum(frame.height for frame in frames.values()) == 200 * 300
    assert all(name == "record" or name.startswith("record_") for name in frames)
    assert sum(frame.estimated_size() for frame in frames.values()) < 50 * len(source)


def test_definitions_that_no_message_has_are_let_go_and_those_in_use_stay() -> None:
    unused = b"".join(definition(1, 0xFF00, [(number % 256, 1 + number // 256, UINT8)]) for number in range(5000))
    assert rows(file(DEFINITION, *records(0, 5), unused, *records(5, 5))) == (10, [])
