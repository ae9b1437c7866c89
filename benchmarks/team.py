"""What a team costs, in parts that can be run one by one; each prints a Markdown table.

Run by hand, alone on the machine: `python -m benchmarks.team --what workers`. The athletes are one made-up runner
multiplied: with files only (`workers`, `overhead`, `memory`: first nights, on real workers), or with the tables too
(`growth`, `news`, `catalogue`: nights in which few have news). Claimed:

    workers     2 workers take a night of 40 athletes at least 1.6 times as fast as one
    overhead    they cost at most 10 % more CPU than a night without an engine
    memory      a worker stays below 600 MB, with 20 athletes as with 200
    growth      what 20, 200 and 1,000 athletes cost, and with which exponent of their number
    news        one new file in a home of 100 costs at most 1.5 times the CPU of a home of one
    catalogue   the weekly query over 2,000 athletes costs less than 0.1 CPU s
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.night.freshness import fingerprint
from hipdrive.night.shards import publish, settle_catalogue
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.tables import TABLES
from hipdrive.warehouse import Catalogue, Warehouse, ask

LAST_DAY, TONIGHT = date(2026, 11, 15), date(2026, 11, 15)
FIRST = "a0000"
WEEKLY = "SELECT athlete_id, max(week_start), sum(hip_dose) FROM weeks WHERE athlete_id = 'b0007' GROUP BY ALL"
LOG = (
    b"Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
    b"2026-11-12 18:00:00,Gym,1h,Squat,1,60,5,0,0,,,\n"
)
# What one core may use; a worker has it by itself.
ONE_CORE = {"POLARS_MAX_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
BARE_NIGHT = (
    "import sys; from datetime import date; from pathlib import Path; from hipdrive.night import commands; "
    "from hipdrive.settings import Home; commands.nightly(Home(Path(sys.argv[1])), date(2026, 11, 15))"
)
ANEW = (
    "import sys; from pathlib import Path; from hipdrive.settings import Home\n"
    "from hipdrive.warehouse import Catalogue\n"
    "home = Home(Path(sys.argv[1]))\n"
    "with Catalogue(home) as catalogue:\n"
    "    catalogue.copy_shards(home.members)\n"
    "    catalogue.build_views()\n"
    "    catalogue.swap('anew')\n"
)
_IN_FULL = 100  # from where on a figure has no decimals
Row = dict[str, str | float]


def name(number: int) -> str:
    """Of one of the copies."""
    return f"a{number:04}"


def make_inbox(folder: Path, athletes: int, weeks: int, engine: str = "") -> Home:
    """A home whose athletes all have the files of one runner, and no tables yet."""
    ids = "".join(f"{name(number)}\n" for number in range(athletes))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / SETTINGS_FILE).write_text(f"[athlete]\n[engine]\n{engine}\n", encoding="utf-8")
    (folder / "athletes.csv").write_text(f"id\n{ids}", encoding="utf-8")
    home = Home(folder)
    first = home.inbox / FIRST
    first.mkdir(parents=True)
    for file, content in make_runner(weeks=weeks, seed=1, end=LAST_DAY).files:
        (first / file).write_bytes(content)
    for number in range(1, athletes):
        shutil.copytree(first, home.inbox / name(number), copy_function=shutil.copy2)
    return home


def make_home(folder: Path, athletes: int, weeks: int) -> Home:
    """A home of copies with their tables and pages, and one night that finds nothing to do."""
    home = make_inbox(folder, athletes, weeks)
    commands.nightly(home.of(FIRST), TONIGHT)
    for number in range(1, athletes):
        copy_tables(home, number)
    with commands.begun(home, TONIGHT) as night:
        settle_catalogue(night, home.members)
        publish(night, home.members)
    return home


def copy_tables(home: Home, number: int) -> None:
    """Another athlete's tables and page are the first's, under a name of their own."""
    athlete = name(number)
    own, first = home.of(athlete), home.of(FIRST)
    shutil.copytree(first.data, own.data, ignore=shutil.ignore_patterns("backups", "*.lock"))
    with Warehouse(own) as copy:
        for table, schema in TABLES.items():
            columns = schema.column_names()
            changes = [f"{one} = {one} || '-{number}'" for one in ("activity_id", "workout_id") if one in columns]
            changes += [f"athlete_id = '{athlete}'"] if "athlete_id" in columns else []
            texts = [one for one in ("path", "read_with", "answers") if one in columns]
            changes += [f"{one} = replace({one}, '{FIRST}', '{athlete}')" for one in texts]
            if changes and table not in {"exercises", "rejects"}:
                copy._run(f'UPDATE "{table}" SET {", ".join(changes)}')
        copy.remember(fingerprint(own, TONIGHT))
        copy.swap(str(ask(first, "SELECT value FROM about WHERE key = 'build'").item()))


@dataclass
class Cost:
    """What a command and its children took; `workers_mb` is the most that each of its workers had at once."""

    cpu_s: float
    wall_s: float
    memory_mb: float
    workers_mb: dict[int, float] = field(default_factory=dict)


def cost_of(*command: str, one_core: bool = False) -> Cost:
    """Run a Python of its own, to its end."""
    env = {**os.environ, **(ONE_CORE if one_core else {})}
    workers: dict[int, float] = {}
    began, most = time.monotonic(), 0.0
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    while True:
        ended, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended:
            break
        workers |= {one: memory for one, memory in workers_of(process.pid) if memory}
        most = max(most, peak_mb(process.pid))
        time.sleep(0.1)
    said = process.stderr.read().decode(errors="replace") if process.stderr else ""
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        raise RuntimeError(f"{command} ended with {os.waitstatus_to_exitcode(status)}: {said[-500:]}")
    return Cost(used.ru_utime + used.ru_stime, time.monotonic() - began, most, workers)


def workers_of(process: int) -> Iterator[tuple[int, float]]:
    """Dask's workers right below a process, and the most memory that each has had, in MB."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if int((place / "stat").read_text().rsplit(")", 1)[1].split()[1]) != process:
                continue
            if b"spawn_main" not in (place / "cmdline").read_bytes():
                continue
        except (OSError, IndexError):
            continue
        yield int(place.name), peak_mb(int(place.name))


