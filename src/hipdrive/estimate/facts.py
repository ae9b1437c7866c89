"""The facts a verdict rests on, gathered from the weeks and the fit; none of the borders are known here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.blocks import block_changes
from hipdrive.estimate.exposure import COMPROMISE_LAG_WEEKS
from hipdrive.estimate.history import WEEKS_OF_A_YEAR, History
from hipdrive.estimate.state_space import Grid, project
from hipdrive.estimate.verdict import Experiment, Facts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hipdrive.estimate.quantity import Quantity

LOW_QUANTILE, HIGH_QUANTILE = 0.1, 0.9  # of exposure over the weeks that enter: the achieved contrast
SMALLEST_KERNEL_CONTRAST = 1e-12  # keeps a mixture proper where a kernel's exposure never moved


def gather_facts(
    history: History,
    achieved: Quantity,
    point: Grid | None = None,
    *,
    p_value: float | None = None,
    shift_p_value: float | None = None,
    lead_p_value: float | None = None,
    robustness_value: float | None = None,
    load_benchmark: float | None = None,
    experiment: Experiment | None = None,
) -> Facts:
    """All facts; the exposure's own are taken at a mean lag of seven weeks, so that no outcome has a say in them.

    Args:
        history: the weeks.
        achieved: the achieved contrast.
        point: the likeliest point of the grid; None where nothing was fitted.
        p_value: of the model.
        shift_p_value: of the circular shifts or the draw.
        lead_p_value: of the dose to come.
        robustness_value: what a hidden cause would have to explain.
        load_benchmark: what training load explains.
        experiment: how the randomised blocks went.
    """
    past = history.exposure(COMPROMISE_LAG_WEEKS)
    return Facts(
        known_weeks=history.known_weeks,
        weeks=history.rows,
        runs=int(history.runs.sum()),
        block_changes=block_changes(history.dose[history.is_known]),
        contrast=achieved_contrasts(past[:, None])[0] if history.rows else 0.0,
        season_share=_season_share(history.week, past),
        covariate_share=_covariate_share(history, point, past),
        achieved=achieved,
        p_value=p_value,
        shift_p_value=shift_p_value,
        lead_p_value=lead_p_value,
        robustness_value=robustness_value,
        load_benchmark=load_benchmark,
        experiment=experiment,
        pace_s_per_km=float(1000 / np.exp(history.outcome.mean())) if history.rows else None,
    )


def achieved_contrasts(exposures: NDArray[np.float64]) -> list[float]:
    """From low to high weeks, q10 to q90, of each exposure, shape (rows, kernels)."""
    low, high = np.quantile(exposures, [LOW_QUANTILE, HIGH_QUANTILE], axis=0)
    return [max(SMALLEST_KERNEL_CONTRAST, float(contrast)) for contrast in high - low]


def _season_share(week: NDArray[np.int64], past: NDArray[np.float64]) -> float:
    if week.size == 0:
        return 0.0
    year = 2 * np.pi * week / WEEKS_OF_A_YEAR
    season = np.column_stack([np.ones(week.size), np.sin(year), np.cos(year)])
    rest = past - season @ np.linalg.lstsq(season, past, rcond=None)[0]
    total = past - past.mean()
    spread = float(total @ total)
    return 1 - float(rest @ rest) / spread if spread > 0 else 0.0


def _covariate_share(history: History, point: Grid | None, past: NDArray[np.float64]) -> float:
    if point is None:
        return 0.0
    alone = project(point, history.design[:, :1], past[:, None]).columns
    beside = project(point, history.design, past[:, None]).columns
    return 1 - float((beside**2).sum() / (alone**2).sum())
