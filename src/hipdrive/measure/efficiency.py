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

from hipdrive.measure.jumps import has_leapt
from hipdrive.measure.run_types import classify_runs
from hipdrive.measure.trimp import measure_trimp
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_history import AthleteLevel, RunEfficiency
from hipdrive.tables.runs import Activity, RunMeasure, RunWindow
from hipdrive.tables.weeks import AthleteSetting

USABLE_WINDOWS = 15
COMFORTABLE_C = 10.0  # air temperature at which distance running is about fastest
# Centre and precision of the ridge: slopes per bpm, per type and per °C; with run-to-run scatter near 3 % the
# precisions are an sd of 0.3 on the slopes (hardly a prior) and of 0.03 on the type offsets.
_PRIOR_CENTRE = np.array([0.008, 0.0, 0.0, 0.0, -0.002])
_PRIOR_PRECISION = np.array([0.01, 1.0, 1.0, 1.0, 0.01])
_OFFSET_TYPES = ("long", "tempo", "intervals")
_COUNTS_AS = {"race": "tempo", "hills": "intervals"}
FEWEST_FREE_RUNS = 10  # beyond one a week and one a slope; under it the scatter is a guess
_SLOPES = 5


@dataclass(frozen=True)
class Efficiency:
    """The runs' efficiency and, per athlete, the reference they were brought to."""

    runs: dy.DataFrame[RunEfficiency]
    athletes: dy.DataFrame[AthleteLevel]


