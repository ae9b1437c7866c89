"""Columns → a polars frame in one call, by way of the Arrow IPC stream format.

Making a polars Series costs several microseconds, a frame of forty of them as much as decoding a small FIT file.
Reading one Arrow record batch costs a tenth of that, so a frame is written as the bytes of a stream of one batch and
read back at once. The two messages of such a stream are flatbuffers. Of the schema, each column's part can stand
anywhere, so it is made once and kept; of the batch, only counts, offsets and lengths change.

Source: Arrow columnar format 1.5, “Serialization and interprocess communication”; flatbuffers' internals.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

CONTINUATION = b"\xff\xff\xff\xff"
END_OF_STREAM = CONTINUATION + bytes(4)
METADATA_V5 = 4
SCHEMA, RECORD_BATCH = 1, 3  # kinds of message
TABLE_START = 16  # where a relocatable field's table starts
INLINE_TEXT = 12  # bytes of a text that a view holds itself

# Kind of value → (number of the flatbuffer type, the type's own table, relocatable, and where in it the table starts).
_INT64 = (2, struct.pack("<HHHHiiB3x", 8, 12, 4, 8, 8, 64, 1), 8)
_UINT64 = (2, struct.pack("<HHHHiiB3x", 8, 12, 4, 8, 8, 64, 0), 8)
_DOUBLE = (3, struct.pack("<HHH2xihxx", 6, 8, 4, 8, 2), 8)
_BOOL = (6, struct.pack("<HHi", 4, 4, 4), 4)
_VIEW = (24, struct.pack("<HHi", 4, 4, 4), 4)
_LIST = (21, struct.pack("<HHi", 4, 4, 4), 4)
_STRUCT = (13, struct.pack("<HHi", 4, 4, 4), 4)
_LOCAL = (10, struct.pack("<HHH2xihxx", 6, 8, 4, 8, 2), 8)
_UTC = (10, struct.pack("<HHHHihxxIi4s", 8, 12, 4, 8, 8, 2, 4, 3, b"UTC\0"), 8)
TYPES = {
    "int": _INT64,
    "uint": _UINT64,
    "float": _DOUBLE,
    "time": _UTC,
    "local": _LOCAL,
    "enum": _VIEW,
    "text": _VIEW,
    "bool": _BOOL,
}


def _field(name: str, kind: tuple[int, bytes, int], children: Sequence[bytes] = ()) -> bytes:
    """A relocatable field: its vtable, its table, its name, its type, its children."""
    number, table, start = kind
    text = name.encode()
    text = struct.pack("<I", len(text)) + text + bytes(4 - len(text) % 4)
    after = 36  # the name follows the table; then the type; then the children
    type_at = after + len(text)
    children_at = type_at + len(table)
    # vtable: size, table size, name, nullable, type number, type, dictionary, children
    vtable = struct.pack("<8H", 16, 20, 4, 8, 9, 12, 0, 16)
    fields = struct.pack("<iIBBxxII", 16, after - 20, 1, number, type_at + start - 28, children_at - 32)
    return vtable + fields + text + table + _vector(children)


def _vector(fields: Sequence[bytes]) -> bytes:
    """A vector of relocatable fields, which follow it."""
    places, place = [], 4 * len(fields) + TABLE_START
    for i, part in enumerate(fields):
        places.append(place - 4 * i)
        place += len(part)
    return struct.pack(f"<I{len(fields)}I", len(fields), *places) + b"".join(fields)


@lru_cache(maxsize=8192)
def field_of(name: str, kind: str, is_list: bool) -> bytes:  # noqa: FBT001 - a cache key
    """The schema's part for one column."""
    if not is_list:
        return _field(name, TYPES[kind])
    return _field(name, _LIST, [_field("item", TYPES[kind])])


def struct_of(name: str, fields: Sequence[bytes]) -> bytes:
    """The schema's part for a column that is a frame of its own."""
    return _field(name, _STRUCT, fields)


def schema_message(fields: Sequence[bytes]) -> bytes:
    """The schema message of a stream with these columns."""
    head = struct.pack(
        "<I6HiHBxI4xq4Hii",
        *(16, 12, 24, 4, 6, 8, 16),  # where the message is, and its vtable
        *(12, METADATA_V5, SCHEMA, 24, 0),
        *(8, 8, 0, 4),  # the schema's vtable
        *(8, 4),
    )
    body = head + _vector(fields)
    body += bytes(-len(body) % 8)
    return CONTINUATION + struct.pack("<i", len(body)) + body


@lru_cache(maxsize=2048)
def _batch_head(nodes: int, buffers: int, blobs: int) -> tuple[bytes, bytes, bytes, bytes]:
    """The fixed parts of a record batch message: up to the body's length, the row count, the nodes, the buffers."""
    buffers_at = 88 + 16 * nodes + 8  # both counted from the start of the metadata
    blobs_at = buffers_at + 16 * buffers + 8
    size = blobs_at + 8 * blobs
    return (
        CONTINUATION + struct.pack("<iI6HiHBxI4x", size, 16, 12, 24, 4, 6, 8, 16, 12, METADATA_V5, RECORD_BATCH, 32),
        struct.pack("<7H2xiI", 14, 24, 8, 4, 16, 0, 20, 16, 24),
        struct.pack("<IIII", buffers_at - 4 - 72, blobs_at - 4 - 76, 0, nodes),
        struct.pack("<II", 0, buffers),
    )


def batch_message(
    length: int,
    nodes: npt.NDArray[np.int64] | Sequence[tuple[int, int]],
    buffers: npt.NDArray[np.int64] | Sequence[tuple[int, int]],
    blobs: int,
    body_size: int,
) -> list[bytes]:
    """A record batch message, in parts to be joined.

    Args:
        length: Rows.
        nodes: (length, nulls) of each column and of what is inside lists and structs, depth first.
        buffers: (offset in the body, length) of each buffer, in the same order.
        blobs: How many columns of views there are; each has one blob, which may be empty.
        body_size: Bytes of the body, a multiple of eight.
    """
    start, middle, end, between = _batch_head(len(nodes), len(buffers), blobs)
    return [
        *(start, struct.pack("<q", body_size), middle, struct.pack("<q", length), end),
        *(np.array(nodes, np.int64).tobytes(), between, np.array(buffers, np.int64).tobytes()),
        *(struct.pack("<II", 0, blobs), struct.pack("<q", 1) * blobs),
    ]
