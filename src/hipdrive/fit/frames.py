"""A block of values → finished polars frames: the body of an Arrow record batch is put together and read at once."""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.fit.arrow import END_OF_STREAM, batch_message
from hipdrive.fit.batch_layout import WORD_SIZE, batch_layout_of
from hipdrive.fit.names import BLOBS, TYPE_NUMBERS, VIEW_SIZE, pack_views, views_of
from hipdrive.fit.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from hipdrive.fit.batch_layout import JoinedShape
    from hipdrive.fit.block import Block
    from hipdrive.fit.shape import Column

    Buffer = bytes | npt.NDArray[np.generic]  # what can be joined to bytes


MOST_KEPT = 1 << 24  # bytes of a stream that are kept for the next frame


def whole_frame_of(blocks: Iterable[Block]) -> tuple[pl.DataFrame, Shape]:
    """The frame of the values of one message, which may come in pieces, and its shape."""
    frames, shape = [], Shape([], 0, 0, 0)
    for block in blocks:
        frames.append(frame_of(block))
        shape = block.shape
    return (frames[0] if len(frames) == 1 else pl.concat(frames, rechunk=False)), shape


def frame_of(block: Block) -> pl.DataFrame:
    """The frame of these values: missing ones null, numbers of named values as their names.

    Plain columns share what is written whole: values, views, flags. Lists and texts follow one by one.
    """
    shape, length = block.shape, block.rows.shape[1]
    bits = (length + 7) // 8
    views = views_of(block.rows[shape.enums], block.type_keys, block.good[shape.enums])
    nulls = [length - np.count_nonzero(row) for row in block.good]
    body = _Body()
    words_at, _ = body.add(block.rows[: shape.words])
    views_at, _ = body.add(views)
    flags_at, _ = body.add(_pack(block.good))
    bools_at = body.add(_pack(block.rows[shape.bools] != 0))[0] if shape.bools.stop > shape.bools.start else 0
    nodes: list[tuple[int, int]] = []
    buffers: list[tuple[int, int]] = []
    blobs = 0
    for column in shape.columns:
        first = column.first
        if column.kind == "text":
            missing, parts = _text_parts(block.texts[first])
            nodes.append((length, missing))
            buffers += map(body.add, parts)
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
            buffers.append(body.add(blob))
            blobs += 1
    message = batch_message(length, nodes, buffers, blobs, body.size)
    return _read((shape.schema, *message, *body.parts, END_OF_STREAM))


def joined_frame_of(block: Block, shape: JoinedShape) -> pl.DataFrame:
    """The frames of messages that were read together, each a column of structs."""
    rows, good, length = block.rows, block.good, block.rows.shape[1]
    layout = batch_layout_of(shape, length)
    counts = [np.add.reduce(good, axis=1)]
    flags = [good]
    lists: list[Buffer] = []
    views = views_of(rows[shape.enums], block.type_keys, good[shape.enums])
    if len(layout.list_rows):
        present = np.logical_or.reduceat(good[layout.list_rows], layout.list_starts, axis=0)
        counts += [np.add.reduce(present, axis=1), np.add.reduceat(counts[0][layout.list_rows], layout.list_starts)]
        flags.append(present)
        lists = [
            rows.ravel()[layout.list_words],
            views.ravel()[layout.list_views],
            np.packbits(np.append(good, False)[layout.list_flags], bitorder="little"),
        ]
    if shape.bools.stop > shape.bools.start:
        flags.append(rows[shape.bools] != 0)
    counts.append(np.array([length]))
    nodes, buffers = layout.nodes.copy(), layout.buffers.copy()
    nodes[:, 1] -= np.concatenate(counts)[layout.counts]
    body = _Body()
    body.parts = [rows[: shape.words], views]
    body.parts += [_pack(np.concatenate(flags)), layout.flag_padding, *lists, layout.tail]
    body.size = layout.size
    for texts, (node, buffer) in zip(block.texts, layout.texts, strict=True):
        nodes[node, 1], parts = _text_parts(texts)
        for i, part in enumerate(parts):
            buffers[buffer + i] = body.add(part)
    message = batch_message(length, nodes, buffers, layout.views, body.size)
    return _read((shape.schema, *message, *body.parts, END_OF_STREAM))


class _Kept(threading.local):
    """A stream that is written anew for each frame: fresh memory costs more here than all that is done in it."""

    def __init__(self) -> None:
        self.stream = io.BytesIO()


_KEPT = _Kept()


def _read(parts: Iterable[Buffer]) -> pl.DataFrame:
    stream = _KEPT.stream
    stream.seek(0)
    stream.writelines(parts)  # type: ignore[arg-type]  # arrays are buffers
    size = stream.tell()
    stream.seek(0)
    frame = pl.read_ipc_stream(stream)
    if size > MOST_KEPT:
        _KEPT.stream = io.BytesIO()
    return frame


class _Body:
    """The parts of a batch's body, each filled up to a multiple of eight bytes."""

    __slots__ = ("parts", "size")

    def __init__(self) -> None:
        self.parts: list[Buffer] = []
        self.size = 0

    def add(self, part: Buffer) -> tuple[int, int]:
        """Adds a part and returns where it lies and how long it is."""
        place, size = self.size, part.nbytes if isinstance(part, np.ndarray) else len(part)
        rest = -size % WORD_SIZE
        self.parts.append(part if isinstance(part, bytes) or part.flags.c_contiguous else part.tobytes())
        if rest:
            self.parts.append(bytes(rest))
        self.size += size + rest
        return place, size


def _list(
    column: Column, block: Block, views: npt.NDArray[np.complex128], buffers: list[tuple[int, int]], body: _Body
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The nodes of a column of lists and of its elements; adds validity, offsets, the elements' validity, and them."""
    rows = slice(column.first, column.first + column.count)
    good, length = block.good[rows], block.rows.shape[1]
    present, flags = np.logical_or.reduce(good, axis=0), good.T.ravel()
    cells = block.rows[rows]
    if column.kind == "enum":
        cells = views[rows.start - block.shape.words : rows.stop - block.shape.words]  # type: ignore[assignment]
    parts = (
        _pack(present),
        np.arange(0, length * column.count + 1, column.count, dtype=np.int64),
        _pack(flags),
        np.ascontiguousarray(cells.T),
    )
    buffers.extend(body.add(part) for part in parts)
    return (length, length - int(np.count_nonzero(present))), (len(flags), len(flags) - int(np.count_nonzero(flags)))


def _pack(flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Each row of flags as bits, the first in the lowest."""
    if flags.ndim > 1 and flags.shape[1] == 1:
        return flags.view(np.uint8)
    return np.packbits(flags, axis=-1, bitorder="little")


def _text_parts(texts: Sequence[bytes]) -> tuple[int, tuple[Buffer, bytes, bytes]]:
    """Nulls, and validity, views and blob of a column of texts; bytes that are not UTF-8 are replaced."""
    views, blob = pack_views(text if text.isascii() else text.decode("utf-8", "replace").encode() for text in texts)
    present = _pack(np.array([bool(text) for text in texts], np.bool_))
    return texts.count(b""), (present, views, blob)
