"""An experiment of one runner: blocks on and off, drawn by lot in pairs and declared before they begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.estimate.planner import BLOCK_WEEKS
from hipdrive.estimate.verdict import Experiment
from hipdrive.tables.estimates import Plan, PlanBlock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import dataframely as dy
    from numpy.typing import NDArray

PAIRS = 6  # 96 weeks of 8-week blocks; 64 draws, so that the exact p can reach 2/64
MOST_PAIRS = 12  # 4,096 draws; more are not enumerated
MONDAY = 0

Pair = tuple[tuple[int, ...], tuple[int, ...]]


def declare_experiment(
    athlete_id: str,
    declared_utc: datetime,
    start_date: date,
    seed: int,
    pairs: int = PAIRS,
    block_weeks: int = BLOCK_WEEKS,
) -> tuple[dy.DataFrame[Plan], dy.DataFrame[PlanBlock]]:
    """Draw which block of each pair comes first. "Off" means no hip-extension work; running and the rest go on.

    The same seed gives the same draw, so the seed kept with the plan shows that nothing was chosen afterwards.

    Args:
        athlete_id: whose.
        declared_utc: now; it must come before the start.
        start_date: a Monday.
        seed: of the draw, at least 0.
        pairs: of an on and an off block, 1 to 12.
        block_weeks: length of a block.

    Raises:
        ValueError: a start that is no Monday or already past, or a number of pairs that cannot be tested exactly.
    """
    if start_date.weekday() != MONDAY or start_date <= declared_utc.date():
        raise ValueError(f"plan: {start_date} is no Monday to come; an experiment starts on one")
    if not 1 <= pairs <= MOST_PAIRS or block_weeks < 1:
        raise ValueError(f"plan: {pairs} pairs of {block_weeks} weeks; take 1 to {MOST_PAIRS} pairs of a week or more")
    plan_id = f"{athlete_id}-{start_date.isoformat()}-{seed}"
    on_first = np.random.default_rng(seed).integers(0, 2, pairs)
    arms = [arm for first in on_first for arm in (("on", "off") if first else ("off", "on"))]
    blocks = pl.DataFrame({"plan_id": plan_id, "block_index": range(2 * pairs), "arm": arms}).with_columns(
        start_date=pl.lit(start_date) + pl.duration(weeks=block_weeks * pl.col("block_index")),
        end_date=pl.lit(start_date) + pl.duration(weeks=block_weeks * (pl.col("block_index") + 1), days=-1),
        adherence_fraction=pl.lit(None, pl.Float64),
    )
    plan = pl.DataFrame(
        {
            "plan_id": [plan_id],
            "athlete_id": [athlete_id],
            "declared_utc": [declared_utc],
            "seed": [seed],
            "block_weeks": [block_weeks],
        }
    )
    return (
        Plan.validate(plan, cast=True),
        PlanBlock.validate(blocks.select(PlanBlock.column_names()), cast=True),
    )


def measure_adherence(plan_blocks: pl.DataFrame, weeks: pl.DataFrame) -> dy.DataFrame[PlanBlock]:
    """The share of the programme done in each block; null while none of its weeks has a known dose.

    A week counts as one programme at most. On, high is kept; off, low is kept.
    """
    flags = [pl.col(name).fill_null(value=False) for name in ("dose_known", "is_complete") if name in weeks.columns]
    known = weeks.filter(pl.col("hip_dose").is_not_null(), *flags)
    done = plan_blocks.join_where(
        known.select(week=pl.col("week_start").cast(pl.Date), done=pl.col("hip_dose").clip(0, 1)),
        pl.col("week") >= pl.col("start_date"),
        pl.col("week") <= pl.col("end_date"),
    )
    means = done.group_by("plan_id", "block_index").agg(adherence_fraction=pl.col("done").mean())
    measured = plan_blocks.drop("adherence_fraction", strict=False).join(
        means, on=["plan_id", "block_index"], how="left", maintain_order="left"
    )
    return PlanBlock.validate(measured.select(PlanBlock.column_names()), cast=True)


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
