"""What the page needs to compare any two periods of a record that its reader chooses.

For each measure: the mean of the weeks of either period, and their difference d = sum of w_i x_i, with w = 1/n in the
later and -1/n in the earlier. Weeks resemble those before them, so d varies by s² sum of w_i w_j r_|i-j|, with r_k the
correlation of weeks k apart over the whole record (Bartlett 1946, doi:10.2307/2983611), as far as it comes out above
0.05, and s² the variance of the record's weeks about their mean. That mean is itself of N weeks which are worth
m = N / (1 + 2 sum of (1 - k/N) r_k), so the sum of squares is divided by N (1 - 1/m), and Student's t has m - 1 degrees
of freedom. Half of the 95 % interval says how far two periods of this record differ by noise and by its usual wandering
alone. On made records that wander and know of no effect it holds zero in 95 to 100 of 100, where weeks taken as
independent hold it in 35 to 97 (`benchmarks/two_periods.py`). Pace is compared as ln speed. No covariate is taken out:
two periods of a year differ in much besides hip work. Dose has no interval: it is what was logged.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import stdtrit

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEWEST_WEEKS = 4  # with a value, in each period: our choice
FEWEST_INDEPENDENT = 3.0  # weeks that those of the record are worth: with less there is no spread to speak of
SMALLEST_SPREAD = 1e-9  # of the values' own size; below it only rounding moves
FARTHEST_APART, ALIKE_FROM, MOST_ALIKE = 26, 0.05, 0.95  # weeks; correlations
DOSE, SPEED = "hip_dose", "log_speed"
STRIDE = (
    "contact_time_at_reference_speed_s",
    "cadence_at_reference_speed_spm",
    "step_length_at_reference_speed_m",
)


@dataclass(frozen=True)
class Wander:
    """How the weeks of one measure wander.

    Attributes:
        alike: correlations of weeks one, two, … apart, until they vanish.
        reach: half of the interval is this times the root of the sum of w_i w_j r_|i-j|; null where the record is
            worth too few weeks.
    """

    alike: tuple[float, ...]
    reach: float | None


@dataclass(frozen=True)
class WeeklyMeasures:
    """What two periods are compared in.

    Attributes:
        weeks: complete weeks, `week_start hip_dose log_speed` and the stride measures at one speed, in SI units;
            null where a week has none.
        wander: of each measure but the dose.
    """

    weeks: pl.DataFrame
    wander: dict[str, Wander]


def measure_weeks(weeks: pl.DataFrame, runs: pl.DataFrame) -> WeeklyMeasures:
    """The weekly values of one athlete's record.

    Args:
        weeks: of the view `weeks`, none missing.
        runs: of the view `runs`.
    """
    of_runs = runs.group_by(week_start=pl.col("local_date").dt.truncate("1w")).agg(pl.col(STRIDE).mean())
    complete = weeks.filter("is_complete").sort("week_start")
    dose = pl.when("dose_known").then(pl.col(DOSE))
    table = complete.select(
        "week_start", dose.alias(DOSE), pl.col("speed_at_reference_hr_m_per_s").log().alias(SPEED)
    ).join(of_runs, on="week_start", how="left", maintain_order="left")
    wander = {name: wander_of(table[name].cast(pl.Float64).to_numpy()) for name in (SPEED, *STRIDE)}
    return WeeklyMeasures(table, wander)


def wander_of(values: NDArray[np.float64]) -> Wander:
    """How a record's weeks wander; weeks without a value are NaN."""
    known = values[np.isfinite(values)]
    alike = correlations(values)
    worth = known.size / (1 + 2 * sum((1 - k / known.size) * r for k, r in enumerate(alike, 1) if k < known.size))
    if worth < FEWEST_INDEPENDENT:
        return Wander(alike, None)
    variance = float(known.var()) / (1 - 1 / worth)
    return Wander(alike, float(stdtrit(worth - 1, 0.975)) * math.sqrt(variance))


def correlations(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Correlations of weeks one, two, … apart, over the pairs of which both have a value, until one vanishes.

    Those of few weeks come out too small by (1 + 3 r)/n (Kendall 1954, doi:10.2307/2332722), which is given back.
    """
    known = values[np.isfinite(values)]
    if known.size < FEWEST_WEEKS or float(known.std()) <= SMALLEST_SPREAD * float(np.abs(known).max()):
        return ()
    centred = values - known.mean()
    found: list[float] = []
    for apart in range(1, min(FARTHEST_APART, known.size // 2) + 1):
        pairs = centred[apart:] * centred[:-apart]
        pairs = pairs[np.isfinite(pairs)]
        raw = float(pairs.mean()) / float(np.nanmean(centred**2)) if pairs.size else 0.0
        corrected = raw + (1 + 3 * raw) / known.size
        if corrected <= ALIKE_FROM:
            break
        found.append(min(MOST_ALIKE, corrected))
    return tuple(found)
