"""The experiment that would answer: how long it takes, what is seen by when, how many runners would do it in a year.

Everything is worked out with the noise measured in this runner's own data; before there are any, with that of the
made-up runners of docs/methods.md. "To see" an effect means to find it four times in five.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import nctdtr, ndtr, stdtrit

from hipdrive.estimate.exposure import expose
from hipdrive.estimate.history import SEASON_FROM_WEEKS, WEEKS_OF_A_YEAR, History, independent_columns
from hipdrive.estimate.state_space import WIDENING, filters, project
from hipdrive.estimate.verdict import FEWEST_PAIRS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

TARGET = 0.02  # sustained effect as a fraction of speed: the upper half of what trials of related work let hope for
LARGER_TARGET = 0.03  # asked for where the smaller one is out of reach
HORIZONS_WEEKS = (26, 52, 104)
LONGEST_WEEKS = 260  # five years; beyond it nobody's training stays the same
STEP_WEEKS = 4
BLOCK_WEEKS = 8
PLANNING_LAG_WEEKS = 6
FOUND = 0.8
BORDER, ONE_SIDED_BORDER = 1.959964, 1.644854  # of a normal
PASSES_CHECKS = 0.8  # of estimates whose interval leaves zero out, simulated at a true 2 to 4 % (docs/methods.md)
MOST_RUNNERS = 1_000
SEEN = 2.8  # standard errors of an effect that p < .05 finds four times in five
UNKNOWN_LAG = 1.5  # by how much not knowing the lag widens the sustained effect, simulated
RECENT_ROWS = 12
WEEKS_OF_LAST_YEAR = 52
TYPICAL_LEVEL_SD, TYPICAL_LEVEL_WEEKS = 0.02, 10.0  # of ln speed; of the made-up runners
TYPICAL_RUN_SD, TYPICAL_WEEK_SD = 0.031, 0.006
TYPICAL_HABIT = 0.5
DRAWS = 20


@dataclass(frozen=True)
class Noise:
    """What the data say about this runner's own noise, as posterior means.

    Attributes:
        persistence: of fitness from one week to the next.
        level_share: innovation variance of fitness over the noise variance of a week.
        week_sd: noise of ln speed in a week with the usual number of runs.
        runs_per_week: the usual number.
    """

    persistence: float
    level_share: float
    week_sd: float
    runs_per_week: float


@dataclass(frozen=True)
class Chance:
    """How likely a true effect of 2 % shows, as fractions.

    Attributes:
        interval: the estimate's interval leaves zero out.
        word: the verdict says so too: `associated`, for which the checks must pass; in drawn blocks `supported`, which
            the draw alone can say, of five pairs or more.
    """

    interval: float
    word: float


@dataclass(frozen=True)
class Prospect:
    """What more weeks would show of the sustained full dose.

    Attributes:
        weeks_to_go: until an effect of 2 % would be seen; None where that is over five years.
        weeks_to_larger: until an effect of 3 % would be seen; None where that is over five years.
        smallest_visible: by weeks from now, the smallest effect that would be seen, as a fraction of speed.
        runners_needed: how many runners like this one, past included, would see 2 % together in 52 more weeks.
        chances: by weeks from now, what a true effect of 2 % would come to.
    """

    weeks_to_go: int | None
    weeks_to_larger: int | None
    smallest_visible: dict[int, float]
    runners_needed: int
    chances: dict[int, Chance] = field(default_factory=dict)


@dataclass(frozen=True)
class Remedies:
    """Smallest sustained effect that would be seen a year from now, as a fraction of speed, by what is done till then.

    Attributes:
        time: nothing but another year at the present rhythm.
        less_noise: the same with half the noise of a week (steadier routes, a chest strap, more runs).
        design: blocks on and off from now on.
        best: the attribute with the smallest effect.
    """

    time: float
    less_noise: float
    design: float
    best: str


def compare_remedies(history: History, noise: Noise) -> Remedies:
    """What would help most: time, less noise, or a design."""
    as_now = np.resize(history.dose, WEEKS_OF_LAST_YEAR)
    # the level keeps its own size when the noise of a week is halved
    quieter = replace(noise, week_sd=noise.week_sd / 2, level_share=noise.level_share * 4)
    seen = {
        "time": math.expm1(_smallest_visible(history, noise, as_now)),
        "less_noise": math.expm1(_smallest_visible(history, quieter, as_now)),
        "design": math.expm1(_smallest_visible(history, noise, _alternating(WEEKS_OF_LAST_YEAR, BLOCK_WEEKS))),
    }
    return Remedies(**seen, best=min(seen, key=lambda name: seen[name]))


def block_that_teaches_most(history: History, noise: Noise, block_weeks: int = BLOCK_WEEKS) -> str:
    """`on` or `off`: the block to begin with on Monday, the other one to follow."""
    on_first = _alternating(2 * block_weeks, block_weeks)
    on = _smallest_visible(history, noise, on_first)
    off = _smallest_visible(history, noise, 1 - on_first)
    return "on" if on <= off else "off"


def prospect_in_blocks(history: History, noise: Noise, block_weeks: int = BLOCK_WEEKS) -> Prospect:
    """From now on blocks on and off in turn; the order within pairs is drawn, which hardly moves these numbers."""
    return _prospect(
        lambda ahead: _smallest_visible(history, noise, _alternating(ahead, block_weeks)),
        lambda ahead, _: _chance_of_draw(history, noise, ahead, block_weeks),
    )


def prospect_at_present_rhythm(history: History, noise: Noise) -> Prospect:
    """From now on the dose of the weeks so far, over and over."""
    return _prospect(
        lambda ahead: _smallest_visible(history, noise, np.resize(history.dose, ahead)),
        lambda _, interval: PASSES_CHECKS * interval,
    )


def prospect_before_data(runs_per_week: float = 4.0, block_weeks: int = BLOCK_WEEKS) -> Prospect:
    """For someone who has logged nothing yet: blocks on and off, the noise of the made-up runners."""
    seen = cache(lambda ahead: UNKNOWN_LAG * smallest_visible_before_data(ahead, runs_per_week, block_weeks))
    return _prospect(seen, lambda ahead, _: _draw_speaks(seen(ahead), ahead // (2 * block_weeks)))


def smallest_visible_before_data(weeks: int, runs_per_week: float = 4.0, block_weeks: int = BLOCK_WEEKS) -> float:
    """Smallest sustained effect seen by typical noise if the lag were known, as ln speed.

    Load and heat are taken as smooth noise, drawn twenty times with fixed seeds; the median is given. For blocks of
    eight weeks and 52, 104 and 156 weeks: 6.8, 4.6 and 3.6 %.
    """
    keep = math.exp(-1 / TYPICAL_LEVEL_WEEKS)
    noise_variance = TYPICAL_RUN_SD**2 / runs_per_week + TYPICAL_WEEK_SD**2
    noise = Noise(keep, TYPICAL_LEVEL_SD**2 * (1 - keep**2) / noise_variance, math.sqrt(noise_variance), runs_per_week)
    week = np.arange(weeks)
    exposure = expose(_alternating(weeks, block_weeks), PLANNING_LAG_WEEKS, TYPICAL_HABIT)
    calendar = _calendar_columns(week)
    seen = []
    for seed in range(DRAWS):
        white = np.random.default_rng(seed).normal(size=(weeks + 11, 3))
        smooth = np.stack([white[row : row + 12].mean(axis=0) for row in range(weeks)])
        design = np.column_stack([*calendar.values(), smooth])
        seen.append(_seen(week, np.full(weeks, runs_per_week), design, exposure, noise))
    return float(np.median(seen))


def _prospect(smallest_visible: Callable[[int], float], word: Callable[[int, float], float]) -> Prospect:
    seen = cache(smallest_visible)
    visible = {ahead: seen(ahead) for ahead in HORIZONS_WEEKS}
    intervals = {ahead: _leaves_zero_out(smallest) for ahead, smallest in visible.items()}
    return Prospect(
        weeks_to_go=_first_to_see(TARGET, seen),
        weeks_to_larger=_first_to_see(LARGER_TARGET, seen),
        smallest_visible={ahead: math.expm1(smallest) for ahead, smallest in visible.items()},
        runners_needed=runners_to_see(visible[WEEKS_OF_LAST_YEAR]),
        chances={ahead: Chance(interval, word(ahead, interval)) for ahead, interval in intervals.items()},
    )


def runners_to_see(smallest_visible: float) -> int:
    """The fewest runners whose mean effect a t test finds four times in five, where it is 2 %.

    Args:
        smallest_visible: by each of them alone, as ln speed.
    """
    if smallest_visible <= math.log1p(TARGET):
        return 1
    alone = SEEN * math.log1p(TARGET) / smallest_visible
    return next(
        (
            runners
            for runners in range(2, MOST_RUNNERS)
            if _found_by_t(alone * math.sqrt(runners), runners - 1) >= FOUND
        ),
        MOST_RUNNERS,
    )


def _found_by_t(away: float, freedom: int) -> float:
    border = float(stdtrit(freedom, 0.975))
    return 1 - float(nctdtr(freedom, away, border)) + float(nctdtr(freedom, away, -border))


def _leaves_zero_out(smallest_visible: float) -> float:
    away = SEEN * math.log1p(TARGET) / smallest_visible
    return float(ndtr(away - BORDER) + ndtr(-away - BORDER))


def _chance_of_draw(history: History, noise: Noise, ahead: int, block_weeks: int) -> float:
    """Only the experiment's own weeks count for it."""
    alone = _smallest_visible(history, noise, _alternating(ahead, block_weeks), only_ahead=True)
    return _draw_speaks(alone, ahead // (2 * block_weeks))


def _draw_speaks(smallest_visible: float, pairs: int) -> float:
    return 0.0 if pairs < FEWEST_PAIRS else float(ndtr(SEEN * math.log1p(TARGET) / smallest_visible - ONE_SIDED_BORDER))


def _first_to_see(target: float, smallest_visible: Callable[[int], float]) -> int | None:
    steps = range(STEP_WEEKS, LONGEST_WEEKS + 1, STEP_WEEKS)
    index = bisect_left(steps, -math.log1p(target), key=lambda ahead: -smallest_visible(ahead))
    return steps[index] if index < len(steps) else None


def _smallest_visible(
    history: History, noise: Noise, dose_ahead: NDArray[np.float64], *, only_ahead: bool = False
) -> float:
    ahead = dose_ahead.size
    calendar_weeks = history.calendar_weeks
    week = np.concatenate([history.week, calendar_weeks + np.arange(ahead)])
    runs = np.concatenate([history.runs, np.full(ahead, history.runs[-RECENT_ROWS:].mean())])
    columns = _calendar_columns(week)
    for name, column in zip(history.covariates, history.design.T, strict=True):
        if name not in {"level", "trend", "season_sine", "season_cosine"}:
            columns[name] = np.concatenate([column, _covariate_ahead(history, name, column, ahead)])
    exposure = expose(np.concatenate([history.dose, dose_ahead]), PLANNING_LAG_WEEKS)[week]
    design = np.column_stack(list(columns.values()))
    rows = slice(history.rows if only_ahead else 0, None)
    first = calendar_weeks if only_ahead else 0
    return UNKNOWN_LAG * _seen(week[rows] - first, runs[rows], design[rows], exposure[rows], noise)


def _covariate_ahead(history: History, name: str, column: NDArray[np.float64], ahead: int) -> NDArray[np.float64]:
    values = np.full(ahead, column[-RECENT_ROWS:].mean())
    if name == "heat":
        last_year = dict(zip(history.week.tolist(), column.tolist(), strict=True))
        for step in range(ahead):
            week = history.calendar_weeks + step - WEEKS_OF_LAST_YEAR
            values[step] = last_year.get(week, values[step])
            last_year[week + WEEKS_OF_LAST_YEAR] = float(values[step])
    return values


def _calendar_columns(week: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    columns = {"level": np.ones(week.size), "trend": (week - week.mean()) / 52}
    if week[-1] + 1 >= SEASON_FROM_WEEKS:
        year = 2 * np.pi * week / WEEKS_OF_A_YEAR
        columns |= {"season_sine": np.sin(year), "season_cosine": np.cos(year)}
    return columns


def _alternating(weeks: int, block_weeks: int) -> NDArray[np.float64]:
    on: NDArray[np.float64] = (np.arange(weeks) // block_weeks % 2 == 0).astype(np.float64)
    return on


def _seen(
    week: NDArray[np.int64],
    runs: NDArray[np.float64],
    design: NDArray[np.float64],
    exposure: NDArray[np.float64],
    noise: Noise,
) -> float:
    grid = filters(np.array([noise.persistence]), np.array([noise.level_share]), week, runs)
    rest = project(grid, design[:, independent_columns(design)], exposure[:, None]).columns
    length = float((rest**2).sum())
    return SEEN * WIDENING * noise.week_sd / math.sqrt(length) if length > 0 else math.inf
