"""The made-up runner's strength work: which workout on which day, with which sets.

Hip work comes in blocks: weeks with the article's five exercises and some barbell lifts, then weeks without. Upper-body
work goes on through both, as a control that cannot move running speed. One logged name is known to nobody.
"""

from __future__ import annotations

from calendar import MONDAY, SATURDAY, SUNDAY, THURSDAY, WEDNESDAY
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.demo.strength_log import REST_TIMER, WARM_UP, LoggedSet, Workout

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN_EXERCISE = "Uncle Otto's Special"
FIRST_OFF_WEEKS, ON_WEEKS, OFF_WEEKS = (6, 10), (4, 12), (3, 10)  # shortest and longest

# how often a plan becomes a deed
PROGRAMME_SHARE = 0.9  # of the two sessions a week in a block
GYM_SHARE = {SATURDAY: 0.85, WEDNESDAY: 0.35}
HIP_LIFT_SHARE = 0.4  # of the Saturdays in a block
CALF_SHARE = 0.3
STRETCHING_SHARE = 0.3  # of the Sundays
RATED_SHARE = 1 / 3  # of the programme's sessions, with an RPE noted
WATCHED_SHARE = 0.06
UNKNOWN_EVERY = 10  # gym visits

START_LOADS_KG = {
    "Hip Thrust (Barbell)": 60.0,
    "Deadlift (Barbell)": 70.0,
    "Bench Press (Barbell)": 45.0,
    "Bent Over Row (Barbell)": 40.0,
    "Overhead Press (Barbell)": 27.5,
}
HIP_LIFTS = ("Hip Thrust (Barbell)", "Deadlift (Barbell)")
UPPER_LIFTS = ("Bench Press (Barbell)", "Overhead Press (Barbell)", "Bent Over Row (Barbell)")
HIP_LIFT_CEILING_KG = 110.0


