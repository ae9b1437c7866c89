"""Gathering and drawing for a team of 20 and of 100 athletes: CPU seconds and peak memory.

Each athlete has a file of their own, all of one made-up runner.

Run by hand: `python -m benchmarks.gather`. The claim: 100 athletes cost no more than 5.5 times 20, and below 1 GB.
Beside it, what `Home()` costs with 1,000 athletes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.night.answers import kept_answers
from hipdrive.night.findings import gather_findings
from hipdrive.report import draw_page, stage_report
from hipdrive.settings import DEFAULT_ATHLETE, SETTINGS_FILE, Habits, Home
from hipdrive.warehouse import open_tables

LAST_DAY, TONIGHT = date(2026, 11, 15), date(2026, 11, 16)
TEAMS = (20, 100)
MOST_TIMES, MOST_BYTES = 5.5, 1e9


def multiply(home: Home, athletes: int) -> None:
    """Let one runner's file stand for each of a team's athletes: as a team's home holds them, under one name."""
    for number in range(athletes):
        shard = home.data / "athletes" / f"a{number:04}"
        shard.mkdir(parents=True)
        shutil.copyfile(home.warehouse_file, shard / home.warehouse_file.name)
    sections = "".join(f"[athletes.a{number:04}]\n" for number in range(athletes))
    home.settings_file.write_text(sections, encoding="utf-8")


def measure(folder: str) -> None:
    """Gather and draw for everybody; prints CPU seconds and peak bytes."""
    home = Home(Path(folder))
    resolver = Resolver(load_catalogue(), {})
    began = time.process_time()
    gathered = 0.0
    report = stage_report(home.reports, TONIGHT)
    for athlete in home.settings.athletes:
        start = time.process_time()
        with open_tables(home.of(athlete)) as tables:
            answers = kept_answers(tables, DEFAULT_ATHLETE)
            found = gather_findings(tables, DEFAULT_ATHLETE, TONIGHT, answers, (), resolver, None, Habits())
        gathered += time.process_time() - start
        report.add(athlete, draw_page(found))
    print(gathered, time.process_time() - began, peak_bytes())


def peak_bytes() -> int:
    """The most memory that this process has held; `ru_maxrss` would tell that of the one that started it, too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def main() -> None:
    """Make, multiply, measure in a process of its own each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--measure")
    wanted = parser.parse_args()
    if wanted.measure:
        measure(wanted.measure)
        return
    runner = make_runner(weeks=wanted.weeks, seed=1, end=LAST_DAY)
    figures = {}
    for athletes in TEAMS:
        with tempfile.TemporaryDirectory() as folder:
            inbox = Path(folder) / "data" / "inbox"
            inbox.mkdir(parents=True)
            (Path(folder) / SETTINGS_FILE).write_text("[athlete]\n", encoding="utf-8")
            for name, content in runner.files:
                (inbox / name).write_bytes(content)
            home = Home(Path(folder))
            commands.nightly(home, TONIGHT)
            multiply(home, athletes)
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "benchmarks.gather", "--measure", folder],
                capture_output=True,
                text=True,
                check=True,
            )
            figures[athletes] = [float(word) for word in done.stdout.split()]
    for athletes, (gathered, both, peak) in figures.items():
        print(f"{athletes:>4} athletes: gather {gathered:.2f}, with drawing {both:.2f} CPU s, peak {peak / 1e6:.0f} MB")
    few, many = (figures[athletes] for athletes in TEAMS)
    print(f"gather: {many[0] / few[0]:.2f} times (at most {MOST_TIMES}); peak {many[2] / MOST_BYTES:.0%} of 1 GB")
    with tempfile.TemporaryDirectory() as folder:
        sections = "\n".join(f'[athletes.a{number}]\ntime_zone = "Europe/Berlin"' for number in range(1000))
        (Path(folder) / SETTINGS_FILE).write_text(sections, encoding="utf-8")
        began = time.process_time()
        Home(Path(folder))
        print(f"Home() with 1,000 athletes: {time.process_time() - began:.3f} CPU s")


if __name__ == "__main__":
    main()
