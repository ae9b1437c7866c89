"""How often a team without an effect finds one, and what a team finds: runners drawn once, teams drawn from them.

`python -m benchmarks.teams --raw teams.csv --runners 20 --first-seed 60000` draws runners of each kind without a
hidden cause and estimates each twice, without an effect and with 4 %. The same noise serves both, and an estimate is
nearly linear in the effect, so a runner of any effect lies on the line between. Interrupted, it goes on.

`--calibrate` finds the widening at which teams of 20 keep their five per cent; `--judge` draws teams at a widening.
"""

from __future__ import annotations

import argparse
import csv
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.histories import UNCONFOUNDED, make_history
from hipdrive.estimate.effect import estimate_outcome
from hipdrive.estimate.repairs import repair_weeks
from hipdrive.estimate.team import TEAM_WIDENING, LeftOut, Summary, pool, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COLUMNS = ("kind", "weeks", "seed", "change", "error", "change_at_4", "error_at_4")
PLANTED = 0.04
TEAM_SIZES = (7, 10, 20, 40)
EFFECTS = (0.0, 0.02)
BETWEEN = (0.0, 0.01)
TEAMS = 4000
LEVEL = 0.05
SEED = 20_261_129
WIDENINGS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def draw(raw: Path, weeks: int, seeds: Sequence[int]) -> None:
    """Append runners until each kind has all of the seeds; one that a team would leave out has no numbers."""
    done = set(pl.read_csv(raw).select("kind", "weeks", "seed").rows()) if raw.exists() else set()
    started = time.process_time()
    with raw.open("a", newline="") as file:
        writer = csv.writer(file)
        if not done:
            writer.writerow(COLUMNS)
        for seed in seeds:
            for kind in UNCONFOUNDED:
                if (kind, weeks, seed) not in done:
                    writer.writerow((kind, weeks, seed, *_twice(kind, weeks, seed)))
            file.flush()
    print(f"{time.process_time() - started:.0f} CPU-seconds")


def _twice(kind: str, weeks: int, seed: int) -> Iterator[float | None]:
    for effect in (0.0, PLANTED):
        made = make_history(kind, weeks, effect, seed)
        one = summarise("", estimate_outcome(repair_weeks(made.weeks, made.runs, made.days)))
        yield from (None, None) if isinstance(one, LeftOut) else (one.log_change, one.error)


def judge(runners: pl.DataFrame, size: int, effect: float, between: float, widening: float, teams: int) -> list[float]:
    """Share of teams that find an effect, that cover the true mean, and the root mean square error."""
    rng = np.random.default_rng([SEED, size, round(1000 * effect), round(1000 * between)])
    table = runners.drop_nulls()
    found, covered, squares = 0, 0, 0.0
    change, error = table["change"].to_numpy(), table["error"].to_numpy()
    gain = (table["change_at_4"].to_numpy() - change) / math.log1p(PLANTED)
    more = (table["error_at_4"].to_numpy() - error) / math.log1p(PLANTED)
    truth = math.log1p(effect)
    for _ in range(teams):
        who = rng.choice(table.height, size, replace=False)
        own = rng.normal(truth, between, size)
        team = [
            Summary("", *pair) for pair in zip(change[who] + gain[who] * own, error[who] + more[who] * own, strict=True)
        ]
        answer = pool(team, widening)
        if answer is None:
            raise ValueError(f"teams of {size} cannot be pooled")
        lo, hi = math.log1p(answer.pooled.lo or 0.0), math.log1p(answer.pooled.hi or 0.0)
        found += answer.p_value < LEVEL
        covered += lo <= truth <= hi
        squares += (math.log1p(answer.pooled.estimate or 0.0) - truth) ** 2
    return [found / teams, covered / teams, math.sqrt(squares / teams)]


def main() -> None:
    """Draw, calibrate, judge."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--raw", type=Path, required=True, help="CSV of runners, appended to")
    parser.add_argument("--runners", type=int, default=0, help="of each kind")
    parser.add_argument("--first-seed", type=int, default=60_000)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--judge", action="store_true")
    parser.add_argument("--widening", type=float, default=TEAM_WIDENING)
    parser.add_argument("--teams", type=int, default=TEAMS)
    wanted = parser.parse_args()
    if wanted.runners:
        draw(wanted.raw, wanted.weeks, range(wanted.first_seed, wanted.first_seed + wanted.runners))
    runners = pl.read_csv(wanted.raw).filter(pl.col("weeks") == wanted.weeks)
    print(f"{runners.height} runners, {runners.drop_nulls().height} of them pooled")
    if wanted.calibrate:
        for widening in WIDENINGS:
            alarms = [judge(runners, size, 0.0, 0.0, widening, wanted.teams)[0] for size in TEAM_SIZES[:3]]
            print(f"{widening:.2f}", *(f"{share:.3f}" for share in alarms))
    if wanted.judge:
        for size in TEAM_SIZES:
            for between in BETWEEN:
                for effect in EFFECTS:
                    rates = judge(runners, size, effect, between, wanted.widening, wanted.teams)
                    print(size, between, effect, *(f"{rate:.4f}" for rate in rates))


if __name__ == "__main__":
    main()
