"""Data messages of one definition → a block of values: one gather, then one operation per treatment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipdrive.fit.plan import Accumulation, Plan, Text
    from hipdrive.fit.shape import Shape

EPOCH_US = 631_065_600_000_000  # the zero of FIT time, 1989-12-31T00:00:00Z, in microseconds since 1970
SECOND_US = 1_000_000


@dataclass(slots=True)
class Block:
    """The values of some messages.

    Attributes:
        shape: The columns, and the rows that each is made of.
        rows: One row per element, one column per message; the bits of int64, uint64 or float64 as the column's kind says,
            stored numbers of named values.
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

    @property
    def messages(self) -> int:
        """How many messages the block holds."""
        return self.rows.shape[1]


def read_block(
    plan: Plan,
    words: npt.NDArray[np.uint64],
    places: npt.NDArray[np.int64],
    texts: list[list[bytes]],
    *,
    present: npt.NDArray[np.bool_] | None = None,
    times: npt.NDArray[np.int64] | None = None,
) -> Block:
    """The values of some messages.

    Args:
        plan: How to read them.
        words: The file's `windows`.
        places: Where each element starts, by element and message.
        texts: The text columns' bytes.
        present: Which elements are in the message at all; None for all.
        times: Time stamps of messages that carry theirs in the header byte, in seconds of FIT time; negative for others.
    """
    rows = words[places]
    if plan.big_endian:
        swapped = rows.byteswap() >> plan.elements["swap_shift"].reshape(-1, 1)
        rows = np.where(plan.elements["is_swapped"].reshape(-1, 1), swapped, rows & plan.masks)
    else:
        rows &= plan.masks
    good = rows != plan.invalids
    if present is not None:
        good &= present
    if plan.time_row is not None and times is not None:
        compressed = times >= 0
        rows[plan.time_row, compressed] = times[compressed]
        good[plan.time_row, compressed] = True
    if plan.conditions or plan.wholes:
        _apply_conditions(plan, rows, good)
    if len(plan.cut_rows):
        cut = plan.elements[plan.cut_rows].reshape(-1, 1)
        bits = (rows[plan.cut_rows] >> cut["cut_shift"]) & cut["cut_mask"]
        rows[plan.cut_rows] = bits
        good[plan.cut_rows] &= bits != cut["cut_invalid"]
    _convert(plan, rows, good)
    partial = {entry: good[elements].any(axis=0) for elements, entry in plan.accumulations}
    for target, source in plan.coalesced:
        rows[target] = np.where(good[source], rows[source], rows[target])
        good[target] |= good[source]
    return Block(plan.shape, rows, good, texts, plan.type_keys, partial)


def _apply_conditions(plan: Plan, rows: npt.NDArray[np.uint64], good: npt.NDArray[np.bool_]) -> None:
    for elements, whole in plan.wholes:
        good[elements] = good[whole].any(axis=0)
    if rows.shape[1] == 1:
        return  # a plan holds only the subfields that occur
    for condition in plan.conditions:
        holds = np.zeros(rows.shape[1], np.bool_)
        for row, values in condition.references:
            holds |= (rows[row] == values).any(axis=0) & good[row]
        good[condition.rows] &= holds


def _convert(plan: Plan, rows: npt.NDArray[np.uint64], good: npt.NDArray[np.bool_]) -> None:
    """Stored numbers → values in the profile's units, in place."""
    whole, real = rows.view(np.int64), rows.view(np.float64)
    if plan.signed.stop:
        signed = whole[plan.signed]
        signed <<= plan.sign_shifts
        signed >>= plan.sign_shifts
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

    A text ends at its first NUL: what a device left behind that is not part of it. The fields of apps may hold several texts,
    each with its NUL; they are kept one a line.
    """
    if text is None:
        return b""
    start, stop = message + text.start, message + text.start + text.size
    end = data.find(0, start, stop)
    if text.is_several and end >= 0:
        return data[start:stop].rstrip(b"\0").replace(b"\0", b"\n")
    return data[start : end if end >= 0 else stop]
