"""One writer a home at a time. The lock is the operating system's on an open file, so it falls with its process."""

from __future__ import annotations

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hipdrive.errors import LockedHome


@contextmanager
def only_writer(data: Path) -> Iterator[None]:
    """Hold `data/hipdrive.lock` while the warehouse is rebuilt; the file names the process that holds it.

    Raises:
        LockedHome: another living process holds it.
    """
    data.mkdir(parents=True, exist_ok=True)
    path = data / "hipdrive.lock"
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LockedHome(path, file.read().strip() or "another process") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)
