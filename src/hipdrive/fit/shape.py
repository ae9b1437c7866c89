"""The shape of a frame to be built: its columns, and which rows of a block of values each is made of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hipdrive.fit.arrow import field_of, schema_message
from hipdrive.fit.names import TYPE_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

# Forms of a column: eight-byte values, named values, true or false, texts; lists of the first two; a frame of its own.
WORD, NAMED, FLAG, TEXT, WORDS, NAMES, STRUCT = range(7)
FORMS = {"enum": NAMED, "bool": FLAG, "text": TEXT}
FORM = np.dtype([("form", "u1"), ("row", "i8"), ("count", "i8"), ("type", "i8")])


class Column(NamedTuple):
    """One column of a frame.

    A block of values has a row for each *element*: one for a plain column, several for a list. Elements that are
    eight bytes wide come first, then those that hold numbers of named values, then true or false. Texts are kept
    apart: `first` is then the place in their own list.
    """

    name: str
    kind: str  # int, uint, float, time, local (a time without a zone), enum, bool (never in a list) or text
    first: int = 0
    count: int = 1  # type: ignore[assignment]  # hides a method of tuples that nobody needs here
    is_list: bool = False
    type: str = ""  # of named values
    unit: str = ""
    native: str | None = None  # of a developer field: the profile's field that it stands for, or empty


class Shape:
    """Columns in the frame's order, and of which kind the elements are that they are made of.

    Attributes:
        columns: The columns.
        words: How many rows of a block are eight-byte values; they come first.
        enums: The rows that are numbers of named values.
        bools: The rows that are true or false.
        units: Column → unit, of those that have one.
        developer: Developer field's column → the profile's field that it stands for, or empty.
    """

    def __init__(self, columns: Sequence[Column], words: int, enums: int, bools: int) -> None:
        self.columns = tuple(columns)
        self.words = words
        self.enums = slice(words, words + enums)
        self.bools = slice(words + enums, words + enums + bools)
        self.units = {column.name: column.unit for column in columns if column.unit}
        self.developer = {column.name: column.native for column in columns if column.native is not None}

    @cached_property
    def fields(self) -> list[bytes]:
        """The Arrow schema's part for each column."""
        return [field_of(c.name, c.kind, c.is_list) for c in self.columns]

    @cached_property
    def schema(self) -> bytes:
        """The Arrow schema message of such a frame."""
        return schema_message(self.fields)

    @cached_property
    def table(self) -> npt.NDArray[np.void]:
        """The columns' forms and rows, one entry each."""
        return np.array(
            [
                (
                    (NAMES if c.kind == "enum" else WORDS) if c.is_list else FORMS.get(c.kind, WORD),
                    *(c.first, c.count, TYPE_NUMBERS.get(c.type, -1)),
                )
                for c in self.columns
            ],
            FORM,
        )
