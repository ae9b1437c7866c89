"""An experiment of one runner: blocks on and off, drawn by lot in pairs and declared before they begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from hipdrive.estimate.draw import Pair, draw_p_value
from hipdrive.estimate.power_analysis import BLOCK_WEEKS
from hipdrive.estimate.verdict import Experiment
from hipdrive.measure.adherence import FULL_PROGRAMME, share_of_programme
from hipdrive.tables.estimates import Plan, PlanBlock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import dataframely as dy

    from hipdrive.estimate.history import History

PAIRS = 6  # 96 weeks of 8-week blocks; 64 draws, so that the exact p can reach 1/64
MOST_PAIRS = 12  # 4,096 draws; more are not enumerated
DAYS_OF_A_WEEK = 7
LATEST_WEEKS = 4  # after its last week a draw is asked with what is known


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
        ValueError: a start that is not a Monday or already past, or a number of pairs that cannot be tested exactly.
    """
    if start_date.weekday() != 0 or start_date <= declared_utc.date():
        raise ValueError(f"plan: {start_date} is not a Monday in the future; an experiment starts on a Monday")
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
            "asked_utc": [None],
            "draw_p_value": [None],
            "verdict": [None],
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


@dataclass(frozen=True)
class Span:
    """One experiment whose draw can be asked, on the calendar of the weeks.

    Attributes:
        plan_id: whose plan; empty where the blocks do not name one.
        first: its first calendar week.
        last: the last week of its last whole pair.
        pairs: weeks on and off of each whole pair, counted from `first`; the first twelve.
        asked_at: so many calendar weeks there were when it became due.
    """

    plan_id: str
    first: int
    last: int
    pairs: tuple[Pair, ...]
    asked_at: int


def due_experiments(
    plan_blocks: pl.DataFrame, first_week: date, calendar_weeks: int, told_weeks: int
) -> tuple[Span, ...]:
    """The experiments whose draw can be asked, in the order in which they became due.

    A plan is due when its last week is complete and its dose known, and at the latest 28 days after it: then with the
    pairs whose dose is known. A plan that began before calendar week 0 never is.

    Args:
        plan_blocks: blocks with `start_date` (a Monday), `end_date` (its last day), `arm` (`on`, `off`); `plan_id`
            where there is more than one plan.
        first_week: Monday of calendar week 0.
        calendar_weeks: weeks of known dose.
        told_weeks: complete weeks, those of unknown dose at the end among them.
    """
    named = plan_blocks if "plan_id" in plan_blocks.columns else plan_blocks.with_columns(plan_id=pl.lit(""))
    blocks = named.sort("start_date").select(
        "plan_id",
        "arm",
        first=(pl.col("start_date").cast(pl.Date) - first_week).dt.total_days() // DAYS_OF_A_WEEK,
        last=(pl.col("end_date").cast(pl.Date) - first_week).dt.total_days() // DAYS_OF_A_WEEK,
    )
    spans = []
    for (plan_id,), plan in blocks.partition_by(
        "plan_id", maintain_order=True, as_dict=True, include_key=False
    ).items():
        start, end = plan["first"][0], plan["last"][-1] + 1
        asked_at = end if end <= calendar_weeks else end + LATEST_WEEKS
        rows = [block for block in plan.rows() if block[2] < calendar_weeks]
        pairs = [_pair(one, other, start) for one, other in zip(rows[::2], rows[1::2], strict=False)][:MOST_PAIRS]
        if start >= 0 and asked_at <= told_weeks and pairs:
            last = max(week for pair in pairs for arm in pair for week in arm)
            spans.append(Span(str(plan_id), start, start + last, tuple(pairs), asked_at))
    return tuple(sorted(spans, key=lambda span: span.asked_at))


def _pair(one: tuple[str, int, int], other: tuple[str, int, int], start: int) -> Pair:
    weeks = {arm: tuple(range(first - start, last - start + 1)) for arm, first, last in (one, other)}
    return weeks.get("on", ()), weeks.get("off", ())


def last_day(plan_blocks: pl.DataFrame) -> date | None:
    """The last day of the last declared block; None without one."""
    end = plan_blocks["end_date"].cast(pl.Date).max()
    return end if isinstance(end, date) else None


def judge_experiment(history: History, span: Span, answered: Mapping[str, Any] | None = None) -> Experiment:
    """How far an experiment was kept, and what its draw says; a week counts as one programme at most.

    Args:
        history: all weeks; only the experiment's enter.
        span: which they are.
        answered: the plan's row once it was asked: its answer stands, and is not asked again.
    """
    own = history.within(span.first, span.last)
    done = np.minimum(own.dose, FULL_PROGRAMME)
    on, off = ([week for pair in span.pairs for week in pair[arm]] for arm in (0, 1))
    asked = {} if answered is None or answered.get("asked_utc") is None else answered
    return Experiment(
        plan_id=span.plan_id,
        pairs=len(span.pairs),
        done_on=float(done[on].mean()) if on else 0.0,
        done_off=float(done[off].mean()) if off else 1.0,
        p_value=asked["draw_p_value"] if asked else draw_p_value(own, span.pairs),
        answer=asked["verdict"] if asked else None,
    )


@dataclass(frozen=True)
class Trial:
    """An experiment that is due, and how it went."""

    span: Span
    experiment: Experiment


def governing(history: History, plan_blocks: pl.DataFrame | None, plans: pl.DataFrame | None) -> Trial | None:
    """The last experiment due that can speak: the verdict goes by it. Else the last one due, which has no say.

    Args:
        history: all weeks.
        plan_blocks: as for `due_experiments`; None without any.
        plans: what was declared, with the answers so far (`plan_id`, `asked_utc`, `draw_p_value`, `verdict`).
    """
    if plan_blocks is None or plan_blocks.is_empty():
        return None
    answers = {} if plans is None else {row["plan_id"]: row for row in plans.iter_rows(named=True)}
    spans = due_experiments(plan_blocks, history.first_week, history.calendar_weeks, history.told_weeks)
    trials = [Trial(span, judge_experiment(history, span, answers.get(span.plan_id))) for span in spans]
    speaking = [trial for trial in trials if trial.experiment.can_speak]
    due = speaking or trials
    return due[-1] if due else None
