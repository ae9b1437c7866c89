"""Two short runs on two days."""

from __future__ import annotations

import pytest

from hipdrive.demo import make_runner


@pytest.fixture(scope="session")
def two_runs() -> tuple[bytes, bytes]:
    files = [content for name, content in make_runner(weeks=4).files if name.endswith("run.fit")]
    return files[0], files[1]
