"""Whose steps a cadence counts, and which records are running: for each activity, from speed and cadence together.

FIT's cadence is of one foot; some writers store both. Which it is cannot be told from the number alone in a run with
much walking, but from the speed: people walk 1.4 m/s with about 110 steps a minute and run 3 m/s with about 167, and
half or double of that is nobody's.
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

DOUBLED_FROM = 120.0  # without a speed: a median above this is not a count of one foot
# Steps a minute of both feet that go with a speed in m/s [a choice: the middle of ordinary walkers and runners].
_USUAL_STEPS = ((0.0, 90.0), (1.4, 110.0), (2.2, 152.0), (3.0, 167.0), (4.0, 178.0), (6.0, 205.0), (9.0, 250.0))
FEWEST_RECORDS = 30  # with steps and a speed, to tell one foot from both
RUNS_FROM_M_PER_S = 2.0  # where walkers begin to run
WALKS_BELOW_SPM, RUNS_FROM_SPM = 120.0, 140.0  # steps of both feet: nobody runs with fewer, nobody walks with more


def counts_both_feet() -> pl.Expr:
    """Whether an activity's `cadence` is of both feet, by `stretch_speed` where it is known, over `activity_id`.

    At 3 m/s a stored 165 lies near 167, twice that does not: both feet. At 1.4 m/s a stored 108 lies near 110.
    """
    steps = pl.col("cadence") > 0
    known = steps & pl.col("is_moving") & pl.col("stretch_speed").is_not_null()
    # Nearer to the usual than its double is, on a scale of ratios: above the usual over the root of two.
    is_near = (pl.col("cadence") / usual_steps(pl.col("stretch_speed"))).filter(known).median() > 2**-0.5
    near = pl.when(known.sum() >= FEWEST_RECORDS).then(is_near)
    by_number = pl.col("cadence").filter(steps).median() >= DOUBLED_FROM
    return pl.coalesce(near, by_number).over("activity_id")


def usual_steps(speed: pl.Expr) -> pl.Expr:
    """Steps a minute of both feet that usually go with a speed in m/s, straight between the points of the table."""
    (_, lowest), *_ = _USUAL_STEPS
    *_, (_, highest) = _USUAL_STEPS
    steps = pl.lit(highest)
    for (from_speed, from_steps), (to_speed, to_steps) in reversed(list(pairwise(_USUAL_STEPS))):
        slope = (to_steps - from_steps) / (to_speed - from_speed)
        steps = pl.when(speed < to_speed).then(from_steps + slope * (speed - from_speed)).otherwise(steps)
    return pl.when(speed <= 0).then(lowest).otherwise(steps)


def is_running(speed: pl.Expr, cadence_spm: pl.Expr) -> pl.Expr:
    """Whether a record is running: by its steps where they are counted, else, and between 120 and 140, by its speed."""
    by_speed = (speed >= RUNS_FROM_M_PER_S).fill_null(value=False)
    return (
        pl.when(cadence_spm.is_null())
        .then(by_speed)
        .when(cadence_spm >= RUNS_FROM_SPM)
        .then(pl.lit(True))
        .otherwise(by_speed & (cadence_spm >= WALKS_BELOW_SPM))
    )
