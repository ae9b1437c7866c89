"""Raw running tables → activities, samples and laps that keep their contracts; what is left out is counted.

Pauses come from the timer's own events: `timer_s` stands still between a stop and the next start, so a paused hour
adds nothing to any measure. A record stands for the time since the record before it, which is one second on most
watches and several on those that record smartly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from hipdrive.tables.runs import Activity, Lap, RawFile, RawLap, RawRecord, RawSession, RawTimerEvent, Sample
from hipdrive.tables.sources import Reject

MOVING_ABOVE_M_PER_S = 0.5  # slower than any walk; a standing GPS wanders at about 0.2 to 0.4 m/s
HEART_RATE_RANGE_BPM = (30.0, 240.0)  # outside is a sensor fault; 0 is FIT's habit for "no contact"
SPEED_CEILING_M_PER_S = 12.5  # no human ran faster over 20 m: faster is a GPS jump (sports on foot only)
FOOT_SPORTS = ("running", "walking", "hiking")
DOUBLED_CADENCE_FROM = 120.0  # a median above this is no count of one foot: the writer stored both feet
_SEMICIRCLE_DEG = 180 / 2**31
_CLOCK_SET_FROM = pl.datetime(1995, 1, 1, time_zone="UTC")
_QUARTER_HOUR_S = 900
_WIDEST_OFFSET_S = 15 * 3600


@dataclass(frozen=True)
class TidyRuns:
    """The typed tables of a batch of files."""

    activities: dy.DataFrame[Activity]
    samples: dy.DataFrame[Sample]
    laps: dy.DataFrame[Lap]
    rejects: dy.DataFrame[Reject]


def tidy_runs(
    files: dy.DataFrame[RawFile],
    sessions: dy.DataFrame[RawSession],
    laps: dy.DataFrame[RawLap],
    timer_events: dy.DataFrame[RawTimerEvent],
    records: dy.DataFrame[RawRecord],
    time_zones: Mapping[str, str],
) -> TidyRuns:
    """Activities, samples and laps of any number of files at once.

    Args:
        files: one row a file; other frames name it by `source_id`.
        sessions: a file without one gives one activity made from its records.
        laps: cut by the device.
        timer_events: starts and stops.
        records: as written, in any order.
        time_zones: athlete → IANA zone, for files that do not say their local time.
    """
    dated = records.filter(pl.col("timestamp") >= _CLOCK_SET_FROM)
    starts = _session_starts(files, sessions, dated)
    assigned = _assign(dated, starts)
    running = _on_the_timer(assigned, _pauses(timer_events, starts))
    measured = _derive(running)
    samples, masked = _mask(measured)
    return TidyRuns(
        activities=_activities(starts, measured, files, time_zones),
        samples=Sample.validate(samples.select(list(Sample.columns()))),
        laps=_laps(laps, starts),
        rejects=_rejects(records, masked),
    )


def _session_starts(
    files: dy.DataFrame[RawFile], sessions: dy.DataFrame[RawSession], records: pl.DataFrame
) -> pl.DataFrame:
    """One row an activity with `start`, sorted; files without a session get one from their records."""
    elapsed = pl.duration(microseconds=(pl.col("total_elapsed_time").fill_null(0) * 1e6).cast(pl.Int64))
    told = sessions.with_columns(
        start=pl.coalesce("start_time", pl.col("timestamp") - elapsed),
        end=pl.coalesce(pl.col("timestamp"), pl.col("start_time") + elapsed),
    ).filter(pl.col("start") >= _CLOCK_SET_FROM)
    untold = (
        records.join(told.select("source_id").unique(), on="source_id", how="anti")
        .group_by("source_id", maintain_order=True)
        .agg(start=pl.col("timestamp").min(), end=pl.col("timestamp").max())
        .join(files.select("source_id", "sport", "sub_sport"), on="source_id")
    )
    return (
        pl.concat([told, untold], how="diagonal_relaxed")
        .sort("source_id", "start", maintain_order=True)
        .with_columns(session_index=pl.int_range(pl.len()).over("source_id"))
        .join(files.select("source_id", "content_sha256", "athlete_id", "device"), on="source_id")
        .with_columns(
            activity_id=pl.format("{}-{}", pl.col("content_sha256").str.head(16), "session_index"),
            sport=pl.col("sport").fill_null("unknown"),
        )
    )


def _assign(rows: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Rows with a timestamp → the session of their file that was running then; before the first, the first."""
    spans = starts.select(
        "source_id",
        "activity_id",
        "sport",
        "start",
        timestamp=pl.when(pl.col("session_index") == 0).then(_CLOCK_SET_FROM).otherwise("start"),
    ).sort("timestamp")
    return (
        rows.sort("timestamp")
        .join_asof(
            spans,
            on="timestamp",
            by="source_id",
            check_sortedness=False,  # both are sorted just above
        )
        .filter(pl.col("activity_id").is_not_null())
    )


