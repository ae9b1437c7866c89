"""Illness and injury slow a runner and stop the gym in the same weeks: does the estimate stand without those weeks?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS
from hipdrive.estimate.quantity import quantity
from hipdrive.estimate.state_space import fit, whitening_grid

if TYPE_CHECKING:
    from hipdrive.estimate.history import History


def check_unwell_weeks(history: History) -> CheckResult:
    """Fit again without the weeks of illness or injury and the week after each; shown, and no gate."""
    share = float(history.is_unwell.mean())
    if share == 0:
        return CheckResult("unwell_weeks", value=0.0)
    well = history.of_rows(~history.is_unwell)
    exposures = np.column_stack([well.exposure(mean_lag) for mean_lag in MEAN_LAGS_WEEKS])
    posterior = fit(whitening_grid(well.week, well.weight), well.outcome, well.design, exposures, KERNEL_PRIOR)
    if posterior is None:
        return CheckResult("unwell_weeks", value=share)
    effect = posterior.of([1.0] * len(MEAN_LAGS_WEEKS))
    found = quantity(effect)
    return CheckResult(
        "unwell_weeks", p_value=effect.p_value, estimate=found.estimate, lo=found.lo, hi=found.hi, value=share
    )
