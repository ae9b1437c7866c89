"""One run of the made-up runner, second by second, as a watch with a chest strap would see it.

A run is simulated as whole arrays on its moving time: the efforts give a level speed, hills bend it, heart rate follows
what that costs with the lag of a heart, stride follows speed. Stops at traffic lights are holes in the record: the
timer stands still, the clock and the heart do not. Distance is what a satellite (or the treadmill) makes of the way: a
small error of scale for the whole run and a smooth error by the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hipdrive.demo import physiology

if TYPE_CHECKING:
    from hipdrive.demo.physiology import Floats
    from hipdrive.demo.running_plan import PlannedRun

Ints = NDArray[np.int64]

HEART_RATE_NOISE_SD_BPM = 3.3  # of a whole run against the same effort on another day
HEART_RATE_NOISE_DEGREES = 6  # Student's t: some days are far off
SATELLITE_SCALE_SD = 0.006
TREADMILL_SCALE_SD = 0.02
GRADE_SD = 0.013
STEEPEST_GRADE = 0.08
STOP_EVERY_S = 1900.0  # mean moving time between two traffic lights
STOP_APART_S = 120
DROPOUT_SHARE = 0.04  # of runs in which the strap loses the heart for a moment
DROPOUT_S = (8, 40)
CADENCE_SD_SPM = 1.3
STANDING_STILL_M_PER_S = 0.8  # below this a strap reports no steps
WRIST_WARMTH_C = 2.0  # what the wrist adds to the air, in a watch's thermometer
# An invented place in the open South Pacific, far from any land, so that no position is anyone's home.
PLACE_DEG = (-48.9, -123.4)
SEMICIRCLES_PER_DEGREE = 2**31 / 180.0
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the day of a run was like: log speed of the body, air in °C, and how the stride of that week differs."""

    log_speed: float
    air_c: float
    cadence_shift: float = 0.0  # relative
    contact_shift: float = 0.0  # relative


@dataclass(frozen=True, slots=True)
class RunSamples:
    """What the watch kept of one run.

    `records` holds the columns of the FIT `record` message in its units, but for `elapsed_s` (whole seconds since the
    start) in place of a timestamp, and `timer_s`. Where the timer stood still, two records follow each other with one
    `timer_s`. `stops` are the row numbers of the records at which it stopped. `ascent_m` is also the descent: every
    outdoor run ends where it began.
    """

    records: pl.DataFrame
    stops: tuple[int, ...]
    ascent_m: float

    @property
    def timer_s(self) -> int:
        """Seconds with the timer on."""
        return int(self.records["timer_s"][-1])

    @property
    def elapsed_s(self) -> int:
        """Seconds from start to end."""
        return int(self.records["elapsed_s"][-1])


def _noise(count: int, sd: float, tau: float, rng: np.random.Generator) -> Floats:
    return physiology.autoregression(count, sd, tau, rng)


