"""Repaired records → samples: one source a quantity, SI units, impossible values masked."""

from __future__ import annotations

import numpy as np
import polars as pl

from hipdrive.tables.runs import HEART_RATE_FAULTS, SPEED_FAULTS
from hipdrive.tidy.heart_rate import HEART_RATE_RANGE_BPM, find_heart_rate_faults
from hipdrive.tidy.run_cadence import counts_both_feet
from hipdrive.tidy.run_distance import FOOT_SPORTS, SPEED_CEILING_M_PER_S

ALTITUDE_SPIKE_M = 10.0  # between two records; a runner on stairs gains 1 m in a second
STEP_LENGTH_RANGE_M = (0.2, 2.7)  # from a shuffle to the fastest sprinters' steps
_BELIEVABLE = {  # column → above what and up to what a body can do, its name, and that in words
    "step_length_m": (STEP_LENGTH_RANGE_M, "step length", "0.2 to 2.7 m"),
    "contact_time_s": ((0.05, 1.2), "contact time", "0.05 to 1.2 s"),  # from sprinting to a slow walk
    "vertical_oscillation_m": ((0.0, 0.3), "vertical oscillation", "0 to 30 cm"),
}
_FAULTS = {
    ("speed_fault", "spike"): f"speed on foot above {SPEED_CEILING_M_PER_S} m/s: masked",
    ("speed_fault", "jump"): "distance that leaps as no runner does: no moving time",
    ("speed_fault", "vehicle"): "driven by a vehicle: no moving time",
    ("heart_rate_fault", "out_of_range"): "heart rate outside {:.0f} to {:.0f} bpm: masked".format(
        *HEART_RATE_RANGE_BPM
    ),
    ("heart_rate_fault", "held"): "heart rate held at one value by the sensor: masked",
    ("heart_rate_fault", "slow_start"): "heart rate before the sensor had found the pulse: masked",
    ("heart_rate_fault", "dropout"): "heart rate that fell as no heart does: masked",
    ("heart_rate_fault", "cadence_lock"): "heart rate locked onto the cadence: masked",
}
_SPEED_FAULT, _HEART_RATE_FAULT = pl.Enum(SPEED_FAULTS), pl.Enum(HEART_RATE_FAULTS)
_SEMICIRCLE_DEG = 180 / 2**31


def merge_twins(records: pl.DataFrame) -> pl.DataFrame:
    """Records of one time stamp as one: some devices write one sensor a record."""
    key = ["activity_id", "timestamp"]
    twin = pl.struct(key).is_duplicated()
    twins = records.filter(twin)
    if twins.is_empty():
        return records
    merged = twins.group_by(key, maintain_order=True).agg(pl.all().drop_nulls().last())
    return pl.concat([records.filter(~twin), merged.select(records.columns)])


def derive_samples(records: pl.DataFrame) -> pl.DataFrame:
    """Field by field, the one source chosen, in SI units; what only `measure` can tell is null.

    Args:
        records: on the timer, their distances repaired.
    """
    on_foot = pl.col("sport").is_in(FOOT_SPORTS)
    raw_cadence = pl.col("cadence") + pl.col("fractional_cadence").fill_null(0.0)
    millimetres = 1 / 1000
    return (
        records.with_columns(
            cadence_spm=pl.when(on_foot).then(pl.when(counts_both_feet()).then(raw_cadence).otherwise(2 * raw_cadence)),
        )
        .with_columns(
            is_spike=((on_foot & (pl.col("speed") > SPEED_CEILING_M_PER_S)) | (pl.col("speed") < 0)).fill_null(
                value=False
            ),
        )
        .select(
            "source_id",
            "activity_id",
            "is_moving",
            pl.col("timestamp").alias("time_utc"),
            "timer_s",
            pl.when("is_moving").then("step_s").otherwise(0.0).alias("moving_s"),
            pl.col("distance").alias("distance_m"),
            pl.col("speed").alias("speed_m_per_s"),
            pl.coalesce("speed_fault", pl.when("is_spike").then(pl.lit("spike")))
            .cast(_SPEED_FAULT)
            .alias("speed_fault"),
            pl.coalesce("enhanced_altitude", "altitude").alias("altitude_m"),
            pl.col("heart_rate").alias("heart_rate_bpm"),
            "cadence_spm",
            (pl.col("step_length") * millimetres).alias("step_length_m"),
            (pl.col("stance_time") * millimetres).alias("contact_time_s"),
            (pl.col("vertical_oscillation") * millimetres).alias("vertical_oscillation_m"),
            pl.col("power").alias("power_w"),
            (pl.col("leg_spring_stiffness") * 1000).alias("foot_pod_stiffness_n_per_m"),
            pl.col("temperature").alias("temperature_c"),
            pl.col("core_temperature").alias("core_temperature_c"),
            (pl.col("position_lat") * _SEMICIRCLE_DEG).alias("latitude_deg"),
            (pl.col("position_long") * _SEMICIRCLE_DEG).alias("longitude_deg"),
            *(
                pl.lit(None, dtype=pl.Float64).alias(name)
                for name in (
                    "grade_fraction",
                    "graded_speed_m_per_s",
                    "flight_time_s",
                    "duty_factor",
                    "vertical_ratio_fraction",
                )
            ),
        )
    )


