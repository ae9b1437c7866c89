"""A worker of a team's night is killed with `kill -9` while it is at work; then every athlete is looked at.

Run by hand: `python -m benchmarks.team_kills --athletes 8`. The claim: all athletes done or listed, no row lost or
double, the command ends by itself.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.warehouse import ask

HEAD = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
SETS = 3


def make(folder: Path, athletes: int) -> Home:
    """A home whose athletes have a log of three sets each."""
    names = [f"a{number:03}" for number in range(athletes)]
    (folder / SETTINGS_FILE).write_text('[engine]\nkind = "dask"\nworkers = 2\n', encoding="utf-8")
    (folder / "athletes.csv").write_text("id\n" + "\n".join(names) + "\n", encoding="utf-8")
    for name in names:
        own = folder / "data" / "inbox" / name
        own.mkdir(parents=True)
        rows = [f"2026-03-0{day} 18:00:00,Gym,1h,Squat,1,60,5,0,0,,,\n" for day in range(1, SETS + 1)]
        (own / "strong.csv").write_text(HEAD + "".join(rows), encoding="utf-8")
    return Home(folder)


def workers_of(process: int) -> list[int]:
    """Dask's workers below a process: those started by a nanny, which multiprocessing spawned."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().decode(errors="replace")
            parent = int((place / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent == process and "spawn_main" in words:
            found.append(int(place.name))
    return sorted(found)


def main() -> None:
    """Make, start, kill as soon as the first athlete is done, wait, look."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--athletes", type=int, default=8)
    parser.add_argument("--kills", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = make(Path(folder), wanted.athletes)
        command = [sys.executable, "-m", "hipdrive", "team", "nightly", "--home", folder]
        began = time.monotonic()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as night:  # noqa: S603
            killed: list[int] = []
            while night.poll() is None and len(killed) < wanted.kills:
                done = len(list(home.shards.glob("*/hipdrive.duckdb")))
                fresh = [one for one in workers_of(night.pid) if one not in killed]
                if done > len(killed) and fresh:
                    os.kill(fresh[0], signal.SIGKILL)
                    killed.append(fresh[0])
                time.sleep(0.2)
            said = night.communicate()[0]
        counts = ask(home, "SELECT athlete_id, count(*) FROM strength_sets GROUP BY ALL ORDER BY ALL").rows()
        others = [one for one in counts if one[1] != SETS]
        print(f"killed {killed}, exit {night.returncode} after {time.monotonic() - began:.0f} s")
        print(f"{len(counts) - len(others)} of {wanted.athletes} athletes have their {SETS} sets; others: {others}")
        print("\n".join(said.splitlines()[-8:]))


if __name__ == "__main__":
    main()