def peak_mb(process: int) -> float:
    """The most memory that a process has had so far; what `wait4` tells would count what its parent had at the fork."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM")), 0.0)


@contextmanager
def folder() -> Iterator[Path]:
    """For one home."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        yield Path(made) / "home"


def first_nights(athletes: int, weeks: int, engine: str) -> tuple[Cost, Home]:
    """A team's first night: everybody's files are read, estimated and drawn."""
    with folder() as place:
        home = make_inbox(place, athletes, weeks, engine)
        cost = cost_of("-m", "hipdrive", "team", "nightly", "--home", str(place), one_core=True)
        done = ask(home, "SELECT count(DISTINCT athlete_id) FROM weeks").item()
        if done != athletes:
            raise RuntimeError(f"{done} of {athletes} athletes have weeks")
        return cost, home


def dask(workers: int) -> str:
    """The engine's section."""
    return f'kind = "dask"\nworkers = {workers}'


def workers_part(athletes: Sequence[int], weeks: int) -> Iterator[Row]:
    """One worker against two."""
    for many in athletes:
        before = None
        for workers in (1, 2):
            cost, _ = first_nights(many, weeks, dask(workers))
            times = before / cost.wall_s if before else 1.0
            before = cost.wall_s
            yield {
                "athletes": many,
                "workers": workers,
                "wall s": cost.wall_s,
                "CPU s": cost.cpu_s,
                "times as fast": times,
            }


def overhead_part(athletes: Sequence[int], weeks: int) -> Iterator[Row]:
    """With an engine, and without."""
    for many in athletes:
        here, _ = first_nights(many, weeks, 'kind = "here"')
        there, _ = first_nights(many, weeks, dask(2))
        for engine, cost in (("here", here), ("dask", there)):
            more = cost.cpu_s / here.cpu_s - 1
            yield {"athletes": many, "engine": engine, "CPU s": cost.cpu_s, "wall s": cost.wall_s, "more CPU": more}


def memory_part(athletes: Sequence[int], weeks: int) -> Iterator[Row]:
    """The most that each worker, and the command, had at once."""
    for many in athletes:
        cost, _ = first_nights(many, weeks, dask(2))
        first, second, *_ = [*sorted(cost.workers_mb.values(), reverse=True), 0.0, 0.0]
        yield {"athletes": many, "a worker, MB": first, "the other, MB": second, "CPU s": cost.cpu_s}


def growth_part(athletes: Sequence[int], weeks: int) -> Iterator[Row]:
    """What a night costs by the number of athletes: nothing new, a tenth with a new file, the catalogue made anew."""
    for many in athletes:
        with folder() as place:
            home = make_home(place, many, weeks)
            cost_of("-c", BARE_NIGHT, str(place))
            idle = cost_of("-c", BARE_NIGHT, str(place))
            for number in range(0, many, 10):
                (home.inbox / name(number) / "later.csv").write_bytes(LOG)
            tenth = cost_of("-c", BARE_NIGHT, str(place))
            catalogue = home.warehouse_file.stat().st_size / 1e6
            shards = sum(home.of(one).warehouse_file.stat().st_size for one in home.members) / 1e6
            pages = sum(file.stat().st_size for file in home.reports.rglob("*.html")) / 1e6
            home.warehouse_file.unlink()
            anew = cost_of("-c", ANEW, str(place))
            yield {
                "athletes": many,
                "nothing new, CPU s": idle.cpu_s,
                "its wall s": idle.wall_s,
                "its MB": idle.memory_mb,
                "a tenth with news, CPU s": tenth.cpu_s,
                "wall s of it": tenth.wall_s,
                "MB of it": tenth.memory_mb,
                "catalogue anew, CPU s": anew.cpu_s,
                "MB for it": anew.memory_mb,
                "catalogue, MB": catalogue,
                "files, MB": shards,
                "pages, MB": pages,
            }


