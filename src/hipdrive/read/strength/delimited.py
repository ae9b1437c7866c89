"""Delimited text → columns of text with their line numbers, and every row that does not fit its header.

One tokenizer for all apps: quotes with line breaks and doubled quotes are CSV's own; a quote that opens and never
closes costs its own line, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from hipdrive.errors import UnreadableFile

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t|"
_ROWS_A_BLOCK = 50_000  # keeps the Python rows of a large file from standing in memory all at once
_HEADER_BYTES = 8192
_UTF16_HEAD = 400
_SEPARATOR_LINE = re.compile(r"^\ufeff?\s*\"?sep=.\"?\s*$", re.IGNORECASE)
_BLANKS = ("", "null", "NULL", "--", "—")  # what some apps write for nothing
_HEADER_WITHIN = 8  # lines of a title above the names of the columns
OPEN_QUOTE = "a quote opens in this line and does not close in it; the line is left out"


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows: `frame` holds one text column a header name and `line`, `rejects` are (line, cause).

    `day_first` is what the settings say of dates such as 03/04/2026, null for nothing; `met` is how many rows there
    were, where one of them was written out as several.
    """

    path: str
    header: tuple[str, ...]
    frame: pl.DataFrame
    rejects: list[tuple[int, str]]
    day_first: bool | None = None
    met: int | None = None

    @property
    def rows(self) -> int:
        """Data rows met, good and bad."""
        return self.frame.height + len(self.rejects) if self.met is None else self.met


@dataclass(frozen=True, slots=True)
class Head:
    """One line that may hold the names of the columns: the names, its cells with blank ones, the lines above it."""

    names: tuple[str, ...]
    width: int
    above: int


