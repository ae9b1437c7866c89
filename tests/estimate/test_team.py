from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.team import LeftOut, Summary, between_sd, pool, summarise

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl


def team(changes: list[float], error: float = 0.02) -> list[Summary]:
    return [Summary(f"a{index}", change, error) for index, change in enumerate(changes)]


def test_alike_runners_of_alike_error_have_their_plain_mean_and_at_least_its_error() -> None:
    found = pool(team([0.02, 0.02, 0.02, 0.02]), widening=1.0)
    assert found is not None
    reach = 3.182446 * 0.02 / 2  # t of three degrees; the factor is one at least
    assert found.between_sd_fraction == 0
    assert found.pooled.estimate == pytest.approx(math.expm1(0.02))
    assert found.pooled.lo == pytest.approx(math.expm1(0.02 - reach), abs=1e-6)
    assert found.prediction == found.pooled
    assert [one.shrunken.estimate for one in found.members] == [pytest.approx(math.expm1(0.02))] * 4


def test_a_precise_runner_counts_for_more() -> None:
    found = pool([Summary("a", 0.05, 0.01), Summary("b", 0.0, 0.1), Summary("c", 0.0, 0.1)], widening=1.0)
    assert found is not None
    assert found.members[0].weight > 0.9
    assert sum(one.weight for one in found.members) == pytest.approx(1)


def test_runners_who_differ_are_seen_to_and_are_drawn_to_the_mean_less() -> None:
    rng = np.random.default_rng(5)
    own = rng.normal(0.02, 0.03, 200)
    seen = own + rng.normal(0, 0.02, 200)
    found = pool(team(seen.tolist()), widening=1.0)
    assert found is not None
    assert found.between_sd_fraction == pytest.approx(0.03, abs=0.006)
    drawn = np.log1p([one.shrunken.estimate or 0.0 for one in found.members])
    assert ((drawn - own) ** 2).mean() < 0.85 * ((seen - own) ** 2).mean()
    lo, hi = np.log1p([found.prediction.lo or 0.0, found.prediction.hi or 0.0])
    assert 0.9 < ((own > lo) & (own < hi)).mean() < 0.99


def test_how_far_runners_lie_apart_is_the_maximum_of_the_restricted_likelihood() -> None:
    """Held against the criterion written out, over a fine grid."""
    changes, variances = np.array([0.0, 0.03, 0.09, -0.02, 0.05]), np.array([1, 2, 3, 1, 2]) * 1e-4

    def criterion(sd: float) -> float:
        weights = 1 / (variances + sd**2)
        mean = (weights * changes).sum() / weights.sum()
        return float(
            -0.5 * (np.log(variances + sd**2).sum() + np.log(weights.sum()) + (weights * (changes - mean) ** 2).sum())
        )

    best = max(np.linspace(0, 0.1, 2001), key=criterion)
    assert between_sd(changes, variances) == pytest.approx(best, rel=0.13)  # a step of the grid


def test_runners_are_taken_to_lie_a_tenth_apart_at_most() -> None:
    assert between_sd(np.array([-0.5, 0.0, 0.5]), np.full(3, 1e-4)) == pytest.approx(0.1)


def test_fewer_than_three_are_not_pooled() -> None:
    assert pool(team([0.02, 0.03])) is None
    assert pool([]) is None


def test_one_start_is_enough_and_what_was_left_out_says_why(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    once = [0.0] * 30 + [1.0] * 50
    assert isinstance(summarise("a", estimate_effect(draw_weeks(80, dose=once))), Summary)
    assert summarise("b", None) == LeftOut("b", "nothing_estimated")
    assert summarise("c", estimate_effect(draw_weeks(20))) == LeftOut("c", "few_weeks", 20)
    assert summarise("d", estimate_effect(draw_weeks(80, dose=[1.0] * 80))) == LeftOut("d", "too_steady")
    assert summarise("e", estimate_effect(draw_weeks(40, runs=[1] * 40))) == LeftOut("e", "few_runs", 40)
    wild = summarise("f", estimate_effect(draw_weeks(80, dose=once, noise=0.5)))
    assert wild == LeftOut("f", "too_wide")


@pytest.mark.parametrize(
    ("border", "beyond", "why"),
    [
        ({"weeks": 26}, {"weeks": 25}, "few_weeks"),
        ({"runs": 60}, {"runs": 59}, "few_runs"),
        ({"contrast": 0.15}, {"contrast": 0.149}, "too_steady"),
        ({"sustained": Quantity(0.0, -0.25, 0.25)}, {"sustained": Quantity(0.0, -0.26, 0.25)}, "too_wide"),
        ({}, {"sustained": Quantity()}, "not_told_apart"),
    ],
)
def test_who_tells_enough_is_pooled(
    draw_weeks: Callable[..., pl.DataFrame], border: dict[str, object], beyond: dict[str, object], why: str
) -> None:
    effect = estimate_effect(draw_weeks(80, dose=[0.0] * 30 + [1.0] * 50))
    assert isinstance(summarise("a", replace(effect, **border)), Summary)  # type: ignore[arg-type]
    left_out = summarise("a", replace(effect, **beyond))  # type: ignore[arg-type]
    assert isinstance(left_out, LeftOut)
    assert left_out.reason == why
