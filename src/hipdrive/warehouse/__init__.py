"""The warehouse room: one DuckDB file that is written by build-then-swap and read by anyone."""

from hipdrive.warehouse.backups import list_backups, restore
from hipdrive.warehouse.catalogue import Catalogue, is_todays_catalogue, marks, read_ledgers, read_moved, read_shards
from hipdrive.warehouse.checked import CheckResult, OddRow
from hipdrive.warehouse.ddl import Macro, macros
from hipdrive.warehouse.fetches import drop_fetches_of, read_fetches, read_items, write_fetch, write_items
from hipdrive.warehouse.layouts import is_one_file, join, move_lines, split
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
    about,
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
from hipdrive.warehouse.sent_messages import drop_messages_of, last_message_fault, last_sent, write_sent_message
from hipdrive.warehouse.stamp import read_stamp, stamp
from hipdrive.warehouse.steps import SCHEMA, migrations, missing_migrations, refuse_newer
from hipdrive.warehouse.stored import BUILD, CATALOGUE, StoredTables, build_of
from hipdrive.warehouse.warehouse import Warehouse, reread_so_far, views_text

__all__ = [
    "BUILD",
    "CATALOGUE",
    "POSITION",
    "SCHEMA",
    "Catalogue",
    "CheckResult",
    "Declared",
    "Macro",
    "OddRow",
    "StoredTables",
    "Warehouse",
    "about",
    "all_plans",
    "ask",
    "build_of",
    "connect",
    "describe_tables",
    "drop_fetches_of",
    "drop_messages_of",
    "drop_nights_of",
    "drop_plans_of",
    "example_queries",
    "export_tables",
    "facts",
    "is_of_older_version",
    "is_one_file",
    "is_todays_catalogue",
    "join",
    "last_message_fault",
    "last_sent",
    "list_backups",
    "macros",
    "marks",
    "migrations",
    "missing_migrations",
    "move_lines",
    "only_writer",
    "open_tables",
    "page_is_older",
    "plans_text",
    "read_fetches",
    "read_items",
    "read_ledgers",
    "read_moved",
    "read_nights",
    "read_plans",
    "read_shards",
    "read_stamp",
    "read_table",
    "read_team_starts",
    "refuse_newer",
    "reread_so_far",
    "restore",
    "split",
    "stamp",
    "views_text",
    "write_fetch",
    "write_items",
    "write_night",
    "write_plan",
    "write_sent_message",
    "write_team_starts",
]