def decode_text(data: bytes) -> str:
    """The text of a log: UTF-8 or UTF-16, each with or without its mark, else Windows-1252."""
    if data.startswith(UTF16_MARKS):
        return data.decode("utf-16", errors="replace")
    if unmarked := _utf16_without_mark(data):
        return data.decode(unmarked, errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut within the last letter
            return data[: error.start].decode("utf-8-sig")
        return data.decode("cp1252", errors="replace")


def _utf16_without_mark(data: bytes) -> str | None:
    """Which UTF-16 these bytes are: of a text in Latin letters every other byte is zero."""
    head = data[:_UTF16_HEAD]
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, letters = head[start::2], head[1 - start :: 2]
        if zeros and zeros.count(0) > 0.9 * len(zeros) and 0 not in letters:
            return name
    return None


def read_heads(data: bytes) -> Iterator[Head]:
    """The first lines that could be a table's header, from the top: people write a title above their tables."""
    lines = [line.rstrip("\r\n") for line in _lines(decode_text(data[:_HEADER_BYTES]))]
    for above in range(min(_HEADER_WITHIN, len(lines))):
        shape = _shape(lines, above, None) if _is_header(lines[above]) else None
        if shape is not None:
            yield Head(shape.header, len(shape.header) + shape.closing, above)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the rows of one file look like.

    `closing` counts the delimiters that end every line after the last column; `joined_at` is the place of the column
    whose delimiters the app does not quote.
    """

    delimiter: str
    header: tuple[str, ...]
    closing: int
    joined_at: int | None

    def fit(self, row: list[str]) -> bool:
        """Make a row as wide as the header, where it can be: blank cells at its end go, surplus ones are joined."""
        width, limit = len(self.header), self.closing if self.joined_at is not None else len(row)
        while len(row) > width and not row[-1].strip() and limit:
            row.pop()
            limit -= 1
        if len(row) > width and self.joined_at is not None:
            last = self.joined_at + len(row) - width + 1
            row[self.joined_at : last] = [f"{self.delimiter} ".join(row[self.joined_at : last])]
        return len(row) == width


def _shape(lines: Sequence[str], above: int, joined_column: str | None) -> _Shape | None:
    first = lines[above] if above < len(lines) else ""
    delimiter = max(DELIMITERS, key=first.count)
    if first.count(delimiter) < 1 or "\0" in first:
        return None
    try:
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter, skipinitialspace=True))]
    except csv.Error:
        return None
    named = max((place for place, name in enumerate(names, start=1) if name), default=0)
    header = tuple(names[:named])
    joined_at = header.index(joined_column) if joined_column in header else None
    return _Shape(delimiter, header, len(names) - named, joined_at)


def _lines(text: str) -> list[str]:
    """Lines with their ends, where the csv module ends them too."""
    return io.StringIO(text, newline="").readlines()


def _is_header(line: str) -> bool:
    """Whether a line is neither blank nor a spreadsheet's “sep=;”."""
    return bool(line.strip()) and not _SEPARATOR_LINE.match(line)


def read_table(
    data: bytes,
    path: str,
    joined_column: str | None = None,
    *,
    head: Head | None = None,
    header: tuple[str, ...] | None = None,
    day_first: bool | None = None,
) -> Table:
    """The rows of a delimited log.

    Args:
        data: the file's bytes.
        path: the file's name, for messages.
        joined_column: a column whose delimiters the app does not quote; a row too long is joined there.
        head: the line with the names of the columns; the first that could be one where none is given.
        header: the names of the columns where the file has lost that line, and `head` is its first row.
        day_first: what the settings say of dates such as 03/04/2026; null for nothing.

    Raises:
        UnreadableFile: there is no header line.
    """
    lines = _lines(decode_text(data).replace("\0", ""))
    head = head or next(read_heads(data), None)
    shape = (
        _shape([line.rstrip("\r\n") for line in lines[: _HEADER_WITHIN + 1]], head.above, joined_column)
        if head
        else None
    )
    if head is None or shape is None:
        raise UnreadableFile(path, "there is no header line with column names; export the log again")
    first_row = head.above + 1
    if header is not None:
        shape, first_row = replace(shape, header=header, closing=0), head.above
    rejects: list[tuple[int, str]] = []
    blocks: list[pl.DataFrame] = []
    names = _unique(shape.header)
    block: list[list[str]] = []
    block_lines: list[int] = []
    for line, row in _rows(lines, first_row, shape, rejects):
        block.append(row)
        block_lines.append(line)
        if len(block) == _ROWS_A_BLOCK:
            blocks.append(_frame(names, block, block_lines))
            block, block_lines = [], []
    blocks.append(_frame(names, block, block_lines))
    frame = pl.concat(blocks)
    cell = pl.col(pl.String).str.strip_chars()
    cells = frame.with_columns(pl.when(cell.is_in(_BLANKS)).then(None).otherwise(cell).name.keep())
    return Table(path, shape.header, cells, rejects, day_first)


def _frame(names: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[int]) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    cells = {name: pl.Series(name, column, pl.String) for name, column in zip(names, columns, strict=True)}
    return pl.DataFrame({**cells, "line": pl.Series(lines, dtype=pl.Int64)})


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        unique.append(name if count == 1 else f"{name} ({count})")
    return unique


def _rows(
    lines: list[str], start: int, shape: _Shape, rejects: list[tuple[int, str]]
) -> Iterator[tuple[int, list[str]]]:
    """Rows as wide as the header, each with the number of its first line; the others go to `rejects`.

    Where a row runs over several lines and does not fit, only its first line is given up and reading goes on with the
    second. The csv module's own limit on a field (131,072 letters) keeps a lost quote from swallowing a large file.
    """
    while start < len(lines):
        start = yield from _until_misfit(lines, start, shape, rejects)


def _are_whole(first: str, last: str, shape: _Shape) -> bool:
    """Whether two lines that a quote has made one row are a row each: both have delimiters enough."""
    return min(first.count(shape.delimiter), last.count(shape.delimiter)) >= len(shape.header) - 1


def _until_misfit(
    lines: list[str], start: int, shape: _Shape, rejects: list[tuple[int, str]]
) -> Generator[tuple[int, list[str]], None, int]:
    """Rows until one runs over several lines and does not fit; returns the line from which to read again."""
    after, end, width = start, len(lines), len(shape.header)
    reader = csv.reader(map(lines.__getitem__, range(start, end)), delimiter=shape.delimiter, skipinitialspace=True)
    while True:
        here = after
        try:
            row = next(reader)
        except StopIteration:
            return end
        except csv.Error:
            rejects.append((here + 1, OPEN_QUOTE))
            return here + 1
        after = start + reader.line_num
        is_two = after - here > 1 and _are_whole(lines[here], lines[after - 1], shape)
        if not is_two and shape.fit(row):
            yield here + 1, row
        elif any(field.strip() for field in row):
            if after - here > 1:
                rejects.append((here + 1, OPEN_QUOTE))
                return here + 1
            is_cut = after >= end and len(row) < width
            cut, misfit = (
                f"the file breaks off in this row, after {len(row)} of {width} fields",
                f"the row has {len(row)} fields, the header {width}",
            )
            rejects.append((here + 1, cut if is_cut else misfit))
