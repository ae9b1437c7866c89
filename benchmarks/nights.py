"""What a night costs, by what it has to do: CPU seconds beside a yardstick of the same run.

    nothing new                    the command; and of it what is ours, imports apart
    a new day without news         the page alone is drawn again; a new week is estimated, too
    one new run                    at 1, 3 and 10 years of history: bare, the estimate apart; under Prefect with a
                                   temporary server (a child, counted) and with one that runs already (not counted)
    a first night of 600 files     one record a second, with estimate and page: its peak memory too
    start-up                       of each command that runs no flow

Each measurement is a process of its own, its CPU time with that of its children the system's word, the least of
`--times`. The yardstick is importing polars, duckdb and scipy. Homes are made once and kept where `--folder` is given.
By hand, on a quiet machine: `python -m benchmarks.nights`; with `--years 1` and `--first 0` it takes minutes only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.ingest import made_run, new_home
from hipdrive.cli.console import COMMON
from hipdrive.cli.server import own_server, use_prefect
from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.settings import SETTINGS_FILE, Home

LAST_DAY = date(2026, 11, 15)
YEARS = (1, 3, 10)
FIRST = 600  # files of a first night
YARDSTICK = "import polars, duckdb, scipy.stats, scipy.optimize"
START = """
import json, sys, time
from datetime import date
from pathlib import Path
from hipdrive.lean import collect_garbage_seldom, load_dataframely_alone, use_one_thread
use_one_thread()
collect_garbage_seldom()
load_dataframely_alone()
"""
END = """
peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) // 1024
print(json.dumps({**spent, "peak_mb": peak}))
"""
QUIET = (
    START
    + """
from hipdrive.night.work import Work, quiet_night, work_ahead
from hipdrive.settings import Home
home = Home(Path(sys.argv[1]))
began = time.process_time()
ahead = work_ahead(home)
if ahead is None or ahead.work is not Work.NOTHING:
    sys.exit(f"there is work: {ahead}")
quiet_night(home)
spent = {"ours": time.process_time() - began}
"""
    + END
)
NIGHT = (
    START
    + """
from hipdrive.night import commands
from hipdrive.settings import Home
spent = {}
def perform(step, work):
    began = time.process_time()
    work()
    spent[step.name] = spent.get(step.name, 0.0) + time.process_time() - began
commands.nightly(Home(Path(sys.argv[1])), date.fromisoformat(sys.argv[2]), perform=perform)
"""
    + END
)
FLOW = (
    START
    + """
