"""The header of a FIT file and its end: where the messages start and stop, also where the header lies about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fastcrc.crc16 import arc as crc16

from hipdrive.fit.faults import Fault
from hipdrive.fit.layout import COMPRESSED, DEFINITION

if TYPE_CHECKING:
    from collections.abc import Callable

SIGNATURE = b".FIT"
SIGNATURE_AT = 8
SHORT_HEADER, LONG_HEADER = 12, 14
CRC_SIZE = 2


class Extent(NamedTuple):
    """One file of a chain: where it starts, where its messages start and end, and whether the header said so."""

    start: int
    first: int
    end: int
    is_declared: bool


def find_extent(data: bytes, start: int, note: Callable[[Fault], None]) -> Extent | None:
    """The next file at or after a place; None where there is none.

    What stands before its header is skipped, a header or data size that cannot be is worked around; both are noted.
    """
    found = data.find(SIGNATURE, start + SIGNATURE_AT)
    if found < 0:
        note(Fault(start, f"no FIT header in the {len(data) - start} bytes from here; they were not read"))
        return None
    begin = found - SIGNATURE_AT
    if begin > start:
        note(Fault(start, f"{begin - start} bytes before the next FIT header were skipped"))
    declared = data[begin]
    first = begin + _header_size(data, begin)
    if first != begin + declared:
        note(Fault(begin, f"the header says it is {declared} bytes long; it was read as {first - begin}"))
    _check_header(data, begin, first, note)
    size = int.from_bytes(data[begin + 4 : begin + 8], "little")
    end = first + size
    if not size and len(data) - first > CRC_SIZE:
        end = len(data) - (CRC_SIZE if is_sealed(data, begin, len(data) - CRC_SIZE) else 0)
        note(Fault(begin + 4, "the header says that there are no messages; all that follows was read"))
        return Extent(begin, first, end, is_declared=False)
    if end > len(data):
        missing = end + CRC_SIZE - len(data)
        note(Fault(len(data), f"the file ends {missing} bytes early; what stands before was read"))
        return Extent(begin, min(first, len(data)), len(data), is_declared=False)
    return Extent(begin, first, end, is_declared=True)


def is_sealed(data: bytes, start: int, end: int) -> bool:
    """Whether the two bytes at the end are the checksum of what stands before."""
    return crc16(data[start:end]) == int.from_bytes(data[end : end + CRC_SIZE], "little")


def has_header(data: bytes, start: int) -> bool:
    """Whether a FIT header starts there."""
    return data[start + SIGNATURE_AT : start + SHORT_HEADER] == SIGNATURE


def _header_size(data: bytes, begin: int) -> int:
    """The declared size where a message can start there, otherwise the usual size where one can."""
    declared = data[begin]
    for size in (declared, LONG_HEADER, SHORT_HEADER):
        place = begin + size
        if size >= SHORT_HEADER and (place >= len(data) or data[place] & (COMPRESSED | DEFINITION) == DEFINITION):
            return size
    return declared if declared >= SHORT_HEADER else LONG_HEADER


def _check_header(data: bytes, begin: int, first: int, note: Callable[[Fault], None]) -> None:
    """A long header has a checksum of its own, which may be left at zero."""
    if first - begin >= LONG_HEADER:
        stored = int.from_bytes(data[begin + SHORT_HEADER : begin + LONG_HEADER], "little")
        if stored and stored != crc16(data[begin : begin + SHORT_HEADER]):
            note(Fault(begin + SHORT_HEADER, "the header's checksum does not match; its sizes may be wrong"))
