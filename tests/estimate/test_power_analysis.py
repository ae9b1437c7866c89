from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import stats

from hipdrive.estimate.exposure import expose
from hipdrive.estimate.history import History, read_history
from hipdrive.estimate.power_analysis import (
    Noise,
    block_that_teaches_most,
    compare_remedies,
    prospect_at_present_rhythm,
    prospect_before_data,
    prospect_in_blocks,
    runners_to_see,
    smallest_visible_before_data,
)
from hipdrive.estimate.state_space import WIDENING

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

NOISE = Noise(persistence=0.9, level_share=0.2, week_sd=0.015, runs_per_week=4.0)


@pytest.fixture
def history(draw_weeks: Callable[..., pl.DataFrame]) -> History:
    found = read_history(draw_weeks(60))
    assert found is not None
    return found


def test_what_is_seen_by_pencil_where_fitness_hardly_wanders(history: History) -> None:
    """With next to no wander the standard error is that of least squares with independent errors."""
    still = Noise(persistence=0.6, level_share=1e-12, week_sd=0.015, runs_per_week=4.0)
    week = np.arange(history.calendar_weeks + 26)
    runs = np.concatenate([history.runs, np.full(26, history.runs[-12:].mean())])
    weight = 1 / np.sqrt(0.15 + 0.85 * runs.mean() / runs)
    year = 2 * np.pi * week / 52.18
    columns = [np.ones(week.size), week / 52, np.sin(year), np.cos(year)]
    for name, column in zip(history.covariates, history.design.T, strict=True):
        if name not in {"level", "trend"}:
            ahead = column[8 : 8 + 26] if name == "heat" else np.full(26, column[-12:].mean())
            columns.append(np.concatenate([column, ahead]))
    dose = np.concatenate([history.dose, ([1.0] * 8 + [0.0] * 8) * 2])[: week.size]
    design = np.column_stack(columns) * weight[:, None]
    exposure = expose(dose, 6) * weight
    rest = exposure - design @ np.linalg.lstsq(design, exposure, rcond=None)[0]
    expected = 1.5 * 2.8 * WIDENING * 0.015 / math.sqrt(rest @ rest)
    assert prospect_in_blocks(history, still).smallest_visible[26] == pytest.approx(math.expm1(expected))


def test_more_weeks_see_smaller_effects(history: History) -> None:
    for prospect in (prospect_in_blocks(history, NOISE), prospect_at_present_rhythm(history, NOISE)):
        visible = list(prospect.smallest_visible.values())
        assert visible == sorted(visible, reverse=True)


def test_a_quieter_runner_waits_less(history: History) -> None:
    waits = [
        prospect_in_blocks(history, Noise(0.6, 0.003, week_sd, 4.0)).weeks_to_go or 10_000
        for week_sd in (0.002, 0.008, 0.03)
    ]
    assert waits[0] < waits[1] < waits[2]
    assert waits[2] == 10_000


def test_weeks_to_go_are_the_first_that_see_two_per_cent(history: History) -> None:
    quiet = Noise(0.6, 0.003, 0.008, 4.0)
    prospect = prospect_in_blocks(history, quiet)
    assert prospect.weeks_to_go is not None
    for horizon, visible in prospect.smallest_visible.items():
        if horizon % 4 == 0:
            assert (horizon >= prospect.weeks_to_go) is (visible <= 0.02)


def test_runners_needed_are_found_by_t_and_not_by_a_normal() -> None:
    """Seven runners who each see 5.3 % would do by the normal 2.8; a t of six degrees of freedom finds 65 %."""
    assert math.ceil((0.053 / 0.02) ** 2) == 8
    assert runners_to_see(math.log1p(0.05)) in {9, 10}
    assert runners_to_see(math.log1p(0.019)) == 1
    many = runners_to_see(math.log1p(0.12))
    rng = np.random.default_rng(0)
    error = math.log1p(0.12) / 2.8
    drawn = rng.normal(math.log1p(0.02), error, (4000, many))
    t = drawn.mean(axis=1) / (drawn.std(axis=1, ddof=1) / math.sqrt(many))
    assert np.mean(np.abs(t) > stats.t(many - 1).ppf(0.975)) == pytest.approx(0.8, abs=0.03)


def test_the_word_needs_checks_or_five_drawn_pairs(history: History) -> None:
    now, blocks = prospect_at_present_rhythm(history, NOISE), prospect_in_blocks(history, NOISE)
    assert list(now.chances) == list(blocks.chances) == [26, 52, 104]
    for chance in now.chances.values():
        assert 0.05 < chance.word / chance.interval < 0.81
    assert [chance.word for chance in blocks.chances.values()][:2] == [0.0, 0.0]
    assert 0.05 < blocks.chances[104].word < 0.9
    rising = [chance.interval for chance in blocks.chances.values()]
    assert rising == sorted(rising)


def test_before_data_the_chance_of_the_word_is_that_of_the_simulation() -> None:
    """Six pairs of eight weeks and a true 2 %: the draw spoke in about one runner of five (docs/methods.md)."""
    assert prospect_before_data().chances[104].word == pytest.approx(0.22, abs=0.06)


def test_runners_needed_are_those_of_the_planned_year(history: History) -> None:
    prospect = prospect_in_blocks(history, NOISE)
    visible = math.log1p(prospect.smallest_visible[52])
    assert prospect.runners_needed == runners_to_see(visible)


def test_before_any_data_blocks_of_eight_to_thirteen_weeks_are_best() -> None:
    seen = {weeks: smallest_visible_before_data(104, block_weeks=weeks) for weeks in (4, 8, 13, 26)}
    assert seen[8] == pytest.approx(0.045, abs=0.002)
    assert seen[13] == pytest.approx(0.043, abs=0.002)
    assert min(seen[4], seen[26]) > 1.8 * seen[8]


def test_what_one_year_of_blocks_shows_before_any_data_is_what_the_docs_say() -> None:
    assert smallest_visible_before_data(52) == pytest.approx(0.068, abs=0.0005)


def test_before_any_data_one_runner_cannot_see_two_per_cent_in_five_years() -> None:
    prospect = prospect_before_data()
    assert prospect.weeks_to_go is None
    assert 25 <= prospect.runners_needed <= 40


def test_after_a_long_block_off_a_block_on_teaches_most(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    for last, teaches in ((0.0, "on"), (1.0, "off")):
        dose = [1.0 - last] * 10 + [last] * 30
        found = read_history(draw_weeks(40, dose=dose))
        assert found is not None
        assert block_that_teaches_most(found, NOISE) == teaches


def test_where_the_gym_follows_the_season_a_design_helps_most(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    winters = [float(np.cos(2 * np.pi * week / 52.18) > 0) for week in range(104)]
    found = read_history(draw_weeks(104, dose=winters))
    assert found is not None
    remedies = compare_remedies(found, NOISE)
    assert remedies.best == "design"
    assert remedies.design < 0.8 * remedies.time


def test_where_runs_are_noisy_and_fitness_is_steady_less_noise_helps_most(history: History) -> None:
    remedies = compare_remedies(history, Noise(0.6, 0.003, 0.04, 4.0))
    assert remedies.best == "less_noise"
    assert remedies.less_noise == pytest.approx(math.expm1(math.log1p(remedies.time) / 2), rel=0.1)
