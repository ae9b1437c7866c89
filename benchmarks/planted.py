"""Is the planted effect of the demo's made-up runners inside the interval?

`python -m benchmarks.planted --drawn 200` counts it on weekly histories drawn without files; `--folder lives` on those
that `python -m benchmarks.lives --effect 0.04 --folder lives` took through the whole pipeline, FIT bytes to weeks.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import polars as pl

from benchmarks.drawn import drawn_life, response_of, weeks_of
from benchmarks.lives import live
from hipdrive.estimate import Effect, estimate_effect


def estimates(folder: Path | None, drawn: int, effect: float) -> list[tuple[int, Effect]]:
    """The estimate of every runner, by seed."""
    if folder is not None:
        kept = sorted(folder.glob(f"{effect:g}-*-weeks.parquet"))
        return [(int(path.name.split("-")[1]), estimate_effect(pl.read_parquet(path))) for path in kept]
    found = []
    for seed in range(1, drawn + 1):
        life = drawn_life(seed)
        found.append((seed, estimate_effect(weeks_of(life, life.y + math.log1p(effect) * life.response, life.kind))))
    return found


def main() -> None:
    """Print the share of intervals that hold what was planted, and the mean estimate, for both quantities."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--folder", type=Path, help="of benchmarks.lives")
    source.add_argument("--drawn", type=int, default=0, help="how many runners without files")
    parser.add_argument("--effect", type=float, default=0.04, help="planted, as a fraction of speed")
    wanted = parser.parse_args()
    found = estimates(wanted.folder, wanted.drawn, wanted.effect)
    for quantity in ("achieved", "sustained"):
        held, mean, planted = 0, 0.0, 0.0
        for seed, effect in found:
            truth, one = wanted.effect, getattr(effect, quantity)
            if quantity == "achieved":
                response = pl.Series(response_of(live(seed))[::7])
                low, high = (response.quantile(share, "linear") or 0.0 for share in (0.1, 0.9))
                truth = math.expm1(math.log1p(wanted.effect) * (high - low))
            held += one.estimate is not None and not one.excludes(truth)
            mean, planted = mean + (one.estimate or 0.0) / len(found), planted + truth / len(found)
        share = held / len(found)
        error = math.sqrt(share * (1 - share) / len(found))
        print(
            f"{quantity}: {held} of {len(found)} intervals hold what was planted ({share:.1%} ± {error:.1%}); "
            f"mean estimate {mean:+.2%}, planted {planted:+.2%}"
        )


if __name__ == "__main__":
    main()