def draw_blocks(weeks: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which weeks belong to a block with hip work. The log begins without, for at most a quarter of its weeks."""
    is_on = np.zeros(weeks, dtype=np.bool_)
    week = min(int(rng.integers(*FIRST_OFF_WEEKS, endpoint=True)), weeks // 4)
    while week < weeks:
        on = int(rng.integers(*ON_WEEKS, endpoint=True))
        is_on[week : week + on] = True
        week += on + int(rng.integers(*OFF_WEEKS, endpoint=True))
    return is_on


def _at(day: date, hour: int, minute: int, rng: np.random.Generator) -> datetime:
    """A start within three quarters of an hour after this time."""
    return datetime.combine(day, time(hour, minute)) + timedelta(seconds=int(rng.integers(45 * 60)))


def _plates(weight_kg: float) -> float:
    """What can be loaded on a bar of 20 kg."""
    return max(round(weight_kg / 2.5) * 2.5, 20.0)


def _barbell(exercise: str, weight_kg: float, reps: int, sets: int) -> list[LoggedSet]:
    """A warm-up at half the weight, then equal working sets, each with its rest timer."""
    rows = [LoggedSet(exercise, WARM_UP, _plates(weight_kg / 2), reps)]
    for number in range(1, sets + 1):
        rows.append(LoggedSet(exercise, str(number), _plates(weight_kg), reps))
        rows.append(LoggedSet(exercise, REST_TIMER, seconds=120))
    return rows


class _Diligence:
    """The runner's strength life so far: how often they trained, what they can lift."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.loads_kg = dict(START_LOADS_KG)
        self.programmes = self.hip_visits = self.gym_visits = 0

    def programme(self, today: date) -> Workout:
        """One session of the article's five exercises, one set of each; repetitions are per leg.

        Bounds grow from 50 m to 100 m over the sessions; repetitions now and then stay below the least prescribed.
        """
        rng = self.rng
        is_rated = rng.random() < RATED_SHARE
        rpe = [float(rng.integers(6, 9)) if is_rated else None for _ in range(4)]
        sets = (
            LoggedSet("Band Drive Back", "1", reps=int(rng.integers(18, 26)), rpe=rpe[0]),
            LoggedSet("Single Leg Glute Bridge", "1", reps=int(rng.integers(14, 21)), rpe=rpe[1]),
            LoggedSet("Donkey Kick (Band)", "1", reps=int(rng.integers(14, 21)), rpe=rpe[2]),
            LoggedSet("Straight Leg Bounds", "1", distance_m=min(50.0 + 2.5 * self.programmes, 100.0), rpe=rpe[3]),
            LoggedSet("Hip Flexor Stretch", "1", reps=int(rng.integers(8, 11)), seconds=60),
        )
        self.programmes += 1
        is_watched = self.programmes == 1 or rng.random() < WATCHED_SHARE
        start = _at(today, 19, 45, rng)
        return Workout(start, "Hip programme", int(rng.integers(12, 19)), sets, is_watched)

    def gym(self, today: date, *, with_hip_lift: bool) -> Workout:
        """Upper body, sometimes calves; hip thrust and deadlift take turns, a little heavier each time."""
        rng = self.rng
        sets: list[LoggedSet] = []
        if with_hip_lift:
            lift = HIP_LIFTS[self.hip_visits % 2]
            self.loads_kg[lift] = min(self.loads_kg[lift] * 1.03, HIP_LIFT_CEILING_KG)
            sets += _barbell(lift, self.loads_kg[lift], int(rng.integers(5, 8)), 2)
            self.hip_visits += 1
        lift = UPPER_LIFTS[int(rng.integers(len(UPPER_LIFTS)))]
        self.loads_kg[lift] *= 1.003 + 0.01 * rng.standard_normal()
        sets += _barbell(lift, self.loads_kg[lift], int(rng.integers(6, 11)), 2)
        sets.append(LoggedSet("Pull Up", "1", reps=int(rng.integers(4, 9))))
        sets.append(LoggedSet("Plank", "1", seconds=int(rng.integers(4, 8)) * 10))
        if rng.random() < CALF_SHARE:
            sets.append(LoggedSet("Standing Calf Raise (Dumbbell)", "1", 16.0, 15))
        if self.gym_visits % UNKNOWN_EVERY == 0:
            sets.append(LoggedSet(UNKNOWN_EXERCISE, "1", 8.0, 12))
        self.gym_visits += 1
        is_watched = self.gym_visits == 1 or rng.random() < WATCHED_SHARE
        start = _at(today, 15 if today.weekday() == SATURDAY else 19, 45, rng)
        return Workout(start, "Gym", int(rng.integers(20, 36)), tuple(sets), is_watched)

    def stretching(self, today: date) -> Workout:
        """A short Sunday stretch."""
        sets = tuple(LoggedSet("Hip Flexor Stretch", number, reps=8, seconds=60) for number in ("1", "2"))
        return Workout(_at(today, 18, 0, self.rng), "Stretching", 8, sets)

    def end_block(self) -> None:
        """Weeks without hip lifts cost a tenth of what they can lift."""
        for lift in HIP_LIFTS:
            self.loads_kg[lift] *= 0.9


def draw_workouts(
    first_day: date, is_on: NDArray[np.bool_], is_absent: NDArray[np.bool_], rng: np.random.Generator
) -> list[Workout]:
    """Every logged workout in order of time: the programme on Mondays and Thursdays of a block, gym at other times.

    The first day and the last always hold one, so that the log speaks for the whole history. `is_on` has one value a
    week, `is_absent` one a day (ill or away: nothing is done).
    """
    life = _Diligence(rng)
    workouts: list[Workout] = []
    for day in range(len(is_absent)):
        week, weekday = divmod(day, 7)
        today = first_day + timedelta(days=day)
        if weekday == MONDAY and week > 0 and is_on[week - 1] and not is_on[week]:
            life.end_block()
        whim, hip_whim = rng.random(2)
        if is_absent[day]:
            continue
        if weekday in {MONDAY, THURSDAY} and is_on[week] and whim < PROGRAMME_SHARE:
            workouts.append(life.programme(today))
        elif day == 0 or whim < GYM_SHARE.get(weekday, 0.0):
            is_hip_day = weekday == SATURDAY and is_on[week] and hip_whim < HIP_LIFT_SHARE
            workouts.append(life.gym(today, with_hip_lift=bool(is_hip_day)))
        elif weekday == SUNDAY and (whim < STRETCHING_SHARE or day == len(is_absent) - 1):
            workouts.append(life.stretching(today))
    return workouts
