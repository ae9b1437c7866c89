"""Records shared out to activities → samples: the timer, one source a quantity, SI units, impossible values masked.

Pauses come from the timer's own events: `timer_s` stands still between a stop and the next start, so a paused hour
adds nothing to any measure. A record stands for the time since the record before it, which is one second on most
watches and several on those that record smartly.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from hipdrive.tables.runs import HEART_RATE_FAULTS, SPEED_FAULTS
from hipdrive.tidy.heart_rate import HEART_RATE_RANGE_BPM, find_heart_rate_faults

MOVING_ABOVE_M_PER_S = 0.5  # slower than any walk; a standing GPS wanders at about 0.2 to 0.4 m/s
RUNS_ON_M = 50.0  # after a stop of the timer without a start: further than anybody strolls round a watch to save
RISE_AT_MOST_S = 10.0  # some devices write the distance every few seconds only; a longer stay is a halt
SPEED_CEILING_M_PER_S = 12.5  # no human ran faster over 20 m: faster is a GPS jump (sports on foot only)
LONG_GAP_S, LONG_CEILING_M_PER_S = 100.0, 8.0  # between two records; 800 m in 1:41 is 7.9 m/s
ALTITUDE_SPIKE_M = 10.0  # between two records; a runner on stairs gains 1 m in a second
FOOT_SPORTS = ("running", "walking", "hiking")
DOUBLED_CADENCE_FROM = 120.0  # a median above this is no count of one foot: the writer stored both feet
STEP_LENGTH_RANGE_M = (0.2, 2.7)  # from a shuffle to the fastest sprinters' steps
_BELIEVABLE = {  # column → above what and up to what a body can do, its name, and that in words
    "step_length_m": (STEP_LENGTH_RANGE_M, "step length", "0.2 to 2.7 m"),
    "contact_time_s": ((0.05, 1.2), "contact time", "0.05 to 1.2 s"),  # from sprinting to a slow walk
    "vertical_oscillation_m": ((0.0, 0.3), "vertical oscillation", "0 to 30 cm"),
}
_FAULTS = {
    ("speed_fault", "spike"): f"speed on foot above {SPEED_CEILING_M_PER_S} m/s: masked",
    ("speed_fault", "jump"): "distance that leaps as no runner does: no moving time",
    ("heart_rate_fault", "out_of_range"): "heart rate outside {:.0f} to {:.0f} bpm: masked".format(
        *HEART_RATE_RANGE_BPM
    ),
    ("heart_rate_fault", "held"): "heart rate held at one value by the sensor: masked",
    ("heart_rate_fault", "slow_start"): "heart rate before the sensor had found the pulse: masked",
    ("heart_rate_fault", "dropout"): "heart rate that fell as no heart does: masked",
    ("heart_rate_fault", "cadence_lock"): "heart rate locked onto the cadence: masked",
}
_SPEED_FAULT, _HEART_RATE_FAULT = pl.Enum(SPEED_FAULTS), pl.Enum(HEART_RATE_FAULTS)
_SPIKE, _JUMP = pl.lit("spike", dtype=_SPEED_FAULT), pl.lit("jump", dtype=_SPEED_FAULT)
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


def put_on_the_timer(records: pl.DataFrame, events: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records sorted by activity and time, with `timer_s` and `step_s` (since the record before), and missing starts.

    Missing starts are events of the timer that nobody wrote: `source_id`, `activity_id`, `timestamp`, `event_type`.

    Args:
        records: one a time stamp, with `activity_id` and its `start`.
        events: starts and stops of the timer, with `activity_id`.
    """
    ordered = records.sort("timestamp")
    paused = _join_pauses(ordered, events)
    missing = _missing_starts(paused)
    if not missing.is_empty():
        paused = _join_pauses(ordered, pl.concat([events, missing], how="diagonal"))
    since_event = (pl.col("timestamp") - pl.col("event_at")).dt.total_microseconds() / 1e6
    first = pl.min_horizontal(pl.col("start"), pl.col("timestamp").first().over("activity_id"))
    timed = (
        paused.sort("activity_id", "timestamp")
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
    return timed, missing


def _join_pauses(records: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    return records.join_asof(_pauses(events), on="timestamp", by="activity_id", check_sortedness=False)


def _missing_starts(records: pl.DataFrame) -> pl.DataFrame:
    """A start at the first record after a stop that no start follows, where the runner ran on.

    Without it the timer would stand for the rest of the run. Records after the last stop of a finished run go nowhere;
    50 m and more are a run, and more than 0.5 m/s is no wandering of a standing GPS.
    """
    span_s = (pl.col("timestamp").max() - pl.col("timestamp").min()).dt.total_microseconds() / 1e6
    rise_m = pl.col("distance").max() - pl.col("distance").min()
    return (
        records.filter(pl.col("stands") & pl.col("is_last_word"), pl.col("timestamp") > pl.col("event_at"))
        .group_by("activity_id", "event_at")
        .agg(
            pl.col("source_id", "start", "timestamp").first(),
            runs_on=(rise_m >= RUNS_ON_M) & (rise_m > MOVING_ABOVE_M_PER_S * span_s),
        )
        .filter("runs_on")
        .select("source_id", "activity_id", "start", "timestamp", event_type=pl.lit("start"))
        .sort("activity_id", "timestamp")
    )


def _pauses(events: pl.DataFrame) -> pl.DataFrame:
    """Timer events with the time paused until then, whether the timer stands after it, and whether no start follows."""
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
            .fill_null(0.0),
            is_last_word=pl.col("stands").shift(-1).over("activity_id").fill_null(value=True),
        )
        .with_columns(pl.col("paused_before_s").cum_sum().over("activity_id"), event_at=pl.col("timestamp"))
        .sort("timestamp")
    )


