"""Nights that a Prefect server watches: a real server, its runs, its artifacts, its schedule, and none that answers."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from hipdrive.demo import make_sample
from hipdrive.settings import Home
from hipdrive.warehouse import only_writer

HIPDRIVE = str(Path(sys.executable).with_name("hipdrive"))
NEEDS_A_PERSON, STOPPED = 1, 3


def environment(url: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "HIPDRIVE"))}
    return {**clean, "PREFECT_API_URL": url}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def asked(url: str, path: str, body: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    place = url.removeprefix("http://")
    host, _, root = place.partition("/")
    with closing(HTTPConnection(host, timeout=30)) as connection:
        connection.request("POST", f"/{root}/{path}", json.dumps(body or {}), {"Content-Type": "application/json"})
        found: list[dict[str, Any]] = json.loads(connection.getresponse().read())
        return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server of its own, without analytics."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    settings = {
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **settings}
    )
    url = f"http://127.0.0.1:{port}/api"
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                asked(url, "flow_runs/filter")
                break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def filled(home: Home) -> Home:
    for name, content in make_sample():
        (home.inbox / name).write_bytes(content)
    return home


def night(home: Home, url: str) -> subprocess.CompletedProcess[str]:
    command = [HIPDRIVE, "nightly", "--home", str(home.folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment(url), timeout=300)


def test_a_server_shows_the_night_its_tasks_and_what_came_of_it(filled: Home, server: str) -> None:
    (filled.inbox / "me@example.org_1.fit").write_bytes(b"this is not a FIT file")
    done = night(filled, server)
    assert done.returncode == NEEDS_A_PERSON, done.stderr
    (run,) = asked(server, "flow_runs/filter")
    assert run["state"]["type"] == "COMPLETED"
    tasks = asked(server, "task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    assert {task["name"].rsplit("-", 1)[0] for task in tasks} == {
        "read",
        "settle",
        "derive",
        "check",
        "estimate",
        "draw",
    }
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    left = {found["key"]: found for found in asked(server, "artifacts/filter")}
    assert set(left) == {"night", "night-files", "night-page", "night-progress"}
    (bad,) = json.loads(left["night-files"]["data"])
    assert bad["file"] == "data/inbox/(address)_1.fit"
    assert bad["why"]
    assert filled.newest_page.parent.parent.as_uri() in left["night-page"]["data"]
    assert left["night-progress"]["data"] == 100.0


def test_a_server_that_is_away_is_one_sentence(filled: Home) -> None:
    done = night(filled, f"http://me:secret@127.0.0.1:{free_port()}/api")
    assert done.returncode == STOPPED
    assert re.fullmatch(r"http://…@127\.0\.0\.1:\d+/api: Prefect's server does not answer; .*\n", done.stderr)
    (told,) = (filled.data / "nights.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(told)["status"] == "stopped"
    assert "secret" not in told


def test_of_two_nights_at_once_one_is_told_that_the_other_writes(filled: Home, server: str) -> None:
    with only_writer(filled.data):
        done = night(filled, server)
    assert done.returncode == STOPPED
    assert f"process {os.getpid()} " in done.stderr
    assert done.stderr.count("\n") == 1
    assert night(filled, server).returncode == 0


@contextmanager
def scheduled(home: Home, url: str, *words: str, ended_by: Sequence[signal.Signals]) -> Iterator[list[str]]:
    """`hipdrive schedule` while it runs, and what it said until it stood; then it is told to end, at once or twice."""
    errors = home.folder / "errors.txt"
    command = [HIPDRIVE, "schedule", *words, "--home", str(home.folder)]
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**environment(url), "PYTHONUNBUFFERED": "1"},
        )
    try:
        assert process.stdout is not None
        said = [process.stdout.readline()]
        said.append(process.stdout.readline())
        yield said
        for number in ended_by:
            process.send_signal(number)
            time.sleep(0.05)
        assert process.wait(30) == 0
        assert process.stdout.read().splitlines()[-1].startswith("Stopped by you; ")
        assert "Traceback" not in errors.read_text(encoding="utf-8")
    finally:
        process.kill()
        process.communicate()


def test_a_schedule_speaks_once_its_deployment_stands_and_makes_up_for_a_night(filled: Home, server: str) -> None:
    filled.settings_file.write_text('[athlete]\ntime_zone = "Europe/Berlin"\n', encoding="utf-8")
    with scheduled(filled, server, "--at", "03:30", ended_by=[signal.SIGTERM]) as said:
        name = "-".join(filled.folder.parts[1:])
        found = {one["name"]: one for one in asked(server, "deployments/filter")}[name]
        assert said[0].startswith("Every day at 03:30 (Europe/Berlin) hipdrive runs for ")
        assert re.fullmatch(r"Next: (\d{4}-\d\d-\d\d 03:30(, |\.\n)){3}", said[1])
        assert found["schedules"][0]["schedule"]["cron"] == "30 3 * * *"
    told = {"run_id": "x", "started_utc": "2026-01-01T00:00:00+00:00", "finished_utc": "2026-01-01T00:01:00+00:00"}
    rest = {f"seconds_{stage}": 0.0 for stage in ("ingest", "measure", "estimate", "report")}
    row = {**told, **rest, "status": "done", "sources_new": 0, "quarantined": 0, "version": "0", "message": None}
    (filled.data / "nights.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    with scheduled(filled, server, "--at", "03:30", ended_by=[signal.SIGINT, signal.SIGINT]):
        until = time.monotonic() + 90
        while not filled.newest_page.is_file() and time.monotonic() < until:
            time.sleep(0.5)
        assert filled.newest_page.is_file()
