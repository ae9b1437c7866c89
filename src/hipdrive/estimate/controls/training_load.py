"""How strong would a cause that nobody logged have to be, held against the strongest one that was: training load."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from hipdrive.estimate.check_result import CheckResult
from hipdrive.estimate.exposure import COMPROMISE_LAG_WEEKS
from hipdrive.estimate.quantity import fraction
from hipdrive.estimate.state_space import Grid, project

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hipdrive.estimate.history import History
    from hipdrive.estimate.mixture import Mixture

LOAD = "chronic_load"


def robustness_value(t: float, freedom: float) -> float:
    """Partial R² with both dose and outcome that a hidden cause needs to bring the estimate to zero.

    Source: Cinelli and Hazlett 2020, doi:10.1111/rssb.12348. For t = 2 and 100 degrees of freedom: 0.181.
    """
    f = abs(t) / math.sqrt(freedom)
    return 0.5 * (math.sqrt(f**4 + 4 * f**2) - f**2)


def check_training_load(history: History, point: Grid, effect: Mixture) -> CheckResult:
    """The robustness value of the sustained effect, and training load as the yardstick, at the likeliest grid point."""
    value = robustness_value(effect.mean / effect.sd, effect.freedom)
    if LOAD not in history.covariates:
        return CheckResult("training_load", value=value)
    index = history.covariates.index(LOAD)
    others = np.delete(history.design, index, axis=1)
    load = history.design[:, index]
    past = history.exposure(COMPROMISE_LAG_WEEKS)
    with_speed = _partial_r2(point, np.column_stack([others, past]), load, history.outcome)
    with_dose = _partial_r2(point, others, load, past)
    benchmark = max(with_speed, with_dose)
    left = effect.mean - math.copysign(_bias(effect, with_speed, with_dose), effect.mean)
    return CheckResult("training_load", value > benchmark, estimate=fraction(left), value=value, benchmark=benchmark)


def _bias(effect: Mixture, with_speed: float, with_dose: float) -> float:
    """How far a hidden cause moves the estimate, tied to dose and to speed as training load is (Cinelli and Hazlett).

    It takes both: what is tied to the dose alone, or to speed alone, moves nothing.
    """
    if with_dose >= 1:
        return math.inf
    return effect.sd * math.sqrt(effect.freedom * with_speed * with_dose / (1 - with_dose))


def _partial_r2(point: Grid, given: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    a, b = project(point, given, np.column_stack([one, other])).columns[0].T
    lengths = float(a @ a) * float(b @ b)
    return float(a @ b) ** 2 / lengths if lengths > 0 else 0.0
