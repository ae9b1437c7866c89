"""A disk without room: the night stops in one sentence, everything is last night's, and the next night is whole.

The disk is a small one in memory, in a namespace of its own that any user may make where the system allows it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hipdrive.demo import make_sample
from hipdrive.night import commands
from hipdrive.settings import Home
from tests.flow.test_broken_off import TONIGHT

STOPPED = 3
APART = ["unshare", "--user", "--map-root-user", "--mount"]
# Mounts the disk, fills it but for so many bytes, lets the words run there, makes room, and lets them run again.
ON_A_SMALL_DISK = """
import shutil, subprocess, sys
from pathlib import Path
disk, home, room, words = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)], check=True)
shutil.copytree(home, disk / "home")
file = disk / "home" / "data" / "hipdrive.duckdb"
before = file.read_bytes()
ballast = disk / "ballast"
ballast.write_bytes(bytes(shutil.disk_usage(disk).free - room))
first = subprocess.run([sys.executable, "-m", "hipdrive", *words], capture_output=True, text=True, cwd=disk / "home")
print(first.returncode, file.read_bytes() == before, sorted(path.name for path in file.parent.glob("*.next*")), sep="|")
print(first.stderr.strip())
ballast.unlink()
again = subprocess.run([sys.executable, "-m", "hipdrive", *words], capture_output=True, text=True, cwd=disk / "home")
print(again.returncode, file.read_bytes() == before, sep="|")
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after a night, with a file that waits for the next."""
    disk = tmp_path_factory.mktemp("disk")
    tried = [*APART, "mount", "-t", "tmpfs", "tmpfs", str(disk)]
    if shutil.which("unshare") is None or subprocess.run(tried, capture_output=True, check=False).returncode:
        pytest.skip("this system lets nobody mount a disk of their own")
    folder = tmp_path_factory.mktemp("full") / "home"
    (folder / "data" / "inbox").mkdir(parents=True)
    (folder / "hipdrive.toml").write_text("", encoding="utf-8")
    home = Home(folder)
    *first, last = make_sample()
    for name, content in first:
        (home.inbox / name).write_bytes(content)
    commands.nightly(home, TONIGHT)
    (home.inbox / last[0]).write_bytes(last[1])
    return folder


def on_a_small_disk(filled: Path, place: Path, room: int, *words: str) -> list[str]:
    """What was seen, line by line: the first try, what it said but for how far it had come, the second try."""
    disk = place / "disk"
    disk.mkdir()
    command = [*APART, sys.executable, "-c", ON_A_SMALL_DISK, str(disk), str(filled), str(room), *words]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout.splitlines()
    return [line for line in lines if not re.search(r" …$|: \d+ of \d+$", line)]


@pytest.mark.parametrize("room", ["nothing", "the copy and little more"])
def test_a_full_disk_stops_a_night_and_the_next_is_whole(filled: Path, tmp_path: Path, room: str) -> None:
    size = (filled / "data" / "hipdrive.duckdb").stat().st_size
    free = 0 if room == "nothing" else size + 100_000
    seen = on_a_small_disk(filled, tmp_path, free, "ingest", "data/inbox")
    assert seen[0].startswith(f"{STOPPED}|True|")
    (told,) = seen[1:-1]
    assert "the disk is full; make room, then run this again. The warehouse and the report are as they were." in told
    assert seen[-1] == "0|False"


def test_a_full_disk_takes_no_answer_half(filled: Path, tmp_path: Path) -> None:
    query = "SELECT * FROM samples CROSS JOIN range(4)"
    seen = on_a_small_disk(filled, tmp_path, 40_000, "sql", query, "--format", "csv", "--out", "answer.csv")
    assert seen[0].startswith(f"{STOPPED}|True|[]")
    (told,) = seen[1:-1]
    assert "the disk is full" in told
    assert seen[-1] == "0|True"
