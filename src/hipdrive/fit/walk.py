"""One pass over the bytes: which definition each data message has and where it starts. No value is read here."""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from fastcrc.crc16 import arc as crc16

from hipdrive.fit.faults import Fault
from hipdrive.fit.layout import COMPRESSED, DEFINITION, DEVELOPER, Layout, definition_size, parse_definition

if TYPE_CHECKING:
    import numpy.typing as npt

SIGNATURE = b".FIT"
COMPRESSED_TYPES = 4  # local types that a header byte with a time has room for
FIRST_LOOK = 16  # messages looked ahead for at first in a run of messages of one kind
SHORT_HEADER, LONG_HEADER, CRC_SIZE = 12, 14, 2


class Group:
    """All messages of one definition, as runs of messages that follow each other without a gap."""

    __slots__ = ("definition", "has_compressed", "has_developer_fields", "layout", "run_lengths", "run_starts")

    def __init__(self, definition: bytes, layout: Layout) -> None:
        self.definition, self.layout = definition, layout
        self.has_developer_fields = bool(definition[0])  # fields are in it that only the file itself describes
        self.has_compressed = False  # some messages carry their time in the header byte
        self.run_starts, self.run_lengths = array("q"), array("q")

    def starts(self) -> npt.NDArray[np.int64]:
        """Where each message starts, in order."""
        first = np.array(self.run_starts, np.int64)
        if len(first) == sum(self.run_lengths):
            return first
        lengths = np.array(self.run_lengths, np.int64)
        before = np.cumsum(lengths) - lengths
        return np.repeat(first - before * self.layout.size, lengths) + np.arange(lengths.sum()) * self.layout.size


@dataclass(slots=True)
class Walk:
    """What one pass found: groups by definition, and faults in order."""

    groups: dict[tuple[bytes, int], Group] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def walk(data: bytes) -> Walk:
    """Every message of every file chained in the data."""
    found = Walk()
    start, part = 0, 0
    if not data:
        found.faults.append(Fault(0, "the file is empty; export it again"))
    while start < len(data):
        start = _walk_file(data, start, part, found)
        part += 1
    return found


def _walk_file(data: bytes, start: int, part: int, found: Walk) -> int:
    """One file of a chain; returns where the next one starts."""
    if len(data) < start + SHORT_HEADER or data[start + 8 : start + 12] != SIGNATURE:
        found.faults.append(Fault(start, "no FIT header stands here; what follows was not read"))
        return len(data)
    header_size, data_size = data[start], struct.unpack_from("<I", data, start + 4)[0]
    end = start + header_size + data_size
    if end > len(data):
        found.faults.append(Fault(len(data), f"the file ends {end + CRC_SIZE - len(data)} bytes early"))
    stop = _walk_messages(data, start + header_size, min(end, len(data)), part, found)
    if stop == end and end + CRC_SIZE <= len(data):
        stored = struct.unpack_from("<H", data, end)[0]
        if stored != crc16(data[start:end]):
            found.faults.append(Fault(end, "the checksum does not match the contents; some values may be wrong"))
    return end + CRC_SIZE


def _walk_messages(data: bytes, start: int, end: int, part: int, found: Walk) -> int:
    """All messages from start to end; returns where reading stopped."""
    groups: list[Group | None] = [None] * 256  # by header byte of a data message
    place = start
    while place < end:
        header = data[place]
        group = groups[header]
        if group is not None:
            size = group.layout.size
            after = place + size
            if after > end:
                found.faults.append(Fault(place, "the last message is cut off; it was left out"))
                return place
            length = 1
            if after < end and data[after] == header:
                length = _run_length(data, header, place, end, size)
                after = place + length * size
            group.run_starts.append(place)
            group.run_lengths.append(length)
            if header & COMPRESSED:
                group.has_compressed = True
            place = after
        elif header & DEFINITION and not header & COMPRESSED:
            size = definition_size(data, place)
            if not size or place + size > end:
                found.faults.append(Fault(place, "the last definition is cut off"))
                return place
            definition = bytes((header & DEVELOPER,)) + data[place + 1 : place + size]
            group = found.groups.get((definition, part))
            if group is None:
                group = found.groups[definition, part] = Group(definition, parse_definition(definition))
            local = header & 0x0F
            for one in (local, local | 0x10, local | 0x20, local | 0x30):
                groups[one] = group
            if local < COMPRESSED_TYPES:
                first = COMPRESSED | local << 5
                groups[first : first + 32] = [group] * 32
            place += size
        else:
            found.faults.append(
                Fault(place, f"a message of the undefined local type {header & 0x0F}; reading stopped here")
            )
            return place
    return place


def _run_length(data: bytes, header: int, start: int, end: int, size: int) -> int:
    """How many messages of this size with this header byte stand there in a row, the last one whole."""
    whole = (end - start) // size
    mark = bytes((header,))
    length, step = 1, FIRST_LOOK
    while length < whole:
        ahead = data[start + length * size : start + min(length + step, whole) * size : size]
        more = len(ahead) - len(ahead.lstrip(mark))
        length += more
        if more < len(ahead):
            break
        step *= 4
    return length
