"""Raw running tables → activities, samples and laps that keep their contracts; what is left out is counted.

A file's records are shared out to its sessions by time; one without a session gives one activity made from its records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from hipdrive.tables.run_files import RawFile, RawLap, RawRecord, RawSession, RawTimerEvent
from hipdrive.tables.runs import Activity, Lap, Sample
from hipdrive.tables.sources import Reject
from hipdrive.tidy.clocks import RawTables, put_on_one_clock
from hipdrive.tidy.run_distance import repair_distances
from hipdrive.tidy.run_moving import move_by_the_timer
from hipdrive.tidy.run_pods import take_one_source
from hipdrive.tidy.run_samples import derive_samples, mask_values, merge_twins
from hipdrive.tidy.run_speed import choose_speeds
from hipdrive.tidy.run_timer import put_on_the_timer
from hipdrive.tidy.run_totals import calibrate_treadmills, reconcile_totals, sum_records
from hipdrive.tidy.sessions import find_remarks, find_sessions
from hipdrive.tidy.time_zones import FIRST, on_calendar, utc_offset_s

_TOTALS = (
    "timer_time_s",
    "distance_m",
    "told_elapsed_time_s",
    "told_timer_time_s",
    "told_distance_m",
    "jump_distance_m",
    "vehicle_distance_m",
    "paused_distance_m",
    "field_difference_fraction",
    "reason",
    "contradiction",
)


@dataclass(frozen=True)
class TidyRuns:
    """The typed tables of a batch of files."""

    activities: dy.DataFrame[Activity]
    samples: dy.DataFrame[Sample]
    laps: dy.DataFrame[Lap]
    rejects: dy.DataFrame[Reject]
    remarks: pl.DataFrame  # source_id, remark: what the ledger should say of a file; those without one left out


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
        records: each file's in the order in which they were written.
        time_zones: athlete → IANA zone, for files that do not say their local time.
    """
    clock = put_on_one_clock(RawTables(files, sessions, laps, timer_events, records), time_zones)
    tables = clock.tables
    dated = tables.records.filter(on_calendar("timestamp"))
    starts = find_sessions(tables, dated).join(clock.repairs, on="source_id", how="left")
    begun = tables.laps.with_columns(timestamp=pl.coalesce("start_time", "timestamp"))
    dated_laps, dated_events = (rows.filter(on_calendar("timestamp")) for rows in (begun, tables.timer_events))
    assigned = _assign(dated, starts)
    once = merge_twins(assigned)
    of_activities = _assign(dated_laps, starts)
    told = _told_totals(starts, of_activities)
    sourced, stale = take_one_source(once)
    timed, unwritten = put_on_the_timer(sourced, _assign(dated_events, starts), told)
    repaired = calibrate_treadmills(repair_distances(timed), told)
    measured = move_by_the_timer(derive_samples(choose_speeds(repaired)), starts)
    samples, masked = mask_values(measured)
    undated = "without a time, or with a clock that was never set: left out"
    left_out = (
        clock.left_out,
        _left_out("records", f"record {undated}", tables.records, dated),
        _left_out("records", "record of the same time as another: put together as one", assigned, once),
        _left_out("sessions", f"session {undated}", sessions, starts.filter("is_told")),
        _left_out("laps", f"lap {undated}", laps, dated_laps),
        masked.with_columns(pl.col("rows").cast(pl.Int64), place=pl.lit("records")),
        stale,
        unwritten,
    )
    return TidyRuns(
        remarks=find_remarks(tables, starts, clock.repairs),
        activities=_activities(
            starts,
            measured,
            reconcile_totals(told.join(sum_records(repaired), on="activity_id", how="left")),
            tables.files,
            time_zones,
        ),
        samples=Sample.validate(samples.select(list(Sample.columns()))),
        laps=_laps(of_activities),
        rejects=Reject.validate(
            pl.concat([rows.select(list(Reject.columns())) for rows in left_out]).sort("source_id", "place", "reason")
        ),
    )


def _assign(rows: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Rows with a timestamp → the session of their file that was running then; before the first, the first."""
    spans = starts.select(
        "source_id",
        "activity_id",
        "sport",
        "start",
        timestamp=pl.when(pl.col("session_index") == 0).then(FIRST).otherwise("start"),
    ).sort("timestamp", maintain_order=True)
    # Both are sorted; rows of one time keep the order they were written in, so that the last word is always the same.
    return (
        rows.sort("timestamp", maintain_order=True)
        .join_asof(spans, on="timestamp", by="source_id", check_sortedness=False)
        .filter(pl.col("activity_id").is_not_null())
    )


def _told_totals(starts: pl.DataFrame, laps: pl.DataFrame) -> pl.DataFrame:
    """What each activity's session tells, or its laps together where the session tells nothing."""
    totals = {
        "told_elapsed_time_s": "total_elapsed_time",
        "told_timer_time_s": "total_timer_time",
        "told_distance_m": "total_distance",
    }
    # A session that only some laps tell of is not told by them.
    of_laps = laps.group_by("activity_id").agg(
        pl.when(pl.col(field).is_not_null().all()).then(pl.col(field).sum()).alias(f"{name}_of_laps")
        for name, field in totals.items()
    )
    return starts.join(of_laps, on="activity_id", how="left").select(
        "activity_id",
        "sub_sport",
        *(
            _at_least_0(pl.coalesce(_at_least_0(pl.col(field)), f"{name}_of_laps")).alias(name)
            for name, field in totals.items()
        ),
    )


def _activities(
    starts: pl.DataFrame,
    samples: pl.DataFrame,
    totals: pl.DataFrame,
    files: pl.DataFrame,
    time_zones: Mapping[str, str],
) -> dy.DataFrame[Activity]:
    rich = ("heart_rate_bpm", "cadence_spm", "contact_time_s", "latitude_deg")
    recorded = samples.group_by("activity_id").agg(
        richness=pl.sum_horizontal(pl.col(name).count() for name in rich).cast(pl.Int64),
    )
    activities = (
        starts.join(recorded, on="activity_id", how="left")
        .join(totals, on="activity_id", how="left")
        .join(files.select("source_id", "timestamp", "local_timestamp"), on="source_id", how="left", suffix="_of_file")
        .with_columns(utc_offset_s=utc_offset_s(time_zones))
        .select(
            "athlete_id",
            "activity_id",
            "source_id",
            "session_index",
            "sport",
            "sub_sport",
            "file_format",
            "device",
            "sensors",
            pl.col("start").alias("start_utc"),
            "utc_offset_s",
            (pl.col("start") + pl.duration(seconds="utc_offset_s")).dt.date().alias("local_date"),
            _at_least_0(
                pl.coalesce("elapsed_time_s", (pl.col("end") - pl.col("start")).dt.total_microseconds() / 1e6)
            ).alias("elapsed_time_s"),
            *_TOTALS,
            pl.col("total_ascent").alias("ascent_m"),
            pl.when(pl.col("avg_heart_rate") > 0).then("avg_heart_rate").alias("told_heart_rate_bpm"),
            pl.col("richness").fill_null(0),
            pl.lit(None, dtype=pl.String).alias("duplicate_of"),
            "clock_repair",
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
