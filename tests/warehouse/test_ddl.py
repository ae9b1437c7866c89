"""Schemas become tables and comments that say unit, source and caveat."""

from __future__ import annotations

import dataframely as dy
import duckdb
import pytest

from hipdrive.tables import TABLES, VIEWS
from hipdrive.warehouse import ddl


class Drawn(dy.Schema):
    """One row a drawing; it's
    not a real table.
    """

    name = dy.String(description="what it's called")
    length_m = dy.Float64(description="length", metadata={"unit": "m", "source": "a ruler", "caveat": "bent"})
    made_utc = dy.Datetime(time_zone="UTC", description="when", metadata={"unit": "UTC"})
    kind = dy.Enum(["a", "b"], description="kind")
    bare = dy.Int64()


@pytest.fixture
def database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(ddl.create_table("drawn", Drawn)).fetchall()
    for statement in ddl.comments("TABLE", "drawn", Drawn):
        connection.execute(statement).fetchall()
    return connection


def test_columns_have_the_types_of_their_schema(database: duckdb.DuckDBPyConnection) -> None:
    found = database.execute("SELECT column_name, column_type FROM (DESCRIBE drawn)").fetchall()
    assert found == [
        ("name", "VARCHAR"),
        ("length_m", "DOUBLE"),
        ("made_utc", "TIMESTAMP"),
        ("kind", "VARCHAR"),
        ("bare", "BIGINT"),
    ]


def test_a_table_that_is_there_already_stays(database: duckdb.DuckDBPyConnection) -> None:
    database.execute("INSERT INTO drawn (name) VALUES ('x')").fetchall()
    database.execute(ddl.create_table("drawn", Drawn)).fetchall()
    assert database.execute("SELECT name FROM drawn").fetchall() == [("x",)]


def test_comments_say_what_a_table_and_its_columns_are(database: duckdb.DuckDBPyConnection) -> None:
    (table,) = database.execute("SELECT comment FROM duckdb_tables()").fetchall()
    assert table == ("One row a drawing; it's not a real table.",)
    columns = database.execute("SELECT column_name, comment FROM duckdb_columns() WHERE NOT internal").fetchall()
    assert dict(columns) == {
        "name": "what it's called",
        "length_m": "length; unit: m; source: a ruler; caveat: bent",
        "made_utc": "when; unit: UTC",
        "kind": "kind",
        "bare": "",
    }


@pytest.mark.parametrize("name", [*TABLES, *VIEWS])
def test_every_schema_of_ours_can_be_a_table(name: str) -> None:
    connection = duckdb.connect()
    schema = {**TABLES, **VIEWS}[name]
    connection.execute(ddl.create_table(name, schema)).fetchall()
    statements = list(ddl.comments("TABLE", name, schema))
    assert len(statements) == 1 + len(schema.columns())
    for statement in statements:
        connection.execute(statement).fetchall()
    connection.close()
