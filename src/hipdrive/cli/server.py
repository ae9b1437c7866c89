"""A Prefect server of this home's own, for `hipdrive schedule`: a temporary one runs flows but schedules none."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

from hipdrive.errors import ServerDidNotStart

_HOST = "127.0.0.1"
_START_WITHIN_S = 180
_STOP_WITHIN_S = 20


@contextmanager
def own_server() -> Iterator[None]:
    """Run a server on this machine's loopback and point this process to it; nothing, if the user named one already.

    Raises:
        ServerDidNotStart: it did not answer in time.
    """
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    port = _free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", _HOST, "--port", str(port), "--no-ui"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            _wait_until_it_answers(server, port)
            os.environ["PREFECT_API_URL"] = f"http://{_HOST}:{port}/api"
            yield
        finally:
            server.terminate()
            try:
                server.wait(_STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(server: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + _START_WITHIN_S
    while time.monotonic() < until:
        if server.poll() is not None:
            last = (server.stderr.read() if server.stderr else "").strip().splitlines()[-1:]
            raise ServerDidNotStart(last[0] if last else f"it ended with code {server.returncode}")
        try:
            connection = HTTPConnection(_HOST, port, timeout=2)
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:  # noqa: PLR2004  HTTP's word for well
                return
        except (OSError, HTTPException):
            pass
        time.sleep(0.5)
    raise ServerDidNotStart(f"it did not answer within {_START_WITHIN_S} s")
