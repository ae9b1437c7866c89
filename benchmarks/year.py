"""A year of nights: a new run each night, a longer strength log each week, and thirty nights on which something fails.

The runner is made up; their runs are moved to one a day. Every night is a process of its own, whose CPU time, that of
its children included, is the system's word, and its peak memory its own (`VmHWM`); every 15th goes through the real
flow, against one home of Prefect, whose temporary server is a child of it. Printed by month as it goes; at the end the
tables are held against those of a home that meets all files in one night.

By hand, and it takes its time: `nice -n 10 python -m benchmarks.year`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
from polars.testing import assert_frame_equal

from hipdrive.demo import MadeUpRunner, make_runner
from hipdrive.demo.strength_log import strong_csv
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.warehouse import ask, only_writer, page_is_older

LAST_DAY = date(2026, 11, 15)
LOG = "strong.csv"
PREFECT_EVERY, FAULT_EVERY, MONTH = 15, 12, 30
# What counts; earlier versions of a file, which a home of one night never met, stay in the tables beside it.
COMPARED = {
    "runs": "SELECT * FROM runs",
    "weeks": "SELECT * FROM weeks",
    "strength sets": """
        SELECT local_date, exercise_name, set_index, set_type, reps, e1rm_kg, hip_dose
        FROM strength_sets JOIN (SELECT DISTINCT source_id FROM sources WHERE status = 'loaded') USING (source_id)
        WHERE superseded_by IS NULL
    """,
    "samples of runs": "SELECT s.* FROM samples AS s SEMI JOIN runs USING (activity_id)",
}
NIGHT = """
import json, sys, time
from datetime import date
from pathlib import Path
from hipdrive.lean import collect_garbage_seldom, load_dataframely_alone, use_one_thread
use_one_thread()
collect_garbage_seldom()
load_dataframely_alone()
home, tonight, engine = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
spent = {}

def perform(step, work):
    began = time.process_time()
    work()
    spent[step.name] = spent.get(step.name, 0.0) + time.process_time() - began

try:
    if engine == "prefect":
        from hipdrive.cli.console import COMMON
        from hipdrive.cli.server import use_prefect
        use_prefect(home, COMMON)
        from hipdrive.flows.nightly import nightly
        nightly(str(home), tonight)
    else:
        from hipdrive.night import commands
        from hipdrive.settings import Home
        commands.nightly(Home(home), date.fromisoformat(tonight), perform=perform)
except Exception as error:
    print(" ".join(str(error).split()), file=sys.stderr)
    sys.exit(3)
