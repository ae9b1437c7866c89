"""FIT files put together byte by byte, for cases that the writer would never make."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from fastcrc.crc16 import arc as crc16

Field = tuple[int, int, int]  # number, size in bytes, base type
ENUM, SINT8, UINT8, STRING, FLOAT32, UINT8Z, BYTE = 0x00, 0x01, 0x02, 0x07, 0x88, 0x0A, 0x0D
SINT16, UINT16, SINT32, UINT32, UINT16Z, UINT64 = 0x83, 0x84, 0x85, 0x86, 0x8B, 0x8F
FILE_ID, SESSION, RECORD, EVENT, DEVICE_INFO, HR = 0, 18, 20, 21, 23, 132
FIELD_DESCRIPTION, DEVELOPER_DATA_ID = 206, 207
TIMESTAMP: Field = (253, 4, UINT32)
NOON = 1_000_000_000  # seconds of FIT time: 2021-09-08T01:46:40Z


def definition(
    local: int, message: int, fields: Sequence[Field], *, big: bool = False, apps: Sequence[Field] = ()
) -> bytes:
    """A definition message; of an app's field the third number is the app's index."""
    order = ">" if big else "<"
    head = struct.pack(order + "BBBHB", 0x40 | (0x20 if apps else 0) | local, 0, big, message, len(fields))
    body = head + b"".join(bytes(field) for field in fields)
    return body + (bytes((len(apps),)) + b"".join(bytes(field) for field in apps) if apps else b"")


def data(local: int, layout: str, *values: float | bytes) -> bytes:
    """A data message, its values packed as `struct` is told."""
    return bytes((local,)) + struct.pack(layout, *values)


def compressed(local: int, offset: int, layout: str, *values: int) -> bytes:
    """A data message whose header carries five bits of its time."""
    return bytes((0x80 | local << 5 | offset,)) + struct.pack(layout, *values)


def header(size: int, *, length: int = 14, data_size: int | None = None, crc: int | None = None) -> bytes:
    """A file header over so many bytes of messages."""
    head = struct.pack("<BBHI4s", length, 0x20, 2100, size if data_size is None else data_size, b".FIT")
    if length == 12:
        return head
    return head + struct.pack("<H", crc16(head) if crc is None else crc) + bytes(length - 14 if length > 14 else 0)


def file(*messages: bytes, length: int = 14, data_size: int | None = None, crc: int | None = None) -> bytes:
    """A whole file with its checksum."""
    body = b"".join(messages)
    whole = header(len(body), length=length, data_size=data_size, crc=crc) + body
    return whole + struct.pack("<H", crc16(whole))
