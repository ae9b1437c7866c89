"""The estimate as lines: through the weeks as they were, and over doses kept up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hipdrive.estimate.exposure import COMPROMISE_LAG_WEEKS
from hipdrive.estimate.history import read_history
from hipdrive.measure.adherence import FULL_PROGRAMME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hipdrive.estimate.found import Estimate

LINE_POINTS = 25
LARGEST_DOSE, DOSE_STEP = 1.6, 0.1


@dataclass(frozen=True)
class WeeksAndLine:
    """Weeks of one athlete against their lasting dose, and the sustained estimate as a line through their middle.

    Attributes:
        table: weeks with `exposure pace_s_per_km runs`, then points of the line with `exposure line_s_per_km
            line_lo_s_per_km line_hi_s_per_km`.
        weeks: how many weeks.
        least: the smallest lasting dose of a week; 1 is the programme.
        most: the largest.
        rise_fraction: change of speed along the line, from the one to the other.
        fastest_s_per_km: the fastest week.
        slowest_s_per_km: the slowest.
    """

    table: pl.DataFrame
    weeks: int
    least: float
    most: float
    rise_fraction: float
    fastest_s_per_km: float
    slowest_s_per_km: float


def weeks_and_line(weeks: pl.DataFrame, found: Estimate) -> WeeksAndLine | None:
    """Weekly pace at reference heart rate against lasting dose; None where no week entered the estimate.

    Args:
        weeks: one athlete's complete weeks.
        found: the sustained estimate.
    """
    history = read_history(weeks)
    if history is None or history.rows == 0:
        return None
    exposure = history.exposure(COMPROMISE_LAG_WEEKS)
    centre, middle = float(exposure.mean()), float(history.outcome.mean())
    along = np.linspace(float(exposure.min()), float(exposure.max()), LINE_POINTS)
    ends = {"line_s_per_km": found.value, "line_lo_s_per_km": found.lo, "line_hi_s_per_km": found.hi}
    line = {name: 1000 / np.exp(middle + np.log1p(change) * (along - centre)) for name, change in ends.items()}
    table = pl.concat(
        [
            pl.DataFrame({"exposure": exposure, "pace_s_per_km": 1000 / np.exp(history.outcome), "runs": history.runs}),
            pl.DataFrame({"exposure": along} | line),
        ],
        how="diagonal",
    )
    return WeeksAndLine(
        table=table,
        weeks=history.rows,
        least=float(along[0]),
        most=float(along[-1]),
        rise_fraction=(1 + found.value) ** float(along[-1] - along[0]) - 1,
        fastest_s_per_km=1000 / float(np.exp(history.outcome.max())),
        slowest_s_per_km=1000 / float(np.exp(history.outcome.min())),
    )


def speed_by_dose(found: Estimate, capped: Estimate) -> pl.DataFrame:
    """Change of speed against a dose kept up, as fractions: every set counted, and none beyond one programme a week.

    Args:
        found: at the full programme, every set counted.
        capped: at the full programme, no week counted above it.

    Returns:
        `dose`, and `every_set…` and `up_to_programme…` each with `_fraction _lo_fraction _hi_fraction`.
    """
    dose = np.round(np.arange(0, LARGEST_DOSE + DOSE_STEP / 2, DOSE_STEP), 1)
    held = np.minimum(dose, FULL_PROGRAMME)
    return pl.DataFrame({"dose": dose} | _along("every_set", found, dose) | _along("up_to_programme", capped, held))


def _along(name: str, at_the_programme: Estimate, dose: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    changes = {"": at_the_programme.value, "_lo": at_the_programme.lo, "_hi": at_the_programme.hi}
    return {f"{name}{end}_fraction": (1 + change) ** dose - 1 for end, change in changes.items()}
