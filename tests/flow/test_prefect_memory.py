"""What Prefect's temporary servers remember is begun anew before it grows without end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hipdrive.cli.console import COMMON
from hipdrive.cli.server import LARGEST_MEMORY_BYTES, use_prefect

if TYPE_CHECKING:
    from pathlib import Path

    from hipdrive.settings import Home


@pytest.fixture
def database(home: Home, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the temporary servers of a home keep what they remember; the environment names no other place."""
    for name in [name for name in os.environ if name.startswith("PREFECT")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    folder = home.data / ".prefect"
    folder.mkdir()
    return folder / "prefect.db"


@pytest.mark.parametrize(("more_bytes", "stays"), [(0, True), (1, False)])
def test_a_memory_that_grew_large_is_begun_anew(home: Home, database: Path, more_bytes: int, *, stays: bool) -> None:
    files = [database, database.with_name("prefect.db-wal")]
    for file in files:
        file.touch()
    os.truncate(database, LARGEST_MEMORY_BYTES + more_bytes)
    use_prefect(home.folder, COMMON)
    assert [file.exists() for file in files] == [stays, stays]


def test_a_memory_that_the_user_keeps_elsewhere_is_left_alone(home: Home, database: Path) -> None:
    database.touch()
    os.truncate(database, LARGEST_MEMORY_BYTES + 1)
    os.environ["PREFECT_HOME"] = str(home.folder)
    use_prefect(home.folder, COMMON)
    assert database.exists()
