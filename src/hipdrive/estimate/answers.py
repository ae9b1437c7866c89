"""What a declared experiment came to: asked once, when it is due, and kept with its plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.effect import estimate_effect
from hipdrive.estimate.experiment import due_experiments
from hipdrive.estimate.history import read_history
from hipdrive.estimate.interim_analyses import weeks_when_asked
from hipdrive.tables.estimates import Plan

if TYPE_CHECKING:
    from datetime import datetime

    import dataframely as dy


def ask_plans(
    plans: dy.DataFrame[Plan],
    plan_blocks: pl.DataFrame | None,
    weeks: pl.DataFrame,
    asked_utc: datetime,
    *,
    again: bool = False,
) -> dy.DataFrame[Plan]:
    """The plans with `asked_utc`, `draw_p_value` and `verdict` of those that are due; other rows stay as they are.

    A plan is judged with the weeks as they stood when it became due.

    Args:
        plans: one athlete's.
        plan_blocks: theirs; None without any.
        weeks: as for `estimate_effect`.
        asked_utc: now.
        again: ask those too that were answered already; only `backfill` does.
    """
    history = read_history(weeks)
    if history is None or plan_blocks is None or plan_blocks.is_empty():
        return plans
    rows = {row["plan_id"]: row for row in plans.iter_rows(named=True)}
    for span in due_experiments(plan_blocks, history.first_week, history.calendar_weeks, history.told_weeks):
        row = rows.get(span.plan_id)
        if row is None or (row["asked_utc"] is not None and not again):
            continue
        blocks = plan_blocks.filter(pl.col("plan_id") == span.plan_id)
        effect = estimate_effect(weeks_when_asked(weeks, history, span), blocks)
        p_value = None if effect.experiment is None else effect.experiment.p_value
        row |= {"asked_utc": asked_utc, "draw_p_value": p_value, "verdict": effect.verdict}
    return Plan.validate(pl.DataFrame(list(rows.values()), schema=plans.schema), cast=True)
