"""Blocks of one message with different definitions → one block, in the order of the file."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.block import Block
from hipdrive.fit.names import type_key
from hipdrive.fit.shape import Column, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipdrive.fit.plan import Accumulation

NUMBERS = ("int", "uint")


def merge(blocks: Sequence[Block], starts: Sequence[npt.NDArray[np.int64]]) -> Block:
    """One block with the columns and messages of all.

    Where a field is a number in one definition and a list in another, it becomes a list of as many elements as it has
    at most, missing ones at its end; whole numbers beside real ones become real; a column that is a text here and a
    number there becomes two.

    Args:
        blocks: The blocks, all of one message.
        starts: Where the messages of each start in the file.
    """
    shape, sources = _united(tuple(block.shape for block in blocks))
    count = sum(block.rows.shape[1] for block in blocks)
    every = np.concatenate(starts)
    order = np.argsort(every, kind="stable")
    places = np.empty_like(order)
    places[order] = np.arange(count)
    rows = np.zeros((shape.bools.stop, count), np.uint64)
    good = np.zeros((shape.bools.stop, count), np.bool_)
    texts: list[list[bytes]] = [[b""] * count for column in shape.columns if column.kind == "text"]
    first = 0
    partial: dict[Accumulation, npt.NDArray[np.bool_]] = {}
    for block, pairs in zip(blocks, sources, strict=True):
        where = places[first : first + block.rows.shape[1]]
        for entry, flags in block.partial.items():
            partial.setdefault(entry, np.zeros(count, np.bool_))[where] = flags
        first += block.rows.shape[1]
        for own, column in pairs:
            if own.kind == "text":
                for place, text in zip(where.tolist(), block.texts[own.first], strict=True):
                    texts[column.first][place] = text
                continue
            source, target = slice(own.first, own.first + own.count), slice(column.first, column.first + own.count)
            values = block.rows[source]
            if own.kind in NUMBERS and column.kind == "float":
                values = values.view(np.int64).astype(np.float64).view(np.uint64)
            rows[target, where] = values
            good[target, where] = block.good[source]
    named = sorted((c for c in shape.columns if c.kind == "enum"), key=lambda column: column.first)
    keys = [type_key(column.type) for column in named for _ in range(column.count)]
    return Block(shape, rows, good, texts, np.array(keys, np.uint64).reshape(-1, 1), partial)


@lru_cache(maxsize=64)
def _united(shapes: tuple[Shape, ...]) -> tuple[Shape, tuple[tuple[tuple[Column, Column], ...], ...]]:
    """The shape of all columns, and for each of the shapes its columns beside those they go into."""
    columns: dict[tuple[str, str], Column] = {}
    sources: list[list[tuple[Column, tuple[str, str]]]] = []
    for shape in shapes:
        pairs = []
        for column in shape.columns:
            family = column.kind if column.kind not in ("int", "uint", "float") else "number"
            known = columns.get((column.name, family))
            if known is None:
                columns[column.name, family] = column
            else:
                kind = known.kind if known.kind == column.kind else "float"
                count, is_list = max(known.count, column.count), known.is_list or column.is_list
                columns[column.name, family] = known._replace(kind=kind, count=count, is_list=is_list)
            pairs.append((column, (column.name, family)))
        sources.append(pairs)
    taken: set[str] = set()
    for name, family in sorted(columns, key=lambda key: key[1] != "number"):
        own = name
        while own in taken:
            own += f"_{family}"
        taken.add(own)
        columns[name, family] = columns[name, family]._replace(name=own)
    placed, ends = _placed(columns)
    shape = Shape(list(placed.values()), ends[0], ends[1] - ends[0], ends[2] - ends[1])
    return shape, tuple(tuple((own, placed[key]) for own, key in pairs) for pairs in sources)


def _placed(columns: dict[tuple[str, str], Column]) -> tuple[dict[tuple[str, str], Column], tuple[int, int, int]]:
    """The columns with their rows: eight-byte values, named values, true or false; texts in a list of their own."""
    order = ("words", "enum", "bool", "text")
    ends = dict.fromkeys(order, 0)
    placed = {}
    row = 0
    for section in order:
        row = 0 if section == "text" else row
        for key, column in columns.items():
            if (column.kind if column.kind in order else "words") == section:
                placed[key] = column._replace(first=row)
                row += 1 if section == "text" else column.count
        ends[section] = row
    return {key: placed[key] for key in columns}, (ends["words"], ends["enum"], ends["bool"])
