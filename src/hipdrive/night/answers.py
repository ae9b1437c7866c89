"""What the estimate room says of one athlete tonight, and what of it the warehouse keeps.

Kept are its rows in `effects` and `effect_checks`, for people to ask, and the whole of it as text in `answers`, so that
a page can be drawn again without estimating.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import dataframely as dy
import polars as pl

from hipdrive.estimate import Effect, estimate_effect
from hipdrive.estimate.day_after import DayAfter, estimate_day_after
from hipdrive.estimate.history import read_history
from hipdrive.estimate.interim_analyses import estimate_at_last_look
from hipdrive.estimate.late_in_long_runs import LATE, estimate_late_in_long_runs
from hipdrive.estimate.mathematical_coupling import MathematicalCoupling, measure_coupling
from hipdrive.estimate.mechanisms import Mechanism, estimate_mechanisms
from hipdrive.estimate.pace_parts import split_pace
from hipdrive.estimate.power_analysis import (
    Prospect,
    Remedies,
    block_that_teaches_most,
    compare_remedies,
    prospect_at_present_rhythm,
    prospect_in_blocks,
)
from hipdrive.estimate.preparation import prepare_weeks
from hipdrive.estimate.rows import check_rows, effect_rows, part_rows, race_rows
from hipdrive.estimate.stride_seen import StrideSeen, describe_stride
from hipdrive.night.kept import from_text, to_text
from hipdrive.night.plans import answer_plans
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.estimates import PacePart, Race, StoredAnswers
from hipdrive.tables.run_efforts import BestEffort
from hipdrive.tables.run_history import Run
from hipdrive.tables.run_measures import RunWindow
from hipdrive.tables.weeks import Athlete, Day, Week
from hipdrive.tables.wellness import DailyWellness
from hipdrive.warehouse import StoredTables, Warehouse


@dataclass(frozen=True)
class Answers:
    """What the estimate room says of one athlete tonight.

    Attributes:
        effect: of hip-extension work on speed at reference heart rate, all weeks.
        look: the same with the weeks up to the last declared look, whose verdict stands; None before the first.
        weeks: as they were estimated from.
        races: the race calendar; those that are not counted are asked about.
        parts: what the path of the outcome is made of.
        day_after: runs after hip work against the others of their week.
        at_present_rhythm: what more weeks like those so far would let one see; None where the noise is not known yet.
        in_blocks: the same for blocks on and off.
        remedies: what would help most: time, less noise, or a design.
        teaches_most: the block, on or off, that would teach most from Monday on.
        mechanisms: stride at one speed, where it was measured; never in the verdict.
        coupling: what the formulas of force and angle build in; None with too few runs to tell.
        stride_seen: sweep angle and swing time, description only; None with too few minutes.
        late: the second declared outcome, late in long runs; never in the verdict, None without a long run.
    """

    effect: Effect
    look: Effect | None
    weeks: pl.DataFrame
    races: dy.DataFrame[Race]
    parts: dy.DataFrame[PacePart]
    day_after: DayAfter
    at_present_rhythm: Prospect | None
    in_blocks: Prospect | None
    remedies: Remedies | None
    teaches_most: str | None
    mechanisms: tuple[Mechanism, ...]
    coupling: MathematicalCoupling | None
    stride_seen: StrideSeen | None
    late: Effect | None = None


def estimate_athlete(warehouse: Warehouse, run_id: str, athlete: str, asked_utc: datetime) -> Answers | None:
    """One athlete's answers, kept as rows of this night in `effects` and `effect_checks`; None without a complete week.

    Only complete weeks enter; which of them have a known dose the estimate sees itself. An experiment that is due is
    asked once, and the answer kept.
    """
    runs, days = warehouse.read("runs", Run, athlete), warehouse.read("days", Day, athlete)
    diary, efforts = warehouse.read("diary", DiaryLine, athlete), warehouse.read("best_efforts", BestEffort, athlete)
    wellness = warehouse.read("daily_wellness", DailyWellness, athlete)
    weeks, races = prepare_weeks(warehouse.read("weeks", Week, athlete), runs, days, diary, efforts, wellness)
    if weeks.is_empty():
        return None
    of_runs = runs.select("activity_id")
    windows = RunWindow.cast(
        warehouse.read("run_windows", RunWindow, athlete).join(of_runs, on="activity_id", how="semi")
    )
    settled = warehouse.read("athletes", Athlete, athlete)
    leg_m = settled["leg_length_m"].item()
    plans, blocks = answer_plans(warehouse, athlete, weeks, asked_utc)
    effect = estimate_effect(weeks, blocks, plans=plans)
    look = estimate_at_last_look(weeks, blocks, plans)
    parts = split_pace(weeks, effect, (effect if look is None else look).verdict)
    mechanisms = estimate_mechanisms(weeks, runs)
    history, noise = read_history(weeks), effect.noise
    plannable = (history, noise) if history is not None and noise is not None else None
    warehouse.append("effects", effect_rows(effect, run_id, athlete, look=look))
    for one in mechanisms:
        rows_of_one = effect_rows(one.effect, run_id, athlete, one.outcome, q_value=one.q_value)
        warehouse.append("effects", rows_of_one)
    late = estimate_late_in_long_runs(weeks, runs, windows, settled["hr_slope_per_bpm"].to_list())
    if late is not None:
        warehouse.append("effects", effect_rows(late, run_id, athlete, LATE))
    warehouse.append("effect_checks", check_rows(effect, run_id, athlete))
    warehouse.replace_of(athlete, "pace_parts", part_rows(parts, athlete))
    warehouse.replace_of(athlete, "races", race_rows(races, athlete))
    answers = Answers(
        effect=effect,
        look=look,
        weeks=weeks,
        races=races,
        parts=parts,
        day_after=estimate_day_after(runs, days),
        at_present_rhythm=prospect_at_present_rhythm(*plannable) if plannable else None,
        in_blocks=prospect_in_blocks(*plannable) if plannable else None,
        remedies=compare_remedies(*plannable) if plannable else None,
        teaches_most=block_that_teaches_most(*plannable) if plannable else None,
        mechanisms=tuple(mechanisms),
        coupling=measure_coupling(windows, leg_m),
        stride_seen=describe_stride(windows, leg_m),
        late=late,
    )
    kept = {"athlete_id": [athlete], "run_id": [run_id], "answers": [to_text(answers)]}
    warehouse.replace_of(athlete, "answers", StoredAnswers.validate(pl.DataFrame(kept)))
    return answers


def kept_answers(tables: StoredTables, athlete: str) -> Answers | None:
    """The athlete's answers of the last night that estimated; None without any, or where another version kept them."""
    rows = tables.read("answers", StoredAnswers, athlete)
    try:
        found = from_text(rows["answers"].item()) if rows.height else None
    except (ValueError, TypeError):  # it had other names for them
        return None
    return found if isinstance(found, Answers) else None
