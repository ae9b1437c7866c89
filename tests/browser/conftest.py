"""A headless Chromium without any network; where there is none, these tests skip and say so."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from hipdrive.report import Findings

sys.path.insert(0, str(Path(__file__).parents[1]))  # so that tests can import the makers
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's own Chromium; `$HIPDRIVE_CHROMIUM` names another."""
    named = os.environ.get("HIPDRIVE_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if named is None:
        pytest.skip("no Chromium on this machine: the page was not opened in a browser")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=named, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def make_findings() -> Callable[..., Findings]:
    """Findings of one athlete; `tests/makers/findings.py` tells the arguments."""
    return cache(importlib.import_module("makers.findings").make_findings)
