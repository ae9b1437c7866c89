"""The house's rules are asked of source files as Python reads them."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def no_garbage_is_collected() -> Iterator[None]:
    """CPython 3.11 loses count of its depth where the collector runs other code while a file is parsed (gh-106905)."""
    gc.disable()
    yield
    gc.enable()
