"""Runners who never were: years of runs and strength work, day by day, with an effect that we planted and know.

Every number here is an assumption about runners (docs/methods.md lists them). The estimate knows none of them: its
covariates are measured with error, its lag kernel has another shape, and heat begins to cost at another temperature.

Nothing to run: `benchmarks.calibration`, `benchmarks.teams` and tests draw by it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.measure.slopes import fit_slopes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UNCONFOUNDED = ("clean", "rw", "smooth", "noisy", "loud", "trend", "season", "load", "mix", "random8")
CONFOUNDED = ("unmeasured", "reverse")
EXTRA = ("quiet", "race_cycles")  # out of the pool: less noise than assumed; a cause that only the race dates tell
FIRST_MONDAY = date(2022, 1, 3)
MEAN_LAGS_WEEKS = (4, 6, 8, 10)  # of the true response, a gamma of shape 3; drawn in equal shares
RUN_TYPES = ("easy", "long", "tempo", "intervals")
TYPE_HR_BPM = np.array([0.0, 2.0, 16.0, 12.0])  # above the reference
TYPE_OFFSET = np.array([0.0, -0.01, 0.005, -0.02])  # of ln speed at the same heart rate
TYPE_LENGTH_KM = np.array([8.0, 17.0, 10.0, 9.0])
SPEED_PER_BPM = 0.009
HEAT_COST, HEAT_FROM_C = -0.003, 12.0
FATIGUE_COST = -0.004  # of ln speed per unit of acute dose
LOAD_GAIN, FRESHNESS_COST = 0.05, -0.01  # of ln CTL, of ln ATL/CTL
UPPER_SHARE, UPPER_ALONE = 0.6, 0.4  # of gym sessions with upper-body work; of weeks with a session of nothing else
GAP_SHARE = 0.03  # of weeks in which a break of one or two weeks begins
LONG_RUN_SHARE = 0.7  # of weeks
CYCLE_WEEKS = (14, 22)  # from one race to the next
PEAK = 0.032  # of ln speed that form gains from one race to the next, most of it late
PEAK_LASTS_WEEKS = 2.0
TAPER_WEEKS, MISSED_SHARE = 3, 0.05
BUILD_UP, TAPERED = 0.45, -0.35  # of ln weekly distance, at the end of a build and in a taper
BLOCK_WEEKS, STRAY_IN_BLOCKS = 8, 0.03


@dataclass(frozen=True)
class MadeHistory:
    """One made-up runner: the weeks that the estimate may see, the runs and days behind them, and the truth."""

    weeks: pl.DataFrame
    runs: pl.DataFrame
    days: pl.DataFrame
    effect: float
    true_exposure: NDArray[np.float64]
    races: tuple[date, ...] = ()
    blocks: pl.DataFrame | None = None


def make_history(
    kind: str, weeks: int, effect: float, seed: int, fatigue_cost: float = FATIGUE_COST, pairs: int = 0
) -> MadeHistory:
    """One runner of a kind whose speed a sustained full dose changes by `effect`.

    Kinds are `UNCONFOUNDED`, `CONFOUNDED` and `EXTRA`. With `pairs` the last weeks are a declared experiment of so many
    pairs of eight weeks on and off, in an order drawn by lot, while everything else goes on as before.

    `effect` is a fraction: 0.02 makes the runner 2 % faster in the long run; `fatigue_cost` is ln speed per unit of
    acute dose in the days after hip work. The same arguments give the same runner.
    """
    rng = np.random.default_rng([seed, weeks, *kind.encode(), *([pairs] if pairs else [])])
    phase = _smooth_noise(rng, weeks, 10)
    hidden = _smooth_noise(rng, weeks, 10)
    fitness = _fitness(rng, kind, weeks) + (0.015 * hidden if kind == "unmeasured" else 0)
    races: tuple[int, ...] = ()
    if kind == "race_cycles":
        races = _race_weeks(rng, weeks)
        shape, phase = _cycle(rng, races, weeks)
        fitness = fitness + shape
        is_on = _built_up(rng, races, weeks)
    else:
        drivers = {"load": lambda: -phase, "unmeasured": lambda: hidden, "reverse": lambda: -_lately(fitness)}
        is_on = _weeks_on(rng, kind, drivers, weeks)
    first = weeks - 2 * BLOCK_WEEKS * pairs
    is_on[first:] = _drawn_blocks(rng, pairs)
    dose, upper = _sessions(rng, kind, is_on, first)
    runs = _runs(rng, kind, weeks, phase, is_on)
    ctl, atl = (_smoothed(runs.km_by_day, tau) for tau in (42.0, 7.0))
    acute = _acute(dose)
    exposure = _response(dose, float(rng.choice(MEAN_LAGS_WEEKS)), is_on)
    day, week = runs.day, runs.day // 7
    ln_load, freshness = np.log(np.maximum(ctl, 0.1)), np.log(np.maximum(atl, 0.1) / np.maximum(ctl, 0.1))
    form = (
        fitness[week]
        + math.log1p(effect) * exposure[day]
        + LOAD_GAIN * ln_load[day]
        + FRESHNESS_COST * freshness[day]
        + fatigue_cost * acute[day]
        + HEAT_COST * np.maximum(runs.temperature_c - HEAT_FROM_C, 0)
        + rng.normal(0, 0.006, weeks)[week]
    )
    pulse_noise = (
        {"noisy": 4.5, "loud": 6.6, "quiet": 1.65}.get(kind, 3.3) * rng.standard_t(6, day.size) / math.sqrt(1.5)
    )
    pulse = TYPE_HR_BPM[runs.kind] + rng.normal(0, 4, day.size)
    ln_speed = math.log(3.0) + form + SPEED_PER_BPM * (pulse + pulse_noise) + TYPE_OFFSET[runs.kind]
    ln_speed += rng.normal(0, 0.006, day.size)
    heat = np.maximum(runs.temperature_c + rng.normal(0, 1.5, day.size) - 10, 0)
    efficiency = _speed_at_reference(ln_speed, pulse, runs.kind, heat, week)
    run_frame = pl.DataFrame(
        {
            "week": week,
            "local_date": [FIRST_MONDAY + timedelta(days=int(one)) for one in day],
            "ln_speed_at_reference_hr": efficiency,
            "bounded_speed_at_reference_hr_m_per_s": np.exp(efficiency),
            "ln_speed": ln_speed,
            "heat_c": heat,
            "ctl": ctl[day],
            "atl": atl[day],
            "acute_hip_dose": acute[day],
        }
    )
    days = pl.DataFrame(
        {"local_date": [FIRST_MONDAY + timedelta(days=one) for one in range(7 * weeks)], "hip_dose": dose}
    )
    calendar = pl.DataFrame(
        {
            "week": np.arange(weeks),
            "week_start": [FIRST_MONDAY + timedelta(weeks=one) for one in range(weeks)],
            "hip_dose": dose.reshape(weeks, 7).sum(axis=1),
            "upper_dose": upper.reshape(weeks, 7).sum(axis=1),
        }
    )
    weekly = run_frame.group_by("week").agg(
        runs=pl.len().cast(pl.Int64),
        speed_at_reference_hr_m_per_s=pl.col("ln_speed_at_reference_hr").mean().exp(),
        pace_s_per_km=1000 / pl.col("ln_speed").mean().exp(),
        heat_c=pl.col("heat_c").mean(),
        ctl=pl.col("ctl").mean(),
        atl=pl.col("atl").mean(),
        acute_hip_dose=pl.col("acute_hip_dose").mean(),
    )
    frame = calendar.join(weekly, on="week", how="left", maintain_order="left").with_columns(
        pl.col("runs").fill_null(0)
    )
    return MadeHistory(
        frame.drop("week"),
        run_frame,
        days,
        effect,
        exposure.reshape(weeks, 7).mean(axis=1),
        tuple(FIRST_MONDAY + timedelta(days=7 * race + 6) for race in races),
        _plan(is_on, first) if pairs else None,
    )


def _race_weeks(rng: Generator, weeks: int) -> tuple[int, ...]:
    """Weeks of the races, the first one after the end among them; the runner enters anywhere in a cycle."""
    races = [int(rng.integers(0, CYCLE_WEEKS[1]))]
    while races[-1] < weeks:
        races.append(races[-1] + int(rng.integers(CYCLE_WEEKS[0], CYCLE_WEEKS[1] + 1)))
    return tuple(races)


def _cycle(rng: Generator, races: tuple[int, ...], weeks: int) -> tuple[Floats, Floats]:
    """What the race cycle adds to fitness, and how the distance of a week lies above or below the usual."""
    week = np.arange(weeks)
    peak, distance = np.zeros(weeks), 0.3 * _smooth_noise(rng, weeks, 4)
    for last, race in zip((races[0] - 18, *races), races, strict=False):
        length = race - last
        ahead = race - week
        builds = (ahead >= 0) & (ahead < length)
        peak[builds] += PEAK * rng.uniform(0.5, 1.5) * ((length - ahead[builds]) / length) ** 2
        distance[builds] += BUILD_UP / 0.2 * (length - ahead[builds]) / length
        distance[(ahead >= 0) & (ahead < TAPER_WEEKS)] += (TAPERED - BUILD_UP) / 0.2
    after = np.array([min((int(one - race) for race in races if race < one), default=weeks) for one in week])
    peak += PEAK * np.exp(-after / PEAK_LASTS_WEEKS)
    return peak, distance


def _built_up(rng: Generator, races: tuple[int, ...], weeks: int) -> NDArray[np.bool_]:
    """Strength work from two or three weeks after a race until the taper of the next; a week missed now and then."""
    is_on = rng.random(weeks) > MISSED_SHARE
    for race in races:
        is_on[max(0, race - TAPER_WEEKS + 1) : race + int(rng.integers(2, 4))] = False
    return is_on


def _drawn_blocks(rng: Generator, pairs: int) -> NDArray[np.bool_]:
    orders = [bool(order) for order in rng.integers(0, 2, pairs)]
    blocks = [np.repeat([order, not order], BLOCK_WEEKS) for order in orders]
    return np.concatenate([np.empty(0, dtype=bool), *blocks])


def _plan(is_on: NDArray[np.bool_], first: int) -> pl.DataFrame:
    """The blocks as the warehouse has them."""
    arms = ["on" if on else "off" for on in is_on[first::BLOCK_WEEKS]]
    start = pl.lit(FIRST_MONDAY + timedelta(weeks=first))
    return pl.DataFrame({"plan_id": "lot", "block_index": range(len(arms)), "arm": arms}).with_columns(
        start_date=start + pl.duration(weeks=BLOCK_WEEKS * pl.col("block_index")),
        end_date=start + pl.duration(weeks=BLOCK_WEEKS * (pl.col("block_index") + 1), days=-1),
    )


def _smooth_noise(rng: Generator, weeks: int, tau_weeks: float) -> Floats:
    """A stationary AR(1) of unit variance."""
    keep = math.exp(-1 / tau_weeks)
    steps = rng.normal(0, math.sqrt(1 - keep**2), weeks)
    level = np.empty(weeks)
    level[0] = rng.normal()
    for week in range(1, weeks):
        level[week] = keep * level[week - 1] + steps[week]
    return level


def _fitness(rng: Generator, kind: str, weeks: int) -> Floats:
    calendar = np.arange(weeks)
    if kind == "rw":
        return np.cumsum(rng.normal(0, 0.025 / math.sqrt(26), weeks))
    sd, tau = (0.03, 25.0) if kind == "smooth" else (0.02, 10.0)
    fitness = sd * _smooth_noise(rng, weeks, tau)
    if kind == "trend":
        fitness = fitness + 0.03 * calendar / 52
    if kind == "season":
        fitness = fitness + 0.012 * np.sin(2 * np.pi * (calendar / 52.18 + 0.2))
    return fitness


def _lately(fitness: Floats) -> Floats:
    """Mean fitness of the last five weeks, in standard deviations."""
    return np.array([fitness[max(0, week - 4) : week + 1].mean() for week in range(fitness.size)]) / 0.02


def _weeks_on(rng: Generator, kind: str, drivers: dict[str, Callable[[], Floats]], weeks: int) -> NDArray[np.bool_]:
    """Weeks in which the runner goes to the gym: drawn blocks, or whenever what drives this kind is high."""
    if kind == "random8":
        orders = [bool(order) for order in rng.integers(0, 2, weeks // 16 + 1)]
        return np.concatenate([[order] * 8 + [not order] * 8 for order in orders])[:weeks]
    driver = (drivers | {"season": lambda: np.cos(2 * np.pi * np.arange(weeks) / 52.18) - 0.1}).get(kind)
    if driver is not None:
        driven: NDArray[np.bool_] = driver() + 0.6 * _smooth_noise(rng, weeks, 4) > 0
        return driven
    state, is_on = bool(rng.integers(0, 2)), np.empty(0, dtype=bool)
    while is_on.size < weeks:
        taken_up = 0.3 + 0.9 * is_on.size / weeks if kind == "trend" else 1.0
        length = rng.integers(4, 13) * taken_up if state else rng.integers(3, 11) * (2 - taken_up)
        is_on = np.append(is_on, np.full(max(2, round(length)), state))
        state = not state
    return is_on[:weeks]


def _sessions(rng: Generator, kind: str, is_on: NDArray[np.bool_], drawn_from: int) -> tuple[Floats, Floats]:
    """Hip and upper-body dose of each day: two sessions a week on, a stray one off."""
    dose, upper = np.zeros(7 * is_on.size), np.zeros(7 * is_on.size)
    for week, on in enumerate(is_on):
        stray = STRAY_IN_BLOCKS if kind == "random8" or week >= drawn_from else 0.1
        days = rng.choice(7, 2, replace=False) + 7 * week
        done = rng.random(2) < (0.9 if on else stray / 2)
        dose[days] = 0.5 * done * rng.uniform(0.7, 1.3, 2)
        upper[days] = 0.5 * done * (rng.random(2) < UPPER_SHARE)
        if rng.random() < UPPER_ALONE:
            upper[7 * week + rng.integers(0, 7)] += 0.5
    return dose, upper


@dataclass(frozen=True)
class _Runs:
    day: NDArray[np.int64]
    kind: NDArray[np.int64]
    temperature_c: Floats
    km_by_day: Floats


def _runs(rng: Generator, kind: str, weeks: int, phase: Floats, is_on: NDArray[np.bool_]) -> _Runs:
    days, kinds, km_by_day = [], [], np.zeros(7 * weeks)
    gap_left = 0
    for week in range(weeks):
        gap_left = gap_left - 1 if gap_left else int(rng.integers(1, 3)) if rng.random() < GAP_SHARE else 0
        if gap_left:
            continue
        fewest, most = (2, 3) if kind == "noisy" else (3, 5)
        count = int(rng.integers(fewest, most + 1))
        hard = 0.1 if kind == "mix" and is_on[week] else 0.45
        chosen = np.sort(rng.choice(7, count, replace=False)) + 7 * week
        types = np.where(rng.random(count) < hard / 1.5, rng.integers(2, 4, count), 0)
        types[-1] = 1 if rng.random() < LONG_RUN_SHARE else types[-1]
        km_by_day[chosen] = TYPE_LENGTH_KM[types] * np.exp(0.2 * phase[week] + rng.normal(0, 0.15, count))
        days.append(chosen)
        kinds.append(types)
    day = np.concatenate(days)
    year = 2 * np.pi * (day / 365.25 - 0.08)
    temperature = 11 - 9 * np.cos(year) + rng.normal(0, 4, day.size)
    return _Runs(day, np.concatenate(kinds), temperature, km_by_day)


def _smoothed(load: Floats, tau_days: float) -> Floats:
    gain = 1 - math.exp(-1 / tau_days)
    level, levels = float(load[:28].mean()), np.empty(load.size)
    for day, value in enumerate(load):
        level += gain * (value - level)
        levels[day] = level
    return levels


def _acute(dose: Floats) -> Floats:
    return np.convolve(dose, np.exp(-np.arange(14) / 2))[: dose.size]


def _response(dose: Floats, mean_lag_weeks: float, is_on: NDArray[np.bool_]) -> Floats:
    """Weekly-dose units at work on each day: a gamma of shape 3, with the habit of the first weeks before the log."""
    scale = mean_lag_weeks * 7 / 3
    lag = np.arange(3 * 365) / scale
    kernel = lag**2 * np.exp(-lag)
    kernel /= kernel.sum()
    before = np.full(kernel.size, float(is_on[:8].mean()) / 7)
    response: Floats = 7 * np.convolve(np.concatenate([before, dose]), kernel)[before.size : before.size + dose.size]
    return response


def _speed_at_reference(
    ln_speed: Floats, pulse: Floats, kind: NDArray[np.int64], heat: Floats, week: NDArray[np.int64]
) -> Floats:
    """Stage 1 of the outcome: slopes on heart rate and type within weeks, pulled towards prior values."""
    types = np.column_stack([kind == one for one in (1, 2, 3)]).astype(np.float64)
    features = np.column_stack([pulse, types, heat])
    efficiency: Floats = fit_slopes(ln_speed, features, np.unique(week, return_inverse=True)[1]).values(
        ln_speed, features
    )
    return efficiency
