"""Findings of made-up athletes, each made once for all tests of this room."""

from __future__ import annotations

import importlib
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that tests can import the makers
_maker = importlib.import_module("makers.findings")
_make_once = cache(_maker.make_findings)


@pytest.fixture
def make_findings() -> Callable[..., Findings]:
    """Findings of one athlete; `tests/makers/findings.py` tells the arguments."""
    return _make_once


@pytest.fixture
def with_frames() -> Callable[..., Findings]:
    """The same findings with other frames."""
    function: Callable[..., Findings] = _maker.with_frames
    return function


@pytest.fixture
def with_effect() -> Callable[..., Findings]:
    """The same findings with another estimate tonight: (estimate, lo, hi) and a verdict."""
    function: Callable[..., Findings] = _maker.with_effect
    return function
