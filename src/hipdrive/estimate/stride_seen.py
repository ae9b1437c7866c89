"""What a watch does see of the claims it cannot test: the angle swept in contact, and swing time against speed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVEL_GRADE = 0.01  # as a fraction, either way
FEWEST_WINDOWS = 30
TENTHS = 10


@dataclass(frozen=True)
class StrideSeen:
    """Level running of one athlete: usual speed and the angle at it, and swing time at slow and at fast speeds.

    Attributes:
        speed_m_per_s: the median.
        sweep_deg: half-angle that the leg sweeps in contact at that speed, if contact is symmetric.
        slow_m_per_s: mean speed of the slowest tenth.
        slow_swing_s: mean swing time in it.
        fast_m_per_s: mean speed of the fastest tenth.
        fast_swing_s: mean swing time in it.
    """

    speed_m_per_s: float
    sweep_deg: float
    slow_m_per_s: float
    slow_swing_s: float
    fast_m_per_s: float
    fast_swing_s: float


def describe_stride(run_windows: pl.DataFrame, leg_m: float) -> StrideSeen | None:
    """Sweep angle and swing time from level windows with contact time; None with fewer than thirty.

    The angle is asin(v c/(2 L)): 3.5 m/s, a contact of 0.25 s and a leg of 0.943 m give 27.6 degrees. Swing time is
    twice the step time less contact: 0.353 s and 0.25 s give 0.456 s.

    Args:
        run_windows: one athlete's: `speed_m_per_s`, `grade_fraction`, `step_time_s`, `contact_time_s`.
        leg_m: length of the leg.
    """
    speed, step, contact = (pl.col(name) for name in ("speed_m_per_s", "step_time_s", "contact_time_s"))
    level = run_windows.filter(
        pl.col("grade_fraction").abs() <= LEVEL_GRADE,
        speed > 0,
        contact > 0,
        contact < 2 * step,
        speed * contact / (2 * leg_m) < 1,
    ).select(speed=speed, contact=contact, swing=2 * step - contact)
    if level.height < FEWEST_WINDOWS:
        return None
    tenth = max(1, level.height // TENTHS)
    by_speed = level.sort("speed", "swing")
    middle = by_speed.slice((level.height - tenth) // 2, tenth)
    slow, fast = _means(by_speed.head(tenth)), _means(by_speed.tail(tenth))
    usual, contact_s, _ = _means(middle)
    sweep = math.degrees(math.asin(usual * contact_s / (2 * leg_m)))
    return StrideSeen(usual, sweep, slow[0], slow[2], fast[0], fast[2])


def _means(windows: pl.DataFrame) -> Sequence[float]:
    return windows.select(pl.col("speed", "contact", "swing").mean()).row(0)
