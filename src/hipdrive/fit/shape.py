"""The shape of a frame to be built: its columns, and which rows of a block of values each is made of."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from hipdrive.fit.arrow import field_of, schema_message, struct_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipdrive.fit.outline import Outline


class Column(NamedTuple):
    """One column of a frame.

    A block of values has a row for each *element*: one for a plain column, several for a list. Elements that are eight bytes
    wide come first, then those that hold numbers of named values, then true or false. Texts are kept apart: `first` is then
    the place in their own list.
    """

    name: str
    kind: str  # int, uint, float, time, local (a time without a zone), enum, bool (never in a list) or text
    first: int = 0
    count: int = 1
    is_list: bool = False
    type: str = ""  # of named values
    unit: str = ""


class Shape:
    """Columns in the frame's order, and of which kind the elements are that they are made of."""

    def __init__(
        self, columns: Sequence[Column], words: int, enums: int, bools: int, frames: Sequence[tuple[str, int]] = ()
    ) -> None:
        self.columns = tuple(columns)
        self.frames = tuple(frames)  # where the columns are those of several frames: their names and numbers of columns
        self.words = words  # the first rows of a block are eight-byte values
        self.enums = slice(words, words + enums)  # the next the numbers of named values
        self.bools = slice(words + enums, words + enums + bools)
        self.units = {column.name: column.unit for column in columns if column.unit}
        self.outlines: dict[int, Outline] = {}  # by length, of short frames

    @cached_property
    def schema(self) -> bytes:
        """The Arrow schema message of such a frame."""
        fields = [field_of(c.name, c.kind, c.is_list) for c in self.columns]
        if self.frames:
            rest = iter(fields)
            fields = [struct_of(name, list(islice(rest, width))) for name, width in self.frames]
        return schema_message(fields)
