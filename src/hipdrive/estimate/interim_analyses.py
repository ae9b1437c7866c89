"""Declared looks: a page that is read every night must not cry wolf, so the verdict is set on a few fixed days only.

Someone who looks every fortnight for a year and a half sees "p < .05" at least once far more often than one time in
twenty. The verdict is therefore set with the weeks known at 26, 52, 78 and 104 weeks, then every half-year, and at the
end of a declared experiment; between these the estimate is shown as provisional. Who starts with years of data gets the
verdict of the weeks up to the last look, as if the page had been read since then.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.effect import estimate_effect
from hipdrive.estimate.experiment import due_experiments
from hipdrive.estimate.history import read_history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipdrive.estimate.effect import Effect
    from hipdrive.estimate.experiment import Span
    from hipdrive.estimate.history import History

FIRST_LOOK_WEEKS = 26
WEEKS_BETWEEN_LOOKS = 26


def is_look(calendar_weeks: int) -> bool:
    """Whether the calendar of looks sets a verdict with this many weeks of known dose."""
    return last_look(calendar_weeks) == calendar_weeks


def last_look(calendar_weeks: int, experiment_ends: Sequence[int] = ()) -> int | None:
    """The latest look at or before this many weeks; None before the first.

    Args:
        calendar_weeks: from the first to the last of known dose.
        experiment_ends: so many there were when each declared experiment became due, of those that are.
    """
    if calendar_weeks < FIRST_LOOK_WEEKS:
        return None
    regular = calendar_weeks - (calendar_weeks - FIRST_LOOK_WEEKS) % WEEKS_BETWEEN_LOOKS
    return max([regular, *experiment_ends])


def next_look(calendar_weeks: int) -> int:
    """The next look of the calendar after this many weeks."""
    last = last_look(calendar_weeks)
    return FIRST_LOOK_WEEKS if last is None else last + WEEKS_BETWEEN_LOOKS


def weeks_at_last_look(weeks: pl.DataFrame, plan_blocks: pl.DataFrame | None = None) -> pl.DataFrame | None:
    """The weeks as they stood at the latest look, for the verdict; None before the first.

    Weeks are counted from the first to the last of known dose; the running week does not count.
    """
    flags = [pl.col(name).fill_null(value=False) for name in ("dose_known", "is_complete") if name in weeks.columns]
    ordered = weeks.sort("week_start")
    known = ordered.select(
        pl.all_horizontal(pl.lit(True), pl.col("hip_dose").cast(pl.Float64).is_finite().fill_null(value=False), *flags)
    ).to_series()
    spoken = known.arg_true()
    if spoken.is_empty():
        return None
    first = int(spoken[0])
    history = read_history(weeks)
    dues = (
        ()
        if plan_blocks is None or plan_blocks.is_empty() or history is None
        else due_experiments(plan_blocks, history.first_week, history.calendar_weeks, history.told_weeks)
    )
    look = last_look(int(spoken[-1]) - first + 1, [due.asked_at for due in dues])
    return None if look is None else ordered.head(first + look)


def estimate_at_last_look(
    weeks: pl.DataFrame, plan_blocks: pl.DataFrame | None = None, plans: pl.DataFrame | None = None
) -> Effect | None:
    """The estimate whose verdict stands until the next look; None before the first.

    Args:
        weeks: as for `estimate_effect`, all of them.
        plan_blocks: as for `estimate_effect`.
        plans: as for `estimate_effect`.
    """
    seen = weeks_at_last_look(weeks, plan_blocks)
    return None if seen is None else estimate_effect(seen, plan_blocks, plans=plans)


def weeks_when_asked(weeks: pl.DataFrame, history: History, span: Span) -> pl.DataFrame:
    """The weeks as they stood when an experiment became due."""
    until = history.first_week + timedelta(weeks=span.asked_at)
    return weeks.filter(pl.col("week_start").cast(pl.Date) < until)
