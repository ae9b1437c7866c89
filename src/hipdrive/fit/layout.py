"""A definition message, parsed: where in its data messages each field lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from hipdrive.fit.profile import BASE_TYPES, MESSAGES, TIMESTAMP, BaseType

DEFINITION, DEVELOPER, COMPRESSED = 0x40, 0x20, 0x80  # bits of a message's header byte
FIXED_PART = 6  # bytes of a definition before its fields: header, reserved, byte order, message number (2), field count
TIME_SIZE = 4  # bytes of a time stamp
FEWEST_FIELDS = 3  # of a definition that is believed without anything before it
BYTE = BASE_TYPES[0x0D]
UINT8 = BASE_TYPES[0x02]


class Slot(NamedTuple):
    """One field of a definition."""

    number: int
    base: BaseType
    count: int  # type: ignore[assignment]  # hides a method of tuples that nobody needs here
    start: int  # bytes from the message's header byte
    developer_index: int | None = None

    @property
    def size(self) -> int:
        """Bytes that the field takes."""
        return self.base.size * self.count


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A definition, one object each, so that it can be a key: message, byte order, size with header byte, fields."""

    message: int
    big_endian: bool
    size: int
    slots: tuple[Slot, ...]
    timestamp: int | None  # where the time stamp starts
    unknown_types: tuple[int, ...]  # base types that FIT does not have; these fields are read as bytes


def definition_size(data: bytes, start: int) -> int:
    """Bytes of the definition message that starts there; 0 where the data end first."""
    end = start + FIXED_PART
    if end > len(data):
        return 0
    end += 3 * data[end - 1]
    if data[start] & DEVELOPER:
        end += 1
        if end > len(data):
            return 0
        end += 3 * data[end - 1]
    return end - start if end <= len(data) else 0


class Head(NamedTuple):
    """What walking over messages needs to know of their definition; the rest of it is parsed only where it is used."""

    definition: bytes  # without the local type in its first byte, which plays no part
    size: int  # of its data messages, with their header byte
    message: int
    has_developer_fields: bool


@lru_cache(maxsize=2048)
def head_of(raw: bytes) -> Head:
    """The head of a definition message as it stands in a file."""
    fields = FIXED_PART + 3 * raw[FIXED_PART - 1]
    size = 1 + sum(raw[FIXED_PART + 1 : fields : 3]) + sum(raw[fields + 2 :: 3])
    message = int.from_bytes(raw[3:5], "big" if raw[2] & 1 else "little")
    return Head(bytes((raw[0] & DEVELOPER,)) + raw[1:], size, message, bool(raw[0] & DEVELOPER))


def is_plausible(definition: bytes) -> bool:
    """Whether bytes that could be a definition message are one: of a message of the profile, every field as it can be.

    Three fields at least are asked for, because three right triples of bytes hardly occur by chance.
    """
    big_endian = definition[2] & 1
    message = int.from_bytes(definition[3:5], "big" if big_endian else "little")
    count = definition[5]
    if definition[1] or definition[2] > 1 or message not in MESSAGES or count < FEWEST_FIELDS:
        return False
    fields = definition[FIXED_PART : FIXED_PART + 3 * count]
    for size, identifier in zip(fields[1::3], fields[2::3], strict=True):
        base = BASE_TYPES.get(identifier & 0x1F)
        if base is None or identifier & 0x60 or not size or size % base.size:
            return False
    return len(set(fields[::3])) == count


@lru_cache(maxsize=2048)
def parse_definition(definition: bytes) -> Layout:
    """The layout that a whole definition message sets; the local type in its first byte plays no part.

    A size that is not a multiple of its base type's is read as single bytes, as is a base type that FIT does not have.
    """
    big_endian = bool(definition[2] & 1)
    message = int.from_bytes(definition[3:5], "big" if big_endian else "little")
    slots, unknown = [], []
    start, place = 1, FIXED_PART
    for _ in range(definition[5]):
        number, size, identifier = definition[place : place + 3]
        base = BASE_TYPES.get(identifier & 0x1F)
        if base is None:
            unknown.append(identifier)
            base = BYTE
        if size % base.size:
            base = UINT8
        slots.append(Slot(number, base, size // base.size, start))
        start, place = start + size, place + 3
    if definition[0] & DEVELOPER:
        for _ in range(definition[place]):
            number, size, index = definition[place + 1 : place + 4]
            slots.append(Slot(number, BYTE, size, start, index))
            start, place = start + size, place + 3
    timestamp = next(
        (s.start for s in slots if s.number == TIMESTAMP and s.developer_index is None and s.size == TIME_SIZE), None
    )
    return Layout(message, big_endian, start, tuple(slots), timestamp, tuple(unknown))
