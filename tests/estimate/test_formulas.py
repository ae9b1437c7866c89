"""The whole estimate once more, written straight from docs/methods.md with dense matrices and scipy's distributions."""

from __future__ import annotations

import math
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import optimize, stats

from hipdrive.estimate import estimate_effect

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PRIOR_MEAN, PRIOR_SD = 0.01, 0.025


def kernel_exposure(dose: Floats, mean: float) -> Floats:
    share = stats.gamma(2, scale=mean / 2).cdf(np.arange(dose.size) + 0.5)
    kernel = np.diff(share, prepend=0)
    habit = dose[:8].mean()
    return np.array(
        [
            sum(kernel[lag] * dose[week - lag] for lag in range(week + 1)) + (1 - share[week]) * habit
            for week in range(dose.size)
        ]
    )


def dense_estimate(weeks: pl.DataFrame) -> dict[str, float]:
    ran = weeks["runs"].to_numpy() > 0
    calendar = np.arange(weeks.height)[ran]
    rows = {name: weeks[name].to_numpy()[ran] for name in ("runs", "heat_c", "ctl", "atl", "acute_hip_dose")}
    outcome = np.log(weeks["speed_at_reference_hr_m_per_s"].to_numpy()[ran])
    year = 2 * np.pi * calendar / 52.18
    design = np.column_stack(
        [
            np.ones(calendar.size),
            (calendar - calendar.mean()) / 52,
            rows["heat_c"],
            np.log(rows["ctl"]),
            np.log(rows["atl"] / rows["ctl"]),
            rows["acute_hip_dose"],
            np.sin(year),
            np.cos(year),
        ]
    )
    dose = np.clip(weeks["hip_dose"].to_numpy(), 0, 2)
    noise = np.diag(0.15 + 0.85 * rows["runs"].mean() / rows["runs"])
    gaps = np.abs(np.subtract.outer(calendar, calendar)).astype(float)
    walk = np.minimum.outer(calendar + 1, calendar + 1).astype(float)
    freedom = calendar.size - design.shape[1] - 1
    parts = []
    for (keep, keep_prior), share in product(
        zip((0.6, 0.8, 0.9, 0.95, 0.98, 1.0), (0.6, 1, 1, 1, 1, 1), strict=True),
        (0.003, 0.01, 0.03, 0.08, 0.2, 0.5, 1.2),
    ):
        level = walk if keep == 1 else keep**gaps / (1 - keep**2)
        covariance = share * level + noise
        inverse = np.linalg.inv(covariance)
        middle = design.T @ inverse @ design
        annihilator = inverse - inverse @ design @ np.linalg.solve(middle, design.T @ inverse)
        for lag, lag_prior in zip((4, 6, 8, 10), (0.2, 0.3, 0.3, 0.2), strict=True):
            exposure = kernel_exposure(dose, lag)[ran]
            length = exposure @ annihilator @ exposure
            slope = exposure @ annihilator @ outcome / length
            squares = outcome @ annihilator @ outcome - slope**2 * length
            log_weight = (
                -0.5 * np.linalg.slogdet(covariance)[1]
                - 0.5 * np.linalg.slogdet(middle)[1]
                - freedom / 2 * math.log(squares)
                + math.log(keep_prior)
                - 0.5 * ((math.log(share) - math.log(0.3)) / 0.8) ** 2
                + math.log(lag_prior)
            )
            contrast = np.quantile(exposure, 0.9) - np.quantile(exposure, 0.1)
            parts.append((log_weight, slope, 1.08 * math.sqrt(squares / freedom / length), contrast))
    logs, slopes, errors, contrasts = np.array(parts).T
    weight = np.exp(logs - logs.max())
    weight /= weight.sum()
    weight = np.where(weight < 1e-5, 0, weight)
    weight /= weight.sum()

    def quantile(centre: Floats, scale: Floats, probability: float) -> float:
        return float(
            optimize.brentq(
                lambda x: float(weight @ stats.t(freedom).cdf((x - centre) / scale)) - probability, -2, 2, xtol=1e-14
            )
        )

    spread = errors**2 * freedom / (freedom - 2)
    informed = weight * stats.norm(PRIOR_MEAN, np.sqrt(spread + PRIOR_SD**2)).pdf(slopes)
    informed /= informed.sum()
    both = 1 / (1 / spread + 1 / PRIOR_SD**2)
    centre = both * (slopes / spread + PRIOR_MEAN / PRIOR_SD**2)
    mean = informed @ centre
    below = float(weight @ stats.t(freedom).cdf(-slopes / errors))
    return {
        "sustained": math.expm1(weight @ slopes),
        "sustained_lo": math.expm1(quantile(slopes, errors, 0.025)),
        "achieved": math.expm1(weight @ (slopes * contrasts)),
        "achieved_hi": math.expm1(quantile(slopes * contrasts, errors * contrasts, 0.975)),
        "p": 2 * min(below, 1 - below),
        "informed": math.expm1(mean),
        "data_share": 1 - (informed @ (both + (centre - mean) ** 2)) / PRIOR_SD**2,
    }


def test_the_estimate_is_what_the_formulas_say(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    rng = np.random.default_rng(12)
    runs = rng.integers(1, 6, 90)
    runs[[4, 40, 41]] = 0
    weeks = draw_weeks(90, dose=np.repeat(rng.uniform(0, 2.4, 15), 6), runs=runs.tolist(), noise=0.02, wander=0.006)
    expected = dense_estimate(weeks)
    effect = estimate_effect(weeks)
    found = {
        "sustained": effect.sustained.estimate,
        "sustained_lo": effect.sustained.lo,
        "achieved": effect.achieved.estimate,
        "achieved_hi": effect.achieved.hi,
        "p": effect.p_value,
        "informed": effect.with_studies.estimate,
        "data_share": effect.data_share_fraction,
    }
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-10)
