"""A block of values → a finished polars frame: the body of an Arrow record batch is put together and read back at once.

Short frames, of which a file has many, follow an outline that is kept from file to file, so that hardly anything is done
column by column. Long frames are put together column by column, which then costs little beside their values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.fit.arrow import END_OF_STREAM, batch_message
from hipdrive.fit.names import BLOBS, pack_views, views_of
from hipdrive.fit.outline import Outline, padded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from hipdrive.fit.block import Block
    from hipdrive.fit.shape import Column

SHORT = 32  # messages


def frame_of(block: Block) -> pl.DataFrame:
    """The frame of these values: missing ones null, numbers of named values as their names.

    Where the shape is that of several frames, each of them is a column of structs.
    """
    return _short_frame(block) if block.messages <= SHORT or block.shape.frames else _long_frame(block)


def _short_frame(block: Block) -> pl.DataFrame:
    shape, length = block.shape, block.messages
    outline = shape.outlines.get(length)
    if outline is None:
        outline = shape.outlines[length] = Outline(shape, length)
    rows, good = block.rows, block.good
    counts = [np.add.reduce(good, axis=1)]
    flags = [good]
    lists: list[bytes] = []
    body = [rows[: shape.words].tobytes()]
    views = None
    if shape.enums.stop > shape.words:
        views = views_of(rows[shape.enums], block.type_keys, good[shape.enums])
        body.append(views.tobytes())
    if outline.lists:
        present = np.logical_or.reduceat(good[outline.list_rows], outline.list_starts, axis=0)
        counts += [np.add.reduce(present, axis=1), np.add.reduceat(counts[0][outline.list_rows], outline.list_starts)]
        flags.append(present)
        lists.append(rows.ravel()[outline.list_words].tobytes())
        if views is not None:
            lists.append(views.ravel()[outline.list_views].tobytes())
        lists.append(np.packbits(np.append(good, False)[outline.list_flags], bitorder="little").tobytes())
    if shape.bools.stop > shape.bools.start:
        flags.append(rows[shape.bools] != 0)
    counts.append(np.array([length]))
    nodes, buffers = outline.nodes.copy(), outline.buffers
    nodes[:, 1] -= np.concatenate(counts)[outline.counts]
    body += [_pack(np.concatenate(flags) if len(flags) > 1 else good), outline.flag_padding, *lists, outline.tail]
    size = outline.size
    if outline.texts:
        buffers = buffers.copy()
        for column, node, buffer in outline.texts:
            nodes[node, 1], parts = _text_parts(block.texts[column.first])
            for i, part in enumerate(parts):
                buffers[buffer + i] = size, len(part)
                body.append(padded(part))
                size += len(body[-1])
    message = batch_message(length, nodes, buffers, outline.blobs, size)
    return pl.read_ipc_stream(b"".join((shape.schema, *message, *body, END_OF_STREAM)))


def _long_frame(block: Block) -> pl.DataFrame:
    shape, length = block.shape, block.messages
    nodes: list[tuple[int, int]] = []
    buffers: list[tuple[int, int]] = []
    body: list[bytes] = []
    size = blobs = 0
    for column in shape.columns:
        if column.kind == "text":
            nulls, parts = _text_parts(block.texts[column.first])
            nodes.append((length, nulls))
        else:
            counted, parts = _column_parts(column, block)
            nodes += counted
        blobs += column.kind in ("enum", "text")
        for part in parts:
            buffers.append((size, len(part)))
            body.append(padded(part))
            size += len(body[-1])
    message = batch_message(
        length, np.array(nodes, np.int64).reshape(-1, 2), np.array(buffers, np.int64).reshape(-1, 2), blobs, size
    )
    return pl.read_ipc_stream(b"".join((shape.schema, *message, *body, END_OF_STREAM)))


def _column_parts(column: Column, block: Block) -> tuple[list[tuple[int, int]], list[bytes]]:
    """Nodes and buffers of one column: of a list, those of the list and those of its elements."""
    elements = slice(column.first, column.first + column.count)
    good, cells = block.good[elements], block.rows[elements]
    length = block.messages
    nodes, parts = [], []
    if column.is_list:
        present = good.any(axis=0)
        nodes.append((length, length - int(present.sum())))
        parts += [_pack(present), np.arange(0, length * column.count + 1, column.count, np.int64).tobytes()]
    flags = good.T.ravel()
    nodes.append((len(flags), len(flags) - int(flags.sum())))
    parts.append(_pack(flags))
    if column.kind == "enum":
        first = block.shape.words
        keys = block.type_keys[elements.start - first : elements.stop - first]
        parts += [views_of(cells, keys, good).T.tobytes(), BLOBS[column.type]]
    elif column.kind == "bool":
        parts.append(_pack(cells.T.ravel() != 0))
    else:
        parts.append(cells.T.tobytes())
    return nodes, parts


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
