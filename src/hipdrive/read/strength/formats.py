"""Which log a file is, told by its content alone, and its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength import (
    fitbod,
    fitnotes,
    gymbook,
    gymrun,
    hevy,
    jefit,
    lyfta,
    other,
    strong,
    wger,
    written_csv,
    written_toml,
)
from hipdrive.read.strength.delimited import UTF16_MARKS, Table, decode_text, read_header, read_table
from hipdrive.read.strength.raw import RawStrength


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A log in delimited text, known by its header. `joined_column` is one whose commas the app does not quote."""

    name: str
    recognise: Callable[[tuple[str, ...]], bool]
    read: Callable[[Table], RawStrength]
    joined_column: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """A log in another shape, known by its bytes."""

    name: str
    recognise: Callable[[bytes], bool]
    read: Callable[[bytes, str], RawStrength]


DOCUMENT_FORMATS = (
    DocumentFormat(jefit.FORMAT, jefit.recognise, jefit.read),
    DocumentFormat(wger.FORMAT, wger.recognise, wger.read),
    DocumentFormat(written_toml.FORMAT, written_toml.recognise, written_toml.read),
)
# In this order: GymBook's headers hold Strong's words in any language, our own
# plain header is part of most others, and what is left may be a table of an app that nobody named.
TABLE_FORMATS = (
    TableFormat(gymbook.FORMAT, gymbook.recognise, gymbook.read),
    TableFormat(strong.FORMAT, strong.recognise, strong.read),
    TableFormat(hevy.FORMAT, hevy.recognise, hevy.read),
    TableFormat(fitnotes.FORMAT, fitnotes.recognise, fitnotes.read, fitnotes.JOINED_COLUMN),
    TableFormat(fitbod.FORMAT, fitbod.recognise, fitbod.read),
    TableFormat(lyfta.FORMAT, lyfta.recognise, lyfta.read),
    TableFormat(gymrun.FORMAT, gymrun.recognise, gymrun.read),
    TableFormat(written_csv.FORMAT, written_csv.recognise, written_csv.read),
    TableFormat(other.FORMAT, other.recognise, other.read),
)
_UTF16_WITHIN = 16  # a zero byte this early is no letter of UTF-8


def recognise_format(data: bytes) -> str | None:
    """The name of the strength log that these bytes are, or null for anything else."""
    found = _document_format(data) or _table_format(data)
    return found.name if found else None


def read_strength(data: bytes, path: str, *, day_first: bool | None = None) -> RawStrength:
    """A strength log of any known app, its units and names still as logged.

    Args:
        data: the file's bytes.
        path: the file's name, for messages.
        day_first: what the settings say of dates such as 03/04/2026 where the log does not show it; null for nothing.

    Raises:
        UnreadableFile: it is no strength log that hipdrive knows, or no row of it can be read.
        UnknownColumn: a column is missing without which no set can be read.
    """
    document, table = _document_format(data), _table_format(data)
    if document is not None:
        log = document.read(data, path)
    elif table is not None:
        log = table.read(read_table(data, path, table.joined_column, day_first=day_first))
    else:
        raise UnreadableFile(
            path, "this is no strength log that hipdrive knows; docs/strength.md lists the apps and a plain format"
        )
    if log.sets.is_empty() and not log.rejects.is_empty():
        line, reason = log.rejects.row(0)
        raise UnreadableFile(path, f"none of its {log.rows} rows can be read; line {line}: {reason}")
    return log


def _document_format(data: bytes) -> DocumentFormat | None:
    text = decode_text(data).encode() if b"\0" in data[:_UTF16_WITHIN] or data.startswith(UTF16_MARKS) else data
    return next((one for one in DOCUMENT_FORMATS if one.recognise(text)), None)


def _table_format(data: bytes) -> TableFormat | None:
    head = read_header(data)
    if head is None:
        return None
    return next((one for one in TABLE_FORMATS if one.recognise(head[1])), None)
