"""What a file says its developer fields are."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Literal

from hipdrive.fit.parts import Description

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from hipdrive.fit.group import Group
    from hipdrive.fit.layout import Layout, Slot

BASE_TYPE_MASK = 0x1F  # a base type's number; bit 7 only says whether byte order matters
FIELD_DESCRIPTION = 206  # message number
INDEX, NUMBER, BASE, NAME, UNIT = 0, 1, 2, 3, 8  # its field numbers
NATIVE_MESSAGE, NATIVE_FIELD = 14, 15

Order = Literal["big", "little"]
Descriptions = dict[tuple[int, int], list[tuple[int, Description]]]


def read_descriptions(data: bytes, groups: Sequence[Group], starts: Sequence[npt.NDArray[np.int64]]) -> Descriptions:
    """All descriptions of developer fields by (developer index, field number), each with where it stands, in order."""
    found: Descriptions = {}
    for group, places in zip(groups, starts, strict=True):
        if group.layout.message != FIELD_DESCRIPTION:
            continue
        slots = {slot.number: slot for slot in group.layout.slots if slot.developer_index is None and slot.size}
        if not {INDEX, NUMBER, BASE} <= slots.keys():
            continue
        for start in places.tolist():
            texts = []
            for number in (NAME, UNIT):
                slot = slots.get(number)
                raw = data[start + slot.start : start + slot.start + slot.size] if slot else b""
                texts.append(raw.split(b"\0", 1)[0].decode("utf-8", "replace"))
            index, field, base = (data[start + slots[number].start] for number in (INDEX, NUMBER, BASE))
            order: Order = "big" if group.layout.big_endian else "little"
            native = (_number(data, start, slots.get(number), order) for number in (NATIVE_MESSAGE, NATIVE_FIELD))
            described = Description(texts[0] or f"unnamed_{index}_{field}", base & BASE_TYPE_MASK, texts[1], *native)
            found.setdefault((index, field), []).append((start, described))
    for entries in found.values():
        entries.sort(key=lambda entry: entry[0])
    return found


def _number(data: bytes, start: int, slot: Slot | None, order: Order) -> int | None:
    """A field's whole number, None where it is not there or marked so; numbers of messages have two bytes."""
    if slot is None:
        return None
    number = int.from_bytes(data[start + slot.start : start + slot.start + slot.size], order)
    return None if number == (1 << 8 * slot.size) - 1 else number


def descriptions_for(
    layout: Layout, first: int, known: Descriptions
) -> tuple[tuple[tuple[int, int], Description], ...]:
    """The descriptions of a layout's developer fields that hold where its first message starts.

    A field that is described only later is read by that description.
    """
    result = []
    for slot in layout.slots:
        if slot.developer_index is None:
            continue
        entries = known.get((slot.developer_index, slot.number))
        if entries:
            before = bisect_left(entries, first, key=lambda entry: entry[0])
            result.append(((slot.developer_index, slot.number), entries[max(before - 1, 0)][1]))
    return tuple(result)
