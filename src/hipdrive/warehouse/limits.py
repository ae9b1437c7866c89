"""What DuckDB may take of the machine, the same for every connection that hipdrive opens."""

from __future__ import annotations

from pathlib import Path

# Without a limit DuckDB takes 80 % of the machine's memory before it writes aside what does not fit; what needs more
# than this spills beside the warehouse.
MEMORY_LIMIT = "512MB"


def limits(warehouse_file: Path) -> dict[str, str]:
    """The configuration of a connection to a home's warehouse.

    Args:
        warehouse_file: DuckDB spills into a folder beside it, which it makes when needed and removes.
    """
    return {
        "memory_limit": MEMORY_LIMIT,
        # Its default is a folder of the place where the program was started.
        "temp_directory": str(spill_folder(warehouse_file)),
        # Never a download, whatever a query names.
        "autoinstall_known_extensions": "false",
        "TimeZone": "UTC",
    }


def spill_folder(warehouse_file: Path) -> Path:
    """Where DuckDB writes aside what does not fit; a night that was killed may leave it behind."""
    return warehouse_file.with_name(warehouse_file.name + ".spill")
