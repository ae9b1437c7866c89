"""A declared experiment in the data: which calendar weeks its pairs of blocks cover, and whether they were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.estimate.verdict import Experiment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

MOST_PAIRS = 12  # 4,096 draws; more are not enumerated

Pair = tuple[tuple[int, ...], tuple[int, ...]]


def randomised_pairs(plan_blocks: pl.DataFrame, first_week: date, calendar_weeks: int) -> tuple[Pair, ...]:
    """Calendar weeks on and off of each pair of blocks that has ended inside the data.

    Args:
        plan_blocks: `block_index` (in order), `start_date`, `end_date` (its last day), `arm` (`on`, `off`).
        first_week: Monday of calendar week 0.
        calendar_weeks: weeks of known dose.

    Returns:
        (weeks on, weeks off) of each pair, blocks one and two, three and four, …; the first twelve.
    """
    blocks = plan_blocks.sort("block_index").select(
        "arm",
        first=(pl.col("start_date").cast(pl.Date) - first_week).dt.total_days() // 7,
        last=(pl.col("end_date").cast(pl.Date) - first_week).dt.total_days() // 7,
    )
    rows = blocks.rows()
    pairs: list[Pair] = []
    for (arm, first, last), (other_arm, other_first, other_last) in zip(rows[::2], rows[1::2], strict=False):
        is_inside = first >= 0 and other_last < calendar_weeks
        if is_inside and arm != other_arm and len(pairs) < MOST_PAIRS:
            one, other = tuple(range(first, last + 1)), tuple(range(other_first, other_last + 1))
            pairs.append((one, other) if arm == "on" else (other, one))
    return tuple(pairs)


def judge_experiment(dose: NDArray[np.float64], pairs: Sequence[Pair], p_value: float | None) -> Experiment:
    """How much of the programme was done in the weeks on and in the weeks off; a week counts once at most."""
    done = np.minimum(dose, 1.0)
    on = [week for pair in pairs for week in pair[0]]
    off = [week for pair in pairs for week in pair[1]]
    return Experiment(float(done[on].mean()), float(done[off].mean()), p_value)
