"""Raw running tables → activities, samples and laps that keep their contracts; what is left out is counted.

A file's records are shared out to its sessions by time; one without a session gives one activity made from its records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import dataframely as dy
import polars as pl

from hipdrive.tables.run_files import RawFile, RawLap, RawRecord, RawSession, RawTimerEvent
from hipdrive.tables.runs import Activity, Lap, Sample
from hipdrive.tables.sources import Reject
from hipdrive.tidy.run_samples import derive_samples, mask_values, merge_twins, put_on_the_timer

_CLOCK_SET_FROM = pl.datetime(1995, 1, 1, time_zone="UTC")
_LONGEST = timedelta(days=10)  # no recording is longer: a time further from the others was never its record's time
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
    begun = laps.with_columns(timestamp=pl.coalesce("start_time", "timestamp"))
    dated_laps, dated_events = (rows.filter(pl.col("timestamp") >= _CLOCK_SET_FROM) for rows in (begun, timer_events))
    near = _assign(dated, starts).filter((pl.col("timestamp") - pl.col("start")).abs() <= _LONGEST)
    once = merge_twins(near)
    timed, missing_starts = put_on_the_timer(once, _assign(dated_events, starts))
    measured = derive_samples(timed)
    samples, masked = mask_values(measured)
    clock = "without a time, or with a clock that was never set: left out"
    left_out = (
        _left_out("records", f"record {clock}", records, dated),
        _left_out("records", f"record more than {_LONGEST.days} days from the others: left out", dated, near),
        _left_out("records", "record of the same time as another: put together as one", near, once),
        _left_out("sessions", f"session {clock}", sessions, starts.filter("is_told")),
        _left_out("laps", f"lap {clock}", laps, dated_laps),
        masked.with_columns(pl.col("rows").cast(pl.Int64), place=pl.lit("records")),
        missing_starts.group_by("source_id").agg(
            rows=pl.len().cast(pl.Int64),
            place=pl.lit("timer events").first(),
            reason=pl.lit("timer never started again though the runner ran on: started with the next record").first(),
        ),
    )
    return TidyRuns(
        activities=_activities(starts, measured, files, time_zones),
        samples=Sample.validate(samples.select(list(Sample.columns()))),
        laps=_laps(_assign(dated_laps, starts)),
        rejects=Reject.validate(
            pl.concat([rows.select(list(Reject.columns())) for rows in left_out]).sort("source_id", "place", "reason")
        ),
    )


def _session_starts(
    files: dy.DataFrame[RawFile], sessions: dy.DataFrame[RawSession], records: pl.DataFrame
) -> pl.DataFrame:
    """One row an activity with `start`, sorted; files without a session get one from their records."""
    middle = pl.col("timestamp").quantile(0.5, interpolation="lower")  # one of them, so that never all lie far from it
    near = pl.col("timestamp").filter((pl.col("timestamp") - middle).abs() <= _LONGEST)
    spans = records.group_by("source_id").agg(first=near.min(), last=near.max())
    elapsed = pl.duration(microseconds=(pl.col("total_elapsed_time").fill_null(0) * 1e6).cast(pl.Int64))
    # A file's only session holds its records, whatever its own clock says; of several, each is taken at its word.
    is_only = pl.len().over("source_id") == 1
    fits = pl.col("start").is_between(pl.col("first") - _LONGEST, pl.col("last") + _LONGEST).fill_null(value=True)
    told = (
        sessions.join(spans, on="source_id", how="left", maintain_order="left")
        .with_columns(
            start=pl.coalesce(
                pl.when(pl.col("start_time") >= _CLOCK_SET_FROM).then("start_time"), pl.col("timestamp") - elapsed
            ),
            end=pl.coalesce(pl.col("timestamp"), pl.col("start_time") + elapsed),
            is_told=True,
        )
        .with_columns(
            start=pl.when(is_only & ~((pl.col("start") >= _CLOCK_SET_FROM) & fits).fill_null(value=False))
            .then("first")
            .otherwise("start")
        )
        .filter(pl.col("start") >= _CLOCK_SET_FROM)
        .drop("first", "last")
    )
    untold = (
        spans.join(told, on="source_id", how="anti")
        .join(files.select("source_id", "sport", "sub_sport"), on="source_id")
        .rename({"first": "start", "last": "end"})
        .with_columns(is_told=False)
    )
    return (
        pl.concat([told, untold], how="diagonal_relaxed")
        .sort("source_id", "start", maintain_order=True)
        .with_columns(session_index=pl.int_range(pl.len()).over("source_id"))
        .join(
            files.select("source_id", "content_sha256", "athlete_id", "device", "sensors"),
            on="source_id",
            maintain_order="left",
        )
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
    ).sort("timestamp", maintain_order=True)
    # Both are sorted; rows of one time keep the order they were written in, so that the last word is always the same.
    return (
        rows.sort("timestamp", maintain_order=True)
        .join_asof(spans, on="timestamp", by="source_id", check_sortedness=False)
        .filter(pl.col("activity_id").is_not_null())
    )


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
            "sensors",
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


def _laps(laps: pl.DataFrame) -> dy.DataFrame[Lap]:
    rows = laps.sort("activity_id", "timestamp", maintain_order=True).select(
        "activity_id",
        pl.int_range(pl.len()).over("activity_id").alias("lap_index"),
        pl.col("timestamp").alias("start_utc"),
        pl.col("total_elapsed_time").alias("elapsed_time_s"),
        pl.col("total_timer_time").alias("timer_time_s"),
        pl.col("total_distance").alias("distance_m"),
    )
    return Lap.validate(rows)


def _left_out(place: str, reason: str, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """How many rows of each source stand in `before` and no longer in `after`."""
    had, has = (rows.group_by("source_id").agg(rows=pl.len().cast(pl.Int64)) for rows in (before, after))
    return (
        had.join(has, on="source_id", how="left", suffix="_kept")
        .with_columns(pl.col("rows") - pl.col("rows_kept").fill_null(0), place=pl.lit(place), reason=pl.lit(reason))
        .filter(pl.col("rows") > 0)
    )
