"""Are made-up runners without an effect called too often, and by what? Suspects of the demo, switched off one by one.

`python -m benchmarks.suspects --folder lives` takes the runs that `benchmarks.lives` measured through the pipeline (and
nothing planted), takes one thing at a time out of their speed, or out of what is measured of it, and counts p < .05
again; `--drawn 2000` does so with runs drawn without files (about 0.1 CPU-seconds each).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from benchmarks.calibration import LEVEL
from benchmarks.drawn import Life, drawn_life, measured_life, weeks_of
from hipdrive.demo.physiology import LOG_SPEED_PER_BPM
from hipdrive.estimate.effect import estimate_outcome

if TYPE_CHECKING:
    from collections.abc import Callable

ADDED_RUN_NOISE = 0.025  # of ln speed: brings these runs to the scatter of those in benchmarks/histories.py


def _with_run_noise(life: Life) -> pl.DataFrame:
    rng = np.random.default_rng([life.day.size, int(1e6 * abs(life.y.sum()))])
    return weeks_of(life, life.y + rng.normal(0, ADDED_RUN_NOISE, life.y.size), life.kind)


SUSPECTS: dict[str, Callable[[Life], pl.DataFrame]] = {
    "as it is": lambda life: weeks_of(life, life.y, life.kind),
    "without illness": lambda life: weeks_of(life, life.y - life.parts["illness"], life.kind),
    "without fatigue after strength work": lambda life: weeks_of(life, life.y - life.parts["fatigue"], life.kind),
    "without an effect of training load": lambda life: weeks_of(life, life.y - life.parts["load"], life.kind),
    "kinds of runs as planned": lambda life: weeks_of(life, life.y, life.planned),
    "the heart-rate slope that was planted": lambda life: weeks_of(life, life.y, life.kind, LOG_SPEED_PER_BPM),
    "all of these": lambda life: weeks_of(life, life.y - sum(life.parts.values()), life.planned, LOG_SPEED_PER_BPM),
    "as noisy from run to run as the calibration": _with_run_noise,
}


def _p_value(weeks: pl.DataFrame) -> float:
    found = estimate_outcome(weeks).p_value
    return 1.0 if found is None else found


def main() -> None:
    """Count, for every suspect."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--folder", type=Path, help="of benchmarks.lives")
    source.add_argument("--drawn", type=int, help="how many runners without files")
    wanted = parser.parse_args()
    kept = sorted(wanted.folder.glob("0-*-weeks.parquet")) if wanted.folder else []
    seeds = [int(path.name.split("-")[1]) for path in kept] or range(1, wanted.drawn + 1)
    rows = []
    for seed in seeds:
        life = measured_life(seed, wanted.folder) if wanted.folder else drawn_life(seed)
        rows += [(seed, name, _p_value(change(life))) for name, change in SUSPECTS.items()]
    table = pl.DataFrame(rows, schema=["seed", "suspect", "p_value"], orient="row")
    called = (
        table.group_by("suspect", maintain_order=True)
        .agg(runners=pl.len(), called_fraction=(pl.col("p_value") < LEVEL).mean())
        .with_columns(error=(pl.col("called_fraction") * (1 - pl.col("called_fraction")) / pl.col("runners")).sqrt())
    )
    with pl.Config(tbl_rows=-1, tbl_width_chars=120, fmt_str_lengths=60):
        print(called)


if __name__ == "__main__":
    main()
