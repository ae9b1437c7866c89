"""The runner's own CSV as the command line writes it: what was done, as rows, and a file's text with these rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

import dataframely as dy
import polars as pl

from hipdrive.read.strength.cells import CellSet, parse_sets
from hipdrive.read.strength.headings import heading
from hipdrive.read.strength.written_csv import NOTHING
from hipdrive.tables.strength import Exercise

HEADER = ("date", "exercise", "sets", "reps", "weight", "hold_s", "distance_m", "rpe", "side", "until", "notes")
Row = Mapping[str, str]


def rows_of_sets(exercise: str, spelled: Sequence[str], day: date, *, weight_unit: str, **more: str) -> list[Row]:
    """Sets as they are said (“3x8@60”, “30 s”, “50 m”) → rows; equal ones share one.

    Args:
        exercise: its name.
        spelled: one text or several.
        day: when.
        weight_unit: `kg` or `lb`, of a weight that states none.
        more: further cells, such as `side` or `rpe`, for every row.

    Raises:
        ValueError: a text is not a set; the message says why.
    """
    sets: list[CellSet] = []
    for text in spelled:
        parsed = parse_sets(text)
        if isinstance(parsed, str):
            raise ValueError(parsed)  # noqa: TRY004  a text that is not a set
        sets.extend(parsed)
    return [
        {
            "date": day.isoformat(),
            "exercise": exercise,
            "sets": str(len(list(alike))),
            "reps": _number(one.reps),
            "weight": _load(one, weight_unit),
            "hold_s": _number(one.hold_s),
            "distance_m": f"{_number(one.distance)}{one.distance_unit or ''}" if one.distance else "",
            "rpe": _number(one.rpe),
            **{name: cell for name, cell in more.items() if cell},
        }
        for one, alike in groupby(sets)
    ]


def rows_of_programme(exercises: dy.DataFrame[Exercise], day: date, sets: int) -> list[Row]:
    """The article's items, each done at the lower end of its range.

    Args:
        exercises: the catalogue.
        day: when.
        sets: of each item.
    """
    items = exercises.filter("in_programme").with_columns(
        amount=pl.when(pl.col("quantity") == "distance").then("distance_min_m").otherwise("reps_min"),
        column=pl.when(pl.col("quantity") == "distance").then(pl.lit("distance_m")).otherwise(pl.lit("reps")),
    )
    return [
        {"date": day.isoformat(), "exercise": label, "sets": str(sets), column: _number(amount)}
        for label, amount, column in items.select("label", "amount", "column").iter_rows()
    ]


def row_of_nothing(first: date, last: date) -> Row:
    """The days from the first to the last had no strength work: a known zero."""
    until = {"until": last.isoformat()} if last != first else {}
    return {"date": first.isoformat(), "exercise": NOTHING, **until}


def with_rows(text: str, rows: Iterable[Row]) -> str:
    """The text of a log with these rows at its end, under its own header; of a new one where there is no text yet.

    Raises:
        ValueError: its header has no column for something that a row says.
    """
    rows = list(rows)
    first = next((line for line in text.splitlines() if line.strip()), "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=first.count) if first else ","
    header = next(csv.reader([first], delimiter=delimiter)) if first else list(HEADER)
    column_of = {heading(name): name for name in header}
    for row in rows:
        missing = next((name for name, cell in row.items() if cell and heading(name) not in column_of), None)
        if missing:
            raise ValueError(f"its first line has no column “{missing}”; add it there, or move the file elsewhere")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, delimiter=delimiter, lineterminator="\n", restval="")
    if not first:
        writer.writeheader()
    for row in rows:
        writer.writerow({column_of[heading(name)]: cell for name, cell in row.items() if cell})
    return (text.rstrip("\r\n") + "\n" if first else "") + buffer.getvalue()


def _load(one: CellSet, weight_unit: str) -> str:
    if one.load is None or one.load.value is None:
        return ""
    return f"{one.load.value:g}{one.load.unit or weight_unit}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
