"""A team's night on Dask's workers, for real: the same tables as without, and what stands in its way in a sentence."""

from __future__ import annotations

import pickle
import socket
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.errors import OtherVersions
from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.nights import log

needs_dask = pytest.mark.skipif(find_spec("prefect_dask") is None, reason="the extra hipdrive[team] is not installed")
SETS = "SELECT athlete_id, local_date, exercise, hip_dose FROM strength_sets ORDER BY ALL"


def make_team(folder: Path, engine: str) -> Home:
    settings = settings_template().replace("[engine]\n", f"[engine]\n{engine}\n")
    folder.mkdir(exist_ok=True)
    (folder / "hipdrive.toml").write_text(settings, encoding="utf-8")
    (folder / "athletes.csv").write_text("id\nanna\nben\n", encoding="utf-8")
    for day, name in enumerate(("anna", "ben"), start=2):
        own = folder / "data" / "inbox" / name
        own.mkdir(parents=True)
        (own / "strong.csv").write_text(log(f"2026-03-0{day} Squat 60 5"), encoding="utf-8")
    return Home(folder)


def run(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hipdrive", *words, "--home", str(home.folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=500, check=False)


@needs_dask
def test_a_night_on_workers_makes_what_a_night_here_makes(tmp_path: Path) -> None:
    here = make_team(tmp_path / "here", 'kind = "here"')
    commands.nightly(here)
    there = make_team(tmp_path / "there", 'kind = "dask"\nworkers = 1')
    done = run(there, "team", "nightly")
    assert done.returncode == 0, done.stderr
    assert "Files: 2 loaded." in done.stdout
    assert ask(there, SETS).equals(ask(here, SETS))
    assert {page.parent.name for page in (there.reports / "latest").glob("*/index.html")} == {"anna", "ben"}
    assert not list((there.data / ".dask").glob("**/*.duckdb*"))


def test_an_address_where_nobody_is_ends_soon_and_says_what_to_start(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = make_team(tmp_path / "home", f'kind = "dask"\naddress = "tcp://127.0.0.1:{port}"')
    if find_spec("prefect_dask") is None:
        assert "pip install 'hipdrive[team]'" in run(home, "team", "nightly").stderr
        return
    began = time.monotonic()
    done = run(home, "team", "nightly")
    assert done.returncode == 3
    assert time.monotonic() - began < 30
    assert f"dask scheduler --host 127.0.0.1 --port {port}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not home.warehouse_file.exists()


@needs_dask
def test_a_worker_of_other_versions_is_refused_by_name() -> None:
    script = (
        "from hipdrive.flows.team import own_versions, refuse_others\n"
        "refuse_others('tcp://10.0.0.7:1', own_versions(), own_versions())\n"
        "try:\n    refuse_others('tcp://10.0.0.7:1', {**own_versions(), 'polars': '1.9'}, own_versions())\n"
        "except Exception as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("tcp://10.0.0.7:1: its polars is 1.9, wanted ")


def test_a_refusal_travels_whole() -> None:
    error = OtherVersions("worker", "duckdb", "1.5", "2.0")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301  our own


def test_nobody_else_imports_dask(tmp_path: Path) -> None:
    home = make_team(tmp_path / "home", 'kind = "here"')
    script = (
        "import sys\nfrom pathlib import Path\nimport hipdrive.cli.app, hipdrive.cli.teams\n"
        "from hipdrive.night.work import find_work\nfrom hipdrive.settings import Home\nfrom datetime import date\n"
        f"find_work(Home(Path({str(home.folder)!r})), date(2026, 11, 29))\n"
        "assert not {'dask', 'distributed', 'prefect_dask', 'prefect'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