def news_part(athletes: Sequence[int], weeks: int) -> Iterator[Row]:
    """One new file of one athlete, in a home of many and in a home of one."""
    for many in athletes:
        with folder() as place:
            home = make_home(place, many, weeks)
            cost_of("-c", BARE_NIGHT, str(place))
            shutil.copytree(home.of(FIRST).data, place / "kept")
            (home.inbox / FIRST / "later.csv").write_bytes(LOG)
            shard = BARE_NIGHT.replace("(sys.argv[1]))", "(sys.argv[1])).of('a0000')")
            alone = cost_of("-c", shard, str(place))
            shutil.rmtree(home.of(FIRST).data)
            shutil.copytree(place / "kept", home.of(FIRST).data)
            team = cost_of("-c", BARE_NIGHT, str(place))
            times = team.cpu_s / alone.cpu_s
            yield {"athletes": many, "alone, CPU s": alone.cpu_s, "of the team, CPU s": team.cpu_s, "times": times}


def catalogue_part(athletes: Sequence[int], weeks: int) -> Iterator[Row]:
    """The weekly query over a catalogue of many, of whom none has a file of their own."""
    for many in athletes:
        with folder() as place:
            home = make_home(place, 1, weeks)
            with Catalogue(home) as catalogue:
                for table, schema in catalogue._stored.items():
                    multiply(catalogue, table, schema.column_names(), many)
                catalogue.build_views()
                catalogue.swap("many")
            for what, query in (
                ("one athlete", WEEKLY),
                ("everybody", WEEKLY.replace("WHERE athlete_id = 'b0007'", "")),
            ):
                ask(home, query)
                began = cpu_s()
                for _ in range(5):
                    rows = len(ask(home, query))
                took = (cpu_s() - began) / 5
                size = home.warehouse_file.stat().st_size / 1e6
                yield {"athletes": many, "asked": what, "rows": rows, "CPU s": took, "catalogue, MB": size}


def multiply(catalogue: Catalogue, table: str, columns: list[str], copies: int) -> None:
    """Let a table hold the first athlete's rows as many times, under other names."""
    if "athlete_id" not in columns and "activity_id" not in columns:
        return
    changes = ["activity_id || '-' || number AS activity_id"] if "activity_id" in columns else []
    changes += ["format('b{:04d}', number) AS athlete_id"] if "athlete_id" in columns else []
    first = f"athlete_id = '{FIRST}'" if "athlete_id" in columns else "activity_id NOT LIKE '%-%-%'"
    numbers = f"(SELECT unnest(range({copies})) AS number)"
    select = f'SELECT t.* REPLACE ({", ".join(changes)}) FROM "{table}" AS t, {numbers} WHERE t.{first}'
    catalogue._run(f'INSERT INTO "{table}" BY NAME {select} ORDER BY number')


def cpu_s() -> float:
    """Of this process."""
    times = os.times()
    return times.user + times.system


def as_table(rows: Sequence[Row]) -> str:
    """Markdown, with a last line of exponents where the number of athletes grows: of what doubles with it, 1."""
    names = list(rows[0])
    lines = [names, ["---:"] * len(names), *([_figure(row[one]) for one in names] for row in rows)]
    numbers = [one for one in names if one != "athletes" and all(isinstance(row[one], float) for row in rows)]
    first, last = rows[0], rows[-1]
    if len({row["athletes"] for row in rows}) == len(rows) > 1:
        log = math.log(float(last["athletes"]) / float(first["athletes"]))
        grown = {one: math.log(max(float(last[one]), 1e-9) / max(float(first[one]), 1e-9)) / log for one in numbers}
        lines.append([f"{grown[one]:.2f}" if one in grown else "exponent" for one in names])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(value: str | float) -> str:
    if not isinstance(value, float):
        return f"{value}"
    return f"{value:.2f}" if value < _IN_FULL else f"{value:,.0f}"


# Part, how many athletes, and weeks of history that keep it below 15 minutes on two free cores.
PARTS: dict[str, tuple[Callable[[Sequence[int], int], Iterator[Row]], tuple[int, ...], int]] = {
    "workers": (workers_part, (40,), 13),
    "overhead": (overhead_part, (40,), 13),
    "memory": (memory_part, (20, 200), 8),
    "growth": (growth_part, (20, 200, 1000), 4),
    "news": (news_part, (100,), 8),
    "catalogue": (catalogue_part, (2000,), 26),
}


def main() -> None:
    """Each part that is wanted; a row is printed as soon as it is known, and the table at its end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--what", choices=PARTS, nargs="+", default=list(PARTS))
    parser.add_argument("--athletes", type=int, nargs="+", help="in place of each part's own numbers")
    parser.add_argument("--weeks", type=int, help="of history, in place of each part's own")
    wanted = parser.parse_args()
    for what in wanted.what:
        measure, athletes, weeks = PARTS[what]
        rows = []
        for row in partial(measure, wanted.athletes or athletes, wanted.weeks or weeks)():
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
        print(f"{what}, {wanted.weeks or weeks} weeks of history:\n\n{as_table(rows)}\n", flush=True)


if __name__ == "__main__":
    main()
