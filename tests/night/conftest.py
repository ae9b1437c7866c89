"""Two short runs on two days, and a home of three athletes."""

from __future__ import annotations

import pytest

from hipdrive.demo import make_runner
from hipdrive.settings import Home


@pytest.fixture(scope="session")
def two_runs() -> tuple[bytes, bytes]:
    files = [content for name, content in make_runner(weeks=4).files if name.endswith("run.fit")]
    return files[0], files[1]


@pytest.fixture
def team(home: Home) -> Home:
    """A home whose settings name anna and ben too."""
    text = home.settings_file.read_text(encoding="utf-8") + "\n[athletes.anna]\n\n[athletes.ben]\n"
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)
