"""Speed at reference heart rate: what a run would have been at the athlete's usual heart rate, as an easy run.

Method (docs/methods.md): each run gives Y, the mean ln graded speed of its usable windows, and H, their mean heart
rate less the reference. The slopes of `slopes` bring it to the reference: ln speed = Y - slope x H - offset of the
kind. Heat is not taken out here: it enters the estimate by the week.

A value further than 15 % outside the range of the graded speeds of eight weeks is the slopes', not the runner's. It is
not shown; sums over runs take it clipped to that bound, so that no run is lost.

It does not apply to treadmill runs (no grade, a guessed speed), nor to runs with under 15 usable minutes.
"""

from __future__ import annotations

from dataclasses import dataclass

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.measure.jumps import has_leapt
from hipdrive.measure.run_types import classify_runs
from hipdrive.measure.slopes import fit_slopes, kinds
from hipdrive.measure.trimp import measure_trimp
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_history import SLOPES, AthleteLevel, EfficiencySlope, RunEfficiency
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.runs import Activity
from hipdrive.tables.weeks import AthleteSetting

USABLE_WINDOWS = 15
COMFORTABLE_C = 10.0  # air temperature at which distance running is about fastest
BOUND_DAYS = 56  # to the run's day, its own included
BOUND_FRACTION = 0.15  # beyond the slowest and the fastest of them
BEYOND = (
    "at the reference heart rate it comes to a speed more than 15 % outside those of the runs of these eight weeks; "
    "averages take it at that bound"
)
_OF_A_FIT = (
    "activity_id",
    "heart_rate_above_reference_bpm",
    "speed_at_reference_hr_m_per_s",
    "speed_at_reference_hr_reason",
    "bounded_speed_at_reference_hr_m_per_s",
    "speed_at_reference_hr_se_m_per_s",
)
_OF_A_LEVEL = (
    "athlete_id",
    "reference_hr_bpm",
    "reference_speed_m_per_s",
    "hr_slope_per_bpm",
    "run_scatter_fraction",
)


@dataclass(frozen=True)
class Efficiency:
    """The runs' efficiency and, per athlete, the reference they were brought to and the slopes that brought them."""

    runs: dy.DataFrame[RunEfficiency]
    athletes: dy.DataFrame[AthleteLevel]
    slopes: dy.DataFrame[EfficiencySlope]


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
    speeds = pl.concat([_empty(RunEfficiency, _OF_A_FIT), *(rows for rows, _, _ in fitted)])
    levels = pl.concat([_empty(AthleteLevel, _OF_A_LEVEL), *(level for _, level, _ in fitted)])
    slopes = pl.concat([EfficiencySlope.create_empty(), *(slopes for _, _, slopes in fitted)])
    return Efficiency(
        runs=RunEfficiency.validate(
            table.join(speeds, on="activity_id", how="left").sort("activity_id").select(list(RunEfficiency.columns()))
        ),
        athletes=AthleteLevel.validate(
            levels.join(highest, on="athlete_id", how="left").sort("athlete_id").select(list(AthleteLevel.columns()))
        ),
        slopes=EfficiencySlope.validate(slopes.sort("athlete_id", "slope")),
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
        .then(pl.lit("no speed: its records hold no distance, no positions and no speed"))
        .when(has_leapt(pl.col("distance_m")))
        .then(pl.lit("the distance leaps: more than a twentieth of it was gained faster than anybody runs"))
        .when(pl.col("usable_windows") < USABLE_WINDOWS)
        .then(pl.lit(f"fewer than {USABLE_WINDOWS} usable minutes after the first ten"))
    )


def _fit_athlete(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """One athlete's usable runs, sorted by day → their speed at reference heart rate, the level, the slopes."""
    above_reference = rows["heart_rate"] - rows["reference_hr_bpm"]
    heat = rows["heat_c"].fill_null(rows["heat_c"].mean() or 0.0)
    z = np.column_stack([above_reference, kinds(rows["run_type"]), heat])
    y = rows["y"].to_numpy()
    fit = fit_slopes(y, z, rows["local_date"].dt.truncate("1w").rle_id().to_numpy())
    speed, error = np.exp(fit.values(y, z)), fit.errors(z)
    low, high = _bounds(rows["local_date"], np.exp(y))
    bounded = np.clip(speed, low, high)
    is_within = pl.Series(bounded == speed)
    speeds = rows.select("activity_id").with_columns(
        heart_rate_above_reference_bpm=above_reference,
        speed_at_reference_hr_m_per_s=pl.when(is_within).then(pl.Series(speed)),
        speed_at_reference_hr_reason=pl.when(~is_within).then(pl.lit(BEYOND)),
        bounded_speed_at_reference_hr_m_per_s=pl.Series(bounded),
        speed_at_reference_hr_se_m_per_s=pl.Series(bounded * error),
    )
    level = (
        rows.select("athlete_id", "reference_hr_bpm")
        .head(1)
        .with_columns(
            reference_speed_m_per_s=pl.lit(float(np.median(bounded))),
            hr_slope_per_bpm=pl.lit(float(fit.slope[0])),
            run_scatter_fraction=pl.lit(fit.scatter),
        )
    )
    slopes = pl.DataFrame(
        {
            "athlete_id": rows["athlete_id"][0],
            "slope": pl.Series(SLOPES, dtype=pl.Enum(SLOPES)),
            "per_unit": fit.slope,
            **{f"covariance_with_{name}": column for name, column in zip(SLOPES, fit.covariance, strict=True)},
        }
    )
    return speeds, level, slopes


def _bounds(day: pl.Series, speed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How slow and how fast a run may come out, by the speeds as run of the eight weeks that end with its day."""
    number = day.cast(pl.Int32).to_numpy()
    first = np.searchsorted(number, number - BOUND_DAYS + 1, side="left")
    last = np.searchsorted(number, number, side="right")
    spans = [speed[begin:end] for begin, end in zip(first, last, strict=True)]
    low, high = (np.array([extreme(span) for span in spans]) for extreme in (np.min, np.max))
    return (1 - BOUND_FRACTION) * low, (1 + BOUND_FRACTION) * high


def _empty(schema: type[dy.Schema], names: tuple[str, ...]) -> pl.DataFrame:
    columns = schema.columns()
    return pl.DataFrame(schema={name: columns[name].dtype for name in names})
