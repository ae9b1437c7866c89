"""Typed schemas → DuckDB tables and their comments, so that unit, source and caveat stand in the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

import dataframely as dy
import polars as pl

_SQL_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "VARCHAR",
    pl.Enum: "VARCHAR",
    pl.Float64: "DOUBLE",
    pl.Int64: "BIGINT",
    pl.Boolean: "BOOLEAN",
    pl.Date: "DATE",
    pl.Datetime: "TIMESTAMP",  # UTC where the name ends in _utc; without a zone, so that every client shows the same
}


def create_table(name: str, schema: type[dy.Schema]) -> str:
    """The statement that makes a table for a schema."""
    columns = ", ".join(
        f'"{column}" {_SQL_TYPES[type(definition.dtype)]}' for column, definition in schema.columns().items()
    )
    return f'CREATE TABLE IF NOT EXISTS "{name}" ({columns})'


def comments(kind: str, name: str, schema: type[dy.Schema]) -> Iterator[str]:
    """The statements that comment a table or view (`kind`) and each of its columns."""
    yield f'COMMENT ON {kind} "{name}" IS {_quoted(" ".join((schema.__doc__ or "").split()))}'
    for column, definition in schema.columns().items():
        yield f'COMMENT ON COLUMN "{name}"."{column}" IS {_quoted(describe_column(definition))}'


@dataclass(frozen=True)
class Macro:
    """A function of our own that any query may call: `definition` is its call, and what it comes to."""

    name: str
    call: str
    about: str
    definition: str


def macros() -> list[Macro]:
    """The macros of `macros/`, one file each, in the order of their names."""
    found = []
    for file in sorted((files("hipdrive.warehouse") / "macros").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".sql"):
            about, definition = file.read_text(encoding="utf-8").split("\n", 1)
            call = definition.partition(" AS ")[0].strip()
            found.append(Macro(file.name.removesuffix(".sql"), call, about.removeprefix("-- "), definition))
    return found


def create_macro(macro: Macro) -> Iterator[str]:
    """The statements that make a macro anew and comment it."""
    yield f"CREATE OR REPLACE MACRO {macro.definition}"
    yield f'COMMENT ON MACRO "{macro.name}" IS {_quoted(macro.about)}'


def describe_column(definition: dy.Column) -> str:
    """One line on a column: what it is, its unit, source and caveat."""
    facts = definition.metadata or {}
    extras = [f"{word}: {facts[word]}" for word in ("unit", "source", "caveat") if word in facts]
    return "; ".join([definition.description or "", *extras])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
