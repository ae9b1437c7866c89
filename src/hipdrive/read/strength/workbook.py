"""A spreadsheet's workbook (.xlsx, .xlsm, .xls, .ods) → its sheets as delimited text.

So any table that the readers of text know is known in a workbook too.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterator

import fastexcel
import polars as pl

from hipdrive.errors import UnreadableFile

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
UNPACKED_MAX_BYTES = 200_000_000
_PARTS = (b"xl/workbook", b"application/vnd.oasis.opendocument.spreadsheet")


def is_workbook(data: bytes) -> bool:
    """Whether these bytes are a workbook, which inside is a zip but no archive of logs."""
    return data.startswith(_OLE) or (data.startswith(_ZIP) and any(part in data for part in _PARTS))


def read_sheets(data: bytes, path: str) -> Iterator[tuple[str, bytes]]:
    """Each sheet that holds anything, by name, as comma-delimited UTF-8.

    Raises:
        UnreadableFile: the workbook is broken, or asks for a password.
    """
    if _unpacked_bytes(data) > UNPACKED_MAX_BYTES:
        raise UnreadableFile(path, "this workbook would unpack to more than 200 MB; save the sheet of the log as CSV")
    try:
        names = fastexcel.read_excel(data).sheet_names
        for name in names:
            frame = pl.read_excel(
                io.BytesIO(data),
                sheet_name=name,
                engine="calamine",
                has_header=False,
                infer_schema_length=0,
                raise_if_empty=False,
                drop_empty_rows=False,
            )
            if not frame.is_empty():
                yield name, _text(frame)
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, ValueError) as error:
        why = str(error).splitlines()[0][:120]
        raise UnreadableFile(path, f"this workbook cannot be read ({why}); save it again, or as CSV") from None


def _unpacked_bytes(data: bytes) -> int:
    if not data.startswith(_ZIP):
        return len(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return sum(part.file_size for part in file.infolist())
    except (zipfile.BadZipFile, ValueError, RuntimeError, struct.error, OSError):
        return 0  # reading it will say that it is broken


def _text(frame: pl.DataFrame) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows(["" if cell is None else str(cell) for cell in row] for row in frame.iter_rows())
    return buffer.getvalue().encode()
