"""Lead test: next month's strength work cannot make this week's running. Where it seems to, something drives both."""

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

LEAD_WEEKS = 8
FEWEST_LEAD_WEEKS = 3
FUTURE_EXPLAINS_BELOW = 0.10  # p; sees a third of made-up runners whose form decides their training (docs/methods.md)


def check_future_dose(history: History, grid: Grid) -> CheckResult:
    """Fit the mean dose of the eight weeks that follow, beside the dose that came before."""
    weeks = history.calendar_weeks
    rows = int(np.searchsorted(history.week, weeks - FEWEST_LEAD_WEEKS))
    lead = np.array([history.dose[week + 1 : week + 1 + LEAD_WEEKS].mean() for week in history.week[:rows]])
    past = history.exposure(COMPROMISE_LAG_WEEKS)[:rows]
    design = np.column_stack([history.design[:rows], past])
    design = design[:, independent_columns(design)]
    posterior = fit(grid.first(rows), history.outcome[:rows], design, lead[:, None]) if rows else None
    if posterior is None:
        return CheckResult("future_dose")
    effect = posterior.of([1.0])
    is_passed = effect.p_value > FUTURE_EXPLAINS_BELOW
    found = quantity(effect)
    return CheckResult(
        "future_dose",
        is_passed,
        p_value=effect.p_value,
        estimate=found.estimate,
        lo=found.lo,
        hi=found.hi,
        benchmark=FUTURE_EXPLAINS_BELOW,
    )
