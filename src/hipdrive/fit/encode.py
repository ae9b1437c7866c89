"""Frames of columns → FIT bytes, whole columns at a time: the inverse of `decode`.

A block is a message name with a frame of its messages, columns under the profile's names and in the profile's units.
Each block becomes one definition message (or none, where an earlier one still fits) and its rows, packed as one numpy
structured array, so that the cost does not grow with the number of values but with the number of columns and bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import numpy.typing as npt
import polars as pl
from fastcrc.crc16 import arc as crc16

from hipdrive.fit.profile import (
    BASE_TYPE_BY_NAME,
    MESSAGE_NUMBERS,
    TIMESTAMP,
    BaseType,
    Field,
    Message,
    message_of,
)
from hipdrive.fit.stored import stored_numbers

PROTOCOL_VERSION = 0x20  # 2.0: the first with developer fields and 64-bit values
PROFILE_VERSION = 21171  # of the newest table that the names come from
LOCAL_TYPES = 16  # a file can hold this many definitions at a time
LARGEST_FIELD = 255  # bytes; a field's size is one byte
NAME_OF_UNKNOWN = "unknown_"
NO_MESSAGE, NO_FIELD = 0xFFFF, 0xFF  # marks for “no number”


class RowOrder(Enum):
    """In which order the rows of all blocks are written."""

    AS_GIVEN = "as given"
    BY_TIMESTAMP = "by timestamp"  # blocks without a timestamp first; rows of the same second keep the blocks' order


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """A field that an app declares in the file itself.

    Attributes:
        name: The column it is written from and read back as.
        number: The field's number within its app (0 to 254).
        base_type: The name of the base type it is stored in, such as `uint16` or `float32`.
        unit: Its unit, as free text.
        developer_index: Which app of the file it belongs to.
        native_field: The number of the profile's field that it replaces, if any.
    """

    name: str
    number: int
    base_type: str = "float32"
    unit: str = ""
    developer_index: int = 0
    native_field: int | None = None


@dataclass(frozen=True, slots=True)
class _Stored:
    """One column as it will lie in the file."""

    number: int
    base: BaseType
    count: int  # elements a message
    values: npt.NDArray[np.generic]  # (rows,) or (rows, count)
    developer_index: int | None = None

    @property
    def size(self) -> int:
        return self.base.size * self.count


@dataclass(frozen=True, slots=True)
class _Block:
    definition: bytes  # without its header byte, which names the local type
    has_developer_fields: bool
    rows: npt.NDArray[np.uint8]  # (rows, 1 + message size); the header byte is still 0
    seconds: npt.NDArray[np.int64] | None  # the rows' time stamps


def encode(
    messages: Iterable[tuple[str, pl.DataFrame]],
    *,
    developer_fields: Sequence[DeveloperField] = (),
    order: RowOrder = RowOrder.AS_GIVEN,
    big_endian: bool = False,
) -> bytes:
    """One FIT file with these messages, with header and checksums.

    Args:
        messages: Blocks of (message name, frame), written in this order; a well-formed file starts with `file_id`.
            Columns carry the profile's field or subfield names (or `unknown_N`, stored by the column's own integer or
            float type) in the profile's units; Datetime for times (UTC for `date_time`; whole seconds, the rest is
            cut), names or numbers for enums, lists or arrays for array fields, null for “no value”.
        developer_fields: What columns beyond the profile are. They are declared right after the first block.
        order: Whether the rows of all blocks are merged by their time stamps.
        big_endian: Whether values are stored with the high byte first.

    Raises:
        ValueError: A message or column that nothing is known of, a value outside what its field can hold, an enum
            name that does not exist, or more than 16 different definitions to be merged by time.
    """
    by_name = {entry.name: entry for entry in developer_fields}
    declared: list[tuple[str, pl.DataFrame, dict[str, DeveloperField]]] = [
        (name, frame, {}) for name, frame in _declarations(developer_fields)
    ]
    blocks = []
    for name, frame in messages:
        blocks.append(_block(name, frame, by_name, big_endian=big_endian))
        while declared:
            blocks.append(_block(*declared.pop(0), big_endian=big_endian))
    body = _in_order(blocks) if order is RowOrder.AS_GIVEN else _by_timestamp(blocks)
    head = struct.pack("<BBHI4s", 14, PROTOCOL_VERSION, PROFILE_VERSION, len(body), b".FIT")
    file = head + struct.pack("<H", crc16(head)) + body
    return file + struct.pack("<H", crc16(file))


def _declarations(fields: Sequence[DeveloperField]) -> list[tuple[str, pl.DataFrame]]:
    indexes = sorted({entry.developer_index for entry in fields})
    ids = [
        (
            "developer_data_id",
            pl.DataFrame({"application_id": [[index] * 16], "developer_data_index": [index]}),
        )
        for index in indexes
    ]
    descriptions = [
        (
            "field_description",
            pl.DataFrame(
                {
                    "developer_data_index": [entry.developer_index],
                    "field_definition_number": [entry.number],
                    "fit_base_type_id": [BASE_TYPE_BY_NAME[entry.base_type].identifier],
                    "field_name": [entry.name],
                    "units": [entry.unit or None],
                    "native_field_num": pl.Series([entry.native_field], dtype=pl.Int64),
                }
            ),
        )
        for entry in fields
    ]
    return ids + descriptions


def _block(name: str, frame: pl.DataFrame, developer: Mapping[str, DeveloperField], *, big_endian: bool) -> _Block:
    message = _message(name)
    native, foreign = [], []
    taken: set[int] = set()
    for series in frame.iter_columns():
        if series.name in developer and series.name not in message.by_name:
            foreign.append(_developer_column(name, series, developer[series.name]))
        else:
            column = _native_column(message, series)
            if column.number in taken:
                raise ValueError(
                    f"{name}: the column “{series.name}” would fill field {column.number} a second time; "
                    "give either a field or one of its subfields"
                )
            taken.add(column.number)
            native.append(column)
    order = ">" if big_endian else "<"
    fields = [*native, *foreign]
    layout = np.dtype(
        [("header", "u1")]
        + [
            (str(i), _code(column, order), (column.count,) if column.count > 1 and column.base.name != "string" else ())
            for i, column in enumerate(fields)
        ]
    )
    rows = np.zeros(frame.height, layout)
    for i, column in enumerate(fields):
        rows[str(i)] = column.values
    definition = struct.pack(order + "xBHB", int(big_endian), message.number, len(native))
    definition += b"".join(bytes((c.number, c.size, c.base.identifier)) for c in native)
    if foreign:
        definition += bytes((len(foreign),)) + b"".join(
            bytes((c.number, c.size, c.developer_index or 0)) for c in foreign
        )
    seconds = next((c.values.astype(np.int64) for c in native if c.number == TIMESTAMP and c.count == 1), None)
    return _Block(definition, bool(foreign), rows.view(np.uint8).reshape(frame.height, layout.itemsize), seconds)


def _code(column: _Stored, order: str) -> str:
    return f"S{column.count}" if column.base.name == "string" else order + column.base.code


def _message(name: str) -> Message:
    if name in MESSAGE_NUMBERS:
        return message_of(MESSAGE_NUMBERS[name])
    number = name.removeprefix(NAME_OF_UNKNOWN)
    if name.startswith(NAME_OF_UNKNOWN) and number.isdigit() and int(number) < NO_MESSAGE:
        return message_of(int(number))
    raise ValueError(f"{name}: the FIT profile has no message of that name; use its name or unknown_N with its number")


def _native_column(message: Message, series: pl.Series) -> _Stored:
    entry = message.by_name.get(series.name)
    if entry is None:
        number = series.name.removeprefix(NAME_OF_UNKNOWN)
        if not series.name.startswith(NAME_OF_UNKNOWN) or not number.isdigit() or int(number) >= NO_FIELD:
            raise ValueError(
                f"{message.name}: the FIT profile has no field “{series.name}”; use a field's name, unknown_N with its "
                "number, or declare a developer field"
            )
        entry = Field(int(number), series.name, _own_base(series).name)
    return _stored(message.name, series, entry, entry.base_type)


def _developer_column(name: str, series: pl.Series, declared: DeveloperField) -> _Stored:
    entry = Field(declared.number, declared.name, declared.base_type)
    column = _stored(name, series, entry, BASE_TYPE_BY_NAME[declared.base_type])
    return _Stored(column.number, column.base, column.count, column.values, declared.developer_index)


def _own_base(series: pl.Series) -> BaseType:
    dtype = series.dtype
    while isinstance(dtype, (pl.List, pl.Array)):
        dtype = dtype.inner  # type: ignore[assignment]
    names: dict[pl.DataType, str] = {
        pl.Int8(): "sint8",
        pl.UInt8(): "uint8",
        pl.Int16(): "sint16",
        pl.UInt16(): "uint16",
        pl.Int32(): "sint32",
        pl.UInt32(): "uint32",
        pl.Int64(): "sint64",
        pl.UInt64(): "uint64",
        pl.Float32(): "float32",
        pl.Float64(): "float64",
        pl.String(): "string",
    }
    if dtype not in names:
        raise ValueError(
            f"the column “{series.name}” of type {dtype} has no counterpart in FIT; cast it to a number or text"
        )
    return BASE_TYPE_BY_NAME[names[dtype]]


def _stored(message: str, series: pl.Series, entry: Field, base: BaseType) -> _Stored:
    if isinstance(series.dtype, (pl.List, pl.Array)):
        return _stored_list(message, series, entry, base)
    if base.name == "string":
        texts = [(text or "").encode() for text in series.cast(pl.String)]
        count = max(map(len, texts), default=0) + 1
        _check_size(message, entry, count)
        return _Stored(entry.number, base, count, np.array(texts, dtype=f"S{count}"))
    return _Stored(entry.number, base, 1, stored_numbers(message, series, entry, base))


def _stored_list(message: str, series: pl.Series, entry: Field, base: BaseType) -> _Stored:
    rows = series.to_list()
    count = max((len(row) for row in rows if row is not None), default=1) or 1
    _check_size(message, entry, count * base.size)
    inner = series.dtype.inner  # type: ignore[attr-defined]
    flat = [v for row in rows for v in (*(row or ()), *[None] * (count - len(row or ())))]
    values = stored_numbers(message, pl.Series(series.name, flat, dtype=inner), entry, base)
    return _Stored(entry.number, base, count, values.reshape(len(rows), count) if count > 1 else values)


def _check_size(message: str, entry: Field, size: int) -> None:
    if size > LARGEST_FIELD:
        raise ValueError(f"{message}.{entry.name}: a value needs {size} bytes, a FIT field holds 255; shorten it")


def _in_order(blocks: Sequence[_Block]) -> bytes:
    """Definitions and rows one after the other; a definition is repeated only after its local type was reused."""
    slots: dict[tuple[bytes, bool], int] = {}  # definition → local type, least recently used first
    parts = []
    for block in blocks:
        key = (block.definition, block.has_developer_fields)
        local = slots.pop(key, None)
        if local is None:
            local = len(slots) if len(slots) < LOCAL_TYPES else slots.pop(next(iter(slots)))
            parts.append(_definition(block, local))
        slots[key] = local
        block.rows[:, 0] = local
        parts.append(block.rows.tobytes())
    return b"".join(parts)


def _definition(block: _Block, local: int) -> bytes:
    return bytes((0x40 | (0x20 if block.has_developer_fields else 0) | local,)) + block.definition


def _by_timestamp(blocks: Sequence[_Block]) -> bytes:
    """All rows merged by time stamp; those without one come first, in the blocks' order."""
    slots: dict[tuple[bytes, bool], int] = {}
    for block in blocks:
        key = (block.definition, block.has_developer_fields)
        slots.setdefault(key, len(slots))
        block.rows[:, 0] = slots[key]
    if len(slots) > LOCAL_TYPES:
        raise ValueError(f"merging by time stamp needs {len(slots)} definitions at a time, a FIT file has room for 16")
    untimed = _in_order([block for block in blocks if block.seconds is None])
    timed = [block for block in blocks if block.seconds is not None and len(block.rows)]
    # All definitions are repeated before the merged rows: those written with the untimed rows may have other local
    # types.
    definitions = {slots[b.definition, b.has_developer_fields]: b for b in timed}
    parts = [untimed, *(_definition(block, local) for local, block in sorted(definitions.items()))]
    if timed:
        parts.append(_merged(timed, [slots[b.definition, b.has_developer_fields] for b in timed]))
    return b"".join(parts)


def _merged(blocks: Sequence[_Block], locals_: Sequence[int]) -> bytes:
    seconds = np.concatenate([block.seconds for block in blocks if block.seconds is not None])
    sizes = np.concatenate([np.full(len(b.rows), b.rows.shape[1]) for b in blocks])
    order = np.argsort(seconds, kind="stable")
    starts = np.empty_like(sizes)
    starts[order] = np.cumsum(sizes[order]) - sizes[order]
    merged = np.empty(int(sizes.sum()), np.uint8)
    first = 0
    for block, local in zip(blocks, locals_, strict=True):
        block.rows[:, 0] = local
        where = starts[first : first + len(block.rows), None] + np.arange(block.rows.shape[1])
        merged[where] = block.rows
        first += len(block.rows)
    return merged.tobytes()
