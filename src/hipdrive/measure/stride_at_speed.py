"""A run's stride on the level, and at one and the same speed, so that a fast day is not taken for a new stride.

Per run ln X = a + c (ln v - ln v_ref) over its minutes on level ground; a is the value. A run at one pace cannot tell
its own slope c, so each slope is drawn to the one of all the athlete's runs (each about its own mean) with a standard
deviation of 0.3 [a choice]; what that leaves open is in the error of a. Where the speed hardly differs from v_ref the
slope does not matter; where it does, the error says so.
"""

from __future__ import annotations

import dataframely as dy
import numpy as np
import polars as pl

from hipdrive.measure.spring_mass import contact_sweep_deg, leg_stiffness_n_per_m, peak_force_bw
from hipdrive.measure.windows import WHOLE_WINDOW_S
from hipdrive.tables.run_history import AthleteLevel, RunEfficiency
from hipdrive.tables.run_measures import RunWindow
from hipdrive.tables.run_strides import RunStride
from hipdrive.tables.runs import Activity
from hipdrive.tables.weeks import AthleteSetting

LEVEL_GRADE_FRACTION = 0.02
FEWEST_MINUTES = 5
FEWEST_FREE_MINUTES = 20  # of all runs together, to tell the scatter and the common slope
SLOPE_SD = 0.3
_MODEL = ("leg_stiffness_n_per_m", "peak_force_bw", "contact_sweep_deg")
# Name of the value and of its error around the words in the middle.
_AT_SPEED = {
    "contact_time_s": ("contact_time", "s"),
    "cadence_spm": ("cadence", "spm"),
    "step_length_m": ("step_length", "m"),
    "vertical_oscillation_m": ("vertical_oscillation", "m"),
    "vertical_ratio_fraction": ("vertical_ratio", "fraction"),
    "duty_factor": ("duty_factor", "fraction"),
    "leg_stiffness_n_per_m": ("leg_stiffness", "n_per_m"),
    "peak_force_bw": ("peak_force", "bw"),
    "contact_sweep_deg": ("contact_sweep", "deg"),
}


def measure_run_strides(
    activities: dy.DataFrame[Activity],
    windows: dy.DataFrame[RunWindow],
    efficiency: dy.DataFrame[RunEfficiency],
    levels: dy.DataFrame[AthleteLevel],
    athletes: dy.DataFrame[AthleteSetting],
) -> dy.DataFrame[RunStride]:
    """One row a run with minutes on the level, but for treadmill runs.

    Args:
        activities: say whose a run is.
        windows: theirs.
        efficiency: theirs; names treadmill runs.
        levels: the athletes' reference speeds, where they have one.
        athletes: body mass and leg length.
    """
    minutes = _level_minutes(activities, windows, efficiency, levels, athletes)
    means = minutes.group_by("activity_id").agg(
        pl.len().cast(pl.Int64).alias("level_minutes"),
        pl.col(*_MODEL).mean(),
        pl.col("reference_m_per_s").first().alias("stride_reference_speed_m_per_s"),
    )
    values = [
        _at_reference_speed(rows, name)
        for rows in minutes.partition_by("athlete_id", maintain_order=True)
        for name in _AT_SPEED
    ]
    wide = means
    for name, (stem, unit) in _AT_SPEED.items():
        value, error = f"{stem}_at_reference_speed_{unit}", f"{stem}_at_reference_speed_se_{unit}"
        found = [frame for frame in values if frame.height and frame["measure"][0] == name]
        long = pl.concat(found) if found else pl.DataFrame(schema=_VALUE_TYPES)
        wide = wide.join(
            long.select("activity_id", pl.col("value").alias(value), pl.col("error").alias(error)),
            on="activity_id",
            how="left",
        )
    return RunStride.validate(wide.select(list(RunStride.columns())).sort("activity_id"))


_VALUE_TYPES = {"activity_id": pl.String(), "measure": pl.String(), "value": pl.Float64(), "error": pl.Float64()}