def _pauses(events: dy.DataFrame[RawTimerEvent], starts: pl.DataFrame) -> pl.DataFrame:
    """Timer events with the time paused before each and whether the timer stands after it."""
    known = events.filter(pl.col("timestamp") >= _CLOCK_SET_FROM, pl.col("event_type").str.contains("^(start|stop)"))
    return (
        _assign(known, starts)
        # At one instant a stop and a start leave the timer running, whatever order they were written in.
        .with_columns(stands=pl.col("event_type").str.starts_with("stop"))
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


def _on_the_timer(records: pl.DataFrame, pauses: pl.DataFrame) -> pl.DataFrame:
    """Records, one a time stamp, with seconds on the timer since the start and since the record before."""
    once = _merge_twins(records)
    since_event = (pl.col("timestamp") - pl.col("event_at")).dt.total_microseconds() / 1e6
    first = pl.min_horizontal(pl.col("start"), pl.col("timestamp").first().over("activity_id"))
    return (
        once.sort("timestamp")
        .join_asof(pauses, on="timestamp", by="activity_id", check_sortedness=False)
        .sort("activity_id", "timestamp")
        .with_columns(
            timer_s=(pl.col("timestamp") - first).dt.total_microseconds() / 1e6
            - pl.col("paused_before_s").fill_null(0.0)
            - pl.when(pl.col("stands").fill_null(value=False)).then(since_event).otherwise(0.0)
        )
        .with_columns(step_s=pl.col("timer_s").diff().over("activity_id").fill_null(0.0).clip(0.0))
    )


def _merge_twins(records: pl.DataFrame) -> pl.DataFrame:
    """Records of one time stamp as one: some devices write one sensor a record."""
    key = ["activity_id", "timestamp"]
    twin = pl.struct(key).is_duplicated()
    twins = records.filter(twin)
    if twins.is_empty():
        return records
    merged = twins.group_by(key, maintain_order=True).agg(pl.all().drop_nulls().last())
    return pl.concat([records.filter(~twin), merged.select(records.columns)])


def _derive(records: pl.DataFrame) -> pl.DataFrame:
    """Field by field, the one source chosen, in SI units."""
    on_foot = pl.col("sport").is_in(FOOT_SPORTS)
    raw_cadence = pl.col("cadence") + pl.col("fractional_cadence").fill_null(0.0)
    one_foot = pl.col("cadence").filter(pl.col("cadence") > 0).median().over("activity_id") < DOUBLED_CADENCE_FROM
    stretch_m = pl.col("distance").diff().over("activity_id")
    stretch_speed = pl.when(pl.col("step_s") > 0, stretch_m >= 0).then(stretch_m / pl.col("step_s"))
    return (
        records.with_columns(
            speed=pl.coalesce("enhanced_speed", "speed", stretch_speed),
            stretch_speed=pl.coalesce(stretch_speed, "enhanced_speed", "speed"),
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


def _mask(samples: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
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


def _activities(
    starts: pl.DataFrame, samples: pl.DataFrame, files: dy.DataFrame[RawFile], time_zones: Mapping[str, str]
) -> dy.DataFrame[Activity]:
    rich = ("heart_rate_bpm", "cadence_spm", "contact_time_s", "latitude_deg")
    recorded = samples.group_by("activity_id").agg(
        recorded_m=pl.col("distance_m").max() - pl.col("distance_m").min(),
        recorded_s=pl.col("timer_s").max(),
        richness=pl.sum_horizontal(pl.col(name).count() for name in rich).cast(pl.Int64),
    )
    told_s = (pl.col("local_timestamp") - pl.col("timestamp").dt.replace_time_zone(None)).dt.total_seconds()
    offsets = files.select("source_id", told_offset_s=(told_s / _QUARTER_HOUR_S).round() * _QUARTER_HOUR_S)
    zone_offset_s = pl.coalesce(
        pl.lit(None, dtype=pl.Int64),
        *(
            pl.when(pl.col("athlete_id") == athlete).then(
                (
                    pl.col("start").dt.convert_time_zone(zone).dt.replace_time_zone(None)
                    - pl.col("start").dt.replace_time_zone(None)
                ).dt.total_seconds()
            )
            for athlete, zone in time_zones.items()
        ),
    )
    told_is_sane = pl.col("told_offset_s").abs() <= _WIDEST_OFFSET_S
    activities = (
        starts.join(recorded, on="activity_id", how="left")
        .join(offsets, on="source_id", how="left")
        .with_columns(
            utc_offset_s=pl.coalesce(pl.when(told_is_sane).then("told_offset_s"), zone_offset_s, 0).cast(pl.Int64)
        )
        .select(
            "athlete_id",
            "activity_id",
            "source_id",
            "session_index",
            "sport",
            "sub_sport",
            "device",
            pl.col("start").alias("start_utc"),
            "utc_offset_s",
            (pl.col("start") + pl.duration(seconds="utc_offset_s")).dt.date().alias("local_date"),
            _at_least_0(
                pl.coalesce("total_elapsed_time", (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6)
            ).alias("elapsed_time_s"),
            _at_least_0(pl.coalesce("total_timer_time", "recorded_s")).alias("timer_time_s"),
            _at_least_0(pl.coalesce("total_distance", "recorded_m")).alias("distance_m"),
            pl.col("total_ascent").alias("ascent_m"),
            pl.col("richness").fill_null(0),
            pl.lit(None, dtype=pl.String).alias("duplicate_of"),
        )
    )
    return Activity.validate(activities)


def _at_least_0(value: pl.Expr) -> pl.Expr:
    return pl.when(value >= 0).then(value)


def _laps(laps: dy.DataFrame[RawLap], starts: pl.DataFrame) -> dy.DataFrame[Lap]:
    begun = laps.with_columns(timestamp=pl.coalesce("start_time", "timestamp")).filter(
        pl.col("timestamp") >= _CLOCK_SET_FROM
    )
    rows = (
        _assign(begun, starts)
        .sort("activity_id", "timestamp", maintain_order=True)
        .select(
            "activity_id",
            pl.int_range(pl.len()).over("activity_id").alias("lap_index"),
            pl.col("timestamp").alias("start_utc"),
            pl.col("total_elapsed_time").alias("elapsed_time_s"),
            pl.col("total_timer_time").alias("timer_time_s"),
            pl.col("total_distance").alias("distance_m"),
        )
    )
    return Lap.validate(rows)


def _rejects(records: dy.DataFrame[RawRecord], masked: pl.DataFrame) -> dy.DataFrame[Reject]:
    undated = (
        records.filter(~(pl.col("timestamp") >= _CLOCK_SET_FROM).fill_null(value=False))
        .group_by("source_id")
        .agg(rows=pl.len())
        .with_columns(reason=pl.lit("record without a time, or with a clock that was never set: left out"))
    )
    rows = pl.concat(
        [undated.select("source_id", "reason", "rows"), masked.select("source_id", "reason", "rows")],
        how="vertical_relaxed",
    )
    return Reject.validate(
        rows.select("source_id", pl.lit("records").alias("place"), "reason", pl.col("rows").cast(pl.Int64)).sort(
            "source_id", "reason"
        )
    )
