"""The warehouse room: one DuckDB file that is written by build-then-swap and read by anyone."""

from hipdrive.warehouse.lock import only_writer
from hipdrive.warehouse.nights import read_nights, write_night
from hipdrive.warehouse.plans import Declared, all_plans, plans_text, read_plans, write_plan
from hipdrive.warehouse.reading import (
    POSITION,
    ask,
    connect,
    describe_tables,
    example_queries,
    export_tables,
    facts,
    is_of_older_version,
    known_files,
    read_table,
)
from hipdrive.warehouse.warehouse import CheckResult, Warehouse, migrations

__all__ = [
    "POSITION",
    "CheckResult",
    "Declared",
    "Warehouse",
    "all_plans",
    "ask",
    "connect",
    "describe_tables",
    "example_queries",
    "export_tables",
    "facts",
    "is_of_older_version",
    "known_files",
    "migrations",
    "only_writer",
    "plans_text",
    "read_nights",
    "read_plans",
    "read_table",
    "write_night",
    "write_plan",
]
