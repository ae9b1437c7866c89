"""StrongLifts: one row an exercise, its sets in pairs of columns (`Set 1 (Reps)`, `Set 1 (KG)`), units in the header.

An older export has one row a workout: `Exercise 1`, its weight in kg and in lb, and the repetitions of `Set 1` to
`Set 5`, then `Exercise 2`. A set of no repetitions was not done. Shapes by public readers and fixtures of both exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import heading
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import unit_in_header

FORMAT = "stronglifts"
_PAIR = re.compile(r"^set (\d+) (.+)$")
_OLD_EXERCISE, _OLD_SET = re.compile(r"^exercise \d+$"), re.compile(r"^set \d+$")
_S_IN_HOUR = 3600.0
_TEXTS = ("reps", "seconds", "kg", "lb")
_NAMES = {
    "Date": ["Date (yyyy/mm/dd)", "Date"],
    "Start": ["Start Time (h:mm)", "Start Time"],
    "Workout Name": ["Workout Name"],
    "Duration": ["Duration (hours)"],
    "Notes": ["Notes", "Note"],
    "Exercise": ["exercise of set"],
    **{name: [f"{name} of set"] for name in _TEXTS},
}


@dataclass(slots=True)
class _Block:
    """The columns of one set: its exercise's, and `reps`, `seconds`, `kg`, `lb`."""

    exercise: str
    columns: dict[str, str] = field(default_factory=dict)


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is one of StrongLifts's two."""
    return any(name.startswith(("date", "workout")) for name in map(heading, header)) and bool(_blocks(header))


def read(table: Table) -> RawStrength:
    """Every set that was done."""
    # The frame tells apart columns of one name, in the order of the header.
    columns = [name for name in table.frame.columns if name != "line"]
    blocks = _blocks(tuple(columns), table.header)
    rows = [_rows_of(table.frame, block, place) for place, block in enumerate(blocks)]
    sets = pl.concat(rows, how="diagonal")
    done = set(sets["line"])
    empty = [(line, "no set of this row was done") for line in table.frame["line"] if line not in done]
    spread = replace(
        table,
        header=(*table.header, "exercise of set", *(f"{name} of set" for name in _TEXTS)),
        frame=sets.sort("line", "place", maintain_order=True).drop("place"),
        rejects=[*table.rejects, *empty],
        met=table.rows,
    )
    return _read_sets(spread)


def _read_sets(table: Table) -> RawStrength:
    draft = Draft(table, _NAMES)
    days, starts = draft.text("Date"), draft.text("Start").fill_null("")
    moments = draft.moments_of(pl.select(pl.concat_str([days, starts], separator=" ").str.strip_chars()).to_series())
    weight, weight_unit = draft.measured("weight", {"kg": "kg", "lb": "lb"})
    return draft.finish(
        FORMAT,
        {
            **moments,
            "duration_s": draft.number("Duration") * _S_IN_HOUR if draft.has("Duration") else None,
            "workout_name": draft.text("Workout Name"),
            "exercise_name": draft.text("Exercise"),
            "reps": draft.number("reps"),
            "hold_s": draft.seconds("seconds"),
            "weight": weight,
            "weight_unit": weight_unit,
            "notes": draft.text("Notes"),
        },
    )


def _rows_of(frame: pl.DataFrame, block: _Block, place: int) -> pl.DataFrame:
    """Every row's set of one block; what is blank or zero in both amounts is null."""

    def cell(name: str) -> pl.Expr:
        return pl.col(block.columns[name]) if name in block.columns else pl.lit(None, pl.String)

    def amount(name: str) -> pl.Expr:
        is_nothing = cell(name).str.strip_chars().str.contains(r"^(0+([.,:]0+)*|-)?$")
        return pl.when(is_nothing.fill_null(value=True)).then(None).otherwise(cell(name))

    return frame.with_columns(
        pl.lit(place).alias("place"),
        pl.col(block.exercise).alias("exercise of set"),
        amount("reps").alias("reps of set"),
        amount("seconds").alias("seconds of set"),
        cell("kg").alias("kg of set"),
        cell("lb").alias("lb of set"),
    ).filter(pl.col("reps of set").is_not_null() | pl.col("seconds of set").is_not_null())


def _blocks(columns: tuple[str, ...], header: tuple[str, ...] | None = None) -> list[_Block]:
    """The sets that a header names, in their order.

    Args:
        columns: the columns as the frame calls them.
        header: the same as the file writes them, where that differs.
    """
    names = [heading(name) for name in header or columns]
    paired = list(_paired(columns, names))
    return paired or list(_old(columns, names))


def _paired(columns: tuple[str, ...], names: list[str]) -> Iterator[_Block]:
    exercise = next((column for column, name in zip(columns, names, strict=False) if name == "exercise"), None)
    blocks: dict[int, _Block] = {}
    for column, name in zip(columns, names, strict=False):
        match = _PAIR.match(name)
        if exercise is not None and match:
            kind = _kind(match[2])
            if kind:
                blocks.setdefault(int(match[1]), _Block(exercise)).columns[kind] = column
    yield from (blocks[number] for number in sorted(blocks) if {"reps", "seconds"} & blocks[number].columns.keys())


def _kind(what: str) -> str | None:
    if what in {"reps", "rep"}:
        return "reps"
    if re.match(r"(time|sec|s$|duration)", what):
        return "seconds"
    return unit_in_header(what, "weight")


def _old(columns: tuple[str, ...], names: list[str]) -> Iterator[_Block]:
    exercise, weights = None, dict[str, str]()
    for column, name in zip(columns, names, strict=False):
        if _OLD_EXERCISE.match(name):
            exercise, weights = column, {}
        elif exercise and name.startswith("weight") and (unit := unit_in_header(name, "weight")):
            weights[unit] = column
        elif exercise and _OLD_SET.match(name):
            yield _Block(exercise, {"reps": column, **weights})
