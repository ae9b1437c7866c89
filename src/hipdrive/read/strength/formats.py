"""Which log a file is, told by its content alone, and its reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength import strong
from hipdrive.read.strength.delimited import Table, read_header, read_table
from hipdrive.read.strength.raw import RawStrength


@dataclass(frozen=True, slots=True)
class TableFormat:
    """A log in delimited text: known by its header, read row by row."""

    name: str
    recognise: Callable[[tuple[str, ...]], bool]
    read: Callable[[Table], RawStrength]


# In this order, because some headers contain others.
TABLE_FORMATS = (TableFormat(strong.FORMAT, strong.recognise, strong.read),)


def recognise_format(data: bytes) -> str | None:
    """The name of the strength log that these bytes are, or null for anything else."""
    found = _table_format(data)
    return found.name if found else None


def read_strength(data: bytes, path: str) -> RawStrength:
    """A strength log of any known app, its units and names still as logged.

    Args:
        data: the file's bytes.
        path: the file's name, for messages.

    Raises:
        UnreadableFile: it is no strength log that hipdrive knows, or no row of it can be read.
        UnknownColumn: a column is missing without which no set can be read.
    """
    found = _table_format(data)
    if found is None:
        raise UnreadableFile(
            path, "this is no strength log that hipdrive knows; `docs/strength.md` lists the apps and a plain format"
        )
    log = found.read(read_table(data, path))
    if log.rows and log.sets.is_empty():
        first = log.rejects.row(0, named=True)
        raise UnreadableFile(path, f"none of its {log.rows} rows can be read; line {first['line']}: {first['reason']}")
    return log


def _table_format(data: bytes) -> TableFormat | None:
    head = read_header(data)
    if head is None:
        return None
    return next((one for one in TABLE_FORMATS if one.recognise(head[1])), None)
