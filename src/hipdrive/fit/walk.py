"""One pass over the bytes: which definition each data message has and where it starts. No value is read here."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from fastcrc.crc16 import arc as crc16

from hipdrive.fit.faults import Fault
from hipdrive.fit.layout import COMPRESSED, DEFINITION, DEVELOPER, Layout, definition_size, parse_definition

SIGNATURE = b".FIT"
SHORT_HEADER, LONG_HEADER, CRC_SIZE = 12, 14, 2


@dataclass(slots=True)
class Group:
    """All messages of one definition: where they start, in order."""

    layout: Layout
    offsets: list[int] = field(default_factory=list)


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
    sizes = [0] * 256  # header byte → size of a data message that starts with it
    notes: list = [None] * 256  # header byte → where to note its start
    place = start
    while place < end:
        header = data[place]
        size = sizes[header]
        if size:
            if place + size > end:
                found.faults.append(Fault(place, "the last message is cut off; it was left out"))
                return place
            notes[header](place)
            place += size
        elif header & DEFINITION and not header & COMPRESSED:
            size = definition_size(data, place)
            if not size or place + size > end:
                found.faults.append(Fault(place, "the last definition is cut off"))
                return place
            definition = bytes((header & DEVELOPER,)) + data[place + 1 : place + size]
            group = found.groups.get((definition, part))
            if group is None:
                group = found.groups[definition, part] = Group(parse_definition(definition))
            local = header & 0x0F
            headers = [local, local | 0x10, local | 0x20, local | 0x30]
            if local < 4:
                headers += range(COMPRESSED | local << 5, (COMPRESSED | local << 5) + 32)
            for one in headers:
                sizes[one], notes[one] = group.layout.size, group.offsets.append
            place += size
        else:
            found.faults.append(
                Fault(place, f"a message of the undefined local type {header & 0x0F}; reading stopped here")
            )
            return place
    return place
