from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
import statsmodels.api as sm

from hipdrive.estimate.state_space import (
    LEVEL_SHARE,
    PERSISTENCE,
    WIDENING,
    fit,
    most_likely_point,
    noise_factor,
    whitening_grid,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hipdrive.estimate.state_space import Grid

    Problem = tuple[
        NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
    ]


@pytest.fixture
def problem() -> Problem:
    """Weeks with a gap, runs, outcome, covariates and two exposures."""
    rng = np.random.default_rng(5)
    week = np.delete(np.arange(60), [7, 8, 30])
    runs = rng.integers(2, 6, week.size).astype(np.float64)
    design = np.column_stack([np.ones(week.size), week / 52, rng.normal(size=week.size)])
    exposures = np.cumsum(rng.normal(size=(week.size, 2)), axis=0) / 5
    outcome = design @ [1.0, 0.02, 0.01] + 0.03 * exposures[:, 0] + rng.normal(0, 0.02, week.size)
    return week, runs, outcome, design, exposures


def covariance(
    persistence: float, share: float, week: NDArray[np.int64], runs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The errors' covariance as it is written on paper."""
    if persistence == 1:
        level = np.minimum.outer(week + 1, week + 1).astype(np.float64)
    else:
        level = persistence ** np.abs(np.subtract.outer(week, week)).astype(np.float64) / (1 - persistence**2)
    return np.asarray(share * level + np.diag(noise_factor(runs)))


def points(grid: Grid) -> list[tuple[float, float]]:
    return list(zip(grid.persistence.tolist(), grid.share.tolist(), strict=True))


def test_more_runs_mean_less_noise_but_not_none() -> None:
    # mean of 2 and 6 runs is 4
    assert noise_factor(np.array([2.0, 6.0])) == pytest.approx([0.15 + 0.85 * 2, 0.15 + 0.85 * 4 / 6])


def test_the_grid_has_every_persistence_with_every_share(problem: Problem) -> None:
    week, runs, *_ = problem
    grid = whitening_grid(week, runs)
    assert points(grid) == [(persistence, share) for persistence in PERSISTENCE for share in LEVEL_SHARE]
    prior = grid.log_prior[points(grid).index((0.6, 0.2))]
    assert prior == pytest.approx(math.log(0.6) - 0.5 * ((math.log(0.2) - math.log(0.3)) / 0.8) ** 2)


def test_the_filter_is_the_inverse_of_the_cholesky_factor(problem: Problem) -> None:
    week, runs, outcome, *_ = problem
    grid = whitening_grid(week, runs)
    whitened = grid.whiten(outcome[:, None])
    for index, (persistence, share) in enumerate(points(grid)):
        factor = np.linalg.cholesky(covariance(persistence, share, week, runs))
        assert whitened[index, :, 0] == pytest.approx(np.linalg.solve(factor, outcome), abs=1e-12)
        assert grid.scale[index] == pytest.approx(np.diag(factor))


def test_a_history_that_begins_late_on_the_calendar_has_wandered_before(problem: Problem) -> None:
    _, _, outcome, *_ = problem
    week, runs = np.array([3, 4, 9]), np.array([2.0, 3.0, 4.0])
    grid = whitening_grid(week, runs)
    last = len(grid.share) - 1
    factor = np.linalg.cholesky(covariance(1.0, 1.2, week, runs))
    assert grid.at(last).whiten(outcome[:3, None])[0, :, 0] == pytest.approx(np.linalg.solve(factor, outcome[:3]))


def test_each_point_is_the_generalised_least_squares_of_statsmodels(problem: Problem) -> None:
    week, runs, outcome, design, exposures = problem
    grid = whitening_grid(week, runs)
    for index in range(0, len(grid.share), 11):
        posterior = fit(grid.at(index), outcome, design, exposures[:, :1])
        sigma = covariance(*points(grid)[index], week, runs)
        reference = sm.GLS(outcome, np.column_stack([design, exposures[:, 0]]), sigma).fit()
        assert posterior is not None
        assert posterior.freedom == reference.df_resid
        assert posterior.slope[0] == pytest.approx(reference.params[-1], rel=1e-9)
        assert posterior.error[0] == pytest.approx(WIDENING * reference.bse[-1], rel=1e-9)


def test_weights_are_those_of_the_formula_with_plain_inverses(problem: Problem) -> None:
    week, runs, outcome, design, exposures = problem
    grid = whitening_grid(week, runs)
    prior = (0.4, 0.6)
    logs = []
    for index, point in enumerate(points(grid)):
        inverse = np.linalg.inv(covariance(*point, week, runs))
        for kernel in range(2):
            columns = np.column_stack([design, exposures[:, kernel]])
            slopes = np.linalg.solve(columns.T @ inverse @ columns, columns.T @ inverse @ outcome)
            rest = outcome - columns @ slopes
            freedom = outcome.size - design.shape[1] - 1
            logs.append(
                0.5 * np.linalg.slogdet(inverse)[1]
                - 0.5 * np.linalg.slogdet(design.T @ inverse @ design)[1]
                - freedom / 2 * math.log(rest @ inverse @ rest)
                + grid.log_prior[index]
                + math.log(prior[kernel])
            )
    weight = np.exp(np.array(logs) - max(logs))
    weight /= weight.sum()
    weight = np.where(weight >= 1e-5, weight, 0)
    weight /= weight.sum()
    posterior = fit(grid, outcome, design, exposures, prior)
    assert posterior is not None
    found = np.zeros(weight.size)
    found[posterior.point * 2 + posterior.kernel] = posterior.weight
    assert found == pytest.approx(weight, abs=1e-9)


def test_an_exposure_ten_times_as_large_has_a_tenth_of_the_slope_and_the_same_p(problem: Problem) -> None:
    week, runs, outcome, design, exposures = problem
    grid = whitening_grid(week, runs)
    one, ten = (fit(grid, outcome, design, factor * exposures, (0.5, 0.5)) for factor in (1, 10))
    assert one is not None
    assert ten is not None
    assert ten.of([10, 10]).mean == pytest.approx(one.of([1, 1]).mean)
    assert ten.of([1, 1]).p_value == pytest.approx(one.of([1, 1]).p_value)


def test_too_few_weeks_or_an_exposure_of_covariates_alone_cannot_be_fitted(problem: Problem) -> None:
    week, runs, outcome, design, exposures = problem
    few = whitening_grid(week[:6], runs[:6])
    assert fit(few, outcome[:6], design[:6], exposures[:6, :1]) is None
    enough = whitening_grid(week[:7], runs[:7])
    assert fit(enough, outcome[:7], design[:7], exposures[:7, :1]) is not None
    assert fit(whitening_grid(week, runs), outcome, design, design[:, 1:2] * 3) is None


def test_a_series_without_noise_gives_its_slope_and_no_warning(problem: Problem) -> None:
    week, runs, _, design, exposures = problem
    posterior = fit(whitening_grid(week, runs), design[:, 1] + 0.02 * exposures[:, 0], design, exposures[:, :1])
    assert posterior is not None
    assert posterior.of([1]).mean == pytest.approx(0.02)
    assert posterior.of([1]).sd > 0


def test_restricted_likelihood_tells_a_random_walk_from_noise(problem: Problem) -> None:
    week, runs, _, design, _ = problem
    rng = np.random.default_rng(2)
    grid = whitening_grid(week, runs)
    noise = most_likely_point(grid, rng.normal(size=week.size), design)
    walk = most_likely_point(grid, np.cumsum(rng.normal(size=week.size)), design)
    assert noise.share[0] <= 0.03
    assert walk.share[0] == LEVEL_SHARE[-1]
