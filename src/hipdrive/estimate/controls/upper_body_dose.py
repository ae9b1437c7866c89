"""Negative-control exposure: upper-body work shares the gym, the season and the good mood, but not the hip.

Where it seems to make the runner faster too, what is shared is at work. For one runner it has hardly any power, so it
is shown and never a pass mark.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.exposure import COMPROMISE_LAG_WEEKS, expose
from hipdrive.estimate.history import independent_columns
from hipdrive.estimate.level import Grid, fit
from hipdrive.estimate.quantity import quantity

if TYPE_CHECKING:
    from hipdrive.estimate.history import History


def check_upper_body_dose(history: History, grid: Grid, *, beside_hip_dose: bool) -> CheckResult:
    """Fit upper-body work as if it were the exposure, alone or beside the hip work."""
    name = "upper_body_dose_beside_hip_dose" if beside_hip_dose else "upper_body_dose"
    upper = expose(history.upper_dose, COMPROMISE_LAG_WEEKS)[history.week]
    design = history.design
    if beside_hip_dose:
        design = np.column_stack([design, expose(history.dose, COMPROMISE_LAG_WEEKS)[history.week]])
        design = design[:, independent_columns(design)]
    posterior = fit(grid, history.outcome, design, upper[:, None])
    if posterior is None:
        return CheckResult(name, "No upper-body work was logged that could stand as a control.")
    effect = posterior.of([1.0])
    found = quantity(effect)
    beside = "Beside the hip work, upper-body" if beside_hip_dose else "Upper-body"
    sentence = f"{beside} work, which should do nothing, goes with a speed {found.words}."
    return CheckResult(name, sentence, p_value=effect.p_value, estimate=found.estimate, lo=found.lo, hi=found.hi)
