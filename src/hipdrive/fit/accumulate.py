"""Counters of which only the lowest bits are stored: the values they stand for, counted on from message to message."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipdrive.fit.block import Block
    from hipdrive.fit.plan import Accumulation


def accumulate(
    block: Block, entry: Accumulation, is_partial: npt.NDArray[np.bool_], last: int | None = None
) -> int | None:
    """Replaces the lowest bits by the counter's whole value, in place; returns the last counter.

    The first value is taken as it is; each later one is the last counter plus the difference of their lowest bits. A
    message with a whole value sets the counter.

    Args:
        block: Messages of one kind, in the file's order.
        entry: The column, how many bits of it are stored, and its scale.
        is_partial: Which messages give only the lowest bits.
        last: The last counter of the messages before these, as a stored number.
    """
    column = next(
        (c for c in block.shape.columns if c.name == entry.column and c.kind in ("int", "uint", "float")), None
    )
    if column is None:
        return last
    elements = slice(column.first, column.first + column.count)
    good = block.good[elements].T
    cells = block.rows[elements].T
    is_real = column.kind == "float"
    values = cells.view(np.float64) if is_real else cells.view(np.int64)
    stored = values[good]
    if not len(stored):
        return last
    if is_real:
        stored = np.rint((stored + entry.offset) * entry.scale).astype(np.int64)
    partial = np.broadcast_to(is_partial[:, None], good.shape)[good]
    if last is not None:
        stored, partial = np.append(last, stored), np.append(False, partial)
    steps = np.diff(stored, prepend=stored[0]) & ((1 << entry.bits) - 1)
    starts = ~partial
    starts[0] = True
    steps[starts] = 0
    counted = np.cumsum(steps)
    since = np.maximum.accumulate(np.where(starts, np.arange(len(stored)), 0))
    counter = counted - counted[since] + stored[since]
    if last is not None:
        counter = counter[1:]
    values = values.copy()
    values[good] = counter / entry.scale - entry.offset if is_real else counter
    block.rows[elements] = values.T.view(np.uint64)
    return int(counter[-1])
