"""The negative-control outcome: resting heart rate, which hip work should not move and shared life does.

The same model at the same lags, with resting heart rate in place of speed. Where it goes with hip work, something that
moves both may stand behind the estimate too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.exposure import KERNEL_PRIOR, MEAN_LAGS_WEEKS
from hipdrive.estimate.history import RESTING
from hipdrive.estimate.quantity import quantity
from hipdrive.estimate.state_space import fit, whitening_grid

if TYPE_CHECKING:
    from hipdrive.estimate.history import History


def check_resting_heart_rate(history: History) -> CheckResult:
    """The change of resting heart rate at the full programme kept up; shown, and no gate.

    `value` is the share of weeks that it is told of; 0 without any. Its noise does not fall with the number of runs.
    """
    told = np.isfinite(history.resting_bpm)
    share = float(told.mean())
    if share == 0:
        return CheckResult("resting_heart_rate", value=0.0)
    bare = history.without(RESTING).of_rows(told)
    even = replace(bare, outcome=np.log(bare.resting_bpm), weight=np.ones(bare.rows))
    exposures = np.column_stack([even.exposure(mean_lag) for mean_lag in MEAN_LAGS_WEEKS])
    posterior = fit(whitening_grid(even.week, even.weight), even.outcome, even.design, exposures, KERNEL_PRIOR)
    if posterior is None:
        return CheckResult("resting_heart_rate", value=share)
    effect = posterior.of([1.0] * len(MEAN_LAGS_WEEKS))
    found = quantity(effect)
    return CheckResult(
        "resting_heart_rate", p_value=effect.p_value, estimate=found.estimate, lo=found.lo, hi=found.hi, value=share
    )
