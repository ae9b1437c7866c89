"""Declared looks: a page that is read every night must not cry wolf, so the verdict is set on a few fixed days only.

Someone who looks every fortnight for a year and a half sees "p < .05" at least once far more often than one time in
twenty. The verdict is therefore set with the weeks known at 26, 52, 78 and 104 weeks, then every half-year; between
these the estimate is shown as provisional.
"""

from __future__ import annotations

import polars as pl

FIRST_LOOK_WEEKS = 26
WEEKS_BETWEEN_LOOKS = 26


def is_look(known_weeks: int) -> bool:
    """Whether the verdict is set with this many weeks of known dose."""
    return known_weeks >= FIRST_LOOK_WEEKS and (known_weeks - FIRST_LOOK_WEEKS) % WEEKS_BETWEEN_LOOKS == 0


def last_look(known_weeks: int) -> int | None:
    """The latest look at or before this many weeks; None before the first."""
    if known_weeks < FIRST_LOOK_WEEKS:
        return None
    return known_weeks - (known_weeks - FIRST_LOOK_WEEKS) % WEEKS_BETWEEN_LOOKS


def next_look(known_weeks: int) -> int:
    """The next look after this many weeks."""
    last = last_look(known_weeks)
    return FIRST_LOOK_WEEKS if last is None else last + WEEKS_BETWEEN_LOOKS


def weeks_at_last_look(weeks: pl.DataFrame) -> pl.DataFrame | None:
    """The weeks as they stood at the latest look, for the verdict; None before the first.

    Weeks are counted from the first to the last of known dose; the running week does not count.
    """
    flags = [pl.col(name).fill_null(value=False) for name in ("dose_known", "is_complete") if name in weeks.columns]
    ordered = weeks.sort("week_start")
    known = ordered.select(
        pl.all_horizontal(pl.lit(True), pl.col("hip_dose").cast(pl.Float64).is_finite().fill_null(value=False), *flags)
    ).to_series()
    spoken = known.arg_true()
    if spoken.is_empty():
        return None
    look = last_look(int(spoken[-1]) - int(spoken[0]) + 1)
    return None if look is None else ordered.head(int(spoken[0]) + look)
