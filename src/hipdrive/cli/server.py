"""Prefect as a home uses it: its settings, the server that the user named, or one of the home's own.

A flow without a server runs against a temporary one, which schedules nothing; so `hipdrive schedule` has its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from hipdrive.cli.console import Common
from hipdrive.errors import LockedHome, ServerDidNotStart, ServerUnreachable
from hipdrive.settings import Home
from hipdrive.warehouse import only_writer

_HOST = "127.0.0.1"
_START_WITHIN_S = 600  # a machine that is busy with other things needs minutes
_STOP_WITHIN_S = 20
_ANSWER_WITHIN_S = 10
_KEPT_DAYS = 30  # of what a server remembers of nights; the home's own list is data/nights.jsonl
# What temporary servers remember of nights is seen by nobody; about 250 nights' worth.
LARGEST_MEMORY_BYTES = 64_000_000
_DATABASE = "PREFECT_API_DATABASE_CONNECTION_URL"


def use_prefect(home: Path, common: Common, level: str = "CRITICAL") -> None:
    """Prefect's settings, before it is imported: all it writes stays in the home, and it calls nobody.

    Raises:
        ServerUnreachable: the environment names a server that does not answer.
    """
    url = os.environ.get("PREFECT_API_URL")
    if url and not _answers(url):
        raise ServerUnreachable(url)
    os.environ["DO_NOT_TRACK"] = "1"
    os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] = "false"
    folder = home.resolve() / "data" / ".prefect"
    if not url and "PREFECT_HOME" not in os.environ:
        _forget_much(folder)
    os.environ.setdefault("PREFECT_HOME", str(folder))
    # A first start makes Prefect's database, which takes up to 20 s; its own limit is just that.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
    # Errors are told by this program, in one sentence.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "DEBUG" if common.debug else level)
    os.environ.setdefault("PREFECT_INTERNAL_LOGGING_LEVEL", "DEBUG" if common.debug else level)


def _forget_much(folder: Path) -> None:
    """Let the temporary servers begin anew once they remember too much: a temporary server prunes no runs."""
    database = folder / "prefect.db"
    if not database.is_file() or database.stat().st_size <= LARGEST_MEMORY_BYTES:
        return
    with contextlib.suppress(LockedHome), only_writer(folder.parent):
        for end in ("", "-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)


@contextmanager
def own_server(home: Home) -> Iterator[None]:
    """Run a server on this machine's loopback and point this process to it; nothing, if the user named one already.

    Raises:
        ServerDidNotStart: it did not answer in time.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    port = _free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port), "--no-ui"]
    environment = {
        # Apart from that of temporary servers, which is thrown away when it has grown.
        _DATABASE: f"sqlite+aiosqlite:///{home.data / '.prefect' / 'schedule.db'}",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(_KEPT_DAYS * 86_400),
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        **os.environ,
    }
    said = home.data / ".prefect" / "server.log"
    said.parent.mkdir(parents=True, exist_ok=True)
    # Into a file: a pipe that nobody reads is full one day, and the server then waits for ever.
    with said.open("wb") as log, _running(command, environment, log) as server:
        url = f"http://{_HOST}:{port}/api"
        _wait_until_it_answers(server, url, said)
        os.environ["PREFECT_API_URL"] = url
        yield


@contextmanager
def _running(command: list[str], environment: dict[str, str], log: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=environment)  # noqa: S603
    try:
        yield server
    finally:
        with undisturbed():
            server.terminate()
            try:
                server.wait(_STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@dataclass
class StopRequest:
    """Whether this process was told to end, by SIGINT or SIGTERM. More of them disturb no clearing up.

    Attributes:
        is_set: whether it was.
        is_awaited: whether somebody looks at `is_set` now and then; before that the first signal is a
            KeyboardInterrupt as well.
    """

    is_set: bool = False
    is_awaited: bool = False

    def __call__(self, *_: object) -> None:
        """Take a signal."""
        is_first, self.is_set = not self.is_set, True
        if is_first and not self.is_awaited:
            raise KeyboardInterrupt


@contextmanager
def until_asked_to_stop() -> Iterator[StopRequest]:
    """What is inside ends when it is told to, and that is no error."""
    stop = StopRequest()
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    except BaseException:  # libraries make errors of their own of it where it meets them
        if not stop.is_set:
            raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is short and must be done is not broken off by a second Ctrl-C, nor by being told to end once more."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(server: subprocess.Popen[bytes], url: str, said: Path) -> None:
    until = time.monotonic() + _START_WITHIN_S
    while time.monotonic() < until:
        if server.poll() is not None:
            last = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            raise ServerDidNotStart(last[0] if last else f"it ended with code {server.returncode}")
        if _answers(url):
            return
        time.sleep(0.5)
    raise ServerDidNotStart(f"it did not answer within {_START_WITHIN_S} s")


def _answers(url: str) -> bool:
    """Whether a server answers at all; whether it lets us in is for Prefect to find out."""
    try:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=_ANSWER_WITHIN_S)
        with contextlib.closing(connection):
            connection.request("GET", f"{parts.path.rstrip('/')}/health")
            return connection.getresponse().status < 500  # noqa: PLR2004  HTTP's words for "not now"
    except (OSError, HTTPException, ValueError):
        return False
