"""The Arrow record batch of joined frames, as far as it is known before its values: where everything will lie.

The body is, in this order: eight-byte values; views of named values; flags (bits that say which values are there,
which lists are there, and what is true); elements of lists in the order that Arrow wants them in, values first, then
views; their flags; then what never changes: offsets of lists and the blobs of long names. Texts follow, which are as
long as they are.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.fit.arrow import schema_message, struct_of
from hipdrive.fit.names import BLOB_SIZES, BLOBS, VIEW_SIZE
from hipdrive.fit.shape import FLAG, FORM, NAMED, NAMES, STRUCT, TEXT, WORD, WORDS, Shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

WORD_SIZE = 8
FLAG_GROUP = 64  # flags of a list are filled up to so many, which makes eight bytes
# Nodes and buffers of a column of each form, `shape.WORD` to `shape.STRUCT`: validity, values, blob; of lists also
# offsets.
NODES = np.array([1, 1, 1, 1, 2, 2, 1])
BUFFERS = np.array([2, 3, 2, 3, 4, 5, 1])


class JoinedShape:
    """The shape of several frames as one, in which each of them is a column of structs."""

    def __init__(self, names: Sequence[str], shapes: Sequence[Shape], rows: Sequence[npt.NDArray[np.int64]]) -> None:
        """`rows` says for each of the shapes where the rows of its blocks have gone."""
        self.words = sum(shape.words for shape in shapes)
        self.enums = slice(self.words, self.words + sum(s.enums.stop - s.enums.start for s in shapes))
        self.bools = slice(self.enums.stop, self.enums.stop + sum(s.bools.stop - s.bools.start for s in shapes))
        parts, texts = [], 0
        for shape, moved in zip(shapes, rows, strict=True):
            table = np.empty(len(shape.table) + 1, FORM)
            table[0] = STRUCT, 0, 0, -1
            table[1:] = shape.table
            is_text = table["form"] == TEXT
            is_row = ~is_text
            is_row[0] = False
            table["row"][is_row] = moved[table["row"][is_row]]
            table["row"][is_text] += texts
            texts += int(is_text.sum())
            parts.append(table)
        self.table = np.concatenate(parts)
        self.schema = schema_message([struct_of(name, shape.fields) for name, shape in zip(names, shapes, strict=True)])


class BatchLayout:
    """Where in a batch of this shape and length each buffer lies, and which cells of a block go where.

    A cell is an element's value for one message. Cells are counted row by row; one that is never there ends the count.

    Attributes:
        nodes: Length and nulls of each node; the nulls are those of a node without any value.
        counts: For each node, which count of values that are there is to be subtracted from its nulls: counts are
            those of the block's rows, of its lists, of the elements of its lists, and last the length itself.
        buffers: Offset and length of each buffer.
        texts: The nodes of text columns, and their first buffers.
        list_rows: The rows of all elements of lists.
        list_starts: Where among these each list starts.
        list_words: The cells of lists of eight-byte values, list by list and message by message.
        list_views: Likewise of named values, counted from their first row.
        list_flags: Likewise of all lists, each filled up to whole groups.
        tail: What never changes.
        size: Bytes of the body but for its texts.
    """

    def __init__(self, shape: JoinedShape, length: int) -> None:  # noqa: PLR0915  one walk along the body, in its order
        table = shape.table
        form, row, count = table["form"], table["row"], table["count"]
        is_list = (form == WORDS) | (form == NAMES)
        lists = np.flatnonzero(is_list)
        bits = (length + 7) // 8
        rows, bools = shape.bools.stop, shape.bools.stop - shape.bools.start
        self.size = 0
        words_at = self._reserve(shape.words * WORD_SIZE * length)
        views_at = self._reserve((shape.enums.stop - shape.enums.start) * VIEW_SIZE * length)
        flag_bytes = (rows + len(lists) + bools) * bits
        flags_at = self._reserve(flag_bytes)
        self.flag_padding = bytes(-flag_bytes % WORD_SIZE)
        values_at, list_flags_at = self._place_lists(shape, lists, length)
        constants: list[bytes] = []
        offsets_at = np.zeros(len(lists), np.int64)
        for size in np.unique(count[lists]).tolist():
            constants.append(np.arange(0, length * size + 1, size, dtype=np.int64).tobytes())
            offsets_at[count[lists] == size] = self._reserve(len(constants[-1]))
        blob_at = np.zeros(len(BLOBS), np.int64)
        named = np.flatnonzero((form == NAMED) | (form == NAMES))
        for kind in np.unique(table["type"][named]).tolist():
            constants.append(BLOBS[kind])
            blob_at[kind] = self._reserve(len(BLOBS[kind]))
        self.tail = b"".join(part + bytes(-len(part) % WORD_SIZE) for part in constants)

        node = np.cumsum(NODES[form]) - NODES[form]
        buffer = np.cumsum(BUFFERS[form]) - BUFFERS[form]
        total = int(NODES[form].sum())
        lengths, self.counts = np.full(total, length), np.full(total, rows + 2 * len(lists))
        self.buffers = np.zeros((int(BUFFERS[form].sum()), 2), np.int64)

        def place(
            which: npt.NDArray[np.int64],
            nth: int,
            offset: npt.NDArray[np.int64] | int,
            size: npt.NDArray[np.int64] | int,
        ) -> None:
            self.buffers[buffer[which] + nth, 0] = offset
            self.buffers[buffer[which] + nth, 1] = size

        plain = np.flatnonzero(form <= FLAG)
        self.counts[node[plain]] = row[plain]
        place(plain, 0, flags_at + row[plain] * bits, bits)
        one = np.flatnonzero(form == WORD)
        place(one, 1, words_at + row[one] * WORD_SIZE * length, WORD_SIZE * length)
        one = np.flatnonzero(form == NAMED)
        place(one, 1, views_at + (row[one] - shape.words) * VIEW_SIZE * length, VIEW_SIZE * length)
        one = np.flatnonzero(form == FLAG)
        place(one, 1, flags_at + (rows + len(lists) + row[one] - shape.bools.start) * bits, bits)
        nth, cells = np.arange(len(lists)), length * count[lists]
        self.counts[node[lists]], self.counts[node[lists] + 1] = rows + nth, rows + len(lists) + nth
        lengths[node[lists] + 1] = cells
        place(lists, 0, flags_at + (rows + nth) * bits, bits)
        place(lists, 1, offsets_at, (length + 1) * WORD_SIZE)
        place(lists, 2, list_flags_at, (cells + 7) // 8)
        place(lists, 3, values_at, cells * np.where(form[lists] == NAMES, VIEW_SIZE, WORD_SIZE))
        kinds = table["type"][named]
        place(named, 2 + 2 * is_list[named], blob_at[kinds], BLOB_SIZES[kinds])
        self.nodes = np.stack([lengths, lengths], axis=1)
        texts = np.flatnonzero(form == TEXT)
        self.texts = list(zip(node[texts].tolist(), buffer[texts].tolist(), strict=True))
        self.views = len(named) + len(texts)

    def _reserve(self, size: int) -> int:
        place, self.size = self.size, self.size + size + -size % WORD_SIZE
        return place

    def _place_lists(
        self, shape: JoinedShape, lists: npt.NDArray[np.int64], length: int
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Lists want their elements message by message. Returns where the values and the flags of each list are."""
        first, count = shape.table["row"][lists], shape.table["count"][lists]
        is_named = shape.table["form"][lists] == NAMES
        self.list_starts = np.cumsum(count) - count
        self.list_rows = np.repeat(first - self.list_starts, count) + np.arange(count.sum())
        cells = count * length
        owner = np.repeat(np.arange(len(lists)), cells)
        nth = np.arange(len(owner)) - np.repeat(np.cumsum(cells) - cells, cells)
        message, element = np.divmod(nth, count[owner])
        cell = (first[owner] + element) * length + message
        self.list_words = cell[~is_named[owner]]
        self.list_views = cell[is_named[owner]] - shape.words * length
        groups = -(-cells // FLAG_GROUP)
        group_at = np.cumsum(groups) - groups
        self.list_flags = np.full(int(groups.sum()) * FLAG_GROUP, shape.bools.stop * length)
        self.list_flags[group_at[owner] * FLAG_GROUP + nth] = cell
        words, views = np.where(is_named, 0, cells), np.where(is_named, cells, 0)
        words_at = self._reserve(len(self.list_words) * WORD_SIZE) + (np.cumsum(words) - words) * WORD_SIZE
        views_at = self._reserve(len(self.list_views) * VIEW_SIZE) + (np.cumsum(views) - views) * VIEW_SIZE
        flags_at = self._reserve(len(self.list_flags) // 8) + group_at * WORD_SIZE
        return np.where(is_named, views_at, words_at), flags_at


@lru_cache(maxsize=256)
def batch_layout_of(shape: JoinedShape, length: int) -> BatchLayout:
    """The layout of a batch of that many messages; kept, because the next file has as many."""
    return BatchLayout(shape, length)
