"""How the data messages of one definition become a block of values: made once per definition and kept across files.

A block has a row per *element* (a single number of a message) and a column per message. An element is eight bytes
read from where it starts and masked to its size, so a block is read with one gather, whatever its fields are.
Elements of the same treatment stand together, in the order of `parts.SIGNED` to `parts.BOOL`, so that a treatment is
one operation on a slice.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from hipdrive.fit.layout import parse_definition
from hipdrive.fit.names import type_key
from hipdrive.fit.parts import (
    BOOL,
    ENUM,
    FLOAT32,
    FLOAT64,
    SCALED,
    SIGNED,
    SIGNED_SCALED,
    TEXT,
    TIME,
    WORD_BITS,
    WORD_SIZE,
    Description,
    Element,
    Part,
    parts_of,
)
from hipdrive.fit.profile import TIMESTAMP, message_of
from hipdrive.fit.shape import Column, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence


Rows = slice | npt.NDArray[np.int64]
NAMED_SIZE = 40  # bytes of a named value while it is read: stored value, key, place, view


class Condition(NamedTuple):
    """Elements of a subfield, which are there only where a field has one of these stored values."""

    rows: Rows
    references: tuple[tuple[int, tuple[int, ...]], ...]  # the field's row, its values; at least one


class Cell(NamedTuple):
    """One element by itself.

    Attributes:
        section: Of the block.
        skip: Bytes of its eight that are not read.
        dtype: How the others are a number.
        shift: How far the element lies above the lowest bit of that.
        invalid: Its mark for “no value”.
        scale, offset: What it is divided by, and what is subtracted then.
        cut_shift, cut_mask, cut_invalid: Of some bits of a field: where they lie, which they are (0: all), their own
        mark.
    """

    section: int
    skip: int
    dtype: np.dtype[np.generic]
    shift: int
    invalid: int
    scale: float
    offset: float
    cut_shift: int
    cut_mask: int
    cut_invalid: int


class Decisions(NamedTuple):
    """All conditions of a plan: rows and values compared, where each condition starts; rows decided, by which."""

    references: npt.NDArray[np.int64]
    values: npt.NDArray[np.uint64]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    conditions: npt.NDArray[np.int64]


class Accumulation(NamedTuple):
    """A column that counts on from message to message though only its lowest bits are stored."""

    column: str
    bits: int
    scale: float
    offset: float


class Text(NamedTuple):
    """Where a text lies in a message."""

    start: int
    size: int
    is_several: bool


# One row per element: where and how it is cut out of a message, and what is done to it then.
ELEMENT = np.dtype(
    [
        ("section", "u1"),
        ("start", "i8"),  # of the eight bytes that end with the element; may lie before the message
        ("shift", "u8"),  # how far the element lies above the lowest bit of these
        ("is_swapped", "?"),  # in a big-endian message
        ("invalid", "u8"),
        ("scale", "f8"),
        ("offset", "f8"),
        ("cut_shift", "u8"),  # of elements that are some bits of a field
        ("cut_mask", "u8"),  # 0 for others
        ("cut_invalid", "u8"),
        ("type_key", "u8"),  # of named values
    ]
)


class Plan:
    """How to read the messages of one definition; every array is a column with a row per element."""

    def __init__(
        self,
        columns: Sequence[Column],
        elements: npt.NDArray[np.void],
        *,
        big_endian: bool = False,
        hidden: Sequence[Column] = (),
    ) -> None:
        self.elements = elements
        self.big_endian = big_endian
        self.hidden = tuple(hidden)  # columns that only fill others
        table = elements.reshape(-1, 1)
        ends = elements["section"].searchsorted(np.arange(TEXT), side="right").tolist()
        self.shape = Shape(columns, ends[FLOAT64], ends[ENUM] - ends[FLOAT64], ends[BOOL] - ends[ENUM])
        self.starts = np.ascontiguousarray(table["start"])
        self.invalids = np.ascontiguousarray(table["invalid"])
        self.shifts = np.ascontiguousarray(table["shift"])
        self.signed = slice(0, ends[SIGNED_SCALED])
        self.unsigned = slice(ends[SIGNED_SCALED], None)
        self.sign_shifts = self.shifts[self.signed].astype(np.int64)
        self.unsigned_shifts = self.shifts[self.unsigned]
        self.scaled = slice(ends[SIGNED], ends[SCALED])
        self.scales = np.ascontiguousarray(table["scale"][self.scaled])
        offsets = np.ascontiguousarray(table["offset"][self.scaled])
        self.offsets = offsets if offsets.any() else None
        self.times = slice(ends[TIME - 1], ends[TIME])
        self.float32 = slice(ends[TIME], ends[FLOAT32])
        self.floats = slice(ends[TIME], ends[FLOAT64])
        self.type_keys = np.ascontiguousarray(table["type_key"][ends[FLOAT64] : ends[ENUM]])
        self.cut_rows = np.flatnonzero(elements["cut_mask"])
        self.wholes: list[Rows] = []  # elements that are missing together or not at all
        self.packed: list[tuple[Rows, Rows]] = []  # elements, and those of the field that they are packed in
        self.conditions: list[Condition] = []
        self.coalesced: list[tuple[Rows, Rows]] = []  # elements, and those that go before them
        self.accumulations: list[tuple[Rows, Accumulation]] = []
        self.texts: list[Text] = []
        self.time_row: int | None = None
        self.time_is_compressed = False  # some messages carry their time in the header byte

    @cached_property
    def weight(self) -> int:
        """Bytes that reading one message takes, about: its values, keys and views of the named ones, lists twice."""
        sizes = [
            column.count * (WORD_SIZE if column.kind != "enum" else NAMED_SIZE) * (1 + column.is_list)
            for column in (*self.shape.columns, *self.hidden)
        ]
        return sum(sizes) or 1

    @cached_property
    def cells(self) -> list[Cell]:
        """Each element by itself."""
        cells = []
        for one in self.elements:
            size, section = (WORD_BITS - int(one["shift"])) // 8, int(one["section"])
            order = ">" if self.big_endian and one["is_swapped"] else "<"
            letter = "i" if section <= SIGNED_SCALED else "u"
            is_number = size in (1, 2, 4, 8)
            dtype = np.dtype(f"{order}{letter}{size}" if is_number else "<u8")
            cells.append(
                Cell(
                    section,
                    WORD_SIZE - dtype.itemsize,
                    dtype,
                    0 if is_number else int(one["shift"]),
                    min(int(one["invalid"]), (1 << 8 * dtype.itemsize) - 1),
                    *(float(one["scale"]), float(one["offset"])),
                    *(int(one["cut_shift"]), int(one["cut_mask"]), int(one["cut_invalid"])),
                )
            )
        return cells

    @cached_property
    def decisions(self) -> Decisions:
        """The conditions as arrays."""
        references = [(row, value) for one in self.conditions for row, values in one.references for value in values]
        counts = [sum(len(values) for _, values in one.references) for one in self.conditions]
        rows = [np.arange(self.elements.size)[one.rows] for one in self.conditions]
        return Decisions(
            np.array([row for row, _ in references], np.int64),
            np.array([value for _, value in references], np.uint64).reshape(-1, 1),
            np.cumsum([0, *counts])[:-1],
            np.concatenate(rows),
            np.repeat(np.arange(len(rows)), [len(one) for one in rows]),
        )

    @cached_property
    def signatures(self) -> list[tuple[Column, bytes, list[int]]]:
        """Each column, hidden ones too, with how it is stored but for the places, and where its elements start."""
        without_offsets = self.elements.copy()
        without_offsets["start"] = 0
        places = self.elements["start"].tolist()
        found = []
        for column in (*self.shape.columns, *self.hidden):
            rows = slice(column.first, column.first + column.count)
            kind = f"{column.kind} {column.is_list} {column.type} ".encode()
            is_text = column.kind == "text"
            found.append(
                (column, kind if is_text else kind + without_offsets[rows].tobytes(), [] if is_text else places[rows])
            )
        return found


@lru_cache(maxsize=2048)
def plan_of(
    definition: bytes,
    developer: tuple[tuple[tuple[int, int], Description], ...],
    subfields: frozenset[tuple[int, int]],
    has_compressed_times: bool,  # noqa: FBT001 - a cache key
) -> Plan:
    """The plan for a definition.

    Args:
        definition: The definition message.
        developer: What the file has said of the developer fields in it.
        subfields: The subfields that occur, as (field number, place among its subfields).
        has_compressed_times: Whether some messages carry their time in the header byte, so that a time stamp is needed.
    """
    layout = parse_definition(definition)
    message = message_of(layout.message)
    parts = parts_of(layout, message, dict(developer), subfields)
    stamp = next((part for part in parts if part.number == TIMESTAMP and part.kind == "time"), None)
    if stamp is None and has_compressed_times:
        entry = message.field(TIMESTAMP)
        for part in parts:
            if part.name == entry.name:  # a field of that number that cannot be a time, or an app's of that name
                while any(part.name == other.name for other in parts if other is not part) or part.name == entry.name:
                    part.name += "_"
        stamp = Part(entry.name, "time", TIME, [Element(0, 1)], 0, unit=entry.unit)
        parts.insert(0, stamp)
    ordered = sorted((part for part in parts if part.section != TEXT), key=lambda part: part.section)
    _place(ordered, [part for part in parts if part.section == TEXT])
    columns = [_column(part) for part in parts if part.target is None]
    hidden = [
        _column(part)._replace(name=f"\0{part.target.name} {i}")
        for i, part in enumerate(parts)
        if part.target is not None
    ]
    plan = Plan(columns, _elements(ordered), big_endian=layout.big_endian, hidden=hidden)
    plan.texts = [
        Text(part.elements[0].start, part.elements[0].size, part.is_developer) for part in parts if part.section == TEXT
    ]
    plan.time_row = stamp.first if stamp else None
    plan.time_is_compressed = has_compressed_times
    _relate(plan, parts)
    return plan


def _place(ordered: Sequence[Part], texts: Sequence[Part]) -> None:
    row = 0
    for part in ordered:
        part.first, row = row, row + len(part.elements)
    for place, part in enumerate(texts):
        part.first = place


def _column(part: Part) -> Column:
    native = part.native if part.is_developer else None
    return Column(part.name, part.kind, part.first, len(part.elements), part.is_list, part.type, part.unit, native)


def _rows(part: Part) -> slice:
    return slice(part.first, part.first + len(part.elements))


def _elements(ordered: Sequence[Part]) -> npt.NDArray[np.void]:
    return np.array(
        [
            (
                *(part.section, e.start + e.size - WORD_SIZE, WORD_BITS - 8 * e.size, e.is_swapped, part.invalid),
                *(part.scale, part.offset, e.shift, (1 << e.bits) - 1, part.cut_invalid),
                type_key(part.type) if part.section == ENUM else 0,
            )
            for part in ordered
            for e in part.elements
        ],
        ELEMENT,
    )


def _relate(plan: Plan, parts: Sequence[Part]) -> None:
    """What depends on other elements: components, byte arrays, subfields, columns filled from two places."""
    by_number = {part.number: part for part in parts if part.number >= 0 and part.section != TEXT}
    for part in parts:
        if part.section == TEXT:
            continue
        if part.is_whole:
            plan.wholes.append(_rows(part))
        if part.source is not None and len(part.source.elements) > 1:
            plan.packed.append((_rows(part), _rows(part.source)))
        if part.conditions:
            references = tuple(
                (by_number[number].first, values) for number, values in part.conditions if number in by_number
            )
            plan.conditions.append(Condition(_rows(part), references))
        if part.target is not None:
            plan.coalesced.append((_rows(part.target), _rows(part)))
        if part.accumulated_bits:
            name = part.target.name if part.target else part.name
            entry = Accumulation(name, part.accumulated_bits, part.scale, part.offset)
            plan.accumulations.append((_rows(part), entry))
