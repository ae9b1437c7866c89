"""What tests of every room share: a fresh home, and the corpus of real files where there is one."""

from __future__ import annotations

import gc
import os
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # as `hipdrive` does, and before polars is imported

import hypothesis
import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.lean import collect_garbage_seldom
from hipdrive.settings import Home

CHECKOUT = Path(__file__).parents[1]

# A busy machine is not a wrong answer.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than cores: tests that wait for a server, a browser or a clock leave theirs idle."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_finish() -> None:
    """Thousands of collected tests are not looked through for garbage again and again: a fifth of the suite's time."""
    collect_garbage_seldom()
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """What was set apart is freed at the end as usual."""
    gc.unfreeze()


@pytest.fixture(autouse=True)
def files_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests write whole files and read them at once: no second is waited for more of them."""
    monkeypatch.setattr("hipdrive.read.inbox.QUIET_S", 0.0)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh home, its settings the defaults, its inbox empty."""
    folder = tmp_path / "home"
    (folder / "data" / "inbox").mkdir(parents=True)
    (folder / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    return Home(folder)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The corpus of real FIT files."""
    folder = Path(os.environ.get("HIPDRIVE_CORPUS") or CHECKOUT.parent / "shared" / "corpus") / "fit"
    if not folder.is_dir():
        pytest.skip("no corpus of real FIT files here; set HIPDRIVE_CORPUS to the folder that holds it to run this")
    return folder
