"""The last warehouses, kept beside the one that counts: a hard link each, so that keeping one copies nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path

from hipdrive.errors import WrongUse
from hipdrive.settings import Home
from hipdrive.warehouse.lines import sync

KEPT = 3
_FOLDER = "backups"


def keep_backup(warehouse: Path) -> None:
    """Keep a warehouse that is about to be replaced; nothing where the file system knows no hard links.

    The file is never written again, because the next one is built on a copy of its own.
    """
    if not warehouse.exists():
        return
    folder = warehouse.parent / _FOLDER
    folder.mkdir(exist_ok=True)
    name = f"{warehouse.stat().st_mtime_ns:020d}.duckdb"
    with contextlib.suppress(OSError):
        os.link(warehouse, folder / name)
    for old in list_backups(folder)[KEPT:]:
        old.unlink(missing_ok=True)


def drop_backups(warehouse: Path) -> None:
    """Remove every backup of a warehouse, for what may not be kept."""
    shutil.rmtree(warehouse.parent / _FOLDER, ignore_errors=True)


def list_backups(folder: Path) -> list[Path]:
    """The backups in a folder, the newest first."""
    return sorted(folder.glob("*.duckdb"), reverse=True)


def restore(home: Home, back: int = 1) -> Path:
    """Put one of the last warehouses in place; the one that it replaces is kept in turn.

    Args:
        home: whose warehouse; nobody else may be writing.
        back: how many nights with news back, 1 for the last.

    Raises:
        WrongUse: there is no such backup.
    """
    kept = list_backups(home.data / _FOLDER)
    if not 1 <= back <= len(kept):
        said = f"there {'is' if len(kept) == 1 else 'are'} {len(kept)} in {home.data / _FOLDER}"
        raise WrongUse("restore", f"there is no backup {back} nights back", said)
    chosen = kept[back - 1]
    staged = home.warehouse_file.with_name(home.warehouse_file.name + ".restored")
    staged.unlink(missing_ok=True)
    os.link(chosen, staged)
    keep_backup(home.warehouse_file)
    staged.replace(home.warehouse_file)
    sync(home.data)
    return chosen
