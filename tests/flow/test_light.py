"""What has nothing to do does not load what only work needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from hipdrive.demo import make_sample
from hipdrive.night import commands
from hipdrive.night.quiet import needs_page_alone, quiet_ingest, quiet_night
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


def test_a_night_with_work_is_never_quiet(night: Home) -> None:
    assert quiet_night(night) is not None
    settings = night.settings_file.read_text(encoding="utf-8")
    night.settings_file.write_text(settings + "\n[athletes.anna]\nmass_kg = 60\n", encoding="utf-8")
    assert quiet_night(Home(night.folder)) is None
    night.settings_file.write_text(settings, encoding="utf-8")
    (night.inbox / "log.csv").write_text("date,exercise,reps\n2026-03-02,Hip Thrust,8\n", encoding="utf-8")
    assert quiet_night(night) is None
    assert quiet_ingest(night, [night.inbox]) is None
    assert not needs_page_alone(night)
    (night.inbox / "log.csv").unlink()
    night.newest_page.unlink()
    assert quiet_night(night) is None
    assert needs_page_alone(night)
    with only_writer(night.data):
        assert quiet_night(night) is None


def test_sqlalchemy_is_there_for_who_wants_it() -> None:
    program = "import hipdrive.tables, sqlalchemy; print(sqlalchemy.__version__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout[0].isdigit()
