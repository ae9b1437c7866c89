"""Which runs the made-up runner plans."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import numpy as np
import pytest

from hipdrive.demo.running_plan import Effort, PlannedRun, RunType, draw_absences, draw_runs

FIRST_DAY = date(2026, 3, 2)  # a Monday


def draw(weeks: int, seed: int = 3) -> list[PlannedRun]:
    return draw_runs(FIRST_DAY, np.zeros(weeks * 7, np.bool_), np.random.default_rng(seed))


def test_a_week_has_three_to_five_runs_or_none() -> None:
    per_week = Counter((run.start.date() - FIRST_DAY).days // 7 for run in draw(300))
    assert set(per_week.values()) == {3, 4, 5}
    assert 2 <= 300 - len(per_week) <= 20


def test_sunday_is_long_and_only_tuesday_is_hard() -> None:
    weekdays: dict[RunType, set[int]] = {}
    for run in draw(60):
        weekdays.setdefault(run.run_type, set()).add(run.start.weekday())
    assert weekdays[RunType.LONG] == {6}
    assert weekdays[RunType.TEMPO] == weekdays[RunType.INTERVALS] == {1}
    assert weekdays[RunType.EASY] == {1, 2, 3, 5}


def test_a_few_easy_runs_are_on_a_treadmill() -> None:
    treadmill = [run for run in draw(90) if run.is_treadmill]
    assert 8 <= len(treadmill) <= 10
    assert {run.run_type for run in treadmill} == {RunType.EASY}


def test_runs_have_the_length_a_runner_knows() -> None:
    minutes = {kind: [run.seconds / 60 for run in draw(100) if run.run_type is kind] for kind in RunType}
    assert min(minutes[RunType.EASY]) > 25
    assert max(minutes[RunType.EASY]) < 75
    assert max(minutes[RunType.LONG]) < 130
    assert np.mean(minutes[RunType.LONG]) > np.mean(minutes[RunType.EASY]) + 20


def test_planned_distance_is_time_times_speed() -> None:
    start = datetime.fromisoformat("2026-03-03 18:00")
    run = PlannedRun(start, RunType.EASY, (Effort(600, 145.0), Effort(1000, 145.0)))
    assert run.planned_km == pytest.approx(1.6 * 3.05)


@pytest.mark.parametrize("weeks", [26, 52, 104, 130, 520])
def test_each_year_has_an_illness_and_a_holiday(weeks: int) -> None:
    absences = draw_absences(weeks, np.random.default_rng(1))
    years = round(weeks / 52 + 0.01)
    assert years * 5 <= absences.is_ill.sum() <= years * 9
    assert years * 8 <= absences.is_away.sum() <= years * 12
    assert not absences.is_absent[:7].any()
    assert not absences.is_absent[-7:].any()


def test_a_short_history_has_no_absence() -> None:
    assert not draw_absences(25, np.random.default_rng(1)).is_absent.any()


def test_nobody_runs_while_absent() -> None:
    is_absent = np.zeros(70, np.bool_)
    is_absent[10:30] = True
    runs = draw_runs(FIRST_DAY, is_absent, np.random.default_rng(0))
    assert not {(run.start.date() - FIRST_DAY).days for run in runs} & set(range(10, 30))
