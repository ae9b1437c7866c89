"""A schedule seen to fire: three times running, stopped, started again, three times more; then its server is killed.

A real `hipdrive schedule --every 1` with a server of its own: each firing is a line of `data/nights.jsonl`. By hand,
it takes about ten minutes: `python -m benchmarks.schedule`.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hipdrive.demo import make_sample

HIPDRIVE = str(Path(sys.executable).with_name("hipdrive"))
FIRINGS = 3
WITHIN_S = 400


def nights(home: Path) -> list[datetime]:
    """When each night so far began."""
    file = home / "data" / "nights.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return [datetime.fromisoformat(json.loads(line)["started_utc"]) for line in lines]


def start(home: Path) -> subprocess.Popen[str]:
    """A schedule that has said when it fires."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "HIPDRIVE"))}
    began = time.monotonic()
    process = subprocess.Popen(  # noqa: S603
        [HIPDRIVE, "schedule", "--every", "1", "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**clean, "PYTHONUNBUFFERED": "1"},
    )
    if process.stdout is None:
        raise RuntimeError("no output to read")
    process.stdout.readline()
    said = process.stdout.readline().strip()
    print(f"stands after {time.monotonic() - began:.0f} s; {said}", flush=True)
    return process


def see(home: Path, wanted: int) -> None:
    """Wait until so many nights were told, and print when they began."""
    until = time.monotonic() + WITHIN_S
    while len(nights(home)) < wanted:
        if time.monotonic() > until:
            raise RuntimeError(f"{len(nights(home))} of {wanted} nights within {WITHIN_S} s")
        time.sleep(1)
    told = nights(home)
    apart = [round((later - earlier) / timedelta(seconds=1)) for earlier, later in pairwise(told)]
    print(f"{len(told)} nights; seconds between their starts: {apart}", flush=True)


def server_of(process: subprocess.Popen[str]) -> int:
    """The process of the schedule's own server."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text, command = status.read_text(), status.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if f"PPid:\t{process.pid}\n" in text and b"server" in command:
            return int(status.parent.name)
    raise RuntimeError("the schedule has no server")


def main() -> None:
    """Watch it fire."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        (home / "data" / "inbox").mkdir(parents=True)
        (home / "hipdrive.toml").write_text("", encoding="utf-8")
        for file, content in make_sample():
            (home / "data" / "inbox" / file).write_bytes(content)
        for round_ in (1, 2):
            process = start(home)
            see(home, FIRINGS * round_)
            process.send_signal(signal.SIGTERM)
            print(f"stopped with code {process.wait(60)}", flush=True)
        process = start(home)
        os.kill(server_of(process), signal.SIGKILL)
        began = time.monotonic()
        code = process.wait(WITHIN_S)
        print(f"its server killed, the schedule ended after {time.monotonic() - began:.0f} s with code {code}")


if __name__ == "__main__":
    main()
