"""Does the draw keep its word? False and true `supported` of made-up runners who declared blocks by lot and kept them.

`python -m benchmarks.experiments --runners 300 --out docs/experiments.csv` draws runners with and without years of race
cycles before their experiment, of one, two, five and six pairs of eight weeks; about 0.07 CPU-seconds each.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import polars as pl

from benchmarks.calibration import prepared
from benchmarks.histories import make_history
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.verdict import DRAW_P_UP_TO

FIRST_SEED = 40_000
WEEKS_OF_A_PAIR = 16
CELLS = (
    *(("race_cycles", 104, pairs, 0.0) for pairs in (1, 2, 5, 6)),
    *(("clean", 0, 6, effect) for effect in (0.0, 0.02, 0.03)),
)


def ask(kind: str, before: int, pairs: int, effect: float, seed: int) -> tuple[str, float | None, bool]:
    """Verdict, p of the draw, and whether the model's interval leaves zero out, of one runner who told no races."""
    made = make_history(kind, before + WEEKS_OF_A_PAIR * pairs, effect, seed, pairs=pairs)
    found = estimate_effect(prepared(made, is_told=False), made.blocks)
    p = None if found.experiment is None else found.experiment.p_value
    return found.verdict, p, found.achieved.excludes(0.0)


def main() -> None:
    """Draw, ask, count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--runners", type=int, default=300, help="a cell")
    parser.add_argument("--out", type=Path, required=True)
    wanted = parser.parse_args()
    began = time.process_time()
    rows = []
    for kind, before, pairs, effect in CELLS:
        answers = [ask(kind, before, pairs, effect, FIRST_SEED + seed) for seed in range(wanted.runners)]
        supported = sum(verdict == "supported" for verdict, *_ in answers) / wanted.runners
        rows.append(
            {
                "kind": kind,
                "weeks_before": before,
                "pairs": pairs,
                "effect": effect,
                "runners": wanted.runners,
                "supported_fraction": supported,
                "error_fraction": (supported * (1 - supported) / wanted.runners) ** 0.5,
                "draw_p_up_to_0.05_fraction": sum(p is not None and p <= DRAW_P_UP_TO for _, p, _ in answers)
                / wanted.runners,
                "zero_left_out_fraction": sum(left_out for *_, left_out in answers) / wanted.runners,
            }
        )
        print(rows[-1], f"{time.process_time() - began:.0f} CPU-seconds", flush=True)
    pl.DataFrame(rows).with_columns(pl.col(pl.Float64).round(4)).write_csv(wanted.out)


if __name__ == "__main__":
    main()
