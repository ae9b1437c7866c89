"""Typed schemas → DuckDB tables and their comments, so that unit, source and caveat stand in the database itself."""

from __future__ import annotations

from collections.abc import Iterator

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


def describe_column(definition: dy.Column) -> str:
    """One line on a column: what it is, its unit, source and caveat."""
    facts = definition.metadata or {}
    extras = [f"{word}: {facts[word]}" for word in ("unit", "source", "caveat") if word in facts]
    return "; ".join([definition.description or "", *extras])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