def _level_minutes(
    activities: dy.DataFrame[Activity],
    windows: dy.DataFrame[RunWindow],
    efficiency: dy.DataFrame[RunEfficiency],
    levels: dy.DataFrame[AthleteLevel],
    athletes: dy.DataFrame[AthleteSetting],
) -> pl.DataFrame:
    """Minutes on the level with every measure, the reference speed, and a number for each run of an athlete."""
    mass, leg = pl.col("mass_kg"), pl.col("leg_length_m")
    speed, step, contact = pl.col("speed_m_per_s"), pl.col("step_time_s"), pl.col("contact_time_s")
    has_ground = efficiency.filter(pl.col("run_type") != "treadmill")
    return (
        windows.filter(
            pl.col("within_limits_s") >= WHOLE_WINDOW_S,
            pl.col("grade_fraction").fill_null(0.0).abs() <= LEVEL_GRADE_FRACTION,
        )
        .join(has_ground, on="activity_id", how="semi")
        .join(activities.select("activity_id", "athlete_id"), on="activity_id")
        .join(athletes.select("athlete_id", "mass_kg", "leg_length_m"), on="athlete_id")
        .join(levels.select("athlete_id", "reference_speed_m_per_s"), on="athlete_id", how="left")
        .sort("athlete_id", "activity_id", "window_index")
        .select(
            "athlete_id",
            "activity_id",
            "contact_time_s",
            "step_length_m",
            "vertical_oscillation_m",
            cadence_spm=60 / step,
            vertical_ratio_fraction=pl.col("vertical_oscillation_m") / pl.col("step_length_m"),
            duty_factor=contact / (2 * step),
            leg_stiffness_n_per_m=leg_stiffness_n_per_m(mass, leg, speed, step, contact),
            peak_force_bw=peak_force_bw(step, contact),
            contact_sweep_deg=contact_sweep_deg(speed, contact, leg),
            reference_m_per_s=pl.coalesce("reference_speed_m_per_s", speed.median().over("athlete_id")),
            speed_m_per_s=speed,
        )
    )


def _at_reference_speed(minutes: pl.DataFrame, measure: str) -> pl.DataFrame:
    """One athlete's runs → `activity_id`, `measure`, `value`, `error` at the reference speed."""
    known = (
        minutes.filter(pl.col(measure) > 0)
        .filter(pl.len().over("activity_id") >= FEWEST_MINUTES)
        .with_columns(run=pl.col("activity_id").rle_id())
    )
    if known.is_empty():
        return pl.DataFrame(schema=_VALUE_TYPES)
    run = known["run"].to_numpy()
    x = np.log(known["speed_m_per_s"].to_numpy() / known["reference_m_per_s"].to_numpy())
    y = np.log(known[measure].to_numpy())
    value, error = fit_at_reference(run, x, y)
    first = known.unique("run", keep="first", maintain_order=True)
    return first.select(
        "activity_id",
        pl.lit(measure).alias("measure"),
        pl.Series("value", np.exp(value)),
        pl.Series("error", np.exp(value) * error).fill_nan(None),
    )


def fit_at_reference(run: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value of y at x = 0 for each run, and its standard error; NaN errors with too few minutes to tell the scatter.

    With m_x, m_y the run's means, S_xx, S_xy its sums about them, s² the scatter about all the runs' own lines, and c0
    the common slope: c = (S_xy/s² + c0/0.3²)/(S_xx/s² + 1/0.3²); value m_y - c m_x; error² = s²/n + m_x²/(S_xx/s² +
    1/0.3²).

    Args:
        run: the run of each minute, counted from 0, shape (n,).
        x: ln of speed over the reference speed, shape (n,).
        y: ln of the measure, shape (n,).
    """
    count = np.bincount(run).astype(float)
    mean_x, mean_y = np.bincount(run, x) / count, np.bincount(run, y) / count
    about_x, about_y = x - mean_x[run], y - mean_y[run]
    s_xx, s_xy = np.bincount(run, about_x**2), np.bincount(run, about_x * about_y)
    common = s_xy.sum() / s_xx.sum() if s_xx.sum() > 0 else 0.0
    free = y.size - count.size - 1
    scatter = float(np.square(about_y - common * about_x).sum()) / free if free >= FEWEST_FREE_MINUTES else float("nan")
    # Without a scatter every slope is the common one.
    weight = s_xx / scatter if scatter > 0 else np.zeros_like(s_xx)
    own = s_xy / scatter if scatter > 0 else np.zeros_like(s_xy)
    precision = weight + 1 / SLOPE_SD**2
    slope = (own + common / SLOPE_SD**2) / precision
    error = np.sqrt(scatter / count + mean_x**2 / precision)
    return mean_y - slope * mean_x, error
