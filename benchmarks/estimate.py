"""CPU seconds of a night's estimate with all its checks: three years of a made-up runner (budget 2), ten (3.5).

`python -m benchmarks.estimate --weeks 156 520` makes each runner's files, reads and measures them (not timed), and then
times what a night does of them: the estimate, the one at the last declared look, every check, the day after, the
planner, stride at one speed, the parts of the pace and what the formulas of stride build in. Beside it, in the same
run, a yardstick that any machine has, so that two machines can be compared: the Cholesky factors of the covariance of
156 weeks at the 42 points of the grid, one by one, the way the estimate would have been written without its filters.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from hipdrive.demo import make_runner
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.state_space import LEVEL_SHARE, PERSISTENCE
from hipdrive.night import commands
from hipdrive.night.answers import estimate_athlete
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.warehouse import Warehouse

LAST_DAY = date(2026, 11, 15)
BUDGETS_S = {156: 2.0, 520: 3.5}
REPEATS = 3
NOW = datetime(2026, 11, 16, 3, 30, tzinfo=UTC)
YARDSTICK_WEEKS = 156


def best_cpu_s(work: Callable[[int], object]) -> float:
    """The fewest CPU seconds, over all threads, of a few repeats."""
    found = []
    for repeat in range(REPEATS):
        began = time.process_time()
        work(repeat)
        found.append(time.process_time() - began)
    return min(found)


def yardstick(_: int) -> None:
    """42 dense factorisations and solves of 156 weeks."""
    apart = np.abs(np.subtract.outer(np.arange(YARDSTICK_WEEKS), np.arange(YARDSTICK_WEEKS)))
    columns = np.random.default_rng(0).normal(size=(YARDSTICK_WEEKS, 14))
    for persistence in PERSISTENCE:
        for share in LEVEL_SHARE:
            covariance = share * min(persistence, 0.99) ** apart + np.eye(YARDSTICK_WEEKS)
            np.linalg.solve(np.linalg.cholesky(covariance), columns)


def measure(weeks: int, against_s: float) -> None:
    """Make one runner, time their night's estimate, and print it beside budget and yardstick."""
    runner = make_runner(weeks=weeks, seed=1, end=LAST_DAY)
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "data" / "inbox"
        inbox.mkdir(parents=True)
        (Path(folder) / SETTINGS_FILE).write_text(f'[athlete]\ntime_zone = "{runner.athlete.time_zone}"\n')
        for name, content in runner.files:
            (inbox / name).write_bytes(content)
        home = Home(Path(folder))
        commands.ingest(home, [inbox], LAST_DAY + timedelta(days=1))
        with Warehouse(home) as warehouse:
            warehouse.build_views()
            answers = estimate_athlete(warehouse, "counted", "me", NOW)
            if answers is None:
                raise SystemExit("nothing was estimated")
            alone = best_cpu_s(lambda _: estimate_effect(answers.weeks))
            everything = best_cpu_s(lambda repeat: estimate_athlete(warehouse, f"night {repeat}", "me", NOW))
    budget = BUDGETS_S.get(weeks)
    beside = "" if budget is None else f"; budget {budget}, {everything / budget:.0%} of it"
    print(
        f"{weeks} weeks, {len(runner.runs)} runs, {len(answers.mechanisms)} stride measures: the estimate with its own "
        f"checks {alone:.2f} CPU-seconds ({alone / against_s:.1f} yardsticks), all that a night does {everything:.2f} "
        f"({everything / against_s:.1f} yardsticks){beside}",
        flush=True,
    )


def main() -> None:
    """Time the yardstick, then every length."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weeks", type=int, nargs="+", default=list(BUDGETS_S))
    wanted = parser.parse_args()
    against_s = best_cpu_s(yardstick)
    print(f"yardstick: {against_s:.3f} CPU-seconds", flush=True)
    for weeks in wanted.weeks:
        measure(weeks, against_s)


if __name__ == "__main__":
    main()
