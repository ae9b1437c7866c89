"""Messages that unfold to far more than their bytes are read in pieces: what comes out is the same."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hipdrive.fit import decode, reading
from tests.fit.build import BYTE, NOON, RECORD, STRING, TIMESTAMP, UINT8, UINT32, compressed, data, definition, file

RAW_BBI = 372
OTHER = definition(1, RECORD, [TIMESTAMP, (8, 3, BYTE), (3, 1, UINT8)])


def packed(speed: int, distance: int) -> bytes:
    """Twelve bits of speed in cm/s, then twelve of distance in 1/16 m."""
    return (speed | distance % 4096 << 12).to_bytes(3, "little")


CASES = {
    "counters": file(
        definition(0, RECORD, [TIMESTAMP, (8, 3, BYTE)]),
        *[data(0, "<I3s", NOON + i, packed(300, 500 * i)) for i in range(400)],
    ),
    "counters that whole values set": file(
        definition(0, RECORD, [(19, 4, UINT32)]),
        *[data(0, "<I", 1000 + 7 * i) for i in range(300)],
        definition(0, RECORD, [(18, 1, UINT8)]),
        *[data(0, "B", (3100 + 5 * i) % 256) for i in range(300)],
    ),
    "counters that fall silent for a while": file(
        definition(0, RECORD, [TIMESTAMP, (8, 3, BYTE)]),
        *[data(0, "<I3s", NOON + i, packed(300, 500 * i)) for i in range(300)],
        *[data(0, "<I3s", NOON + 300 + i, b"\xff\xff\xff") for i in range(300)],
        *[data(0, "<I3s", NOON + 600 + i, packed(300, 500 * i)) for i in range(300)],
    ),
    "two definitions": file(
        definition(0, RECORD, [TIMESTAMP, (8, 3, BYTE)]),
        OTHER,
        *[
            data(i % 2, "<I3sB"[: 4 + i % 2], NOON + i, packed(300, 500 * i), *[140] * (i % 2))
            for i in range(400)
        ],
    ),
    "times in the header": file(
        definition(0, RECORD, [TIMESTAMP]),
        data(0, "<I", NOON),
        definition(1, RECORD, [(3, 1, UINT8)]),
        *[compressed(1, (NOON + i) % 32, "B", 100 + i % 90) for i in range(1, 400)],
    ),
    "texts and lists": file(
        definition(0, RAW_BBI, [(1, 4, BYTE), (9, 4, STRING)]),
        *[data(0, "4s4s", bytes((i % 200, 1, 2, 3)), b"ab\0\0" if i % 3 else b"\0\0\0\0") for i in range(500)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_pieces_give_the_same_as_the_whole(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = decode(CASES[case])
    monkeypatch.setattr(reading, "LEAST_AT_ONCE", 1024)
    monkeypatch.setattr(reading, "AT_ONCE_PER_BYTE", 0)
    pieces = decode(CASES[case])
    assert max(frame.n_chunks() for frame in pieces.frames.values()) > 1
    assert max(frame.n_chunks() for frame in whole.frames.values()) == 1
    assert whole.faults == pieces.faults == []
    assert whole.units == pieces.units
    assert whole.frames.keys() == pieces.frames.keys()
    for name, frame in whole.frames.items():
        assert frame.equals(pieces.frames[name], null_equal=True)


def test_a_counter_goes_on_over_all_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LEAST_AT_ONCE", 1024)
    monkeypatch.setattr(reading, "AT_ONCE_PER_BYTE", 0)
    distances = decode(CASES["counters"]).frames["record"]["distance"].to_list()
    assert {after - before for before, after in pairwise(distances)} == {500 / 16}


def test_what_unfolds_to_much_is_read_in_pieces_by_itself() -> None:
    source = file(definition(0, RAW_BBI, [(1, 4, BYTE)]), data(0, "4s", b"\1\1\1\1") * 100_000)
    frame = decode(source).frames["raw_bbi"]
    assert frame.height == 100_000
    assert frame.n_chunks() > 1