status = Path("/proc/self/status").read_text()
print(json.dumps({"peak_mb": int(status.split("VmHWM:")[1].split()[0]) // 1024, **spent}))
"""


@dataclass(frozen=True)
class Seen:
    """One night: its exit code, CPU seconds with its children, peak in MB and seconds by step where it ended."""

    code: int
    cpu_s: float
    told: dict[str, float] = field(default_factory=dict)
    said: str = ""


class Running:
    """One night in a process group of its own."""

    def __init__(self, home: Path, tonight: date, engine: str = "bare") -> None:
        """Start it."""
        command = [sys.executable, "-c", NIGHT, str(home), tonight.isoformat(), engine]
        self._out = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed when the night has ended
        self._err = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed when the night has ended
        self.process = subprocess.Popen(command, stdout=self._out, stderr=self._err, start_new_session=True)  # noqa: S603

    def end(self) -> Seen:
        """Wait for it."""
        _, status, used = os.wait4(self.process.pid, 0)
        self.process.returncode = code = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (self._out, self._err):
            file.seek(0)
            texts.append(file.read().strip())
            file.close()
        told = json.loads(texts[0].splitlines()[-1]) if code == 0 and texts[0] else {}
        return Seen(code, used.ru_utime + used.ru_stime, told, texts[1][-300:])

    def send(self, number: signal.Signals, after_s: float) -> Seen:
        """Give it so long, then end it and all that it started."""
        time.sleep(after_s)
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        try:
            return self.end()
        except ChildProcessError:  # it had ended before, and its times went with it
            return Seen(self.process.returncode or 0, 0.0)


@dataclass
class Year:
    """The home while its year goes by."""

    folder: Path
    runner: MadeUpRunner
    chance: random.Random
    length_s: float = 5.0

    @property
    def home(self) -> Home:
        """The home, its settings read anew."""
        return Home(self.folder)

    def put(self, name: str, content: bytes) -> None:
        """A file into the inbox."""
        (self.folder / "data" / "inbox" / name).write_bytes(content)

    def damaged(self, tonight: date) -> Seen:
        """Tonight's file ends in its middle; tomorrow it is copied anew."""
        path = self.folder / "data" / "inbox" / f"{tonight}-run.fit"
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
        seen = Running(self.folder, tonight).end()
        path.write_bytes(whole)
        return seen

    def killed(self, tonight: date) -> Seen:
        """`kill -9` at a random time."""
        return Running(self.folder, tonight).send(signal.SIGKILL, self.chance.uniform(0.3, 1.0) * self.length_s)

    def told_to_end(self, tonight: date) -> Seen:
        """SIGTERM at a random time."""
        return Running(self.folder, tonight).send(signal.SIGTERM, self.chance.uniform(0.3, 1.0) * self.length_s)

    def full(self, tonight: date) -> Seen:
        """A disk with a few MB of room."""
        disk = self.folder.with_name("disk")
        disk.mkdir(exist_ok=True)
        size = sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())
        options = f"size={size * 2 + 100_000_000}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)  # noqa: S603, S607
        try:
            shutil.copytree(self.folder, disk / "home")
            room = self.chance.randrange(0, 12_000_000)
            (disk / "ballast").write_bytes(bytes(max(shutil.disk_usage(disk).free - room, 0)))
            seen = Running(disk / "home", tonight).end()
            (disk / "ballast").unlink()
            shutil.rmtree(self.folder)
            shutil.copytree(disk / "home", self.folder)
        finally:
            subprocess.run(["umount", str(disk)], check=True)  # noqa: S603, S607
        return seen

    def locked(self, tonight: date) -> Seen:
        """Another process is writing."""
        with only_writer(self.home.data):
            return Running(self.folder, tonight).end()

    def odd_log(self, tonight: date) -> Seen:
        """A log in no format that anybody knows, and one whose numbers cannot be true."""
        self.put(f"{tonight}-notes.csv", b"what;how\nsquat;many\n" * 40)
        lines = f"Date,Workout Name,Exercise Name,Set Order,Weight,Reps\n{tonight} 07:00:00,Odd,Squat,1,-5,100000\n"
        self.put(f"{tonight}-odd.csv", lines.encode())
        return Running(self.folder, tonight).end()

    def clock_back(self, tonight: date) -> Seen:
        """The machine believes that it is ten days ago."""
        return Running(self.folder, tonight - timedelta(days=10)).end()

    def two(self, tonight: date) -> Seen:
        """Two nights begun together; the one that works counts."""
        both = [Running(self.folder, tonight), Running(self.folder, tonight)]
        return min((one.end() for one in both), key=lambda seen: seen.code)

    def broken_settings(self, tonight: date) -> Seen:
        """A slip of the pen in the settings."""
        path = self.folder / SETTINGS_FILE
        whole = path.read_text(encoding="utf-8")
        path.write_text(whole + "\n[athlete\n", encoding="utf-8")
        seen = Running(self.folder, tonight).end()
        path.write_text(whole, encoding="utf-8")
        return seen

    def switched_off(self, _: date) -> Seen:
        """No night at all."""
        return Seen(0, 0.0)


FAULTS: tuple[Callable[[Year, date], Seen], ...] = (
    Year.damaged,
    Year.killed,
    Year.full,
    Year.locked,
    Year.odd_log,
    Year.clock_back,
    Year.two,
    Year.told_to_end,
    Year.broken_settings,
    Year.switched_off,
)


def one_a_day(nights: int) -> MadeUpRunner:
    """A made-up runner who runs every day, up to the last day."""
    runner = make_runner(weeks=min(nights // 3 + 8, 520), seed=17, end=LAST_DAY)
    first = LAST_DAY - timedelta(days=nights - 1)
    moved = tuple(
        (replace(run, start=datetime.combine(first + timedelta(days=n), run.start.time())), conditions)
        for n, (run, conditions) in enumerate(runner.runs[-nights:])
    )
    workouts = tuple(workout for workout in runner.workouts if workout.start.date() >= first)
    return replace(runner, runs=moved, workouts=workouts)


def run_files(runner: MadeUpRunner) -> Iterator[bytes]:
    """The runs' bytes, in order of time."""
    for name, content in runner.files:
        if name.endswith("-run.fit"):
            yield content


def sizes(home: Home) -> tuple[float, float, float]:
    """MB of the warehouse, its share of free blocks, MB of Prefect's database."""
    file = home.warehouse_file
    with duckdb.connect(str(file), read_only=True) as connection:
        free, total = connection.execute("SELECT free_blocks, total_blocks FROM pragma_database_size()").fetchall()[0]
    engine = sum(path.stat().st_size for path in (home.data / ".prefect").glob("prefect.db*"))
    return file.stat().st_size / 1e6, free / total, engine / 1e6


HEAD = (
    "| nights | faults | CPU s, median (most) | of these estimate | drawing | peak MB | runs | warehouse MB | "
    "free blocks | under Prefect CPU s | its database MB |\n" + "| --: " * 11 + "|"
)


def month(first: int, bare: list[Seen], engine: list[Seen], faults: int, home: Home) -> str:
    """A line of the table."""
    size, free, database = sizes(home)
    spent = [seen.cpu_s for seen in bare]

    def middle(step: str) -> float:
        return statistics.median(seen.told.get(step, 0.0) for seen in bare)

    peak = max(int(seen.told["peak_mb"]) for seen in bare)
    runs = ask(home, "SELECT count(*) FROM runs").item()
    flows = f"{statistics.median(seen.cpu_s for seen in engine):.1f}" if engine else ""
    return (
        f"| {first}-{first + MONTH - 1} | {faults} | {statistics.median(spent):.1f} ({max(spent):.1f}) | "
        f"{middle('estimate'):.1f} | {middle('draw'):.1f} | {peak} | {runs} | {size:.1f} | {free:.0%} | {flows} | "
        f"{database:.1f} |"
    )


def live(year: Year, nights: int) -> Counter[str]:
    """All nights, printed by month; gives what became of the faults."""
    first = LAST_DAY - timedelta(days=nights - 1)
    bare: list[Seen] = []
    engine: list[Seen] = []
    found: Counter[str] = Counter()
    faults = 0
    print(HEAD, flush=True)
    for number, content in enumerate(run_files(year.runner)):
        tonight = first + timedelta(days=number)
        year.put(f"{tonight}-run.fit", content)
        if tonight.weekday() == 6:  # noqa: PLR2004  Sunday, when the log is exported
            written = [workout for workout in year.runner.workouts if workout.start.date() <= tonight]
            if written:
                year.put(LOG, strong_csv(written))
        if number % FAULT_EVERY == FAULT_EVERY // 2:
            fault = FAULTS[number // FAULT_EVERY % len(FAULTS)]
            seen = fault(year, tonight)
            faults += 1
            found[f"{fault.__name__}: code {seen.code}"] += 1
        else:
            is_flow = number % PREFECT_EVERY == 0
            began = time.monotonic()
            seen = Running(year.folder, tonight, "prefect" if is_flow else "bare").end()
            if seen.code != 0:
                found[f"a night without a fault: code {seen.code} {seen.said}"] += 1
                print(f"night {number}: code {seen.code}: {seen.said}", flush=True)
            elif is_flow:
                engine.append(seen)
            else:
                bare.append(seen)
                year.length_s = time.monotonic() - began
            if page_is_older(year.home):
                found["a page still stale after a night without a fault"] += 1
        if number % MONTH == MONTH - 1 or number == nights - 1:
            print(month(number // MONTH * MONTH + 1, bare, engine, faults, year.home), flush=True)
            bare, engine, faults = [], [], 0
    return found


def compare(lived: Home, at_once: Home) -> None:
    """What counts after the year beside what does after one night; other sums move a number's last digits."""
    for what, query in COMPARED.items():
        left, right = (ask(home, query) for home in (lived, at_once))
        keys = [name for name, dtype in left.schema.items() if not dtype.is_float() and not dtype.is_nested()]
        floats = [name for name, dtype in left.schema.items() if dtype.is_float()]
        order = keys + floats
        try:
            assert_frame_equal(left.sort(order), right.sort(order), rel_tol=1e-6, abs_tol=1e-9)
            told = "equal"
        except AssertionError as error:
            told = f"DIFFER: {' '.join(str(error).split())[:300]}"
        print(f"{what}: {left.height} rows of {right.height}, {told}")


def main() -> None:
    """Live a year, tell it by month, hold its end against one whole night."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the homes are made and kept, to be looked into")
    wanted = parser.parse_args()
    with nullcontext(wanted.folder) if wanted.folder else tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "home"
        (folder / "data" / "inbox").mkdir(parents=True)
        runner = one_a_day(wanted.nights)
        settings = f'[athlete]\ntime_zone = "{runner.athlete.time_zone}"\n'
        (folder / SETTINGS_FILE).write_text(settings, encoding="utf-8")
        year = Year(folder, runner, random.Random(wanted.seed))  # noqa: S311  when and how much fails
        found = live(year, wanted.nights)
        after = Running(folder, LAST_DAY).end()
        at_once = Path(name) / "at_once"
        (at_once / "data").mkdir(parents=True)
        shutil.copytree(folder / "data" / "inbox", at_once / "data" / "inbox")
        shutil.copyfile(folder / SETTINGS_FILE, at_once / SETTINGS_FILE)
        whole = Running(at_once, LAST_DAY).end()
        print(f"the night after: code {after.code}; all in one night: code {whole.code}, {whole.cpu_s:.0f} CPU s")
        compare(year.home, Home(at_once))
        for how, times in sorted(found.items()):
            print(f"{times:>4}  {how}")


if __name__ == "__main__":
    main()
