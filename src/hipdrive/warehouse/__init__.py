"""The warehouse room: one DuckDB file that is written by build-then-swap and read by anyone."""

from hipdrive.warehouse.backups import list_backups, restore
from hipdrive.warehouse.ddl import Macro, macros
from hipdrive.warehouse.fetches import drop_fetches_of, read_fetches, read_items, write_fetch, write_items
from hipdrive.warehouse.lock import only_writer
from hipdrive.warehouse.nights import drop_nights_of, read_nights, write_night
from hipdrive.warehouse.plans import (
    Declared,
    all_plans,
    drop_plans_of,
    plans_text,
    read_plans,
    read_team_starts,
    write_plan,
    write_team_starts,
)
from hipdrive.warehouse.reading import (
    POSITION,
    ask,
    connect,
    describe_tables,
    example_queries,
    export_tables,
    facts,
    is_of_older_version,
    open_tables,
    page_is_older,
    read_table,
)
from hipdrive.warehouse.stamp import read_stamp, stamp
from hipdrive.warehouse.stored import BUILD, CheckResult, StoredTables, build_of
from hipdrive.warehouse.told import last_told, stuck, write_told
from hipdrive.warehouse.warehouse import Warehouse, migrations, reread_so_far, views_text

__all__ = [
    "BUILD",
    "POSITION",
    "CheckResult",
    "Declared",
    "Macro",
    "StoredTables",
    "Warehouse",
    "all_plans",
    "ask",
    "build_of",
    "connect",
    "describe_tables",
    "drop_fetches_of",
    "drop_nights_of",
    "drop_plans_of",
    "example_queries",
    "export_tables",
    "facts",
    "is_of_older_version",
    "last_told",
    "list_backups",
    "macros",
    "migrations",
    "only_writer",
    "open_tables",
    "page_is_older",
    "plans_text",
    "read_fetches",
    "read_items",
    "read_nights",
    "read_plans",
    "read_stamp",
    "read_table",
    "read_team_starts",
    "reread_so_far",
    "restore",
    "stamp",
    "stuck",
    "views_text",
    "write_fetch",
    "write_items",
    "write_night",
    "write_plan",
    "write_team_starts",
    "write_told",
]
