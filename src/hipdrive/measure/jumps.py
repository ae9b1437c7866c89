"""What a leap of the distance means for a run, the one rule.

A stretch that no runner covers is left out of the distance where samples are tidied; here stands how much of a run
may be such.
"""

from __future__ import annotations

import polars as pl

JUMPS_AT_MOST_FRACTION = 0.05  # of the distance; beyond it the records do not tell the pace


def has_leapt(distance: pl.Expr) -> pl.Expr:
    """Whether more of this distance was gained by leaps than may be."""
    return pl.col("jump_distance_m") > JUMPS_AT_MOST_FRACTION * distance
