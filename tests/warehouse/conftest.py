"""A private copy to fill with drawn rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hipdrive.warehouse import Warehouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipdrive.settings import Home


@pytest.fixture
def warehouse(home: Home) -> Iterator[Warehouse]:
    """The private copy of a home that has no warehouse yet; thrown away after the test."""
    with Warehouse(home) as copy:
        yield copy
