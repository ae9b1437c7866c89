"""The Arrow record batch of a short frame, as far as it is known before its values: where everything will lie.

The body is, in this order: eight-byte values; views of named values; flags (bits that say which values are there, which lists
are there, and what is true); elements of lists in the order that Arrow wants them in; their flags; then what never changes:
offsets of lists and the blobs of long names. Texts follow, which are as long as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.names import BLOBS, VIEW_SIZE

if TYPE_CHECKING:
    import numpy.typing as npt

    from hipdrive.fit.shape import Column, Shape

WORD_SIZE = 8
WORD_BITS = 64


def padded(part: bytes) -> bytes:
    """The bytes, up to the next multiple of eight."""
    return part + bytes(-len(part) % WORD_SIZE)


class Outline:
    """Where in a batch of this shape and length each buffer lies, and which cells of a block go where.

    A cell is an element's value for one message. Cells are counted row by row; one that is never there ends the count.
    """

    def __init__(self, shape: Shape, length: int) -> None:
        self.size = 0  # of the body, but for its texts
        self.lists = [c for c in shape.columns if c.is_list]
        self.texts: list[tuple[Column, int, int]] = []  # with the number of their node and of their first buffer
        self.blobs = sum(c.kind in ("enum", "text") for c in shape.columns)
        self._nodes: list[tuple[int, int]] = []  # values, and which count says how many of them are there
        self._buffers: list[tuple[int, int]] = []
        self._constants: list[bytes] = []
        bits = (length + 7) // 8
        rows, bools = shape.bools.stop, shape.bools.stop - shape.bools.start
        self.words_at = self._reserve(shape.words * WORD_SIZE * length)
        self.views_at = self._reserve((shape.enums.stop - shape.enums.start) * VIEW_SIZE * length)
        flag_bytes = (rows + len(self.lists) + bools) * bits
        self.flags_at = self._reserve(flag_bytes)
        self.flag_padding = bytes(-flag_bytes % WORD_SIZE)
        self._place_lists(shape, length)
        offsets_at = {
            count: self._constant(np.arange(0, length * count + 1, count, np.int64).tobytes())
            for count in sorted({c.count for c in self.lists})
        }
        blobs_at = {
            kind: self._constant(BLOBS[kind]) for kind in sorted({c.type for c in shape.columns if c.kind == "enum"})
        }
        self.tail = b"".join(self._constants)
        always = rows + 2 * len(self.lists)  # the place of the length itself among the counts
        struct_starts = set(np.cumsum([0, *(width for _, width in shape.frames)])[:-1].tolist())
        lists = iter(range(len(self.lists)))
        for i, column in enumerate(shape.columns):
            if i in struct_starts:
                self._nodes.append((length, always))
                self._buffers.append((0, 0))
            if column.kind == "text":
                self.texts.append((column, len(self._nodes), len(self._buffers)))
                self._nodes.append((length, always))
                self._buffers += [(0, 0)] * 3
                continue
            if column.is_list:
                k = next(lists)
                cells = length * column.count
                self._nodes += [(length, rows + k), (cells, rows + len(self.lists) + k)]
                self._buffers += [
                    (self.flags_at + (rows + k) * bits, bits),
                    (offsets_at[column.count], (length + 1) * WORD_SIZE),
                    (self._list_flags_at[k], (cells + 7) // 8),
                    (self._list_values_at[k], cells * (VIEW_SIZE if column.kind == "enum" else WORD_SIZE)),
                ]
            else:
                self._nodes.append((length, column.first))
                self._buffers.append((self.flags_at + column.first * bits, bits))
                if column.kind == "enum":
                    place = self.views_at + (column.first - shape.words) * VIEW_SIZE * length
                    self._buffers.append((place, VIEW_SIZE * length))
                elif column.kind == "bool":
                    row = rows + len(self.lists) + column.first - shape.bools.start
                    self._buffers.append((self.flags_at + row * bits, bits))
                else:
                    self._buffers.append((self.words_at + column.first * WORD_SIZE * length, WORD_SIZE * length))
            if column.kind == "enum":
                self._buffers.append((blobs_at[column.type], len(BLOBS[column.type])))
        table = np.array(self._nodes, np.int64).reshape(-1, 2)
        self.nodes = np.stack([table[:, 0], table[:, 0]], axis=1)  # length and, until its count is subtracted, nulls
        self.counts = table[:, 1]
        self.buffers = np.array(self._buffers, np.int64).reshape(-1, 2)

    def _reserve(self, size: int) -> int:
        place, self.size = self.size, self.size + size + -size % WORD_SIZE
        return place

    def _constant(self, part: bytes) -> int:
        self._constants.append(padded(part))
        return self._reserve(len(part))

    def _place_lists(self, shape: Shape, length: int) -> None:
        """Lists want their elements message by message: which cells those are, for values, views and flags."""
        nowhere = shape.bools.stop * length
        message = np.arange(length)[:, None]
        words, views, flags = [], [], []
        sizes: list[tuple[bool, int, int]] = []
        for column in self.lists:
            cells = ((column.first + np.arange(column.count)) * length + message).ravel()
            is_enum = column.kind == "enum"
            (views if is_enum else words).append(cells - shape.words * length if is_enum else cells)
            flags.append(np.append(cells, np.full(-len(cells) % WORD_BITS, nowhere)))
            sizes.append((is_enum, len(cells), len(flags[-1]) // 8))
        empty = [np.empty(0, np.int64)]
        self.list_words = np.concatenate(words or empty)
        self.list_views = np.concatenate(views or empty)
        self.list_flags = np.concatenate(flags or empty)
        self.list_rows = np.array([c.first + j for c in self.lists for j in range(c.count)], np.int64)
        self.list_starts = np.cumsum([0, *(c.count for c in self.lists)])[:-1]
        word_at = self._reserve(len(self.list_words) * WORD_SIZE)
        view_at = self._reserve(len(self.list_views) * VIEW_SIZE)
        flag_at = self._reserve(len(self.list_flags) // 8)
        self._list_values_at: list[int] = []
        self._list_flags_at: list[int] = []
        for is_enum, cells, flag_bytes in sizes:
            self._list_values_at.append(view_at if is_enum else word_at)
            if is_enum:
                view_at += cells * VIEW_SIZE
            else:
                word_at += cells * WORD_SIZE
            self._list_flags_at.append(flag_at)
            flag_at += flag_bytes
