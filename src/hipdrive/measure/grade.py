"""Slope of the ground, and what running on it costs.

Grade at distance d is the mean altitude of the 50 m ahead less the mean of the 50 m behind, over the 50 m between
their middles: an average long enough that a barometer's half metre of noise does not read as a hill.
"""

from __future__ import annotations

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.tables.runs import Sample

BASELINE_M = 50.0
STEEPEST_FRACTION = 0.45  # the range in which Minetti measured; beyond it the polynomial means nothing
LEVEL_COST_J_PER_KG_M = 3.6


def measure_grade(samples: dy.DataFrame[Sample]) -> dy.DataFrame[Sample]:
    """Samples with `grade_fraction` and `graded_speed_m_per_s`.

    The grade is null within 50 m of either end and where altitude or distance is missing; for the graded speed the
    ground counts as level there. A climb of 5 m in every 100 m reads 0.05 from the 50th metre to 50 m before the end.
    Running up 0.10 at 2 m/s costs as much as 2 x 5.97/3.6 = 3.32 m/s on the level.

    Args:
        samples: of any number of activities, each sorted by time.
    """
    known = samples.with_row_index("row").filter(
        pl.col("altitude_m").is_not_null() & pl.col("distance_m").is_not_null()
    )
    if known.is_empty():
        return Sample.validate(samples.with_columns(graded_speed_m_per_s="speed_m_per_s"))
    # All activities stand on one axis, each beyond the reach of the one before, so that one interpolation serves all.
    # Distance never falls, whatever a device writes after a pause.
    run = known["activity_id"].rle_id().to_numpy()
    d = known.select(pl.col("distance_m").cum_max().over("activity_id")).to_series().to_numpy()
    first = np.r_[True, run[1:] != run[:-1]]
    start_m = d[first][run]
    length_m = np.maximum.reduceat(d - start_m, np.flatnonzero(first))
    offset_m = np.r_[0.0, np.cumsum(length_m[:-1] + 4 * BASELINE_M)][run]
    axis = d - start_m + offset_m
    altitude = known["altitude_m"].to_numpy()
    area = np.r_[0.0, np.cumsum(np.diff(axis) * (altitude[1:] + altitude[:-1]) / 2)]
    behind, here, ahead = (np.interp(axis + shift, axis, area) for shift in (-BASELINE_M, 0.0, BASELINE_M))
    grade = (ahead - 2 * here + behind) / BASELINE_M**2
    from_start, to_end = d - start_m, length_m[run] - (d - start_m)
    reached = (from_start >= BASELINE_M) & (to_end >= BASELINE_M)
    slopes = pl.DataFrame(
        {"row": known["row"], "grade_fraction": pl.Series(np.where(reached, grade, np.nan)).fill_nan(None)}
    )
    graded = (
        samples.with_row_index("row")
        .drop("grade_fraction")
        .join(slopes, on="row", how="left", maintain_order="left")
        .with_columns(graded_speed_m_per_s=graded_speed(pl.col("speed_m_per_s"), pl.col("grade_fraction")))
    )
    return Sample.validate(graded.select(list(Sample.columns())))


def cost_of_running(grade: pl.Expr) -> pl.Expr:
    """Energy cost of running in J/kg/m on a grade (a fraction, clipped to ±0.45): 3.6 on the level, about 6.0 at +0.10.

    Source: Minetti et al. 2002, doi:10.1152/japplphysiol.01177.2001.
    """
    i = grade.clip(-STEEPEST_FRACTION, STEEPEST_FRACTION)
    return 155.4 * i**5 - 30.4 * i**4 - 43.3 * i**3 + 46.3 * i**2 + 19.5 * i + LEVEL_COST_J_PER_KG_M


def graded_speed(speed: pl.Expr, grade: pl.Expr) -> pl.Expr:
    """Speed on the level at the same cost; where the grade is not known the ground counts as level."""
    return speed * cost_of_running(grade.fill_null(0.0)) / LEVEL_COST_J_PER_KG_M
