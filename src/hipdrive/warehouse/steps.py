"""The numbered steps by which an older warehouse comes to today's tables."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from hipdrive.errors import NewerWarehouse

SCHEMA = "schema"  # the key of `about` under which a warehouse keeps the last step of its tables' history
_ROOM = files("hipdrive.warehouse")


def migrations() -> list[Traversable]:
    """The numbered steps that bring an older warehouse to today's tables, in order."""
    steps = (_ROOM / "migrations").iterdir()
    return sorted((step for step in steps if step.name.endswith(".sql")), key=lambda step: step.name)


def refuse_newer(file: Path, last: str | None) -> None:
    """Leave a warehouse alone that remembers a step which this version does not have.

    Raises:
        NewerWarehouse: it was made by a newer version.
    """
    if last is not None and last > migrations()[-1].name:
        raise NewerWarehouse(file, last)


def missing_migrations(last: str | None) -> list[Traversable]:
    """The steps after the last one that a warehouse remembers."""
    return [step for step in migrations() if last is None or step.name > last]
