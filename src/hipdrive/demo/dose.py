"""The made-up runner's own hip-extension dose, written apart from the pipeline so that it can check the pipeline.

What is assumed, all of it, so that a measured dose can be held against this one:

- a set's credit is weight times effort times quantity; a week's dose is the sum of its credits / 3.75;
- weights: `HIP_EXTENSION_WEIGHT`; every other exercise, the unknown name too, counts nothing;
- warm-ups (`W`) and rest timers count nothing;
- effort of the programme's items: 1.0 for RPE 7 and more, 0.75 for RPE 5 and 6, 0.5 below, 0.75 without an RPE;
- effort of a barbell lift: clip(load / e1RM / 0.75, 0.5, 1.2), where e1RM is the largest load * (1 + reps / 30) of that
  exercise's working sets on this day and the 89 days before it;
- quantity: clip(done / least prescribed, 0, 1.25); the least are 20 repetitions per leg of the band drive back, 15 of
  bridge and donkey kick, 50 m of bounds, 5 repetitions of a lift. One logged set of a one-legged exercise is both legs;
- the reference of 3.75 is one set of each of four items twice a week with the effort of an unrated set:
  0.75 * (0.5 + 0.6 + 0.6 + 0.8) * 2. Sums are not cut; what acts on speed is (`physiology.DOSE_CEILING`).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hipdrive.demo.strength_log import REST_TIMER, WARM_UP, LoggedSet, Workout

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# credit per set at full effort, by the name logged
HIP_EXTENSION_WEIGHT = {
    "Band Drive Back": 0.5,
    "Single Leg Glute Bridge": 0.6,
    "Donkey Kick (Band)": 0.6,
    "Straight Leg Bounds": 0.8,
    "Hip Thrust (Barbell)": 1.0,
    "Deadlift (Barbell)": 0.8,
}
LEAST_REPS = {"Band Drive Back": 20, "Single Leg Glute Bridge": 15, "Donkey Kick (Band)": 15}
LEAST_LIFT_REPS = 5
LEAST_BOUNDS_M = 50.0
REFERENCE_CREDIT = 0.75 * (0.5 + 0.6 + 0.6 + 0.8) * 2  # 3.75: one full prescribed week
UNRATED_EFFORT = 0.75
EFFORT_FROM_RPE = ((7.0, 1.0), (5.0, 0.75), (0.0, 0.5))
STRENGTH_MEMORY = timedelta(days=89)


def rated_effort(rpe: float | None) -> float:
    """The effort factor of a set with this rating of perceived exertion, or with none."""
    if rpe is None:
        return UNRATED_EFFORT
    return next(effort for least_rpe, effort in EFFORT_FROM_RPE if rpe >= least_rpe)


def quantity(row: LoggedSet) -> float:
    """How much of the least prescribed amount a set holds, from 0 to 1.25."""
    if row.distance_m > 0.0:
        share = row.distance_m / LEAST_BOUNDS_M
    else:
        share = row.reps / LEAST_REPS.get(row.exercise, LEAST_LIFT_REPS)
    return min(share, 1.25)


def one_repetition_maximum_kg(row: LoggedSet) -> float:
    """Epley's estimate; 60 kg for 8 is 76 kg."""
    return row.weight_kg * (1.0 + row.reps / 30.0)


def hip_credits(workouts: Iterable[Workout]) -> Iterator[tuple[date, LoggedSet, float]]:
    """Day, row and hip-extension credit of every row of the log, in the log's order (which must be that of time)."""
    best: dict[str, list[tuple[date, float]]] = {}
    for workout in workouts:
        day = workout.start.date()
        working = [row for row in workout.sets if row.order not in {WARM_UP, REST_TIMER} and row.weight_kg > 0.0]
        for row in working:
            best.setdefault(row.exercise, []).append((day, one_repetition_maximum_kg(row)))
        for row in workout.sets:
            weight = HIP_EXTENSION_WEIGHT.get(row.exercise, 0.0)
            if weight == 0.0 or row.order in {WARM_UP, REST_TIMER}:
                yield day, row, 0.0
                continue
            effort = rated_effort(row.rpe)
            if row.weight_kg > 0.0:
                maximum = max(kg for when, kg in best[row.exercise] if day - when <= STRENGTH_MEMORY)
                effort = min(max(row.weight_kg / maximum / 0.75, 0.5), 1.2)
            yield day, row, weight * effort * quantity(row)
