"""Records shared out to activities → samples: the timer, one source a quantity, SI units, impossible values masked.

Pauses come from the timer's own events: `timer_s` stands still between a stop and the next start, so a paused hour
adds nothing to any measure. A record stands for the time since the record before it, which is one second on most
watches and several on those that record smartly.
"""

from __future__ import annotations

import polars as pl

MOVING_ABOVE_M_PER_S = 0.5  # slower than any walk; a standing GPS wanders at about 0.2 to 0.4 m/s
RISE_AT_MOST_S = 10.0  # some devices write the distance every few seconds only; a longer stay is a halt
HEART_RATE_RANGE_BPM = (30.0, 240.0)  # outside is a sensor fault; 0 is FIT's habit for "no contact"
SPEED_CEILING_M_PER_S = 12.5  # no human ran faster over 20 m: faster is a GPS jump (sports on foot only)
FOOT_SPORTS = ("running", "walking", "hiking")
DOUBLED_CADENCE_FROM = 120.0  # a median above this is no count of one foot: the writer stored both feet
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


def put_on_the_timer(records: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Records sorted by activity and time, with `timer_s` since the start and `step_s` since the record before.

    Args:
        records: one a time stamp, with `activity_id` and its `start`.
        events: starts and stops of the timer, with `activity_id`.
    """
    since_event = (pl.col("timestamp") - pl.col("event_at")).dt.total_microseconds() / 1e6
    first = pl.min_horizontal(pl.col("start"), pl.col("timestamp").first().over("activity_id"))
    return (
        records.sort("timestamp")
        .join_asof(_pauses(events), on="timestamp", by="activity_id", check_sortedness=False)
        .sort("activity_id", "timestamp")
        .with_columns(
            # Never below 0: a pause that was over before the first record may have begun before the start.
            timer_s=(
                (pl.col("timestamp") - first).dt.total_microseconds() / 1e6
                - pl.col("paused_before_s").fill_null(0.0)
                - pl.when(pl.col("stands").fill_null(value=False)).then(since_event).otherwise(0.0)
            ).clip(0.0)
        )
        .with_columns(step_s=pl.col("timer_s").diff().over("activity_id").fill_null(0.0).clip(0.0))
    )


def _pauses(events: pl.DataFrame) -> pl.DataFrame:
    """Timer events with the time paused until then and whether the timer stands after it."""
    is_stop = pl.col("event_type").str.starts_with("stop")
    return (
        # A stop at the very start ends what was recorded before; taken for a pause, it could last for ever.
        events.filter(
            pl.col("event_type").str.contains("^(start|stop)"), ~(is_stop & (pl.col("timestamp") <= pl.col("start")))
        )
        # At one instant a stop and a start leave the timer running, whatever order they were written in.
        .with_columns(stands=is_stop)
        .group_by("activity_id", "timestamp")
        .agg(pl.col("stands").all())
        .sort("activity_id", "timestamp")
        .with_columns(
            paused_before_s=(pl.col("timestamp").diff().dt.total_microseconds() / 1e6 * pl.col("stands").shift())
            .over("activity_id")
            .fill_null(0.0)
        )
        .with_columns(pl.col("paused_before_s").cum_sum().over("activity_id"), event_at=pl.col("timestamp"))
        .sort("timestamp")
    )


def derive_samples(records: pl.DataFrame) -> pl.DataFrame:
    """Field by field, the one source chosen, in SI units.

    Args:
        records: on the timer.
    """
    on_foot = pl.col("sport").is_in(FOOT_SPORTS)
    raw_cadence = pl.col("cadence") + pl.col("fractional_cadence").fill_null(0.0)
    one_foot = pl.col("cadence").filter(pl.col("cadence") > 0).median().over("activity_id") < DOUBLED_CADENCE_FROM
    return (
        records.with_columns(stretch_speed=_stretch_speed(records))
        .with_columns(
            speed=pl.coalesce("enhanced_speed", "speed", "stretch_speed"),
            stretch_speed=pl.coalesce("stretch_speed", "enhanced_speed", "speed"),
            cadence_spm=pl.when(on_foot).then(pl.when(one_foot).then(2 * raw_cadence).otherwise(raw_cadence)),
        )
        .with_columns(
            is_moving=(pl.col("step_s") > 0) & (pl.col("stretch_speed") > MOVING_ABOVE_M_PER_S).fill_null(value=False)
        )
        .select(
            "source_id",
            "activity_id",
            on_foot.alias("on_foot"),
            "is_moving",
            pl.col("timestamp").alias("time_utc"),
            "timer_s",
            pl.when("is_moving").then("step_s").otherwise(0.0).alias("moving_s"),
            pl.col("distance").alias("distance_m"),
            pl.col("speed").alias("speed_m_per_s"),
            pl.coalesce("enhanced_altitude", "altitude").alias("altitude_m"),
            pl.lit(None, dtype=pl.Float64).alias("grade_fraction"),
            pl.col("heart_rate").alias("heart_rate_bpm"),
            "cadence_spm",
            (pl.col("step_length") / 1000).alias("step_length_m"),
            (pl.col("stance_time") / 1000).alias("contact_time_s"),
            (pl.col("vertical_oscillation") / 1000).alias("vertical_oscillation_m"),
            pl.col("power").alias("power_w"),
            pl.col("temperature").alias("temperature_c"),
            (pl.col("position_lat") * _SEMICIRCLE_DEG).alias("latitude_deg"),
            (pl.col("position_long") * _SEMICIRCLE_DEG).alias("longitude_deg"),
        )
    )


def _stretch_speed(records: pl.DataFrame) -> pl.Series:
    """Distance over time of the stretch that each record ends or lies in, null where the distance is not known.

    A distance that is written only every few records rises evenly between them: 1 Hz records of 0, 0, 9 and 9 m are
    a run of 3 m/s, not a leap between two halts.
    """
    change = pl.col("distance") != pl.col("before_m")
    rise_m, rise_s = pl.col("ahead_m") - pl.col("behind_m"), pl.col("ahead_s") - pl.col("behind_s")
    step_m = pl.col("distance") - pl.col("before_m")
    return (
        records.select("activity_id", "distance", "timer_s", "step_s")
        .with_columns(before_m=pl.col("distance").forward_fill().shift().over("activity_id"))
        .with_columns(
            change_m=pl.when(change.fill_null(value=True)).then("distance"),
            change_s=pl.when(change.fill_null(value=True), pl.col("distance").is_not_null()).then("timer_s"),
        )
        .with_columns(
            pl.col("change_m", "change_s").shift().forward_fill().over("activity_id").name.replace("change", "behind"),
            pl.col("change_m", "change_s").backward_fill().over("activity_id").name.replace("change", "ahead"),
        )
        .select(
            pl.when(pl.col("step_s") > 0).then(
                pl.when(rise_m >= 0, rise_s > 0, rise_s <= RISE_AT_MOST_S)
                .then(rise_m / rise_s)
                .when(step_m >= 0)
                .then(step_m / pl.col("step_s"))
            )
        )
        .to_series()
    )


def mask_values(samples: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Values no body makes become null, and how many per source and reason."""
    rules = {
        "heart_rate_bpm": (
            ~pl.col("heart_rate_bpm").is_between(*HEART_RATE_RANGE_BPM),
            f"heart rate outside {HEART_RATE_RANGE_BPM[0]:.0f} to {HEART_RATE_RANGE_BPM[1]:.0f} bpm: masked",
        ),
        "speed_m_per_s": (
            pl.col("on_foot") & (pl.col("speed_m_per_s") > SPEED_CEILING_M_PER_S) | (pl.col("speed_m_per_s") < 0),
            f"speed on foot above {SPEED_CEILING_M_PER_S} m/s: masked",
        ),
        "step_length_m": (pl.col("step_length_m") <= 0, "step length of 0: masked"),
        "contact_time_s": (pl.col("contact_time_s") <= 0, "contact time of 0: masked"),
        "vertical_oscillation_m": (pl.col("vertical_oscillation_m") <= 0, "vertical oscillation of 0: masked"),
    }
    counts = (
        samples.group_by("source_id")
        .agg([rule.sum().alias(reason) for rule, reason in rules.values()])
        .unpivot(index="source_id", variable_name="reason", value_name="rows")
        .filter(pl.col("rows") > 0)
    )
    masked = samples.with_columns(pl.when(~rule).then(name).alias(name) for name, (rule, _) in rules.items())
    return masked.with_columns(
        step_length_m=pl.coalesce(
            "step_length_m",
            pl.when(pl.col("cadence_spm") > 0, pl.col("speed_m_per_s") > 0, "is_moving").then(
                pl.col("speed_m_per_s") * 60 / pl.col("cadence_spm")
            ),
        )
    ), counts
