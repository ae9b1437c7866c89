"""A team's nights on Dask's workers and Prefect's server, for real, of which each time one is killed with `kill -9`.

Run by hand: `python -m benchmarks.team_kills --nights 10`. A worker dies in the middle of a batch (its replacement
starts 30 s late on purpose), the scheduler, the server of Prefect, or the whole command; on this machine's own cluster
and on one apart by itself; at several moments of the night; while four readers ask the catalogue. Claimed: the
command ends by itself; every athlete is done or listed; after the next night no row is lost or double; no task is left
running in Prefect; the workers are as many as before; no reader ever met an error or a mix of two nights.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import distributed

from benchmarks.team import make_home
from hipdrive.night import commands
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.warehouse import ask

HEAD = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
SETS, READERS, WORKERS, LATE_S = 3, 4, 2, 30
FIRST_DAY = date(2026, 11, 16)  # after the made runner's last
ENDS_WITHIN_S, BACK_WITHIN_S = 900, 240
# On the path of every Python that a night starts: a worker that starts while the mark is there is late.
LATE = f"""
import os, sys, time
if any("spawn_main" in word for word in sys.orig_argv) and os.path.exists(os.environ.get("LATE_MARK", "")):
    time.sleep({LATE_S})
"""
READER = """
import os, sys, time
from pathlib import Path
from hipdrive.settings import Home
from hipdrive.warehouse import connect

home, stop = Home(Path(sys.argv[1])), Path(sys.argv[2])
QUERY = '''
WITH s AS (SELECT athlete_id, sum(hip_dose) AS dose FROM strength_sets GROUP BY ALL),
w AS (SELECT athlete_id, sum(hip_dose) AS dose, sum(runs_all) AS runs FROM weeks GROUP BY ALL),
r AS (SELECT athlete_id, count(*) AS runs FROM runs GROUP BY ALL)
SELECT count(*) FILTER (WHERE abs(s.dose - w.dose) > 1e-6 OR w.runs <> r.runs), count(*)
FROM w LEFT JOIN s USING (athlete_id) LEFT JOIN r USING (athlete_id)
'''
reads = mixed = errors = 0
fewest, campaign = 10**9, os.getppid()
while not stop.exists() and os.getppid() == campaign:  # a campaign that was broken off leaves none behind
    try:
        connection = connect(home)
        odd, athletes = connection.execute(QUERY).fetchall()[0]
        connection.close()
        reads, mixed, fewest = reads + 1, mixed + bool(odd), min(fewest, athletes)
    except Exception as error:
        errors += 1
        print(f"reader: {type(error).__name__}: {error}", file=sys.stderr)
    time.sleep(0.3)
