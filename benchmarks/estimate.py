"""CPU seconds of a night's estimate with all its checks: three years of a made-up runner, budget 5.

`python -m benchmarks.estimate` makes the runner's files, reads and measures them (not timed), and then times what a
night does of them: the estimate, the one at the last declared look, every check, the day after, the planner, stride at
one speed and what its formulas build in. Beside it, in the same run, the estimate alone.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from hipdrive.demo import make_runner
from hipdrive.estimate import estimate_effect
from hipdrive.night import commands
from hipdrive.night.answers import estimate_athlete
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.tables.weeks import Week
from hipdrive.warehouse import Warehouse

LAST_DAY = date(2026, 11, 15)
BUDGET_S = 5.0
REPEATS = 3


def best_cpu_s(work: Callable[[int], object]) -> float:
    """The fewest CPU seconds, over all threads, of a few repeats."""
    found = []
    for repeat in range(REPEATS):
        began = time.process_time()
        work(repeat)
        found.append(time.process_time() - began)
    return min(found)


def main() -> None:
    """Make, measure, time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--weeks", type=int, default=156)
    wanted = parser.parse_args()
    runner = make_runner(weeks=wanted.weeks, seed=1, end=LAST_DAY)
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "data" / "inbox"
        inbox.mkdir(parents=True)
        (Path(folder) / SETTINGS_FILE).write_text(f'[athlete]\ntime_zone = "{runner.athlete.time_zone}"\n')
        for name, content in runner.files:
            (inbox / name).write_bytes(content)
        home = Home(Path(folder))
        commands.ingest(home, [home.inbox], LAST_DAY + timedelta(days=1))
        with Warehouse(home) as warehouse:
            weeks = warehouse.read("weeks", Week).filter("is_complete")
            alone = best_cpu_s(lambda _: estimate_effect(weeks))
            everything = best_cpu_s(lambda repeat: estimate_athlete(warehouse, f"night {repeat}", "me"))
            answers = estimate_athlete(warehouse, "counted", "me")
            assert answers is not None  # noqa: S101  three years have complete weeks
    print(f"{weeks.height} weeks, {len(runner.runs)} runs, {len(answers.mechanisms)} stride measures")
    print(f"the estimate with its own checks: {alone:.2f} CPU-seconds")
    print(
        f"all that a night does: {everything:.2f} CPU-seconds; budget {BUDGET_S:.0f}, {everything / BUDGET_S:.0%} of it"
    )


if __name__ == "__main__":
    main()
