"""What has nothing to do does not load what only work needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from hipdrive.demo import make_sample
from hipdrive.errors import HipdriveError
from hipdrive.night import commands
from hipdrive.night.work import Work, idle_night, is_ingested_already, work_ahead
from hipdrive.settings import Home
from hipdrive.warehouse import only_writer

HEAVY = ("prefect", "sqlalchemy", "scipy", "altair", "vl_convert", "hipdrive.fit")
WATCH = """
import sys
import hipdrive.cli.app
sys.argv = ["hipdrive", *sys.argv[1:]]
try:
    hipdrive.cli.app.main()
except SystemExit as end:
    print(end.code, *sorted({heavy for heavy in %r if heavy in sys.modules}))
"""


@pytest.fixture
def night(home: Home) -> Home:
    """A home after a night."""
    for name, content in make_sample():
        (home.inbox / name).write_bytes(content)
    commands.nightly(home)
    return home


def loaded_by(home: Home, *words: str) -> str:
    command = [sys.executable, "-c", WATCH % (HEAVY,), *words, "--home", str(home.folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def nights_told(home: Home) -> list[str]:
    lines = (home.data / "nights.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["status"] for line in lines]


def test_what_has_nothing_to_do_loads_nothing_heavy_and_is_told(night: Home) -> None:
    for words in (("nightly",), ("ingest", str(night.inbox)), ("sql", "SELECT 1"), ("sources",), ("exercises",)):
        assert loaded_by(night, *words) == "0", words
    assert nights_told(night) == ["done", "done", "done"]


def test_a_query_opens_no_catalogue(night: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.flow.test_light.HEAVY", ("hipdrive.catalogue",))
    assert loaded_by(night, "sql", "SELECT 1") == "0"
    monkeypatch.setattr("tests.flow.test_light.HEAVY", ("hipdrive.catalogue", "duckdb", "hipdrive.settings"))
    assert loaded_by(night, "exercises") == "0 hipdrive.catalogue"


def test_a_night_with_work_is_never_idle(night: Home) -> None:
    assert work_of(night) is Work.NOTHING
    settings = night.settings_file.read_text(encoding="utf-8")
    night.settings_file.write_text(settings + "\n[athletes.anna]\nmass_kg = 60\n", encoding="utf-8")
    assert work_of(Home(night.folder)) is Work.EVERYTHING
    night.settings_file.write_text(settings, encoding="utf-8")
    (night.inbox / "log.csv").write_text("date,exercise,reps\n2026-03-02,Hip Thrust,8\n", encoding="utf-8")
    assert work_of(night) is Work.EVERYTHING
    assert not is_ingested_already(night, [night.inbox])
    (night.inbox / "log.csv").unlink()
    night.newest_page.unlink()
    assert work_of(night) is Work.PAGE


def test_what_cannot_be_told_ahead_is_left_to_the_night(night: Home) -> None:
    assert is_ingested_already(night, [night.inbox])
    assert not is_ingested_already(night, [night.inbox], "nobody")
    assert not is_ingested_already(night, [night.inbox / "missing.fit"])
    night.inbox.rename(night.data / "elsewhere")
    assert work_ahead(night) is None


def work_of(home: Home) -> Work | None:
    ahead = work_ahead(home)
    return None if ahead is None else ahead.work


def test_an_idle_night_waits_for_no_other_and_is_told(night: Home) -> None:
    with only_writer(night.data), pytest.raises(HipdriveError):
        idle_night(night)
    assert nights_told(night) == ["done", "stopped"]


def test_sqlalchemy_is_there_for_who_wants_it() -> None:
    for first in ("from hipdrive.lean import load_dataframely_alone as alone; alone()", "import hipdrive.tables"):
        program = f"{first}; import sqlalchemy; print(sqlalchemy.__version__)"
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert done.stdout[0].isdigit(), first


def test_the_command_line_starts_before_anything_large_is_loaded() -> None:
    program = "import sys, hipdrive.__main__; print([name for name in ('polars', 'duckdb') if name in sys.modules])"
    assert said_by(program) == "[]"


def test_the_command_line_asks_for_one_thread_and_seldom_garbage_before_it_loads_anything() -> None:
    program = (
        "import gc, os, sys, types; app = sys.modules['hipdrive.cli.app'] = types.ModuleType('app'); "
        "app.main = lambda: print(os.environ['POLARS_MAX_THREADS'], gc.get_threshold()[0]); "
        "from hipdrive.__main__ import main; main()"
    )
    assert said_by(program, POLARS_MAX_THREADS=None) == "1 50000"


@pytest.mark.parametrize(("wished", "threads"), [(None, "1"), ("2", "2")])
def test_polars_has_one_thread_unless_told_otherwise(wished: str | None, threads: str) -> None:
    program = "from hipdrive.lean import use_one_thread as one; one(); import polars; print(polars.thread_pool_size())"
    assert said_by(program, POLARS_MAX_THREADS=wished) == threads


def said_by(program: str, **changed: str | None) -> str:
    """What a Python program prints, with these variables set or, where None, unset."""
    environment = {name: value for name, value in (os.environ | changed).items() if value is not None}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()
