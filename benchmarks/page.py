"""The page against its budgets: size, CPU seconds of the report stage, seconds until Chromium has drawn every figure.

`python -m benchmarks.page` does it for two years of a made-up runner (the demo's history) and for ten, through the real
stages; making, reading and estimating are not timed. The stage is what a night does after the estimate: the findings
out of the warehouse, every figure and sentence, and the page on disk. Its first run also loads the libraries that draw
(as a night does), so both are printed. Interactive means that the last figure stands and answers; the page is opened
from the disk, in a fresh browser context, with the network off. Without a Chromium that line is left out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
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
from hipdrive.settings import SETTINGS_FILE, Habits, Home
from hipdrive.warehouse import CheckResult, Warehouse

LAST_DAY = date(2026, 11, 15)
TONIGHT = LAST_DAY + timedelta(days=1)
BUDGET_BYTES, BUDGET_STAGE_S, BUDGET_INTERACTIVE_S = 2_000_000, 5.0, 2.0
REPEATS = 5
DRAWN = "html[data-drawn=all]"
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
    """One history, made, read and estimated; then its page."""
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
        size, opened = page.stat().st_size, seconds_to_interactive(page)
    print(f"{weeks} weeks, {len(runner.runs)} runs")
    print(f"  page: {size:,} bytes, {size / BUDGET_BYTES:.0%} of its budget")
    print(f"  report stage: {first_s:.2f} CPU-seconds the first time, {first_s / BUDGET_STAGE_S:.0%} of its budget")
    print(f"  and {again_s:.2f} once the libraries are loaded")
    if opened:
        middle = statistics.median(opened)
        share = middle / BUDGET_INTERACTIVE_S
        print(f"  interactive after {middle:.2f} s, median of {REPEATS}, {share:.0%} of its budget")


def main() -> None:
    """Both histories, each in a process of its own, so that each loads the libraries as a night does."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weeks", type=int, nargs="+", default=[104, 520])
    for weeks in parser.parse_args().weeks:
        alone = multiprocessing.get_context("spawn").Process(target=measure, args=(weeks,))
        alone.start()
        alone.join()


if __name__ == "__main__":
    main()
