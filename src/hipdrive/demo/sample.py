"""The shipped sample: three small files for a first look and for tests, made by the same simulators.

`data/sample/` holds exactly what `make_sample` makes. After a change that moves its bytes, write the folder anew from
the checkout: `for name, content in make_sample(): Path("data/sample", name).write_bytes(content)`.
"""

from __future__ import annotations

from datetime import date, datetime, time

import numpy as np

from hipdrive.demo.run_files import encode_run
from hipdrive.demo.run_samples import Conditions, simulate_run
from hipdrive.demo.running_plan import PlannedRun, RunType, easy_efforts
from hipdrive.demo.strength_files import encode_workout
from hipdrive.demo.strength_log import strong_csv
from hipdrive.demo.strength_plan import draw_workouts

SEED = 14  # with a stop in the run
FIRST_DAY = date(2026, 11, 2)  # a Monday
RUN_START = datetime.combine(date(2026, 11, 4), time(18, 12, 30))
RUN_SECONDS = 480


def make_sample() -> list[tuple[str, bytes]]:
    """Name and bytes of a run of eight minutes, a watched hip programme, and a strength log of two weeks."""
    run = PlannedRun(RUN_START, RunType.EASY, easy_efforts(RUN_SECONDS, 142.0))
    samples = simulate_run(run, Conditions(log_speed=0.0, air_c=9.0), np.random.default_rng([SEED, 0]))
    is_on, is_absent = np.ones(2, np.bool_), np.zeros(14, np.bool_)
    workouts = draw_workouts(FIRST_DAY, is_on, is_absent, np.random.default_rng([SEED, 1]))
    watched = next(workout for workout in workouts if workout.name == "Hip programme")
    return [
        ("run.fit", encode_run(run, samples)),
        ("strength.fit", encode_workout(watched, np.random.default_rng([SEED, 2]))),
        ("strong.csv", strong_csv(workouts)),
    ]
