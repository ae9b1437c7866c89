"""Which log a file is, told by its content alone, and its reader."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength import (
    fitbod,
    fitnotes,
    fitnotes_backup,
    garmin_csv,
    gymbook,
    gymrun,
    hevy,
    hevy_api,
    jefit,
    liftosaur,
    lyfta,
    other,
    strong,
    stronglifts,
    wger,
    written_csv,
    written_toml,
)
from hipdrive.read.strength.delimited import UTF16_MARKS, Head, Table, decode_text, read_heads, read_table
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.workbook import is_workbook, read_sheets
from hipdrive.tables.strength import RawNoneSpan, RawStrengthSet, RejectedRow


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


DATABASE_FORMATS = (DocumentFormat(fitnotes_backup.FORMAT, fitnotes_backup.recognise, fitnotes_backup.read),)
DOCUMENT_FORMATS = (
    DocumentFormat(jefit.FORMAT, jefit.recognise, jefit.read),
    DocumentFormat(hevy_api.FORMAT, hevy_api.recognise, hevy_api.read),
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
    TableFormat(liftosaur.FORMAT, liftosaur.recognise, liftosaur.read),
    TableFormat(stronglifts.FORMAT, stronglifts.recognise, stronglifts.read),
    TableFormat(garmin_csv.FORMAT, garmin_csv.recognise, garmin_csv.read),
    TableFormat(written_csv.FORMAT, written_csv.recognise, written_csv.read),
    TableFormat(other.FORMAT, other.recognise, other.read),
)
_UTF16_WITHIN = 16  # a zero byte this early is not a letter of UTF-8


@dataclass(frozen=True, slots=True)
class _Found:
    """What a file's bytes are: the name of the format, and how to read them."""

    name: str
    read: Callable[[str], RawStrength]


def recognise_format(data: bytes) -> str | None:
    """The name of the strength log that these bytes are, or null for anything else."""
    try:
        found = _find(data, day_first=None)
    except UnreadableFile:
        return "workbook"  # reading it will say what is wrong with it
    return found.name if found else None


def read_strength(data: bytes, path: str, *, day_first: bool | None = None) -> RawStrength:
    """A strength log of any known app, its units and names still as logged.

    Args:
        data: the file's bytes.
        path: the file's name, for messages.
        day_first: what the settings say of dates such as 03/04/2026 where the log does not show it; null for nothing.

    Raises:
        UnreadableFile: it is not a strength log that hipdrive knows, or no row of it can be read.
        UnknownColumn: a column is missing without which no set can be read.
    """
    found = _find(data, path, day_first=day_first)
    if found is None:
        raise UnreadableFile(
            path, "this is not a strength log that hipdrive knows; docs/strength.md lists the apps and a plain format"
        )
    log = found.read(path)
    if log.sets.is_empty() and not log.rejects.is_empty() and log.none_spans.is_empty():
        line, reason = log.rejects.row(0)
        # What stands there may be a stranger's, if the file is not a log after all.
        why = re.sub("“[^”]*”", "“…”", reason)
        raise UnreadableFile(path, f"none of its {log.rows} rows can be read; line {line}: {why}")
    return log


def _find(data: bytes, path: str = "", *, day_first: bool | None) -> _Found | None:
    if is_workbook(data):
        return _find_in_workbook(data, path, day_first=day_first)
    database = next((one for one in DATABASE_FORMATS if one.recognise(data)), None)
    if database is not None:
        return _Found(database.name, lambda path: database.read(data, path))
    text = decode_text(data).encode() if b"\0" in data[:_UTF16_WITHIN] or data.startswith(UTF16_MARKS) else data
    document = next((one for one in DOCUMENT_FORMATS if one.recognise(text)), None)
    if document is not None:
        return _Found(document.name, lambda path: document.read(data, path))
    return _find_table(data, day_first=day_first)


def _find_table(data: bytes, *, day_first: bool | None) -> _Found | None:
    """The app whose header one of the first lines is; the top line may be Strong's first row without a header."""
    heads = list(read_heads(data))

    def found(table: TableFormat, head: Head, header: tuple[str, ...] | None = None) -> _Found:
        def read(path: str) -> RawStrength:
            return table.read(
                read_table(data, path, table.joined_column, head=head, header=header, day_first=day_first)
            )

        return _Found(table.name, read)

    for head in heads:
        for table in TABLE_FORMATS:
            if table.recognise(head.names):
                return found(table, head)
        layout = strong.layout_of(head.names, head.width)
        if layout is not None:
            return found(TableFormat(strong.FORMAT, strong.recognise, strong.read), head, layout)
    return None


def _find_in_workbook(data: bytes, path: str, *, day_first: bool | None) -> _Found | None:
    """The sheets of a workbook that are logs of the same app, read as one log; lines are those of the sheets.

    Raises:
        UnreadableFile: the workbook is broken.
    """
    logs = [
        (name, found) for name, text in read_sheets(data, path) if (found := _find_table(text, day_first=day_first))
    ]
    if not logs:
        return None
    kind = logs[0][1].name
    same = [(name, found) for name, found in logs if found.name == kind]

    def read(path: str) -> RawStrength:
        return _joined([found.read(f"{path}, sheet {name}") for name, found in same])

    return _Found(kind, read)


def _joined(logs: list[RawStrength]) -> RawStrength:
    return RawStrength(
        logs[0].format,
        RawStrengthSet.validate(pl.concat([log.sets for log in logs])),
        RejectedRow.validate(pl.concat([log.rejects for log in logs])),
        sum(log.rows for log in logs),
        tuple(dict.fromkeys(remark for log in logs for remark in log.remarks)),
        RawNoneSpan.validate(pl.concat([log.none_spans for log in logs])),
    )