def measure_efficiency(
    activities: dy.DataFrame[Activity],
    runs: dy.DataFrame[RunMeasure],
    windows: dy.DataFrame[RunWindow],
    diary: dy.DataFrame[DiaryLine],
    athletes: dy.DataFrame[AthleteSetting],
) -> Efficiency:
    """Run type, usability, load and speed at reference heart rate of every run, each athlete by themselves.

    Args:
        activities: with `duplicate_of` settled; a duplicate is not usable.
        runs: all runs of any number of athletes.
        windows: theirs.
        diary: theirs; names races.
        athletes: what the settings say of them.
    """
    usable_windows = windows.filter("is_usable")
    heat = (pl.col("temperature_c").mean() - COMFORTABLE_C).clip(lower_bound=0.0)
    outcome = usable_windows.group_by("activity_id").agg(
        y=pl.col("graded_speed_m_per_s").log().mean(),
        heart_rate=pl.col("heart_rate_bpm").mean(),
        heat_c=heat,
    )
    highest = _highest_minute(activities, windows)
    trimp = measure_trimp(activities, runs, windows, highest, athletes)
    table = (
        runs.join(activities.select("activity_id", "athlete_id", "local_date", "duplicate_of"), on="activity_id")
        .join(classify_runs(runs, windows, activities, diary), on="activity_id")
        .join(trimp, on="activity_id", how="left")
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
    levels = pl.concat([_empty_levels(), *(level for _, level in fitted)]).join(highest, on="athlete_id", how="left")
    return Efficiency(
        runs=RunEfficiency.validate(
            table.join(speeds, on="activity_id", how="left").sort("activity_id").select(list(RunEfficiency.columns()))
        ),
        athletes=AthleteLevel.validate(levels.sort("athlete_id").select(list(AthleteLevel.columns()))),
    )


def _highest_minute(activities: dy.DataFrame[Activity], windows: dy.DataFrame[RunWindow]) -> pl.DataFrame:
    return (
        windows.join(activities.select("activity_id", "athlete_id"), on="activity_id")
        .group_by("athlete_id")
        .agg(highest_hr_bpm=pl.col("heart_rate_bpm").max())
    )


def _why_no_heart_rate() -> pl.Expr:
    return (
        pl.when(pl.col("masked_heart_rate_s") > pl.col("known_heart_rate_s"))
        .then(pl.lit("no heart rate that can be believed"))
        .when(pl.col("known_heart_rate_s") > 0)
        .then(pl.lit("heart rate for less than half of the moving time"))
        .otherwise(pl.lit("no heart rate"))
    )


def _unusable_reason() -> pl.Expr:
    return (
        pl.when(pl.col("duplicate_of").is_not_null())
        .then(pl.lit("recorded twice; another recording is kept"))
        .when(pl.col("run_type") == "treadmill")
        .then(pl.lit("treadmill: the speed is a guess and the ground has no grade"))
        .when(pl.col("contradiction").is_not_null())
        .then("contradiction")
        .when(pl.col("samples") == 0)
        .then(pl.lit("no records: only totals are known"))
        .when(pl.col("moving_time_s") == 0)
        .then(pl.lit("nobody moved in it"))
        .when(pl.col("heart_rate_bpm").is_null())
        .then(_why_no_heart_rate())
        .when(pl.col("known_speed_s") == 0)
        .then(pl.lit("no speed: its records hold neither a distance, nor places, nor a speed"))
        .when(has_leapt(pl.col("distance_m")))
        .then(pl.lit("the distance leaps: more than a twentieth of it was gained as no runner does"))
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
    slopes, unknown = _within_week_ridge(y, z, week)
    ln_speed = y - z[:, :4] @ slopes[:4]
    scatter = _scatter(y, z, week, slopes)
    # What a run's value leaves open: its own scatter, and the slopes over its distance from the reference.
    of_slopes = np.einsum("ij,jk,ik->i", z[:, :4], unknown[:4, :4], z[:, :4])
    error = scatter * np.sqrt(1 + of_slopes)
    speed = np.exp(ln_speed)
    speeds = rows.select("activity_id").with_columns(
        speed_at_reference_hr_m_per_s=pl.Series(speed),
        speed_at_reference_hr_se_m_per_s=pl.Series(speed * error).fill_nan(None),
    )
    level = (
        rows.select("athlete_id", "reference_hr_bpm")
        .head(1)
        .with_columns(
            reference_speed_m_per_s=pl.lit(float(np.exp(np.median(ln_speed)))),
            hr_slope_per_bpm=pl.lit(float(slopes[0])),
            run_scatter_fraction=pl.lit(scatter).fill_nan(None),
        )
    )
    return speeds, level


def _within_week_ridge(y: np.ndarray, z: np.ndarray, week: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Slopes of y on z with each week's mean taken off both, drawn to the prior centre, and (Z'Z + P)^-1.

    b = b0 + (Z'Z + P)^-1 Z'(Y - Z b0), with y and z of shape (n,) and (n, 5), `week` of shape (n,) counting from 0.
    """
    y_within, z_within = _within_weeks(y, week), np.column_stack([_within_weeks(column, week) for column in z.T])
    unknown = np.linalg.inv(z_within.T @ z_within + np.diag(_PRIOR_PRECISION))
    return _PRIOR_CENTRE + unknown @ z_within.T @ (y_within - z_within @ _PRIOR_CENTRE), unknown


def _within_weeks(values: np.ndarray, week: np.ndarray) -> np.ndarray:
    centred: np.ndarray = values - (np.bincount(week, values) / np.bincount(week))[week]
    return centred


def _scatter(y: np.ndarray, z: np.ndarray, week: np.ndarray, slopes: np.ndarray) -> float:
    """Standard deviation of one run about its week, in ln speed; NaN with too few runs to tell."""
    free = y.size - int(week.max()) - 1 - _SLOPES
    if free < FEWEST_FREE_RUNS:
        return float("nan")
    rest = _within_weeks(y - z @ slopes, week)
    return float(np.sqrt(rest @ rest / free))


def _empty_speeds() -> pl.DataFrame:
    names = ("speed_at_reference_hr_m_per_s", "speed_at_reference_hr_se_m_per_s")
    return pl.DataFrame(schema={"activity_id": pl.String, **dict.fromkeys(names, pl.Float64())})


def _empty_levels() -> pl.DataFrame:
    columns = AthleteLevel.columns().items()
    return pl.DataFrame(schema={name: column.dtype for name, column in columns if name != "highest_hr_bpm"})
