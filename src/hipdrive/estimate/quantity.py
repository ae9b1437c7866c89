"""An effect on speed as a fraction, with its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hipdrive.estimate.mixture import Mixture

LARGEST_LOG_CHANGE = 20.0  # keeps the ends of hopeless intervals finite


@dataclass(frozen=True)
class Quantity:
    """Change of an outcome as a fraction (0.02 is 2 % more), 95 % interval; None where nothing could be fitted."""

    estimate: float | None = None
    lo: float | None = None
    hi: float | None = None

    @property
    def half_width(self) -> float | None:
        """Half the length of the interval."""
        return None if self.lo is None or self.hi is None else (self.hi - self.lo) / 2

    def excludes(self, value: float) -> bool:
        """Whether there is an interval and it leaves this value out."""
        return self.lo is not None and self.hi is not None and not self.lo <= value <= self.hi


def quantity(posterior: Mixture) -> Quantity:
    """Mean and central 95 % of a posterior in natural logs, as fractions."""
    return Quantity(fraction(posterior.mean), fraction(posterior.quantile(0.025)), fraction(posterior.quantile(0.975)))


def fraction(log_change: float) -> float:
    """A change of a natural log as a fraction."""
    return math.expm1(max(-LARGEST_LOG_CHANGE, min(LARGEST_LOG_CHANGE, log_change)))


def pace_change_s_per_km(speed_change_fraction: float, pace_s_per_km: float) -> float:
    """Seconds a kilometre that a change of speed adds (above zero: slower); +2 % at 300 s/km is -5.9 s/km."""
    return pace_s_per_km / (1 + speed_change_fraction) - pace_s_per_km
