"""A table as wide as the terminal: headings fold, long text is cut, few rows stand upright, what is left is named."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import polars as pl
from rich.cells import cell_len, set_cell_size
from rich.console import Console

GAP = "  "
SHOWN_ROWS = 200
NARROWEST_TEXT = 14  # columns of a text that is cut
WHOLE_FROM = 1000.0  # numbers from here on have no decimals
MOST_UPRIGHT_ROWS = 4
CUT = "…"


@dataclass(frozen=True)
class _Column:
    name: str
    cells: tuple[str, ...]
    sort: pl.DataType
    width: int

    @property
    def narrowest(self) -> int:
        """What its numbers, its days and the parts of its heading need; a text can be cut."""
        cells = max(map(cell_len, self.cells), default=0)
        return max(*map(cell_len, _parts(self.name)), min(cells, NARROWEST_TEXT) if self.sort == pl.String else cells)


def lay_out(frame: pl.DataFrame, width: int | None) -> list[str]:
    """The lines of a table.

    Args:
        frame: its rows.
        width: of the terminal in columns; None where nothing has an edge, such as a pipe.
    """
    columns = [_column(frame, name) for name in frame.columns]
    if width is None or _wide(columns) <= width:
        return _table(columns)
    columns = _narrowed(columns, width)
    if _wide(columns) <= width:
        return _table(columns)
    if 0 < frame.height <= MOST_UPRIGHT_ROWS:
        return _upright(frame, width)
    kept = list(columns)
    while len(kept) > 1 and _wide(kept) > width:
        kept.pop()
    left = [column.name for column in columns[len(kept) :]]
    return [*_table(kept), f"… and {len(left)} more columns: {', '.join(left)}; ask for those you want by name"]


def _column(frame: pl.DataFrame, name: str) -> _Column:
    cells = tuple(_cell(value) for value in frame[name].to_list())
    return _Column(name, cells, frame.schema[name], max(map(cell_len, (name, *cells))))


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = _number(value) if isinstance(value, float) else str(value)
    # A name of a log may hold a line end, or what a terminal takes for a command.
    return text if text.isprintable() else "".join(letter if letter.isprintable() else " " for letter in text)


def _number(value: float) -> str:
    if not math.isfinite(value):
        return str(value)
    return f"{value:.0f}" if value.is_integer() or abs(value) >= WHOLE_FROM else f"{value:.4g}"


def _wide(columns: list[_Column]) -> int:
    return sum(column.width for column in columns) + len(GAP) * (len(columns) - 1)


def _narrowed(columns: list[_Column], width: int) -> list[_Column]:
    """The widest columns made narrower one step at a time, until all fit or none can give more."""
    found = list(columns)
    while (over := _wide(found) - width) > 0:
        giving = [place for place, column in enumerate(found) if column.width > column.narrowest]
        if not giving:
            break
        place = max(giving, key=lambda place: found[place].width)
        column = found[place]
        next_widest = max((found[other].width for other in giving if other != place), default=0)
        step = min(over, column.width - column.narrowest, max(1, column.width - next_widest))
        found[place] = replace(column, width=column.width - step)
    return found


def _table(columns: list[_Column]) -> list[str]:
    headings = [_folded(column.name, column.width) for column in columns]
    high = max(map(len, headings), default=0)
    raised = [[""] * (high - len(lines)) + lines for lines in headings]
    rows = zip(*(column.cells for column in columns), strict=True)
    lines = [*zip(*raised, strict=True), *rows]
    return [
        GAP.join(_fitted(text, column) for text, column in zip(line, columns, strict=True)).rstrip() for line in lines
    ]


def _fitted(text: str, column: _Column) -> str:
    short = _shortened(text, column.width)
    room = " " * (column.width - cell_len(short))
    return room + short if column.sort.is_numeric() else short + room


def _shortened(text: str, width: int) -> str:
    """A text with its end left out, or of a path its middle: the name of the file is what tells it apart."""
    if cell_len(text) <= width:
        return text
    if "/" in text:
        tail = (width - 1) * 2 // 3
        return set_cell_size(text, width - 1 - tail) + CUT + text[-tail:]
    return set_cell_size(text, width - 1) + CUT


def _parts(name: str) -> list[str]:
    """Where a heading may fold: after its underscores."""
    parts = name.split("_")
    return [f"{part}_" for part in parts[:-1]] + parts[-1:]


def _folded(name: str, width: int) -> list[str]:
    lines = [""]
    for part in _parts(name):
        if cell_len(lines[-1] + part) <= width or not lines[-1]:
            lines[-1] += part
        else:
            lines.append(part)
    return lines


def _upright(frame: pl.DataFrame, width: int) -> list[str]:
    """Few rows of many columns, turned: one line a column."""
    names = _Column("", tuple(frame.columns), pl.String(), width=max(map(cell_len, frame.columns)))
    each = max(NARROWEST_TEXT, (width - names.width) // frame.height - len(GAP))
    rows = [
        _Column("", tuple(map(_cell, row)), pl.String(), width=min(each, max(map(cell_len, map(_cell, row)))))
        for row in frame.iter_rows()
    ]
    return _table([names, *rows])[1:]


def show(frame: pl.DataFrame, shown: int | None = SHOWN_ROWS) -> None:
    """Print a table, or so many of its rows and how many more there are; None: all."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in lay_out(frame.head(shown or frame.height), console.width if console.is_terminal else None):
        console.print(line)
    if shown is not None and frame.height > shown:
        console.print(f"… and {frame.height - shown} more rows; --format csv gives all of them")


def wide_console() -> Console:
    """A console that cuts no line where nobody looks at it."""
    console = Console(highlight=False, markup=False, soft_wrap=False)
    if not console.is_terminal:
        console.width = 10_000  # a pipe has no edge to wrap at
    return console
