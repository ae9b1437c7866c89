"""Speed at reference heart rate: what a run would have been at the athlete's usual heart rate, as an easy run.

Method (docs/methods.md): each run gives Y, the mean ln graded speed of its usable windows, and H, their mean heart
rate less the reference. Slopes of Y on H, on the kind of session and on heat are fitted *within weeks* (each week's
mean taken off), so that nothing that moves from week to week, strength work above all, can leak into them; a mild
prior keeps them sane while there are few runs. Then ln speed at reference heart rate = Y - slope x H - offset of the
kind. Heat is not taken out here: it enters the estimate by the week.

It does not apply to treadmill runs (no grade, a guessed speed), nor to runs with under 15 usable minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.measure.run_types import classify_runs
from hipdrive.tables.run_history import AthleteLevel, RunEfficiency
from hipdrive.tables.runs import Activity, RunMeasure, RunWindow

USABLE_WINDOWS = 15
COMFORTABLE_C = 10.0  # air temperature at which distance running is about fastest
# Centre and precision of the ridge: slopes per bpm, per type and per °C; with run-to-run scatter near 3 % the
# precisions are an sd of 0.3 on the slopes (hardly a prior) and of 0.03 on the type offsets.
_PRIOR_CENTRE = np.array([0.008, 0.0, 0.0, 0.0, -0.002])
_PRIOR_PRECISION = np.array([0.01, 1.0, 1.0, 1.0, 0.01])
_OFFSET_TYPES = ("long", "tempo", "intervals")
_COUNTS_AS = {"race": "tempo", "hills": "intervals"}


@dataclass(frozen=True)
class Efficiency:
    """The runs' efficiency and, per athlete, the reference they were brought to."""

    runs: dy.DataFrame[RunEfficiency]
    athletes: dy.DataFrame[AthleteLevel]


def measure_efficiency(
    activities: dy.DataFrame[Activity], runs: dy.DataFrame[RunMeasure], windows: dy.DataFrame[RunWindow]
) -> Efficiency:
    """Run type, usability and speed at reference heart rate of every run, each athlete by themselves.

    Args:
        activities: with `duplicate_of` settled; a duplicate is not usable.
        runs: all runs of any number of athletes.
        windows: theirs.
    """
    usable_windows = windows.filter("is_usable")
    heat = (pl.col("temperature_c") - COMFORTABLE_C).clip(lower_bound=0.0)
    outcome = usable_windows.group_by("activity_id").agg(
        y=pl.col("graded_speed_m_per_s").log().mean(),
        heart_rate=pl.col("heart_rate_bpm").mean(),
        heat_c=heat.mean(),
    )
    table = (
        runs.join(activities.select("activity_id", "athlete_id", "local_date", "duplicate_of"), on="activity_id")
        .join(classify_runs(runs, windows, activities), on="activity_id")
        .join(outcome, on="activity_id", how="left")
        .with_columns(unusable_reason=_unusable_reason())
        .with_columns(is_usable=pl.col("unusable_reason").is_null())
    )
    references = (
        usable_windows.join(table.filter("is_usable").select("activity_id", "athlete_id"), on="activity_id")
        .group_by("athlete_id")
        .agg(reference_hr_bpm=pl.col("heart_rate_bpm").median())
    )
    usable = table.filter("is_usable").join(references, on="athlete_id").sort("athlete_id", "local_date", "activity_id")
    fitted = [_fit_athlete(rows) for rows in usable.partition_by("athlete_id", maintain_order=True)]
    speeds = pl.concat([_empty_speeds(), *(rows for rows, _ in fitted)])
    levels = pl.concat([_empty_levels(), *(level for _, level in fitted)])
    return Efficiency(
        runs=RunEfficiency.validate(
            table.join(speeds, on="activity_id", how="left").sort("activity_id").select(list(RunEfficiency.columns()))
        ),
        athletes=AthleteLevel.validate(levels.sort("athlete_id")),
    )


def _unusable_reason() -> pl.Expr:
    return (
        pl.when(pl.col("duplicate_of").is_not_null())
        .then(pl.lit("recorded twice; the richer recording is kept"))
        .when(pl.col("run_type") == "treadmill")
        .then(pl.lit("treadmill: the speed is a guess and the ground has no grade"))
        .when(pl.col("heart_rate_bpm").is_null())
        .then(pl.lit("no heart rate"))
        .when(pl.col("usable_windows") < USABLE_WINDOWS)
        .then(pl.lit(f"fewer than {USABLE_WINDOWS} usable minutes after the first ten"))
    )


def _fit_athlete(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One athlete's usable runs, sorted by day → their speed at reference heart rate, and the athlete's level."""
    kind = rows["run_type"].cast(pl.String).replace(_COUNTS_AS)
    above_reference = (rows["heart_rate"] - rows["reference_hr_bpm"]).to_numpy()
    offsets = np.column_stack([(kind == name).to_numpy().astype(float) for name in _OFFSET_TYPES])
    heat = rows["heat_c"].fill_null(rows["heat_c"].mean() or 0.0).to_numpy()
    z = np.column_stack([above_reference, offsets, heat])
    y = rows["y"].to_numpy()
    week = rows["local_date"].dt.truncate("1w").rle_id().to_numpy()
    slopes = _within_week_ridge(y, z, week)
    ln_speed = y - z[:, :4] @ slopes[:4]
    speeds = rows.select("activity_id").with_columns(speed_at_reference_hr_m_per_s=pl.Series(np.exp(ln_speed)))
    level = (
        rows.select("athlete_id", "reference_hr_bpm")
        .head(1)
        .with_columns(
            reference_speed_m_per_s=pl.lit(float(np.exp(np.median(ln_speed)))),
            hr_slope_per_bpm=pl.lit(float(slopes[0])),
        )
    )
    return speeds, level


def _within_week_ridge(y: np.ndarray, z: np.ndarray, week: np.ndarray) -> np.ndarray:
    """Slopes of y on z with each week's mean taken off both, drawn to the prior centre.

    b = b0 + (Z'Z + P)^-1 Z'(Y - Z b0), with y and z of shape (n,) and (n, 5), `week` of shape (n,) counting from 0.
    """
    count = np.bincount(week)
    y_within = y - (np.bincount(week, y) / count)[week]
    z_within = z - np.column_stack([np.bincount(week, column) / count for column in z.T])[week]
    return _PRIOR_CENTRE + np.linalg.solve(
        z_within.T @ z_within + np.diag(_PRIOR_PRECISION), z_within.T @ (y_within - z_within @ _PRIOR_CENTRE)
    )


def _empty_speeds() -> pl.DataFrame:
    return pl.DataFrame(schema={"activity_id": pl.String, "speed_at_reference_hr_m_per_s": pl.Float64})


def _empty_levels() -> pl.DataFrame:
    return pl.DataFrame(schema={name: column.dtype for name, column in AthleteLevel.columns().items()})
