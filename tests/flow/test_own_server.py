"""The server that a home starts for itself: what is done where it does not start or stop, or remembers too much."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hipdrive.cli.server import _forget_much, _running, _wait_until_it_answers
from hipdrive.errors import ServerDidNotStart
from hipdrive.warehouse import only_writer

NOWHERE = "http://127.0.0.1:9/api"


@contextmanager
def started(script: str, said: Path) -> Iterator[subprocess.Popen[bytes]]:
    with said.open("wb") as log, _running(["sh", "-c", script], {}, log) as server:
        yield server


@pytest.mark.parametrize(
    ("script", "why"),
    [("echo starting; echo the port is taken >&2; exit 3", "the port is taken"), ("exit 3", "it ended with code 3")],
)
def test_a_server_that_ends_at_once_says_its_last_word(tmp_path: Path, script: str, why: str) -> None:
    said = tmp_path / "server.log"
    with started(script, said) as server:
        server.wait(10)
        with pytest.raises(ServerDidNotStart, match=why):
            _wait_until_it_answers(server, NOWHERE, said)


def test_a_server_that_never_answers_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hipdrive.cli.server._START_WITHIN_S", 0.1)
    said = tmp_path / "server.log"
    with started("exec sleep 60", said) as server, pytest.raises(ServerDidNotStart, match="did not answer within"):
        _wait_until_it_answers(server, NOWHERE, said)
    assert server.returncode is not None


def test_a_server_that_will_not_stop_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hipdrive.cli.server._STOP_WITHIN_S", 0.1)
    said = tmp_path / "server.log"
    with started("trap '' TERM; echo up; while :; do sleep 0.1; done", said) as server:
        until = time.monotonic() + 10
        while not said.read_bytes() and time.monotonic() < until:
            time.sleep(0.01)
    assert server.returncode == -9


def test_a_memory_that_has_grown_large_is_begun_anew_while_nobody_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data" / ".prefect"
    folder.mkdir(parents=True)
    files = [folder / name for name in ("prefect.db", "prefect.db-wal", "schedule.db")]
    for file in files:
        file.write_bytes(bytes(100))
    _forget_much(folder)
    assert all(file.is_file() for file in files)
    monkeypatch.setattr("hipdrive.cli.server.LARGEST_MEMORY_BYTES", 99)
    with only_writer(tmp_path / "data"):
        _forget_much(folder)
    assert all(file.is_file() for file in files)
    _forget_much(folder)
    assert [file.is_file() for file in files] == [False, False, True]
