"""The page against its budgets: size, CPU seconds of the report stage, seconds until Chromium has drawn every figure.

`python -m benchmarks.page` does it for two years of a made-up runner (the demo's history) and for ten, through the real
stages; making, reading and estimating are not timed. The stage is what a night does after the estimate: the report room
and its libraries loaded, the findings out of the warehouse, every figure and sentence, and the page on disk. Its second
run has them loaded already, so both are printed. The script that draws figures is made once a version and kept, so it
is made before, and its own cost printed apart. Interactive means that the last figure that is seen without opening
a drawer stands and answers; the page is opened from the disk, in a fresh browser context, with the network off. Without
a Chromium that line is left out. `--check` fails where a budget is not kept.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.demo import make_runner
from hipdrive.night import commands
from hipdrive.night.answers import Answers, estimate_athlete
from hipdrive.night.findings import gather_findings
from hipdrive.report import draw_page, stage_report
from hipdrive.report.bundle import vega_bundle
from hipdrive.settings import SETTINGS_FILE, Habits, Home
from hipdrive.warehouse import CheckResult, Warehouse

LAST_DAY = date(2026, 11, 15)
TONIGHT = LAST_DAY + timedelta(days=1)
BUDGET_BYTES, BUDGET_STAGE_S, BUDGET_INTERACTIVE_S = 1_500_000, 1.5, 2.0
REPEATS = 5
DRAWN = "html[data-seen=all]"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def draw_night(
    warehouse: Warehouse, home: Home, answers: Answers | None, checks: list[CheckResult], resolver: Resolver
) -> tuple[Path, float]:
    """The report stage: where the page lies, and its CPU seconds over all threads."""
    began = time.process_time()
    report = stage_report(home.reports, TONIGHT)
    report.add("me", draw_page(gather_findings(warehouse, "me", TONIGHT, answers, checks, resolver, None, Habits())))
    folder = report.put_in_place()
    return folder / "index.html", time.process_time() - began


def seconds_to_load() -> float:
    """CPU seconds to load the report room and its libraries, where the rooms below are loaded already."""
    script = (
        "import time, hipdrive.estimate.speed_path, hipdrive.warehouse, hipdrive.catalogue\n"
        "began = time.process_time()\nimport hipdrive.report\nprint(time.process_time() - began)"
    )
    told = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)  # noqa: S603
    return float(told.stdout)


def seconds_to_interactive(page: Path) -> list[float]:
    """From the address to the last figure, a few times; empty without a Chromium."""
    named = os.environ.get("HIPDRIVE_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if named is None:
        return []
    found = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=named, args=["--no-sandbox", "--disable-gpu"])
        for _ in range(REPEATS):
            place = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
            tab = place.new_page()
            began = time.perf_counter()
            tab.goto(page.as_uri(), wait_until="commit")
            tab.locator(DRAWN).wait_for(state="attached")
            found.append(time.perf_counter() - began)
            place.close()
        chromium.close()
    return found


def measure(weeks: int) -> None:
    """One history, made, read and estimated; then its page. Exits with 1 where a budget is not kept."""
    vega_bundle()
    runner, resolver = make_runner(weeks=weeks, seed=1, end=LAST_DAY), Resolver(load_catalogue(), {})
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "data" / "inbox"
        inbox.mkdir(parents=True)
        (Path(folder) / SETTINGS_FILE).write_text(f'[athlete]\ntime_zone = "{runner.athlete.time_zone}"\n')
        for name, content in runner.files:
            (inbox / name).write_bytes(content)
        home = Home(Path(folder))
        commands.ingest(home, [home.inbox], TONIGHT)
        with Warehouse(home) as warehouse:
            checks = warehouse.run_checks()
            answers = estimate_athlete(warehouse, "night", "me", datetime.now(UTC))
            page, first_s = draw_night(warehouse, home, answers, checks, resolver)
            again_s = min(draw_night(warehouse, home, answers, checks, resolver)[1] for _ in range(2))
        first_s += seconds_to_load()
        size, opened = page.stat().st_size, seconds_to_interactive(page)
    print(f"{weeks} weeks, {len(runner.runs)} runs")
    print(f"  page: {size:,} bytes, {size / BUDGET_BYTES:.0%} of its budget")
    share = first_s / BUDGET_STAGE_S
    print(f"  report stage: {first_s:.2f} CPU-seconds with its libraries to load, {share:.0%} of its budget")
    print(f"  and {again_s:.2f} once they are loaded")
    if opened:
        middle = statistics.median(opened)
        share = middle / BUDGET_INTERACTIVE_S
        print(f"  interactive after {middle:.2f} s, median of {REPEATS}, {share:.0%} of its budget")
    kept = (
        size <= BUDGET_BYTES and first_s <= BUDGET_STAGE_S and statistics.median(opened or [0]) <= BUDGET_INTERACTIVE_S
    )
    sys.exit(not kept)


def main() -> None:
    """Both histories, each in a process of its own, so that each loads the libraries as a night does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weeks", type=int, nargs="+", default=[104, 520])
    parser.add_argument("--check", action="store_true", help="fail where a budget is not kept")
    wanted = parser.parse_args()
    began = time.process_time()
    vega_bundle()
    print(f"the script that draws figures: {time.process_time() - began:.2f} CPU-seconds, once a version")
    failed = 0
    for weeks in wanted.weeks:
        alone = multiprocessing.get_context("spawn").Process(target=measure, args=(weeks,))
        alone.start()
        alone.join()
        failed = max(failed, alone.exitcode or 0)
    if wanted.check and failed:
        sys.exit("a budget of the page is not kept")


if __name__ == "__main__":
    main()