def _draw_stops(seconds: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Moving second and length in s of each stop: never in the first or last two minutes, never close together."""
    count = int(rng.poisson(seconds / STOP_EVERY_S))
    places = np.sort(rng.integers(STOP_APART_S, max(seconds - STOP_APART_S, STOP_APART_S + 1), count))
    is_apart = np.diff(places, prepend=-STOP_APART_S) >= STOP_APART_S
    return places[is_apart], rng.integers(12, 75, count)[is_apart]


def _grades(distance_m: Floats, rng: np.random.Generator) -> Floats:
    """A grade along a way of this length: four waves of hills, 500 m to 4 km long."""
    lengths = rng.uniform(500.0, 4000.0, 4)
    phases = rng.uniform(0.0, 2.0 * np.pi, 4)
    heights = rng.uniform(0.3, 1.0, 4)
    heights *= GRADE_SD * np.sqrt(2.0) / np.linalg.norm(heights)
    waves = np.sin(2.0 * np.pi * distance_m[:, None] / lengths + phases)
    return np.clip(waves @ heights, -STEEPEST_GRADE, STEEPEST_GRADE)


def _around_stops(count: int, places: Ints) -> Floats:
    """The share of speed left while braking towards a stop and setting off again."""
    share = np.ones(count)
    share[[0, 1, 2]] = (0.4, 0.75, 0.93)
    for place in places:
        share[place - 2 : place + 4] = (0.8, 0.55, 0.2, 0.5, 0.8, 0.95)
    return share


def _heart_rate(demand: Floats, elapsed: Ints, air_c: float, offset: float, rng: np.random.Generator) -> Floats:
    """Heart rate at each record: a first-order answer to the demand, with drift, and with what no model knows.

    While the timer stands still the runner stands too. From the tenth minute on the heart rate drifts by 2.5 beats an
    hour in the cool, by more in the heat.
    """
    wanted = np.full(int(elapsed[-1]) + 1, physiology.STANDING_HEART_RATE_BPM)
    wanted[elapsed] = demand + offset
    wanted[0] = physiology.STANDING_HEART_RATE_BPM + 5.0 * rng.standard_normal()
    drift_per_h = 2.5 + 0.25 * max(air_c - 12.0, 0.0)
    drift = drift_per_h * np.maximum(elapsed - 600.0, 0.0) / 3600.0
    beats: Floats = physiology.low_pass(wanted, physiology.HEART_RATE_LAG_S)[elapsed] + drift
    beats += _noise(len(elapsed), 1.0, 12.0, rng)
    np.minimum(beats, physiology.MAXIMAL_HEART_RATE_BPM, out=beats)
    return beats


def _stride(speed: Floats, seen_speed: Floats, conditions: Conditions, rng: np.random.Generator) -> pl.DataFrame:
    """What the strap reports of the stride; nothing while the runner hardly moves."""
    count = len(speed)
    run_shift = 1.0 + np.array([0.006, 0.012, 0.015]) * rng.standard_normal(3)
    is_moving = speed >= STANDING_STILL_M_PER_S
    usual = np.maximum(speed, 1.5)
    steps = physiology.cadence_spm(usual) * (1.0 + conditions.cadence_shift) * run_shift[0]
    steps = np.where(is_moving, np.round(steps + _noise(count, CADENCE_SD_SPM, 10.0, rng)), 0.0)
    contact = physiology.contact_time_ms(usual) * (1.0 + conditions.contact_shift) * run_shift[1]
    contact = np.round(contact + _noise(count, 4.0, 5.0, rng))
    bounce = np.round(physiology.vertical_oscillation_mm(usual) * run_shift[2] + _noise(count, 3.0, 8.0, rng), 1)
    length = np.round(60_000.0 * np.maximum(seen_speed, 0.3) / np.maximum(steps, 60.0))
    return pl.DataFrame(
        {
            # a watch counts the strides of one foot, and keeps the half apart
            "cadence": np.floor(steps / 2.0),
            "fractional_cadence": (steps % 2.0) / 2.0,
            "step_length": length,
            "stance_time": contact,
            "vertical_oscillation": bounce,
            "vertical_ratio": np.round(100.0 * bounce / length, 2),
        }
    ).with_columns(
        pl.when(pl.lit(pl.Series(is_moving)))
        .then(pl.col("step_length", "stance_time", "vertical_oscillation", "vertical_ratio"))
        .otherwise(None)
    )


def _positions(distance_m: Floats, rng: np.random.Generator) -> dict[str, Floats]:
    """A loop on the sea, as long as the run, in semicircles."""
    length = max(float(distance_m[-1]), 1.0)
    angle = 2.0 * np.pi * distance_m / length + rng.uniform(0.0, 2.0 * np.pi)
    radius_deg = length / (2.0 * np.pi) / METRES_PER_DEGREE
    latitude = PLACE_DEG[0] + radius_deg * np.sin(angle)
    longitude = PLACE_DEG[1] + radius_deg * np.cos(angle) / np.cos(np.radians(PLACE_DEG[0]))
    return {
        "position_lat": np.round(latitude * SEMICIRCLES_PER_DEGREE),
        "position_long": np.round(longitude * SEMICIRCLES_PER_DEGREE),
    }


def simulate_run(run: PlannedRun, conditions: Conditions, rng: np.random.Generator) -> RunSamples:
    """Run the run.

    One record a second of moving time plus one at each restart. The speed is what the planned effort buys in these
    conditions; how far the heart is off on this day, which the runner does not feel, is drawn here.
    """
    seconds = run.seconds
    wanted = np.repeat([e.heart_rate_bpm for e in run.efforts], [e.seconds for e in run.efforts])
    wanted = np.append(wanted, wanted[-1])
    level = physiology.level_speed(physiology.low_pass(wanted, 4.0), conditions.log_speed)
    level *= np.exp(_noise(seconds + 1, 0.012, 25.0, rng))
    if run.is_treadmill:
        speed, places, pauses = level, np.zeros(0, np.int64), np.zeros(0, np.int64)
        grade = np.zeros(seconds + 1)
        demand = physiology.steady_heart_rate(level, conditions.log_speed)
        scale_sd, second_sd = TREADMILL_SCALE_SD, 0.004
    else:
        places, pauses = _draw_stops(seconds, rng)
        grade = _grades(np.cumsum(level), rng)
        # slower uphill, but not by all that it costs: the heart works a little harder there
        cost = physiology.cost_of_grade(grade)
        grade -= np.average(grade, weights=level / cost**0.8)
        cost = physiology.cost_of_grade(grade)
        speed = level / cost**0.8
        demand = physiology.steady_heart_rate(speed * cost, conditions.log_speed)
        scale_sd, second_sd = SATELLITE_SCALE_SD, 0.012
    # the record at a stop stands twice: as the timer stops, and as it goes on
    moving = np.sort(np.concatenate([np.arange(seconds + 1), places]))
    restarts = places + np.arange(len(places)) + 1
    clock = np.zeros(len(moving), np.int64)
    clock[restarts] = pauses
    elapsed = moving + np.cumsum(clock)

    speed = speed * _around_stops(seconds + 1, places)
    scale = np.exp(scale_sd * rng.standard_normal() + _noise(seconds + 1, second_sd, 8.0, rng))
    seen_speed: Floats = np.round(speed * scale, 3)
    distance = np.zeros(seconds + 1)
    distance[1:] = np.round(np.cumsum(seen_speed[1:]), 2)
    offset = HEART_RATE_NOISE_SD_BPM * rng.standard_t(HEART_RATE_NOISE_DEGREES) / np.sqrt(1.5)
    beats = np.round(_heart_rate(demand[moving], elapsed, conditions.air_c, offset, rng))
    if rng.random() < DROPOUT_SHARE:
        lost = int(rng.integers(len(beats)))
        beats[lost : lost + int(rng.integers(*DROPOUT_S))] = np.nan
    # the watch comes from a warm room and needs some minutes to forget it
    room_left = (physiology.INDOOR_C - conditions.air_c) * np.exp(-elapsed / 200.0)
    thermometer = conditions.air_c + WRIST_WARMTH_C + room_left

    columns: dict[str, Floats | Ints] = {"elapsed_s": elapsed, "timer_s": moving}
    rise = np.zeros(seconds + 1)
    if not run.is_treadmill:
        rise = grade * speed
        rise[0] = 0.0
        height = 40.0 + np.cumsum(rise) + _noise(seconds + 1, 0.25, 30.0, rng)
        columns |= {name: values[moving] for name, values in _positions(distance, rng).items()}
        columns["enhanced_altitude"] = np.round(height * 5.0)[moving] / 5.0
    columns |= {
        "distance": distance[moving],
        "enhanced_speed": seen_speed[moving],
        "heart_rate": beats,
        "temperature": np.round(thermometer),
    }
    stride = _stride(speed, seen_speed, conditions, rng)[moving]
    records = pl.DataFrame(columns, nan_to_null=True).hstack(stride)
    return RunSamples(records, tuple(int(row) - 1 for row in restarts), float(np.maximum(rise, 0.0).sum()))
