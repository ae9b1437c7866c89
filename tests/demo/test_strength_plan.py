"""When the made-up runner trains for strength, and what they write down."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hipdrive.demo.dose import HIP_EXTENSION_WEIGHT
from hipdrive.demo.strength_log import LoggedSet, Workout, strong_csv
from hipdrive.demo.strength_plan import UNKNOWN_EXERCISE, draw_blocks, draw_workouts

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_DAY = date(2026, 3, 2)  # a Monday
WEEKS = 12


def draw(is_on: NDArray[np.bool_], is_absent: NDArray[np.bool_] | None = None, seed: int = 5) -> list[Workout]:
    absent = np.zeros(len(is_on) * 7, np.bool_) if is_absent is None else is_absent
    return draw_workouts(FIRST_DAY, is_on, absent, np.random.default_rng(seed))


def names(workouts: list[Workout]) -> set[str]:
    return {row.exercise for workout in workouts for row in workout.sets}


@pytest.mark.parametrize("seed", range(20))
def test_blocks_last_as_long_as_they_should(seed: int) -> None:
    is_on = draw_blocks(300, np.random.default_rng(seed))
    changes = np.flatnonzero(np.diff(is_on.astype(int))) + 1
    lengths = np.diff(np.concatenate(([0], changes)))
    assert not is_on[0]
    assert 6 <= lengths[0] <= 10
    assert all(4 <= length <= 12 for length in lengths[1::2])
    assert all(3 <= length <= 10 for length in lengths[2::2])


def test_a_short_log_is_on_for_most_of_its_weeks() -> None:
    assert draw_blocks(4, np.random.default_rng(0)).tolist() == [False, True, True, True]


def test_weeks_off_hold_no_hip_work_but_upper_body_work() -> None:
    logged = names(draw(np.zeros(WEEKS, np.bool_)))
    assert not logged & HIP_EXTENSION_WEIGHT.keys()
    assert "Bench Press (Barbell)" in logged


def test_weeks_on_hold_every_kind_of_hip_work_and_a_name_nobody_knows() -> None:
    logged = names(draw(np.ones(WEEKS, np.bool_)))
    assert logged >= HIP_EXTENSION_WEIGHT.keys()
    assert UNKNOWN_EXERCISE in logged


@pytest.mark.parametrize("seed", range(10))
def test_the_log_speaks_for_the_first_day_and_for_the_last(seed: int) -> None:
    workouts = draw(np.array([False, True, True, False]), seed=seed)
    assert workouts[0].start.date() == FIRST_DAY
    assert workouts[-1].start.date() == FIRST_DAY + timedelta(days=27)


def test_workouts_come_in_order_of_time() -> None:
    starts = [workout.start for workout in draw(np.ones(WEEKS, np.bool_))]
    assert starts == sorted(starts)


def test_nothing_is_done_on_days_of_absence() -> None:
    is_absent = np.zeros(WEEKS * 7, np.bool_)
    is_absent[20:40] = True
    days = {(workout.start.date() - FIRST_DAY).days for workout in draw(np.ones(WEEKS, np.bool_), is_absent)}
    assert not days & set(range(20, 40))
    assert days & set(range(40, 84))


def test_bounds_grow_from_fifty_metres_to_a_hundred() -> None:
    bounds = [row.distance_m for workout in draw(np.ones(20, np.bool_)) for row in workout.sets if row.distance_m]
    assert bounds[:3] == [50.0, 52.5, 55.0]
    assert bounds[-1] == 100.0


def test_the_export_has_strongs_columns_and_states_no_unit() -> None:
    start = datetime.fromisoformat("2026-03-02 19:45:12")
    sets = (
        LoggedSet("Deadlift (Barbell)", "W", 35.0, 5),
        LoggedSet("Straight Leg Bounds", "1", distance_m=52.5, rpe=7.0),
    )
    rows = list(csv.reader(io.StringIO(strong_csv([Workout(start, "Session", 15, sets)]).decode())))
    assert ",".join(rows[0]) == (
        "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE"
    )
    head = ["2026-03-02 19:45:12", "Session", "15m"]
    assert rows[1:] == [
        [*head, "Deadlift (Barbell)", "W", "35.0", "5", "0.0", "0", "", "", ""],
        [*head, "Straight Leg Bounds", "1", "0.0", "0", "52.5", "0", "", "", "7"],
    ]
