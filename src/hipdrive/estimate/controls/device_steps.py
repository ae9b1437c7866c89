"""A new watch or new shoes can lift the measured speed overnight: does the estimate survive a step at each change?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.exposure import KERNEL_PRIOR
from hipdrive.estimate.history import independent_columns
from hipdrive.estimate.quantity import Quantity, quantity
from hipdrive.estimate.state_space import Grid, fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hipdrive.estimate.history import History


def check_device_steps(
    history: History, grid: Grid, exposures: NDArray[np.float64], sustained: Quantity
) -> CheckResult:
    """Fit again with one step per later device or shoe; it fails where the estimate leaves the interval it had."""
    if history.steps.shape[1] == 0:
        return CheckResult("device_steps")
    design = np.column_stack([history.design, history.steps])
    design = design[:, independent_columns(design)]
    posterior = fit(grid, history.outcome, design, exposures, KERNEL_PRIOR)
    if posterior is None:
        return CheckResult("device_steps", is_passed=False)
    effect = posterior.of([1.0] * exposures.shape[1])
    found = quantity(effect)
    is_passed = _keeps(found, sustained)
    return CheckResult(
        "device_steps", is_passed, p_value=effect.p_value, estimate=found.estimate, lo=found.lo, hi=found.hi
    )


def _keeps(found: Quantity, sustained: Quantity) -> bool:
    was_sure = sustained.excludes(0.0)
    return not sustained.excludes(found.estimate or 0.0) and not (was_sure and not found.excludes(0.0))
