from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate import estimate_effect
from hipdrive.estimate.exposure import expose
from hipdrive.estimate.pace_parts import split_pace
from hipdrive.estimate.races import with_races

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[..., pl.DataFrame]

DOSE = (np.arange(104) // 9 % 2).astype(np.float64)


def of(parts: pl.DataFrame, part: str) -> np.ndarray:
    found: np.ndarray = np.log1p(parts.filter(pl.col("part") == part).sort("week_start")["fraction"].to_numpy())
    return found


def test_strength_is_left_out_unless_the_verdict_lets_it_be_said(draw_weeks: Draw) -> None:
    weeks = draw_weeks(log_change=0.06 * expose(DOSE, 7), noise=0.005)
    effect = estimate_effect(weeks)
    for verdict in ("associated", "supported"):
        assert "strength" in set(split_pace(weeks, effect, verdict)["part"])
    for verdict in ("check_failed", "no_clear_sign", "not_enough_data", "cannot_be_estimated", "slower"):
        assert "strength" not in set(split_pace(weeks, effect, verdict)["part"])


def test_the_strength_part_is_the_headline_times_exposure(draw_weeks: Draw) -> None:
    weeks = draw_weeks(log_change=0.06 * expose(DOSE, 7), noise=0.005)
    effect = estimate_effect(weeks)
    found = of(split_pace(weeks, effect, "associated"), "strength")
    exposure = expose(DOSE, 7)
    slope = np.polyfit(exposure, found, 1)[0]
    assert effect.with_studies.estimate is not None
    assert slope == pytest.approx(np.log1p(effect.with_studies.estimate), rel=0.15)
    assert np.corrcoef(exposure, found)[0, 1] > 0.98
    assert found.mean() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("verdict", ["associated", "no_clear_sign"])
def test_the_parts_add_up_to_the_fit_and_leave_noise(draw_weeks: Draw, verdict: str) -> None:
    weeks = draw_weeks(log_change=0.06 * expose(DOSE, 7), noise=0.005, wander=0.006)
    parts = split_pace(weeks, estimate_effect(weeks), verdict)
    outcome = np.log(weeks["speed_at_reference_hr_m_per_s"].to_numpy())
    total = sum(of(parts, part) for part in parts["part"].unique())
    rest = outcome - outcome.mean() - total
    assert rest.std() < 0.01
    assert rest.std() < 0.6 * outcome.std()
    assert abs(np.corrcoef(rest[1:], rest[:-1])[0, 1]) < 0.5


def test_a_wandering_level_lies_in_its_band(draw_weeks: Draw) -> None:
    rng = np.random.default_rng(3)
    level = np.cumsum(rng.normal(0, 0.006, 104))
    inside = []
    for seed in range(6):
        weeks = draw_weeks(log_change=level, noise=0.01, wander=0.0, seed=seed)
        rows = split_pace(weeks, estimate_effect(weeks), "no_clear_sign").filter(pl.col("part") == "level")
        true = level - level.mean()
        inside.append(
            np.mean(
                (np.log1p(rows["lo_fraction"].to_numpy()) <= true) & (true <= np.log1p(rows["hi_fraction"].to_numpy()))
            )
        )
    assert np.mean(inside) > 0.85


def test_heat_and_races_are_parts_of_their_own(draw_weeks: Draw) -> None:
    rng = np.random.default_rng(3)
    heat = rng.uniform(0, 10, 104)
    weeks = draw_weeks(heat_c=heat, log_change=-0.004 * heat, noise=0.004)
    days = pl.DataFrame(
        {"local_date": [weeks["week_start"][week] for week in (20, 45, 70, 95)], "is_counted": [True] * 4}
    )
    parts = split_pace(with_races(weeks, days), estimate_effect(with_races(weeks, days)), "no_clear_sign")
    assert set(parts["part"]) == {"load", "heat", "season", "races", "level"}
    found = of(parts, "heat")
    assert np.polyfit(heat, found, 1)[0] == pytest.approx(-0.004, abs=0.0006)
    assert "races" not in set(split_pace(weeks, estimate_effect(weeks), "no_clear_sign")["part"])


def test_where_nothing_could_be_fitted_there_are_no_parts(draw_weeks: Draw) -> None:
    weeks = draw_weeks(6)
    assert split_pace(weeks, estimate_effect(weeks), "cannot_be_estimated").is_empty()
