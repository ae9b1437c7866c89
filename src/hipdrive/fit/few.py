"""Messages that occur a few times, all read and made frames together: in a small file they are most of the work.

Their plans are joined to one, in which each element knows the message it is cut out of. The block that is read has a column for
each time the most frequent of them occurs; those that occur less often repeat their last one there, which is cut off again.
Their frames are read as one batch in which each is a column of structs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.block import Block, read_block, read_text
from hipdrive.fit.plan import Condition, Plan, Rows
from hipdrive.fit.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt
    import polars as pl


class Joined:
    """The plans of several messages as one; `members` says for each element which message it belongs to."""

    def __init__(self, plans: Sequence[Plan], names: Sequence[str]) -> None:
        elements = np.concatenate([plan.elements for plan in plans])
        order = np.argsort(elements["section"], kind="stable")
        places = np.empty_like(order)
        places[order] = np.arange(len(order))
        members = np.repeat(np.arange(len(plans)), [len(plan.elements) for plan in plans])
        columns = []
        first = texts = 0
        wholes: list[tuple[Rows, Rows]] = []
        coalesced: list[tuple[Rows, Rows]] = []
        conditions: list[Condition] = []
        for plan in plans:
            for column in plan.shape.columns:
                row = texts + column.first if column.kind == "text" else int(places[first + column.first])
                columns.append(column._replace(first=row))
            own = places[first : first + len(plan.elements)]
            wholes += [(own[rows], own[whole]) for rows, whole in plan.wholes]
            coalesced += [(own[target], own[source]) for target, source in plan.coalesced]
            conditions += [
                Condition(own[rows], tuple((int(own[row]), values) for row, values in references))
                for rows, references in plan.conditions
            ]
            first += len(plan.elements)
            texts += len(plan.texts)
        self.plan = Plan(columns, elements[order])
        self.plan.wholes, self.plan.coalesced, self.plan.conditions = wholes, coalesced, conditions
        whole = self.plan.shape
        widths = [len(plan.shape.columns) for plan in plans]
        self.plan.shape = Shape(
            columns,
            whole.words,
            whole.enums.stop - whole.enums.start,
            whole.bools.stop - whole.bools.start,
            list(zip(names, widths, strict=True)),
        )
        self.members = members[order]
        self.texts = [(i, text) for i, plan in enumerate(plans) for text in plan.texts]


@lru_cache(maxsize=512)
def join(plans: tuple[Plan, ...], names: tuple[str, ...]) -> Joined:
    """The plans of messages of these names as one; kept, because the next file of a device has the same."""
    return Joined(plans, names)


def can_be_joined(plan: Plan) -> bool:
    """Whether the plan's messages need nothing but to be read."""
    return not (plan.big_endian or plan.accumulations or plan.time_is_compressed)


def read_few(
    joined: Joined, data: bytes, words: npt.NDArray[np.uint64], starts: Sequence[npt.NDArray[np.int64]]
) -> Block:
    """The values of all messages, as one block.

    Args:
        joined: The plans.
        data: The file.
        words: The file's `windows`.
        starts: For each plan, where its messages start.
    """
    longest = max(len(places) for places in starts)
    table = np.array([[*places, *[places[-1]] * (longest - len(places))] for places in map(np.ndarray.tolist, starts)])
    block = read_block(joined.plan, data, words, table[joined.members], None)
    block.texts = [
        [read_text(data, place + text.start, text.size, is_several=text.is_several) for place in table[i].tolist()]
        for i, text in joined.texts
    ]
    return block


def split_frame(frame: pl.DataFrame, lengths: Sequence[int]) -> Iterator[tuple[str, pl.DataFrame]]:
    """The frames that are the columns of a frame, by name, each cut to its length."""
    for column, length in zip(frame.iter_columns(), lengths, strict=True):
        yield column.name, (column if length == len(column) else column.head(length)).struct.unnest()
