"""A block of values → finished polars frames: the body of an Arrow record batch is put together and read back at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.fit.arrow import END_OF_STREAM, batch_message
from hipdrive.fit.names import BLOBS, TYPE_NUMBERS, VIEW_SIZE, pack_views, views_of
from hipdrive.fit.outline import WORD_SIZE

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipdrive.fit.block import Block
    from hipdrive.fit.outline import JoinedShape
    from hipdrive.fit.shape import Column


def frame_of(block: Block) -> pl.DataFrame:
    """The frame of these values: missing ones null, numbers of named values as their names.

    Plain columns share what is written whole: values, views, flags. Lists and texts follow one by one.
    """
    shape, length = block.shape, block.rows.shape[1]
    bits = (length + 7) // 8
    views = views_of(block.rows[shape.enums], block.type_keys, block.good[shape.enums])
    nulls = (length - np.count_nonzero(block.good, axis=1)).tolist()
    body = _Body()
    words_at = body.add(block.rows[: shape.words].tobytes())
    views_at = body.add(views.tobytes())
    flags_at = body.add(_pack(block.good))
    bools_at = body.add(_pack(block.rows[shape.bools] != 0)) if shape.bools.stop > shape.bools.start else 0
    nodes: list[tuple[int, int]] = []
    buffers: list[tuple[int, int]] = []
    blobs = 0
    for column in shape.columns:
        first = column.first
        if column.kind == "text":
            missing, parts = _text_parts(block.texts[first])
            nodes.append((length, missing))
            buffers += [(body.add(part), len(part)) for part in parts]
            blobs += 1
            continue
        if column.is_list:
            nodes += _list(column, block, views, buffers, body)
        else:
            nodes.append((length, nulls[first]))
            buffers.append((flags_at + first * bits, bits))
            if column.kind == "enum":
                buffers.append((views_at + (first - shape.words) * VIEW_SIZE * length, VIEW_SIZE * length))
            elif column.kind == "bool":
                buffers.append((bools_at + (first - shape.bools.start) * bits, bits))
            else:
                buffers.append((words_at + first * WORD_SIZE * length, WORD_SIZE * length))
        if column.kind == "enum":
            blob = BLOBS[TYPE_NUMBERS[column.type]]
            buffers.append((body.add(blob), len(blob)))
            blobs += 1
    message = batch_message(length, nodes, buffers, blobs, body.size)
    return pl.read_ipc_stream(b"".join((shape.schema, *message, *body.parts, END_OF_STREAM)))


def joined_frame_of(block: Block, shape: JoinedShape) -> pl.DataFrame:
    """The frames of messages that were read together, each a column of structs."""
    rows, good, length = block.rows, block.good, block.rows.shape[1]
    outline = shape.outline(length)
    counts = [np.add.reduce(good, axis=1)]
    flags = [good]
    lists: list[bytes] = []
    views = views_of(rows[shape.enums], block.type_keys, good[shape.enums])
    if len(outline.list_rows):
        present = np.logical_or.reduceat(good[outline.list_rows], outline.list_starts, axis=0)
        counts += [np.add.reduce(present, axis=1), np.add.reduceat(counts[0][outline.list_rows], outline.list_starts)]
        flags.append(present)
        lists = [
            rows.ravel()[outline.list_words].tobytes(),
            views.ravel()[outline.list_views].tobytes(),
            np.packbits(np.append(good, False)[outline.list_flags], bitorder="little").tobytes(),
        ]
    if shape.bools.stop > shape.bools.start:
        flags.append(rows[shape.bools] != 0)
    counts.append(np.array([length]))
    nodes, buffers = outline.nodes.copy(), outline.buffers.copy()
    nodes[:, 1] -= np.concatenate(counts)[outline.counts]
    body = _Body()
    body.parts = [rows[: shape.words].tobytes(), views.tobytes()]
    body.parts += [_pack(np.concatenate(flags)), outline.flag_padding, *lists, outline.tail]
    body.size = outline.size
    for texts, (node, buffer) in zip(block.texts, outline.texts, strict=True):
        nodes[node, 1], parts = _text_parts(texts)
        for i, part in enumerate(parts):
            buffers[buffer + i] = body.add(part), len(part)
    message = batch_message(length, nodes, buffers, outline.views, body.size)
    return pl.read_ipc_stream(b"".join((shape.schema, *message, *body.parts, END_OF_STREAM)))


class _Body:
    """The parts of a batch's body, each filled up to a multiple of eight bytes."""

    __slots__ = ("parts", "size")

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def add(self, part: bytes) -> int:
        """Adds a part and returns where it lies."""
        place, rest = self.size, -len(part) % WORD_SIZE
        self.parts.append(part)
        if rest:
            self.parts.append(bytes(rest))
        self.size += len(part) + rest
        return place


def _list(
    column: Column, block: Block, views: npt.NDArray[np.void], buffers: list[tuple[int, int]], body: _Body
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The nodes of a column of lists and of its elements; adds the buffers: validity, offsets, the elements' validity, they."""
    rows = slice(column.first, column.first + column.count)
    good, length = block.good[rows], block.rows.shape[1]
    present, flags = good.any(axis=0), good.T.ravel()
    cells = block.rows[rows]
    if column.kind == "enum":
        cells = views[rows.start - block.shape.words : rows.stop - block.shape.words]
    for part in (
        _pack(present),
        np.arange(0, length * column.count + 1, column.count, np.int64).tobytes(),
        _pack(flags),
        cells.T.tobytes(),
    ):
        buffers.append((body.add(part), len(part)))
    return (length, length - int(np.count_nonzero(present))), (len(flags), len(flags) - int(np.count_nonzero(flags)))


def _pack(flags: npt.NDArray[np.bool_]) -> bytes:
    """Each row of flags as bits, the first in the lowest."""
    if flags.ndim > 1 and flags.shape[1] == 1:
        return flags.tobytes()
    return np.packbits(flags, axis=-1, bitorder="little").tobytes()


def _text_parts(texts: Sequence[bytes]) -> tuple[int, tuple[bytes, bytes, bytes]]:
    """Nulls, and validity, views and blob of a column of texts; bytes that are no UTF-8 are replaced."""
    views, blob = pack_views([text if text.isascii() else text.decode("utf-8", "replace").encode() for text in texts])
    present = _pack(np.array([bool(text) for text in texts], np.bool_))
    return texts.count(b""), (present, views, blob)
