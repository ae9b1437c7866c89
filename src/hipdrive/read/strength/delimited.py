"""Delimited text → columns of text with their line numbers, and every row that does not fit its header.

One tokenizer for all apps: quotes with line breaks and doubled quotes are CSV's own; a quote that opens and never
closes costs its own line, not the rest of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from hipdrive.errors import UnreadableFile

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = ",;\t|"
_ROWS_A_BLOCK = 50_000  # keeps the Python rows of a large file from standing in memory all at once
_HEADER_BYTES = 8192
csv.field_size_limit(10_000_000)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and its rows: `frame` holds one text column a header name and `line`, `rejects` are (line, cause)."""

    path: str
    header: tuple[str, ...]
    frame: pl.DataFrame
    rejects: list[tuple[int, str]]

    @property
    def rows(self) -> int:
        """Data rows met, good and bad."""
        return self.frame.height + len(self.rejects)


def decode_text(data: bytes) -> str:
    """The text of a log: UTF-8 with or without mark, UTF-16 with its mark, else Windows-1252."""
    if data.startswith(UTF16_MARKS):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:  # cut within the last letter
            return data[: error.start].decode("utf-8-sig")
        return data.decode("cp1252", errors="replace")


def read_header(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Delimiter and column names of the first line, or null where it is no header of a table."""
    text = decode_text(data[:_HEADER_BYTES]).lstrip("\r\n")
    first = text.splitlines()[0] if text.strip() else ""
    delimiter = max(DELIMITERS, key=first.count)
    if first.count(delimiter) < 1 or "\0" in first:
        return None
    names = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True))
    while names and not names[-1].strip():
        names.pop()
    return delimiter, tuple(name.strip() for name in names)


def read_table(data: bytes, path: str, joined_column: str | None = None) -> Table:
    """The rows of a delimited log.

    Args:
        data: the file's bytes.
        path: the file's name, for messages.
        joined_column: a column whose delimiters the app does not quote; a row too long is joined there.

    Raises:
        UnreadableFile: there is no header line.
    """
    head = read_header(data)
    if head is None:
        raise UnreadableFile(path, "there is no header line with column names; export the log again")
    delimiter, header = head
    lines = io.StringIO(decode_text(data), newline="").readlines()
    rejects: list[tuple[int, str]] = []
    blocks: list[pl.DataFrame] = []
    names = (*_unique(header), "line")
    schema = dict.fromkeys(names[:-1], pl.String) | {"line": pl.Int64}
    block: list[Sequence[str | int]] = []
    joined_at = header.index(joined_column) if joined_column in header else None
    for line, row in _rows(lines, delimiter, len(header), joined_at, rejects):
        block.append((*row, line))
        if len(block) == _ROWS_A_BLOCK:
            blocks.append(pl.DataFrame(block, schema=schema, orient="row"))
            block = []
    blocks.append(pl.DataFrame(block, schema=schema, orient="row"))
    frame = pl.concat(blocks)
    blank = pl.col(pl.String).str.strip_chars()
    return Table(
        path, header, frame.with_columns(pl.when(blank == "").then(None).otherwise(blank).name.keep()), rejects
    )


def _unique(names: Sequence[str]) -> list[str]:
    seen: dict[str, int] = {}
    unique = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        unique.append(name if count == 1 else f"{name} ({count})")
    return unique


def _rows(
    lines: list[str], delimiter: str, width: int, joined_at: int | None, rejects: list[tuple[int, str]]
) -> Iterator[tuple[int, list[str]]]:
    """Rows as wide as the header, each with the number of its first line; the others go to `rejects`."""
    start = next(number for number, line in enumerate(lines) if line.strip()) + 1
    while start < len(lines):
        reader = csv.reader(_from(lines, start), delimiter=delimiter, skipinitialspace=True)
        first = start
        for row in reader:
            here, first = first, start + reader.line_num
            if len(row) > width and joined_at is not None:
                end = joined_at + len(row) - width + 1
                row[joined_at:end] = [f"{delimiter} ".join(row[joined_at:end])]
            while len(row) > width and not row[-1].strip():
                row.pop()
            if len(row) == width:
                yield here + 1, row
            elif any(field.strip() for field in row):
                is_last = first >= len(lines)
                spans = first - here > 1
                rejects.append((here + 1, _misfit(len(row), width, is_last=is_last and not spans, spans=spans)))
                if spans:
                    first = here + 1
                    break
        start = first


def _from(lines: list[str], start: int) -> Iterator[str]:
    for number in range(start, len(lines)):
        yield lines[number].replace("\0", "")


def _misfit(fields: int, width: int, *, is_last: bool, spans: bool) -> str:
    if spans:
        return "a quote opens in this line and does not close in it; the line is left out"
    if is_last and fields < width:
        return f"the file breaks off in this row, after {fields} of {width} fields"
    return f"the row has {fields} fields, the header {width}"
