"""Write a home of an earlier layout as SQL text: run that version's own code on small made files, and export.

From a checkout of the version before a migration came, two runs, of which tests leave one out, and a log:
`PYTHONPATH=OLD/src:OLD python tests/golden/layouts/make.py LAYOUT.sql`.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import duckdb

GOLDEN = Path(__file__).parents[1]
FILES = ("runs/watch_1hz.fit", "runs/paused.fit", "strength/plain.csv")


def night(folder: Path) -> None:
    """A night of whichever version is imported: its ways were other ones."""
    from hipdrive.settings import Home  # noqa: PLC0415  the older version's

    home = Home(folder)
    try:
        from hipdrive.night import commands  # noqa: PLC0415
    except ImportError:
        from flows.nightly import nightly  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415

        nightly(str(folder))
    else:
        commands.nightly(home)


def as_sql(file: Path) -> str:
    """All of a database as statements that make it again."""
    lines: list[str] = []
    with duckdb.connect() as connection, tempfile.TemporaryDirectory() as out:
        connection.execute(f"ATTACH '{file}' AS old (READ_ONLY)")
        connection.execute("USE old")
        connection.execute(f"EXPORT DATABASE old TO '{out}' (FORMAT csv)")
        schema = (Path(out) / "schema.sql").read_text(encoding="utf-8").strip().splitlines()
        made = [line.strip() for line in schema if line.strip() and not line.startswith("COMMENT")]
        views = [line for line in made if line.startswith("CREATE VIEW")]
        lines += [line for line in made if line not in views]
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'old'").fetchall()
        for (table,) in sorted(tables):
            if table == "exercises":  # the catalogue, written anew each night
                continue
            found = connection.execute(f'SELECT * FROM "{table}"')
            names = ", ".join(f'"{column[0]}"' for column in found.description or ())
            lines += [
                f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(map(_value, row))});' for row in found.fetchall()
            ]
    return "\n".join([*lines, *in_order(lines, views)]) + "\n"


def in_order(tables: list[str], views: list[str]) -> list[str]:
    """Views so that each comes after those that it reads; the export has them by name."""
    ordered: list[str] = []
    with duckdb.connect() as connection:
        connection.execute("\n".join(tables))
        while views:
            for view in views:
                try:
                    connection.execute(view)
                except duckdb.CatalogException:
                    continue
                ordered.append(view)
            views = [view for view in views if view not in ordered]
    return ordered


def _value(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def main() -> None:
    """Make one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "hipdrive.toml").write_text('[athlete]\ntime_zone = "Europe/Berlin"\n', encoding="utf-8")
        inbox = folder / "data" / "inbox"
        inbox.mkdir(parents=True)
        for file in FILES:
            (inbox / Path(file).name).write_bytes((GOLDEN / file).read_bytes())
        night(folder)
        Path(sys.argv[1]).write_text(as_sql(folder / "data" / "hipdrive.duckdb"), encoding="utf-8")


if __name__ == "__main__":
    main()