def derive_samples(records: pl.DataFrame) -> pl.DataFrame:
    """Field by field, the one source chosen, in SI units; what only `measure` can tell is null.

    Args:
        records: on the timer.
    """
    on_foot = pl.col("sport").is_in(FOOT_SPORTS)
    raw_cadence = pl.col("cadence") + pl.col("fractional_cadence").fill_null(0.0)
    one_foot = pl.col("cadence").filter(pl.col("cadence") > 0).median().over("activity_id") < DOUBLED_CADENCE_FROM
    ceiling = pl.when(pl.col("step_s") > LONG_GAP_S).then(LONG_CEILING_M_PER_S).otherwise(SPEED_CEILING_M_PER_S)
    millimetres, centimetres = 1 / 1000, 1 / 100
    return (
        records.with_columns(stretch_speed=_stretch_speed(records))
        .with_columns(
            # The distance alone tells a jump: a device's own speed may be smooth across it.
            is_jump=(on_foot & (pl.col("stretch_speed") > ceiling)).fill_null(value=False),
            speed=pl.coalesce("enhanced_speed", "speed", "stretch_speed"),
            stretch_speed=pl.coalesce("stretch_speed", "enhanced_speed", "speed"),
            cadence_spm=pl.when(on_foot).then(pl.when(one_foot).then(2 * raw_cadence).otherwise(raw_cadence)),
        )
        .with_columns(
            is_moving=(pl.col("step_s") > 0)
            & ~pl.col("is_jump")
            & (pl.col("stretch_speed") > MOVING_ABOVE_M_PER_S).fill_null(value=False),
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
            pl.when("is_jump").then(_JUMP).when("is_spike").then(_SPIKE).alias("speed_fault"),
            pl.coalesce("enhanced_altitude", "altitude").alias("altitude_m"),
            pl.col("heart_rate").alias("heart_rate_bpm"),
            "cadence_spm",
            (pl.col("step_length") * millimetres).alias("step_length_m"),
            (pl.coalesce("stance_time", "Ground Time") * millimetres).alias("contact_time_s"),
            pl.coalesce(
                pl.col("vertical_oscillation") * millimetres, pl.col("Vertical Oscillation") * centimetres
            ).alias("vertical_oscillation_m"),
            pl.coalesce("power", "Power").alias("power_w"),
            (pl.col("Leg Spring Stiffness") * 1000).alias("foot_pod_stiffness_n_per_m"),
            pl.col("temperature").alias("temperature_c"),
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
