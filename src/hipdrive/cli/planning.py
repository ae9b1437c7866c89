"""What `hipdrive plan` shows: a declared experiment, and what it would take."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

import dataframely as dy
import polars as pl
from rich.console import Console

from hipdrive.errors import WrongUse
from hipdrive.estimate import estimate_effect
from hipdrive.estimate.experiment import PAIRS, next_monday
from hipdrive.estimate.history import read_history
from hipdrive.estimate.power_analysis import (
    block_that_teaches_most,
    prospect_at_present_rhythm,
    prospect_before_data,
    prospect_in_blocks,
)
from hipdrive.estimate.preparation import prepare_weeks
from hipdrive.report import words
from hipdrive.report.plan import (
    EXPERIMENT_RULE,
    HOW_TO_DECLARE,
    block_rows,
    declared_words,
    experiment_words,
    horizons,
    prospect_sentences,
    runners_sentence,
)
from hipdrive.settings import Home
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_efforts import BestEffort
from hipdrive.tables.run_history import Run
from hipdrive.tables.weeks import Day, Week
from hipdrive.tables.wellness import DailyWellness
from hipdrive.warehouse import Declared, is_of_older_version, read_table

S = TypeVar("S", bound=dy.Schema)


def show_declared(declared: Declared) -> None:
    """The draw and its blocks, and what the experiment can come to."""
    console = _console()
    console.print(declared_words(declared.plans))
    last = declared.plans["plan_id"][-1]
    rows = block_rows(declared.blocks.filter(pl.col("plan_id") == last))
    for block in rows:
        done = f"{block.done} of the full hip work" if block.done else ""
        line = f"  {block.number:>2}  {block.first_day} to {block.last_day}  {block.arm:<3}  {done}"
        console.print(line.rstrip())
    draws = 2 ** (len(rows) // 2)
    console.print(f"{draws} draws could have come out; at the end their exact test says how many fit as well as yours.")


def show_prospects(home: Home, athlete: str, today: date, declared: Declared) -> None:
    """How long it would take, by this runner's own noise, or by a typical one before there are any data.

    Raises:
        WrongUse: the warehouse waits for a night of this version.
    """
    console = _console()
    weeks = _weeks(home, athlete)
    effect = None if weeks is None else estimate_effect(weeks, declared.blocks, plans=declared.plans)
    history = None if weeks is None else read_history(weeks)
    if effect is None or effect.noise is None or history is None:
        _show_before_data(console, is_declared=not declared.plans.is_empty())
        return
    noise = effect.noise
    now, blocks = prospect_at_present_rhythm(history, noise), prospect_in_blocks(history, noise)
    console.print(
        f"Measured in your own {words.count(effect.weeks, 'week')}: beside what is taken into account, the speed of a "
        f"week scatters by {words.percent_fine(noise.week_sd)} with {noise.runs_per_week:.1f} runs a week."
    )
    to_do = HOW_TO_DECLARE if declared.plans.is_empty() else experiment_words(effect)
    for sentence in filter(None, (*prospect_sentences(now, blocks), to_do)):
        console.print(sentence)
    console.print("The smallest effect of the full programme that would be seen four times in five:")
    for row in horizons(now, blocks):
        console.print(f"  after {row.weeks:>3} more weeks: {row.as_now:>6} as now, {row.in_blocks:>6} in blocks")
    arm = block_that_teaches_most(history, noise)
    console.print(f"From Monday, {words.day(next_monday(today))}, a block {arm} would teach most.")


def _show_before_data(console: Console, *, is_declared: bool) -> None:
    prospect = prospect_before_data()
    console.print(
        "No estimate can be made of your own weeks yet, so these numbers are for the noise of a typical runner with "
        "four runs a week, in blocks of eight weeks on and off:"
    )
    for weeks, smallest in sorted(prospect.smallest_visible.items()):
        seen = words.percent_fine(smallest)
        console.print(f"  after {weeks:>3} weeks a full programme's effect of {seen:>6} or more would be seen")
    console.print(runners_sentence(prospect.runners_needed, "of that kind"))
    if not is_declared:
        console.print(
            f"The command “hipdrive plan --start” draws and declares {PAIRS} pairs of blocks. {EXPERIMENT_RULE}"
        )


def _weeks(home: Home, athlete: str) -> pl.DataFrame | None:
    if not home.warehouse_file.is_file():
        return None
    if is_of_older_version(home):
        raise WrongUse(
            "plan", "the warehouse was made by an older version", "run `hipdrive nightly`, which brings it up to date"
        )

    def own(table: str, schema: type[S]) -> pl.DataFrame:
        return read_table(home, table, schema, athlete)

    weeks, _ = prepare_weeks(
        own("weeks", Week),
        own("runs", Run),
        own("days", Day),
        own("diary", DiaryLine),
        own("best_efforts", BestEffort),
        own("daily_wellness", DailyWellness),
    )
    return None if weeks.is_empty() else weeks


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False, markup=False)
