"""An experiment of one runner: blocks on and off, drawn by lot in pairs and declared before they begin."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.estimate.planner import BLOCK_WEEKS
from hipdrive.estimate.verdict import Experiment
from hipdrive.measure.adherence import FULL_PROGRAMME, share_of_programme
from hipdrive.tables.estimates import Plan, PlanBlock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import dataframely as dy
    from numpy.typing import NDArray

PAIRS = 6  # 96 weeks of 8-week blocks; 64 draws, so that the exact p can reach 2/64
MOST_PAIRS = 12  # 4,096 draws; more are not enumerated
DAYS_OF_A_WEEK = 7

Pair = tuple[tuple[int, ...], tuple[int, ...]]


def next_monday(*days: date) -> date:
    """The first Monday after all of these days, on which an experiment declared today begins."""
    last = max(days)
    return last + timedelta(days=DAYS_OF_A_WEEK - last.weekday())


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
    if start_date.weekday() != 0 or start_date <= declared_utc.date():
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


def measure_adherence(plans: pl.DataFrame, plan_blocks: pl.DataFrame, weeks: pl.DataFrame) -> dy.DataFrame[PlanBlock]:
    """The share of the programme done in each block; null while none of its weeks has a known dose.

    A week counts as one programme at most. On, high is kept; off, low is kept.

    Args:
        plans: whose each plan is: `plan_id`, `athlete_id`.
        plan_blocks: of any number of plans.
        weeks: of any number of athletes; weeks of unknown dose and the running week do not count.
    """
    flags = [pl.col(name).fill_null(value=False) for name in ("dose_known", "is_complete") if name in weeks.columns]
    known = weeks.filter(pl.col("hip_dose").is_not_null(), *flags)
    owned = plan_blocks.drop("adherence_fraction", strict=False).join(
        plans.select("plan_id", owner=pl.col("athlete_id")), on="plan_id", how="left", maintain_order="left"
    )
    done = owned.join_where(
        known.select(
            "athlete_id", week=pl.col("week_start").cast(pl.Date), done=share_of_programme(pl.col("hip_dose"))
        ),
        pl.col("owner") == pl.col("athlete_id"),
        pl.col("week") >= pl.col("start_date"),
        pl.col("week") <= pl.col("end_date"),
    )
    means = done.group_by("plan_id", "block_index").agg(adherence_fraction=pl.col("done").mean())
    measured = owned.join(means, on=["plan_id", "block_index"], how="left", maintain_order="left")
    return PlanBlock.validate(measured.select(PlanBlock.column_names()), cast=True)


def ended_pairs(plan_blocks: pl.DataFrame, first_week: date, calendar_weeks: int) -> tuple[Pair, ...]:
    """Calendar weeks on and off of each pair of blocks, of plans that have ended inside the weeks of known dose.

    A plan that still runs, or that the log covers in part, has none: its draw is tested once, at its end.

    Args:
        plan_blocks: `block_index` (in order), `start_date`, `end_date` (its last day), `arm` (`on`, `off`); `plan_id`
            where there is more than one plan.
        first_week: Monday of calendar week 0.
        calendar_weeks: weeks of known dose.

    Returns:
        (weeks on, weeks off) of each pair, blocks one and two, three and four, …; the first twelve.
    """
    key = ["plan_id"] if "plan_id" in plan_blocks.columns else []
    blocks = plan_blocks.sort("start_date").select(
        *key,
        "arm",
        first=(pl.col("start_date").cast(pl.Date) - first_week).dt.total_days() // DAYS_OF_A_WEEK,
        last=(pl.col("end_date").cast(pl.Date) - first_week).dt.total_days() // DAYS_OF_A_WEEK,
    )
    plans = blocks.partition_by(key, maintain_order=True, include_key=False) if key else [blocks]
    pairs: list[Pair] = []
    for plan in plans:
        if not plan.is_empty() and plan["first"][0] >= 0 and plan["last"][-1] < calendar_weeks:
            rows = plan.rows()
            pairs += [_pair(one, other) for one, other in zip(rows[::2], rows[1::2], strict=False)]
    return tuple(pairs[:MOST_PAIRS])


def _pair(one: tuple[str, int, int], other: tuple[str, int, int]) -> Pair:
    weeks = {arm: tuple(range(first, last + 1)) for arm, first, last in (one, other)}
    return weeks["on"], weeks["off"]


def last_weeks(plan_blocks: pl.DataFrame, first_week: date) -> list[int]:
    """How many calendar weeks there are at the end of each plan that began in or after calendar week 0."""
    key = ["plan_id"] if "plan_id" in plan_blocks.columns else []
    spans = plan_blocks.group_by(key or pl.lit(0)).agg(
        start=pl.col("start_date").cast(pl.Date).min(), end=pl.col("end_date").cast(pl.Date).max()
    )
    begun = spans.filter(pl.col("start") >= first_week)
    return sorted((end - first_week).days // DAYS_OF_A_WEEK + 1 for end in begun["end"])


def last_day(plan_blocks: pl.DataFrame) -> date | None:
    """The last day of the last declared block; None without one."""
    end = plan_blocks["end_date"].cast(pl.Date).max()
    return end if isinstance(end, date) else None


def judge_experiment(dose: NDArray[np.float64], pairs: Sequence[Pair], p_value: float | None) -> Experiment:
    """How much of the programme was done in the weeks on and in the weeks off; a week counts once at most."""
    done = np.minimum(dose, FULL_PROGRAMME)
    on = [week for pair in pairs for week in pair[0]]
    off = [week for pair in pairs for week in pair[1]]
    return Experiment(float(done[on].mean()), float(done[off].mean()), p_value)
