"""What DuckDB may take of the machine where it reads or writes a home's tables."""

from __future__ import annotations

import os
from pathlib import Path

# Without a limit DuckDB takes 80 % of the machine's memory before it writes aside what does not fit; what needs more
# than this spills beside the warehouse.
MEMORY_LIMIT = "512MB"
# After two seconds DuckDB prints a bar of its own among what a command says, also into a file.
NO_BAR = "SET enable_progress_bar = false"
# While files are read batch by batch nothing is looked up again of what was written; kept at hand it would grow with
# their number, up to the limit. Each batch may take all of the limit, and leaves this behind: as a limit of its own
# it was too little for the checkpoint after some 1,900 files.
KEPT_BETWEEN_BATCHES = "64MB"


def limits(file: Path) -> dict[str, str | bool | int | float | list[str]]:
    """The configuration of a connection to a warehouse, or to the private copy of one.

    Args:
        file: DuckDB spills into a folder beside it, which it makes when needed and removes.
    """
    # A worker of an engine has one core; what polars may take of it is what DuckDB may.
    threads = os.environ.get("POLARS_MAX_THREADS")
    return {
        **({"threads": int(threads)} if threads and threads.isdecimal() and int(threads) > 0 else {}),
        "memory_limit": MEMORY_LIMIT,
        # Its default is a folder of the place where the program was started.
        "temp_directory": str(spill_folder(file)),
        # Never a download, whatever a query names.
        "autoinstall_known_extensions": "false",
        "TimeZone": "UTC",
    }


def spill_folder(file: Path) -> Path:
    """Where DuckDB writes aside what does not fit; a process that was killed leaves it behind.

    That of the copy is the one writer's; that of the warehouse is shared by all who read it.
    """
    return file.with_name(file.name + ".spill")