print(reads, mixed, errors, fewest)
"""
# Victim, whether on a cluster apart by itself, and after how many athletes; -1: as the catalogue is made.
POINTS = (
    *(("worker", False, done) for done in (0, 1, 2, 3)),
    *(("command", False, done) for done in (0, 2, -1)),
    *(("server", False, done) for done in (0, 1, 2, -1)),
    *(("worker", True, done) for done in (0, 1, 2)),
    *(("scheduler", True, done) for done in (0, 1, 3)),
    *(("server", True, done) for done in (0, 1, 2)),
)


def children(parent: int, word: str) -> list[int]:
    """Processes below a process, of whatever depth, whose command has a word in it."""
    parents: dict[int, tuple[int, str]] = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().decode(errors="replace")
            parents[int(place.name)] = (int((place / "stat").read_text().rsplit(")", 1)[1].split()[1]), words)
        except (OSError, IndexError):
            continue

    def is_below(one: int) -> bool:
        while one in parents:
            one = parents[one][0]
            if one == parent:
                return True
        return False

    return sorted(one for one, (_, words) in parents.items() if word in words and is_below(one))


def free_port() -> int:
    """Of this machine's loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class SeparateCluster:
    """Server, scheduler and workers that stand by themselves, each in a session of its own."""

    folder: Path
    env: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.api, self.port = free_port(), free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.database = self.folder / "prefect.db"
        self.env = self.env | {
            "PREFECT_API_URL": f"http://127.0.0.1:{self.api}/api",
            "PREFECT_HOME": str(self.folder / "prefect"),
            "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{self.database}",
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "DO_NOT_TRACK": "1",
            "POLARS_MAX_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }

    def start(self, what: str) -> None:
        """One of the three, unless it runs."""
        if what in self.running and self.running[what].poll() is None:
            return
        dask, prefect = [sys.executable, "-m", "dask"], [sys.executable, "-m", "prefect"]
        scratch = ["--local-directory", str(self.folder)]
        commands_ = {
            "server": [*prefect, "server", "start", "--host", "127.0.0.1", "--port", str(self.api), "--no-ui"],
            "scheduler": [*dask, "scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard"],
            "worker": [*dask, "worker", self.address, "--nworkers", str(WORKERS), "--nthreads", "1", *scratch],
        }
        with (self.folder / f"{what}.log").open("ab") as log:
            self.running[what] = subprocess.Popen(  # noqa: S603
                commands_[what], env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        port = {"server": self.api, "scheduler": self.port}.get(what)
        wait(lambda: port is None or listens(port), BACK_WITHIN_S)

    def all_start(self) -> None:
        """Whatever does not run, and workers that are there."""
        for what in ("server", "scheduler", "worker"):
            self.start(what)
        self.workers_back()

    def workers(self) -> int:
        """How many the scheduler knows."""
        try:
            with distributed.Client(self.address, timeout="20s", set_as_default=False) as client:
                return len(client.scheduler_info(n_workers=-1)["workers"])
        except OSError:
            return 0

    def workers_back(self) -> int:
        """How many there are once they are as many as before, or after a while."""

        def are_back() -> bool:
            self.start("worker")  # which ends by itself when its scheduler died
            return self.workers() == WORKERS

        wait(are_back, BACK_WITHIN_S)
        return self.workers()

    def kill(self, what: str) -> None:
        """One worker's process, or all of the server or scheduler."""
        process = self.running[what].pid
        if what == "worker":
            os.kill(random.choice(children(process, "spawn_main")), signal.SIGKILL)  # noqa: S311
        else:
            os.killpg(process, signal.SIGKILL)
            self.running[what].wait()

    def stop(self) -> None:
        """All of it."""
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def listens(port: int) -> bool:
    """Whether somebody answers on a port of the loopback."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


def wait(until: Callable[[], bool], within_s: float) -> bool:
    """For something to be so."""
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if until():
            return True
        time.sleep(0.5)
    return False


def put_logs(home: Home, night: int) -> None:
    """One more log of some sets for everybody."""
    day = FIRST_DAY + timedelta(days=night)
    rows = "".join(f"{day} 18:00:00,Gym,1h,Squat,{order},60,5,0,0,,,\n" for order in range(1, SETS + 1))
    for athlete in athletes(home):
        (home.inbox / athlete / f"night-{night}.csv").write_text(HEAD + rows, encoding="utf-8")


def athletes(home: Home) -> list[str]:
    """Those with an inbox of their own."""
    return sorted(one for one in home.members if (home.inbox / one).is_dir())


def rows_of(home: Home, night: int) -> dict[str, tuple[int, int]]:
    """Of each athlete, by their own file: rows of that night's log and of those before, and how many are the same."""
    days = f"local_date BETWEEN '{FIRST_DAY}' AND '{FIRST_DAY + timedelta(days=night)}'"
    query = f"SELECT count(*), count(DISTINCT (local_date, set_index)) FROM strength_sets WHERE {days}"
    return {one: ask(home, query, one).rows()[0] for one in athletes(home)}


def left_running(database: Path) -> int:
    """Tasks that Prefect believes to run, or to be about to."""
    if not database.exists():
        return 0
    with sqlite3.connect(database, timeout=60) as opened:
        return int(
            opened.execute("SELECT count(*) FROM task_run WHERE state_type IN ('RUNNING', 'PENDING')").fetchone()[0]
        )


def is_reached(home: Home, done: int, began: float) -> bool:
    """Whether a night is where it is to be met."""
    if done == -1:
        return home.warehouse_file.with_name("hipdrive.duckdb.next").exists()
    if done == 0:
        return any(home.shards.glob("*/hipdrive.duckdb.next"))
    files = [home.of(one).warehouse_file for one in athletes(home)]
    return sum(file.stat().st_mtime > began for file in files) >= done


def killed_night(
    home: Home, point: tuple[str, bool, int], separate: SeparateCluster, env: dict[str, str], night: int
) -> str:
    """One night in which something dies, and what is found after it."""
    victim, is_apart, done = point
    env = separate.env if is_apart else env
    mark, stop, said = home.folder / "late", home.folder / "stop", home.folder / "said.txt"
    engine = f'address = "{separate.address}"' if is_apart else f"workers = {WORKERS}"
    (home.folder / SETTINGS_FILE).write_text(f'[athlete]\n[engine]\nkind = "dask"\n{engine}\n', encoding="utf-8")
    home = Home(home.folder)
    put_logs(home, night)
    for file in (mark, stop):
        file.unlink(missing_ok=True)
    ask_on = [sys.executable, "-c", READER, str(home.folder), str(stop)]
    readers = [subprocess.Popen(ask_on, stdout=subprocess.PIPE, text=True) for _ in range(READERS)]  # noqa: S603
    began, clock = time.time(), time.monotonic()
    command = [sys.executable, "-m", "hipdrive", "team", "nightly", "--home", str(home.folder)]
    with said.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603
            command, stdout=out, stderr=out, env=env | {"LATE_MARK": str(mark)}, start_new_session=True
        )
    is_met, back = False, 0
    while process.poll() is None and time.monotonic() - clock < ENDS_WITHIN_S:
        if not is_met and is_reached(home, done, began):
            time.sleep(random.random())  # noqa: S311
            mark.touch()
            is_met = kill(victim, process, separate if is_apart else None)
            if victim == "command":
                break
        if is_met and victim == "worker" and not is_apart:
            back = max(back, len(children(process.pid, "spawn_main")))
        time.sleep(0.02)
    is_stuck = process.poll() is None and victim != "command"
    with suppress(ProcessLookupError):  # what a command that was killed leaves behind, such as its server
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    stop.touch()
    took, told = time.monotonic() - clock, said.read_text(errors="replace")
    found = rows_of(home, night)
    whole = (night + 1) * SETS
    finished = [one for one, (rows, _) in found.items() if rows == whole]
    listed = [one for one in found if one not in finished and f"{one}:" in told]
    answers = [[int(word) for word in one.communicate()[0].split()[-4:]] for one in readers]
    reads, mixed, errors = (sum(column) for column in list(zip(*answers, strict=True))[:3])
    if is_apart:
        separate.all_start()
    workers = separate.workers() if is_apart else back
    running = left_running(separate.database if is_apart else home.data / ".prefect" / "schedule.db")
    commands.nightly(home)
    rows = rows_of(home, night).values()
    in_catalogue = ask(home, f"SELECT count(*) FROM strength_sets WHERE local_date >= '{FIRST_DAY}'").item()
    lost = sum(max(0, whole - each) for _, each in rows) + max(0, whole * len(found) - in_catalogue)
    double = sum(each - distinct for each, distinct in rows) + max(0, in_catalogue - whole * len(found))
    neither = len(found) - len(finished) - len(listed)
    return (
        f"night {night}, {victim}{' apart' if is_apart else ''} at {done}: {'met' if is_met else 'NOT met'}, "
        f"{'STUCK' if is_stuck else f'exit {process.returncode}'} after {took:.0f} s; {len(finished)} done, "
        f"{len(listed)} listed, {neither} neither; next night: {lost} lost, {double} double; {running} left running; "
        f"{workers} workers; {reads} reads, {errors} errors, {mixed} mixed"
        + (f"\n    {' | '.join(told.strip().splitlines()[-3:])[:600]}" if process.returncode not in (0, -9) else "")
    )


def kill(victim: str, process: subprocess.Popen[bytes], separate: SeparateCluster | None) -> bool:
    """Whether there was one to kill."""
    if separate is not None:
        separate.kill(victim)
        return True
    found = {
        "worker": lambda: children(process.pid, "spawn_main")[:1],
        "server": lambda: children(process.pid, "prefect"),
        "command": lambda: [process.pid],
    }[victim]()
    for one in found:
        os.kill(one, signal.SIGKILL)
    return bool(found)


def main() -> None:
    """Make a home a point; kill in each, night after night."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--athletes", type=int, default=4)
    parser.add_argument("--weeks", type=int, default=4)
    parser.add_argument("--nights", type=int, default=10)
    parser.add_argument("--points", type=int, nargs="*", default=range(len(POINTS)), help="only these")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        place = Path(folder)
        (place / "path").mkdir()
        (place / "path" / "sitecustomize.py").write_text(LATE, encoding="utf-8")
        path = os.pathsep.join([str(place / "path"), *sys.path[:1], os.environ.get("PYTHONPATH", "")])
        env = {**os.environ, "PYTHONPATH": path}
        (place / "made").mkdir()
        make_home(place / "made", wanted.athletes, wanted.weeks)
        separate = SeparateCluster(place, env)
        try:
            for night in range(wanted.nights):
                for number, point in enumerate(POINTS):
                    if number not in wanted.points:
                        continue
                    home = place / f"home{number}"
                    if not home.exists():
                        subprocess.run(["cp", "-a", str(place / "made"), str(home)], check=True)  # noqa: S603, S607
                    if point[1]:
                        separate.all_start()
                    print(killed_night(Home(home), point, separate, env, night), flush=True)
        finally:
            separate.stop()


if __name__ == "__main__":
    main()
