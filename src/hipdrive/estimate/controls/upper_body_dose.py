"""Negative-control exposure: upper-body work shares the gym, the season and the good mood, but not the hip.

Where it seems to make the runner faster too, what is shared is at work. For one runner it has hardly any power, so it
is shown and never a pass mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.exposure import COMPROMISE_LAG_WEEKS
from hipdrive.estimate.history import independent_columns
from hipdrive.estimate.quantity import quantity
from hipdrive.estimate.state_space import Grid, fit

if TYPE_CHECKING:
    from hipdrive.estimate.history import History


def check_upper_body_dose(history: History, grid: Grid, *, beside_hip_dose: bool) -> CheckResult:
    """Fit upper-body work as if it were the exposure, alone or beside the hip work."""
    name = "upper_body_dose_beside_hip_dose" if beside_hip_dose else "upper_body_dose"
    upper = history.exposure(COMPROMISE_LAG_WEEKS, history.upper_dose)
    design = history.design
    if beside_hip_dose:
        design = np.column_stack([design, history.exposure(COMPROMISE_LAG_WEEKS)])
        design = design[:, independent_columns(design)]
    posterior = fit(grid, history.outcome, design, upper[:, None])
    if posterior is None:
        return CheckResult(name)
    effect = posterior.of([1.0])
    found = quantity(effect)
    return CheckResult(name, p_value=effect.p_value, estimate=found.estimate, lo=found.lo, hi=found.hi)
