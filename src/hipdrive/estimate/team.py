"""A team finds what one runner cannot: the estimates of many runners, pooled.

Stage 1 is each runner's own estimate, and of it only what pooling needs: the number for the full programme kept up and
its error. Stage 2 is a random-effects model of ln speed, b_i ~ N(mu, s_i² + tau²): tau by restricted maximum likelihood
on a grid, the interval by Hartung and Knapp (2001, Statistics in Medicine 20:3875, doi:10.1002/sim.1009) with a factor
of one at least. How careful the runners' own errors are is calibrated for teams anew: docs/methods.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr, stdtrit

from hipdrive.estimate.quantity import Quantity, fraction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from hipdrive.estimate.effect import Effect

BETWEEN_SDS = np.concatenate([[0.0], np.geomspace(1e-4, 0.1, 60)])  # of ln speed at the full programme
TEAM_WIDENING = 0.8  # of the runners' own errors, calibrated by simulation (docs/methods.md)
STANDARD_NORMAL = 1.959964
FEWEST_ATHLETES = 3
FEWEST_WEEKS, FEWEST_RUNS = 26, 60
LEAST_CONTRAST = 0.15  # q90 - q10 of exposure
WIDEST_POOLED = 0.25  # half an interval, as a fraction


@dataclass(frozen=True)
class Summary:
    """What pooling needs of one athlete: change of ln speed at the full programme kept up, and its standard error."""

    athlete_id: str
    log_change: float
    error: float


@dataclass(frozen=True)
class LeftOut:
    """An athlete who is not pooled, and why: one of `tables.teams.LEFT_OUT`, with how many weeks or runs there were."""

    athlete_id: str
    reason: str
    found: int | None = None


@dataclass(frozen=True)
class TeamMember:
    """One athlete in the light of the team: own estimate, and drawn to the team's mean."""

    athlete_id: str
    own: Quantity
    shrunken: Quantity
    weight: float


@dataclass(frozen=True)
class TeamEffect:
    """The pooled estimate, all as fractions of speed at the full programme kept up.

    Attributes:
        pooled: mean over runners like these, with its 95 % interval.
        prediction: the same mean with the interval in which one more runner's own effect would lie.
        between_sd_fraction: how far runners' effects lie apart.
        p_value: two-sided, of no effect on average.
        members: those that were pooled, in the order given.
    """

    pooled: Quantity
    prediction: Quantity
    between_sd_fraction: float
    p_value: float
    members: tuple[TeamMember, ...]


def summarise(athlete_id: str, effect: Effect | None) -> Summary | LeftOut:
    """One athlete's part in the pooled estimate, or why there is none.

    How often strength work was taken up and given up does not matter here: in a team whose starts were drawn by lot one
    start a runner is enough.

    Args:
        athlete_id: whose.
        effect: of `estimate_effect`; None where nothing was estimated.
    """
    if effect is None:
        return LeftOut(athlete_id, "nothing_estimated")
    left_out = _left_out(athlete_id, effect)
    if left_out is not None:
        return left_out
    lo, hi = (math.log1p(end or 0.0) for end in (effect.sustained.lo, effect.sustained.hi))
    error = (hi - lo) / (2 * STANDARD_NORMAL)
    return Summary(athlete_id, math.log1p(effect.sustained.estimate or 0.0), error)


def _left_out(athlete_id: str, effect: Effect) -> LeftOut | None:
    half = effect.sustained.half_width
    if effect.weeks < FEWEST_WEEKS:
        return LeftOut(athlete_id, "few_weeks", effect.weeks)
    if effect.runs < FEWEST_RUNS:
        return LeftOut(athlete_id, "few_runs", effect.runs)
    if effect.contrast < LEAST_CONTRAST:
        return LeftOut(athlete_id, "too_steady")
    if half is None:
        return LeftOut(athlete_id, "not_told_apart")
    return LeftOut(athlete_id, "too_wide") if half > WIDEST_POOLED else None


def pool(summaries: Sequence[Summary], widening: float = TEAM_WIDENING) -> TeamEffect | None:
    """The pooled estimate; None with fewer than three athletes.

    Args:
        summaries: one an athlete.
        widening: of their errors where they are pooled; one runner's own number keeps its error as it is.
    """
    if len(summaries) < FEWEST_ATHLETES:
        return None
    changes = np.array([one.log_change for one in summaries])
    own_variances = np.array([one.error for one in summaries]) ** 2
    variances = widening**2 * own_variances
    between = between_sd(changes, variances)
    weights = 1 / (variances + between**2)
    mean = float(weights @ changes / weights.sum())
    freedom = len(summaries) - 1
    factor = max(1.0, float(weights @ (changes - mean) ** 2) / freedom)
    error = math.sqrt(factor / weights.sum())
    reach = float(stdtrit(freedom, 0.975))
    share = between**2 / (between**2 + own_variances)
    shrunken = mean + share * (changes - mean)
    doubt = np.sqrt(share * own_variances + (1 - share) ** 2 * error**2)
    members = tuple(
        TeamMember(
            one.athlete_id,
            _within(one.log_change, STANDARD_NORMAL * one.error),
            _within(float(middle), STANDARD_NORMAL * float(half)),
            float(weight),
        )
        for one, middle, half, weight in zip(summaries, shrunken, doubt, weights / weights.sum(), strict=True)
    )
    return TeamEffect(
        pooled=_within(mean, reach * error),
        prediction=_within(mean, reach * math.hypot(error, between)),
        between_sd_fraction=fraction(between),
        p_value=float(2 * stdtr(freedom, -abs(mean) / error)),
        members=members,
    )


def between_sd(changes: NDArray[np.float64], variances: NDArray[np.float64]) -> float:
    """How far runners' own effects lie apart, by restricted maximum likelihood on a grid.

    Args:
        changes: one a runner, shape (runners,).
        variances: of their errors, shape (runners,).
    """
    total = variances + BETWEEN_SDS[:, None] ** 2
    weights = 1 / total
    mean = weights @ changes / weights.sum(axis=1)
    squares = (weights * (changes - mean[:, None]) ** 2).sum(axis=1)
    likelihood = -0.5 * (np.log(total).sum(axis=1) + np.log(weights.sum(axis=1)) + squares)
    return float(BETWEEN_SDS[int(np.argmax(likelihood))])


def _within(middle: float, half: float) -> Quantity:
    return Quantity(fraction(middle), fraction(middle - half), fraction(middle + half))
