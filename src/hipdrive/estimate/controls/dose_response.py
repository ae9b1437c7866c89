"""Is more than the programme more? The dose cut at one programme a week beside that cut at two: shown, not tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS
from hipdrive.estimate.quantity import quantity
from hipdrive.estimate.state_space import Grid, fit

if TYPE_CHECKING:
    from hipdrive.estimate.history import History

ONE_PROGRAMME = 1.0


def check_dose_response(history: History, grid: Grid) -> CheckResult:
    """Fit again with the weekly dose cut at one programme: does the rest of the dose change the answer?"""
    above = float(np.mean(history.dose > ONE_PROGRAMME))
    if above == 0:
        return CheckResult("dose_response", value=0.0)
    dose = np.minimum(history.dose, ONE_PROGRAMME)
    exposures = np.column_stack([history.exposure(mean_lag, dose) for mean_lag in MEAN_LAGS_WEEKS])
    posterior = fit(grid, history.outcome, history.design, exposures, KERNEL_PRIOR)
    if posterior is None:
        return CheckResult("dose_response", value=above)
    effect = posterior.of([1.0] * len(MEAN_LAGS_WEEKS))
    found = quantity(effect)
    return CheckResult(
        "dose_response",
        p_value=effect.p_value,
        estimate=found.estimate,
        lo=found.lo,
        hi=found.hi,
        value=above,
    )
