"""Which subfields occur: a field whose meaning depends on the value of another is then a column of its own too."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from hipdrive.fit.profile import message_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from hipdrive.fit.layout import Layout

Subfield = tuple[int, int]  # field number, place among its subfields
NONE: frozenset[Subfield] = frozenset()


@lru_cache(maxsize=2048)
def _references(layout: Layout) -> tuple[tuple[int, int, dict[int, tuple[Subfield, ...]]], ...]:
    """Fields that decide on subfields: where they lie in a message, and stored value → subfields."""
    slots = {slot.number: slot for slot in layout.slots if slot.developer_index is None and slot.count == 1}
    decided: dict[int, dict[int, list[Subfield]]] = {}
    message = message_of(layout.message)
    for slot in layout.slots:
        if slot.developer_index is None:
            for place, subfield in enumerate(message.field(slot.number).subfields):
                for number, value in subfield.when:
                    if number in slots:
                        decided.setdefault(number, {}).setdefault(value, []).append((slot.number, place))
    return tuple(
        (slots[number].start, slots[number].start + slots[number].size, {v: tuple(s) for v, s in values.items()})
        for number, values in decided.items()
    )


def subfields_in(data: bytes, layout: Layout, starts: npt.NDArray[np.int64]) -> frozenset[Subfield]:
    """The subfields that occur in the messages of a layout that start there."""
    references = _references(layout)
    if not references:
        return NONE
    order: Literal["big", "little"] = "big" if layout.big_endian else "little"
    found: set[Subfield] = set()
    places = starts.tolist()
    for start, end, decided in references:
        values = {data[at + start : at + end] for at in places}
        for value in values:
            found.update(decided.get(int.from_bytes(value, order), ()))
    return frozenset(found)
