"""The weeks of the warehouse as the estimate wants them: runs repaired, races and illness told."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hipdrive.estimate.races import find_races, with_races, with_unwell_weeks
from hipdrive.estimate.repairs import repair_weeks

if TYPE_CHECKING:
    import dataframely as dy

    from hipdrive.tables.estimates import Race


class Prepared(NamedTuple):
    """Complete weeks for `estimate_effect`, and the race calendar that they were told."""

    weeks: pl.DataFrame
    races: dy.DataFrame[Race]


def prepare_weeks(
    weeks: pl.DataFrame, runs: pl.DataFrame, days: pl.DataFrame, diary: pl.DataFrame, best_efforts: pl.DataFrame
) -> Prepared:
    """One athlete's complete weeks in order, with everything else that the estimate takes into account.

    Args:
        weeks: every ISO week, none missing; the running week is left out.
        runs: every run.
        days: every day.
        diary: every line.
        best_efforts: of these runs; those of others do not matter.
    """
    complete = weeks.filter("is_complete").sort("week_start")
    races = find_races(diary, runs, best_efforts)
    repaired = repair_weeks(complete, runs, days)
    return Prepared(with_unwell_weeks(with_races(repaired, races), diary), races)