def mask_values(samples: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Values no body makes become null, and how many per source and reason."""
    found = samples.with_columns(heart_rate_fault=_heart_rate_faults(samples))
    above, below = (pl.col("altitude_m") - pl.col("altitude_m").shift(by).over("activity_id") for by in (1, -1))
    rules = {
        "altitude_m": (
            (above * below > 0) & (pl.min_horizontal(above.abs(), below.abs()) > ALTITUDE_SPIKE_M),
            f"altitude more than {ALTITUDE_SPIKE_M:.0f} m above or below both neighbours: masked",
        ),
        "speed_m_per_s": (pl.col("speed_fault").is_not_null(), None),
        "heart_rate_bpm": (pl.col("heart_rate_fault").is_not_null(), None),
        **{
            name: (~pl.col(name).is_between(*limits, closed="right"), f"{label} outside {in_words}: masked")
            for name, (limits, label, in_words) in _BELIEVABLE.items()
        },
    }
    reasons = [(rule, reason) for rule, reason in rules.values() if reason] + [
        (pl.col(column) == fault, reason) for (column, fault), reason in _FAULTS.items()
    ]
    counts = (
        found.group_by("source_id")
        .agg([rule.sum().alias(reason) for rule, reason in reasons])
        .unpivot(index="source_id", variable_name="reason", value_name="rows")
        .filter(pl.col("rows") > 0)
    )
    masked = found.with_columns(
        pl.when(~rule.fill_null(value=False)).then(name).alias(name) for name, (rule, _) in rules.items()
    )
    return _with_one_source_of_steps(masked), counts


def _with_one_source_of_steps(samples: pl.DataFrame) -> pl.DataFrame:
    """Step length as the device measured it, or as speed over cadence, but never both in one activity.

    The two can lie 10 % apart, so a mean over both would move with how often the device measures. It speaks for the
    activity if it measured at least half of the steps that were counted on the move.
    """
    stepping = pl.col("is_moving") & (pl.col("cadence_spm") > 0).fill_null(value=False)
    measured = pl.col("step_length_m").is_not_null()
    derived = pl.when(stepping, pl.col("speed_m_per_s") > 0).then(pl.col("speed_m_per_s") * 60 / pl.col("cadence_spm"))
    counted = samples.group_by("activity_id").agg(
        device_measures=(measured & stepping).sum() * 2 >= stepping.sum(), has_measured=measured.any()
    )
    return (
        samples.join(counted, on="activity_id", how="left", maintain_order="left")
        .with_columns(device_measures=pl.col("device_measures") & pl.col("has_measured"), derived=derived)
        .with_columns(
            step_length_m=pl.when("device_measures")
            .then("step_length_m")
            .when(pl.col("derived").is_between(*STEP_LENGTH_RANGE_M))
            .then("derived")
        )
        .with_columns(
            is_step_length_measured=pl.when(pl.col("step_length_m").is_not_null()).then(pl.col("device_measures"))
        )
        .drop("derived", "device_measures", "has_measured")
    )


def _heart_rate_faults(samples: pl.DataFrame) -> pl.Series:
    """Why each heart rate cannot be believed, null where it can be."""
    names = ("heart_rate_bpm", "cadence_spm", "moving_s")
    bpm, cadence, moving = (samples[name].fill_null(np.nan).to_numpy() for name in names)
    clock = samples["time_utc"].dt.epoch("us").to_numpy() / 1e6
    activity = samples["activity_id"].rle_id().cast(pl.Int64).to_numpy()
    number = find_heart_rate_faults(activity, clock, bpm, cadence, moving)
    words = pl.Series([None, *HEART_RATE_FAULTS], dtype=_HEART_RATE_FAULT)
    return words.gather(pl.Series(number))