from hipdrive.cli.console import COMMON
from hipdrive.cli.server import use_prefect
use_prefect(Path(sys.argv[1]), COMMON)
from hipdrive.flows.nightly import nightly
nightly(sys.argv[1], sys.argv[2])
spent = {}
"""
    + END
)
COMMANDS = {
    "--version": ("--version",),
    "sql": ("sql", "SELECT 1"),
    "sources": ("sources",),
    "exercises": ("exercises",),
    "exercises Squat": ("exercises", "Squat"),
    "doctor": ("doctor",),
    "plan": ("plan",),
}


@dataclass(frozen=True)
class Taken:
    """What one process took: CPU seconds with its children, and what it told."""

    cpu_s: float
    told: dict[str, float]


def run(*words: str, good: tuple[int, ...] = (0,)) -> Taken:
    """One process of this Python, from its start to its end."""
    process = subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)  # noqa: S603
    said = process.stdout.read() if process.stdout else ""
    wrong = process.stderr.read() if process.stderr else ""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        raise SystemExit(wrong or f"code {process.returncode}")
    last = said.strip().splitlines()[-1:]
    told = json.loads(last[0]) if last and last[0].startswith("{") else {}
    return Taken(used.ru_utime + used.ru_stime, told)


def least(times: int, once: Callable[[], Taken]) -> Taken:
    """The cheapest of some runs."""
    return min((once() for _ in range(times)), key=lambda taken: taken.cpu_s)


@contextmanager
def copy_of(home: Path) -> Iterator[Path]:
    """A copy to be used up."""
    place = home.with_name(home.name + ".copy")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(home, place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def home_of(years: int, folder: Path) -> tuple[Path, bytes]:
    """A home with a history of so many years after a night, and the bytes of the run that is new."""
    place, new = folder / f"{years}", folder / f"{years}.fit"
    if new.is_file():
        return place, new.read_bytes()
    inbox = place / "data" / "inbox"
    inbox.mkdir(parents=True)
    runner = make_runner(weeks=52 * years, seed=1, end=LAST_DAY)
    (place / SETTINGS_FILE).write_text(f'[athlete]\ntime_zone = "{runner.athlete.time_zone}"\n', encoding="utf-8")
    before, last = (f"{run.start:%Y-%m-%d-%H%M}-run.fit" for run, *_ in runner.runs[-2:])
    content = dict(runner.files)
    for name in content.keys() - {before, last}:
        (inbox / name).write_bytes(content[name])
    commands.nightly(Home(place), LAST_DAY)
    # The night after a large one writes the file anew without its free blocks; the one after that is like most.
    (inbox / before).write_bytes(content[before])
    commands.nightly(Home(place), LAST_DAY)
    new.write_bytes(content[last])
    return place, content[last]


class Table:
    """The table as it grows: each line beside the yardstick, which is measured anew."""

    def __init__(self, times: int) -> None:
        """Start it."""
        self.times = times
        print("| what | CPU s | yardsticks | asked | |\n| --- | --: | --: | --: | --- |", flush=True)

    def add(self, what: str, cpu_s: float, asked: str = "", more: str = "") -> None:
        """A line."""
        yardstick = least(self.times, lambda: run("-c", YARDSTICK)).cpu_s
        print(f"| {what} | {cpu_s:.2f} | {cpu_s / yardstick:.2f} | {asked} | {more} |", flush=True)


def quiet(table: Table, home: Path) -> None:
    """Nights without news: of a day that had one, and of a new day."""
    with copy_of(home) as place:
        run("-m", "hipdrive", "nightly", "--home", str(place), good=(0, 1))  # of today, as the command sees it
        whole = least(table.times, lambda: run("-m", "hipdrive", "nightly", "--home", str(place), good=(0, 1)))
        table.add("nothing new", whole.cpu_s, "1.5")
        table.add("of it ours", least(table.times, lambda: run("-c", QUIET, str(place))).told["ours"], "0.3")
        today = datetime.now(UTC).date()
        monday = today + timedelta(days=7 - today.weekday())
        new_week = run("-c", NIGHT, str(place), monday.isoformat())
        table.add("a new week without news (its row is made, and estimated)", new_week.cpu_s)
        days = iter(monday + timedelta(days=number) for number in range(1, 7))
        new_day = least(min(table.times, 6), lambda: run("-c", NIGHT, str(place), next(days).isoformat()))
        table.add("a new day without news", new_day.cpu_s, "3.5", f"page {new_day.told['draw']:.1f}")


def one_new_run(table: Table, years: int, home: Path, new: bytes) -> None:
    """One new run: bare, under Prefect, and with a server that runs."""

    def night(script: str) -> Taken:
        with copy_of(home) as place:
            (place / "data" / "inbox" / "new.fit").write_bytes(new)
            return run("-c", script, str(place), LAST_DAY.isoformat())

    of_years = f"{years} year{'s' if years > 1 else ''}"
    bare = least(table.times, lambda: night(NIGHT))
    without = bare.cpu_s - bare.told["estimate"]
    peak = f"peak {bare.told['peak_mb']} MB, estimate {bare.told['estimate']:.1f}, page {bare.told['draw']:.1f}"
    table.add(f"one new run at {of_years}, bare, without the estimate", without, "4", peak)
    own = least(table.times, lambda: night(FLOW))
    table.add(f"Prefect's share at {of_years}, a temporary server with it", own.cpu_s - bare.cpu_s)
    use_prefect(home, COMMON)
    with own_server(Home(home)):
        served = least(table.times, lambda: night(FLOW))
    del os.environ["PREFECT_API_URL"], os.environ["PREFECT_HOME"]
    table.add(f"Prefect's share at {of_years}, with a running server", served.cpu_s - bare.cpu_s, "3")


def first_night(table: Table, files: int, folder: Path) -> None:
    """Many files at once, with estimate and page."""
    home = folder / f"first{files}"
    inbox = new_home(home)
    for number in range(files):
        (inbox / f"{number:05d}.fit").write_bytes(made_run(number))
    began = time.monotonic()
    taken = run("-c", NIGHT, str(home), LAST_DAY.isoformat())
    steps = ", ".join(f"{step} {value:.1f}" for step, value in taken.told.items() if step != "peak_mb")
    more = f"peak {taken.told['peak_mb']} MB (700), {time.monotonic() - began:.0f} s; {steps}"
    table.add(f"a first night of {files} files", taken.cpu_s, "", more)
    shutil.rmtree(home)


def start_up(table: Table, home: Path) -> None:
    """Commands that run no flow."""
    for name, words in COMMANDS.items():
        where = () if name == "--version" else ("--home", str(home))
        taken = least(table.times, lambda: run("-m", "hipdrive", *words, *where, good=(0, 1)))  # noqa: B023  at once
        table.add(f"`{name}`", taken.cpu_s, "0.6" if name in {"sql", "sources", "exercises"} else "")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--years", type=int, nargs="*", default=YEARS)
    parser.add_argument("--first", type=int, default=FIRST, help="files of a first night; 0: none")
    parser.add_argument("--folder", type=Path, help="where homes are made, and kept for another time")
    wanted = parser.parse_args()
    os.environ.pop("PREFECT_API_URL", None)
    with nullcontext(wanted.folder) if wanted.folder else tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        table = Table(wanted.times)
        table.add("importing polars, duckdb, scipy", least(wanted.times, lambda: run("-c", YARDSTICK)).cpu_s)
        for place, years in enumerate(wanted.years):
            home, new = home_of(years, folder)
            if place == 0:
                start_up(table, home)
                quiet(table, home)
            one_new_run(table, years, home, new)
        if wanted.first:
            first_night(table, wanted.first, folder)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


if __name__ == "__main__":
    main()
