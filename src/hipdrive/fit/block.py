"""Data messages of one definition → a block of values: one gather, then one operation per treatment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hipdrive.fit.parts import FLOAT32, FLOAT64, SCALED, SIGNED, SIGNED_SCALED, TIME, WORD_SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipdrive.fit.plan import Accumulation, Cell, Plan, Text
    from hipdrive.fit.shape import Shape

EPOCH_US = 631_065_600_000_000  # the zero of FIT time, 1989-12-31T00:00:00Z, in microseconds since 1970
SECOND_US = 1_000_000


class Source:
    """The bytes of a file, and the eight bytes from each of them on as numbers."""

    __slots__ = ("data", "words")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.words = np.ndarray((max(len(data) - WORD_SIZE + 1, 0),), np.dtype("<u8"), data or bytes(1), 0, (1,))


class Raw(NamedTuple):
    """Values by element and message, and which of them are there, before one is held against another."""

    rows: npt.NDArray[np.uint64]
    good: npt.NDArray[np.bool_]


@dataclass(slots=True)
class Block:
    """The values of some messages.

    Attributes:
        shape: The columns, and the rows that each is made of.
        rows: One row per element, one column per message; the bits of int64, uint64 or float64 as the column's kind
            says, stored numbers of named values.
        good: Which values are there, of the same form.
        texts: The bytes of each text column, up to their first NUL.
        type_keys: Of the rows of named values, their types' keys.
        partial: Of columns that count on, which messages give only their lowest bits.
    """

    shape: Shape
    rows: npt.NDArray[np.uint64]
    good: npt.NDArray[np.bool_]
    texts: list[list[bytes]]
    type_keys: npt.NDArray[np.uint64]
    partial: dict[Accumulation, npt.NDArray[np.bool_]]


def read_long_block(
    plan: Plan,
    source: Source,
    starts: npt.NDArray[np.int64],
    definitions: Sequence[Sequence[tuple[int, int]]],
    which: npt.NDArray[np.int64] | None,
) -> Raw:
    """The values of many messages, element by element, already converted.

    Args:
        plan: How to read them.
        source: The file.
        starts: Where each message starts.
        definitions: By definition, its elements: their rows and where they start in a message.
        which: The definition of each message; None where there is one.
    """
    shape = len(plan.cells), len(starts)
    rows = np.empty(shape, np.uint64) if which is None else np.zeros(shape, np.uint64)
    good = np.zeros(shape, np.bool_)
    for g, elements in enumerate(definitions):
        chosen = None if which is None else np.flatnonzero(which == g)
        own = starts if chosen is None else starts[chosen]
        if not elements or not len(own):
            continue
        first = min(start for _, start in elements)
        width = max(start for _, start in elements) + WORD_SIZE - first
        messages = np.ndarray((len(source.data) - width + 1, width), np.uint8, source.data, 0, (1, 1))[own + first]
        for row, start in elements:
            cell = plan.cells[row]
            stored = np.ndarray((len(own),), cell.dtype, messages, start - first + cell.skip, (width,))
            if chosen is None:
                _read_row(cell, stored, rows[row], good[row])
            else:
                values, there = np.empty(len(own), np.uint64), np.empty(len(own), np.bool_)
                _read_row(cell, stored, values, there)
                rows[row, chosen], good[row, chosen] = values, there
    return Raw(rows, good)


def _read_row(
    cell: Cell, stored: npt.NDArray[np.generic], values: npt.NDArray[np.uint64], good: npt.NDArray[np.bool_]
) -> None:
    """One element of many messages: stored numbers → values and whether they are there, into the last two."""
    np.not_equal(stored, cell.invalid, out=good)
    whole, real = values.view(np.int64), values.view(np.float64)
    if cell.cut_mask:
        stored = (stored >> (cell.shift + cell.cut_shift)) & cell.cut_mask  # type: ignore[operator]  # cut from integers
        if cell.cut_invalid <= cell.cut_mask:
            good &= stored != cell.cut_invalid
    if SIGNED_SCALED <= cell.section <= SCALED:
        np.divide(stored, cell.scale, out=real)
        if cell.offset:
            real -= cell.offset
    elif cell.section == TIME:
        whole[:] = stored
        whole *= SECOND_US
        whole += EPOCH_US
    elif cell.section == FLOAT32:
        with np.errstate(invalid="ignore"):
            real[:] = stored.astype(np.uint32).view(np.float32)
        good &= ~np.isnan(real)
    elif cell.section == SIGNED:
        whole[:] = stored
    else:
        values[:] = stored
        if cell.section == FLOAT64:
            good &= ~np.isnan(real)


def read_block(plan: Plan, source: Source, places: npt.NDArray[np.int64], present: npt.NDArray[np.bool_] | None) -> Raw:
    """The values of a few messages, by one gather.

    Args:
        plan: How to read them.
        source: The file.
        places: Where each element starts, by element and message.
        present: Which elements are in the message at all; None for all.
    """
    rows = source.words[places]
    if plan.big_endian:
        swapped = rows.byteswap() << plan.shifts
        rows = np.where(plan.elements["is_swapped"].reshape(-1, 1), swapped, rows)
    if plan.signed.stop:
        signed = rows.view(np.int64)[plan.signed]
        signed >>= plan.sign_shifts
    if len(plan.unsigned_shifts):
        unsigned = rows[plan.unsigned]
        unsigned >>= plan.unsigned_shifts
    good = rows != plan.invalids
    if present is not None:
        good &= present
    if len(plan.cut_rows):
        cut = plan.elements[plan.cut_rows].reshape(-1, 1)
        bits = (rows[plan.cut_rows] >> cut["cut_shift"]) & cut["cut_mask"]
        rows[plan.cut_rows] = bits
        good[plan.cut_rows] &= bits != cut["cut_invalid"]
    _convert(plan, rows, good)
    return Raw(rows, good)


def finish_block(plan: Plan, raw: Raw, texts: list[list[bytes]], times: npt.NDArray[np.int64] | None = None) -> Block:
    """The block of values, with what depends on other elements settled.

    Args:
        plan: How the values were read.
        raw: The values; they are changed.
        texts: The text columns' bytes.
        times: Time stamps of messages that carry theirs in the header byte, in seconds of FIT time; negative for
            others.
    """
    rows, good = raw
    if plan.time_row is not None and times is not None:
        compressed = times >= 0
        rows.view(np.int64)[plan.time_row, compressed] = times[compressed] * SECOND_US + EPOCH_US
        good[plan.time_row, compressed] = True
    for elements in plan.wholes:
        good[elements] = good[elements].any(axis=0)
    for elements, origin in plan.packed:
        good[elements] &= good[origin].any(axis=0)
    if plan.conditions and rows.shape[1] > 1:  # a plan holds only the subfields that occur
        references, values, starts, decided, conditions = plan.decisions
        matches = (rows[references] == values) & good[references]
        good[decided] &= np.logical_or.reduceat(matches, starts, axis=0)[conditions]
    partial = {entry: np.logical_or.reduce(good[elements], axis=0) for elements, entry in plan.accumulations}
    for target, origin in plan.coalesced:
        rows[target] = np.where(good[origin], rows[origin], rows[target])
        good[target] |= good[origin]
    return Block(plan.shape, rows, good, texts, plan.type_keys, partial)


def _convert(plan: Plan, rows: npt.NDArray[np.uint64], good: npt.NDArray[np.bool_]) -> None:
    """Stored numbers → values in the profile's units, in place."""
    whole, real = rows.view(np.int64), rows.view(np.float64)
    if plan.scaled.stop > plan.scaled.start:
        values = whole[plan.scaled] / plan.scales
        if plan.offsets is not None:
            values -= plan.offsets
        real[plan.scaled] = values
    if plan.times.stop > plan.times.start:
        stamps = whole[plan.times]
        stamps *= SECOND_US
        stamps += EPOCH_US
    if plan.floats.stop > plan.floats.start:
        if plan.float32.stop > plan.float32.start:
            with np.errstate(invalid="ignore"):
                real[plan.float32] = rows[plan.float32].astype(np.uint32).view(np.float32)
        good[plan.floats] &= ~np.isnan(real[plan.floats])


def read_text(data: bytes, message: int, text: Text | None) -> bytes:
    """The bytes of a text of the message that starts there; empty where it has none.

    A text ends at its first NUL: what a device left behind that is not part of it. The fields of apps may hold
    several texts, each with its NUL; they are kept one a line.
    """
    if text is None:
        return b""
    start, stop = message + text.start, message + text.start + text.size
    end = data.find(0, start, stop)
    if text.is_several and end >= 0:
        return data[start:stop].rstrip(b"\0").replace(b"\0", b"\n")
    return data[start : end if end >= 0 else stop]
