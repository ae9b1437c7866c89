"""The made-up runner: a history of running and strength work with a planted, known effect, as real files.

`make_runner` draws the history and settles the truth; the files are made one by one, as they are asked for.
"""

from __future__ import annotations

import math
from calendar import SUNDAY
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.demo import physiology
from hipdrive.demo.dose import REFERENCE_CREDIT, hip_credits
from hipdrive.demo.run_files import encode_run
from hipdrive.demo.run_samples import Conditions, simulate_run
from hipdrive.demo.running_plan import Absences, PlannedRun, draw_absences, draw_runs
from hipdrive.demo.strength_files import encode_workout
from hipdrive.demo.strength_log import Workout, strong_csv
from hipdrive.demo.strength_plan import draw_blocks, draw_workouts
from hipdrive.demo.watch import TIME_ZONE
from hipdrive.settings import Athlete, Strength

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hipdrive.demo.physiology import Floats

LEAST_WEEKS, MOST_WEEKS = 4, 520
STRENGTH_LOG_NAME = "strong.csv"
CADENCE_WANDER, CONTACT_WANDER, STRIDE_TAU_WEEKS = 0.007, 0.008, 10.0
MORNING_COOLER_C, EVENING_COOLER_C = 3.0, 1.0  # than noon

# one stream of random numbers for each part of a life, so that a change in one leaves the others as they were
_BLOCKS, _ABSENCES, _WORKOUTS, _RUNS, _BODY, _WEATHER, _STRIDE, _RUN_FILE, _STRENGTH_FILE, _FORM = range(10)


@dataclass(frozen=True, slots=True)
class Truth:
    """What was planted, for the page to state and for tests to hold the pipeline against.

    Attributes:
        effect: change of speed, as a fraction, under a hip-extension dose of 1 a week kept up for ever.
        seed: of all random numbers.
        weeks: length of the history in weeks.
        mean_lag_weeks: mean lag of the response (a gamma distribution of shape 3).
        earlier_habit_dose: dose a week before the first day.
        by_week: one row a week: `week_start` (a Monday), `is_on_block`, `runs` (files, those on a treadmill included),
            `hip_dose` (sum, not cut; `hipdrive.demo.dose` tells how it is counted), `planted_log_speed` (what strength
            work adds to the natural logarithm of speed, without the acute fatigue).
        by_day: one row a day: `local_date`, `hip_dose` and `log_speed`, the sum of all that moves the speed at a given
            heart rate that day but the heat, which hangs on the hour.
    """

    effect: float
    seed: int
    weeks: int
    mean_lag_weeks: float
    earlier_habit_dose: float
    by_week: pl.DataFrame
    by_day: pl.DataFrame


@dataclass(frozen=True, slots=True)
class MadeUpRunner:
    """A runner who does not exist, with the files they exported.

    Attributes:
        truth: what was planted.
        athlete: the settings that belong to the files: time zone, mass, height.
        strength: the units of the strength log.
        runs: every run with the conditions it was run in, in order of time.
        workouts: every logged workout in order of time.
    """

    truth: Truth
    athlete: Athlete
    strength: Strength
    runs: tuple[tuple[PlannedRun, Conditions], ...]
    workouts: tuple[Workout, ...]

    @property
    def files(self) -> Iterator[tuple[str, bytes]]:
        """Name and bytes of each file, made anew at each pass: the strength log, the runs, the watch's workouts."""
        yield STRENGTH_LOG_NAME, strong_csv(self.workouts)
        for number, (run, conditions) in enumerate(self.runs):
            samples = simulate_run(run, conditions, _stream(self.truth.seed, _RUN_FILE, number))
            yield f"{run.start:%Y-%m-%d-%H%M}-run.fit", encode_run(run, samples)
        for number, workout in enumerate(self.workouts):
            if workout.is_on_watch:
                rng = _stream(self.truth.seed, _STRENGTH_FILE, number)
                yield f"{workout.start:%Y-%m-%d-%H%M}-strength.fit", encode_workout(workout, rng)


def _stream(seed: int, *part: int) -> np.random.Generator:
    return np.random.default_rng([seed, *part])


def _daily_dose(workouts: list[Workout], first_day: date, days: int) -> Floats:
    dose = np.zeros(days)
    for day, _row, credit in hip_credits(workouts):
        dose[(day - first_day).days] += credit / REFERENCE_CREDIT
    return dose


def _daily_km(runs: list[PlannedRun], first_day: date, days: int) -> Floats:
    distance = np.zeros(days)
    for run in runs:
        distance[(run.start.date() - first_day).days] += run.planned_km
    return distance


