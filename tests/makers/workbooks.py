"""Workbooks for tests, written by hand as the few XML parts that a spreadsheet program needs."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  day 0 of a spreadsheet, on no clock
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>{sheets}</Types>'
)
_SHEET_TYPE = (
    '<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
)
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
# Style 1 is a date, style 2 a date with its time.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1">'
    '<border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)

Cell = str | float | date | datetime | None


def make_workbook(sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """The bytes of a workbook: sheet name → its rows; dates are stored as a spreadsheet stores them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        numbers = range(1, len(sheets) + 1)
        types = "".join(_SHEET_TYPE.format(number=number) for number in numbers)
        file.writestr("[Content_Types].xml", _TYPES.format(sheets=types))
        file.writestr("_rels/.rels", _relations({"rId1": ("officeDocument", "xl/workbook.xml")}))
        listed = "".join(
            f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, sheets, strict=True)
        )
        file.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{listed}</sheets></workbook>'
        )
        parts = {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in numbers}
        file.writestr("xl/_rels/workbook.xml.rels", _relations({**parts, "rId99": ("styles", "styles.xml")}))
        file.writestr("xl/styles.xml", _STYLES)
        for number, rows in zip(numbers, sheets.values(), strict=True):
            body = "".join(
                f'<row r="{at}">{"".join(_cell(cell, place, at) for place, cell in enumerate(row))}</row>'
                for at, row in enumerate(rows, start=1)
            )
            file.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
            )
    return buffer.getvalue()


def _relations(parts: Mapping[str, tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_RELS}/{kind}" Target="{target}"/>' for key, (kind, target) in parts.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{listed}</Relationships>'


def _cell(cell: Cell, place: int, row: int) -> str:
    at = f"{chr(ord('A') + place)}{row}"
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    if isinstance(cell, datetime):
        return f'<c r="{at}" s="2"><v>{(cell - _EPOCH) / timedelta(days=1)}</v></c>'
    if isinstance(cell, date):
        return f'<c r="{at}" s="1"><v>{(datetime(cell.year, cell.month, cell.day) - _EPOCH).days}</v></c>'  # noqa: DTZ001
    return f'<c r="{at}"><v>{cell}</v></c>'