def _log_speed(daily_km: Floats, daily_dose: Floats, planted_by_week: Floats, absences: Absences, seed: int) -> Floats:
    """Log speed at a given heart rate by day, but for the heat of the hour."""
    days = len(daily_km)
    rng = _stream(seed, _BODY)
    return (
        physiology.autoregression(days, physiology.FITNESS_SD, physiology.FITNESS_TAU_DAYS, rng)
        + np.repeat(rng.standard_normal(days // 7) * physiology.WEEK_NOISE_SD, 7)
        + _stream(seed, _FORM).standard_normal(days) * physiology.DAY_FORM_SD
        + physiology.load_log_speed(daily_km)
        + physiology.fatigue_log_speed(daily_dose)
        + physiology.illness_log_speed(absences.is_ill)
        + np.repeat(planted_by_week, 7)
    )


def _conditions(runs: list[PlannedRun], first_day: date, log_speed: Floats, seed: int) -> list[Conditions]:
    """The conditions of each run: mornings are cooler than evenings, heat slows, stride wanders from week to week."""
    days = len(log_speed)
    day_of_year = np.array([(first_day + timedelta(days=day)).timetuple().tm_yday for day in range(days)], float)
    noon_c = physiology.air_temperature_c(day_of_year, _stream(seed, _WEATHER))
    stride = _stream(seed, _STRIDE)
    cadence = physiology.autoregression(days // 7, CADENCE_WANDER, STRIDE_TAU_WEEKS, stride)
    contact = physiology.autoregression(days // 7, CONTACT_WANDER, STRIDE_TAU_WEEKS, stride)
    conditions = []
    for run in runs:
        day = (run.start.date() - first_day).days
        outdoor_c = float(noon_c[day]) - (MORNING_COOLER_C if run.is_in_the_morning else EVENING_COOLER_C)
        air_c = physiology.INDOOR_C if run.is_treadmill else outdoor_c
        heat = physiology.HEAT_SLOPE_PER_C * max(air_c - physiology.HEAT_FROM_C, 0.0)
        week = day // 7
        conditions.append(Conditions(float(log_speed[day]) + heat, air_c, float(cadence[week]), float(contact[week])))
    return conditions


def make_runner(
    *, weeks: int = 104, effect: float = 0.04, seed: int = 1, end: date = date(2026, 11, 15)
) -> MadeUpRunner:
    """A made-up runner with a planted effect; the same arguments give the same bytes.

    Args:
        weeks: length of the history, from 4 to 520.
        effect: change of speed, as a fraction, that a hip-extension dose of 1 a week brings when kept up; above -1.
        seed: of all random numbers, not negative. The same seed with another effect is the same life but for the speed.
        end: the last day, a Sunday.

    Raises:
        ValueError: an argument is out of its range.
    """
    if not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise ValueError(f"weeks is {weeks}; the made-up runner's history has {LEAST_WEEKS} to {MOST_WEEKS} weeks")
    if effect <= -1.0 or not math.isfinite(effect):
        raise ValueError(f"effect is {effect}; it is a change of speed as a fraction and must be above -1 and finite")
    if seed < 0:
        raise ValueError(f"seed is {seed}; it must not be negative")
    if end.weekday() != SUNDAY:
        raise ValueError(f"end is {end}, a {end:%A}; a history ends on a Sunday, the last day of its week")
    days = weeks * 7
    first_day = end - timedelta(days=days - 1)
    is_on = draw_blocks(weeks, _stream(seed, _BLOCKS))
    absences = draw_absences(weeks, _stream(seed, _ABSENCES))
    workouts = draw_workouts(first_day, is_on, absences.is_absent, _stream(seed, _WORKOUTS))
    runs = draw_runs(first_day, absences.is_absent, _stream(seed, _RUNS))

    daily_dose = _daily_dose(workouts, first_day, days)
    weekly_dose = daily_dose.reshape(weeks, 7).sum(axis=1)
    planted = physiology.planted_log_speed(weekly_dose, effect)
    daily_km = _daily_km(runs, first_day, days)
    log_speed = _log_speed(daily_km, daily_dose, planted, absences, seed)
    dates = [first_day + timedelta(days=day) for day in range(days)]
    run_weeks = np.array([(run.start.date() - first_day).days // 7 for run in runs])
    truth = Truth(
        effect=effect,
        seed=seed,
        weeks=weeks,
        mean_lag_weeks=physiology.RESPONSE_MEAN_LAG_WEEKS,
        earlier_habit_dose=physiology.EARLIER_HABIT_DOSE,
        by_week=pl.DataFrame(
            {
                "week_start": dates[::7],
                "is_on_block": is_on,
                "runs": np.bincount(run_weeks, minlength=weeks),
                "hip_dose": weekly_dose,
                "planted_log_speed": planted,
            }
        ),
        by_day=pl.DataFrame({"local_date": dates, "hip_dose": daily_dose, "log_speed": log_speed}),
    )
    conditions = _conditions(runs, first_day, log_speed, seed)
    return MadeUpRunner(
        truth=truth,
        athlete=Athlete(time_zone=TIME_ZONE, mass_kg=68.0, height_m=1.78),
        strength=Strength(weight_unit="kg", distance_unit="m"),
        runs=tuple(zip(runs, conditions, strict=True)),
        workouts=tuple(workouts),
    )
