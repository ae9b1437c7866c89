"""Sessions as a file tells them, or as its records show → each activity's start and sport, and why there is none."""

from __future__ import annotations

import polars as pl

from hipdrive.tidy.clock_steps import NO_RECORDING_S
from hipdrive.tidy.clocks import RawTables
from hipdrive.tidy.time_zones import on_calendar

_NEAR_S = 60.0  # from the start of a session to its first record: a watch waits for nothing after it was started
_NO_SPORT = ("generic", "all")  # what writers say where they have no word
_RUN_ON = ("treadmill", "street", "track", "indoor_running")  # FIT sub sports that are of no other sport


def find_sessions(tables: RawTables, dated: pl.DataFrame) -> pl.DataFrame:
    """One row an activity with `start`, sorted; files without a session get one from their records.

    Args:
        tables: on one clock.
        dated: the records that have a time.
    """
    files = tables.files
    spans = dated.group_by("source_id").agg(first=pl.col("timestamp").min(), last=pl.col("timestamp").max())
    told = _told(tables.sessions, spans)
    untold = (
        spans.join(told, on="source_id", how="anti")
        .rename({"first": "start", "last": "end"})
        .with_columns(is_told=False)
    )
    return (
        pl.concat([told, untold], how="diagonal_relaxed")
        .sort("source_id", "start", maintain_order=True)
        .with_columns(session_index=pl.int_range(pl.len()).over("source_id"), of_file=pl.len().over("source_id"))
        .join(
            files.select(
                "source_id", "content_sha256", "athlete_id", "file_format", "device", "sensors", "sports", "sub_sports"
            ),
            on="source_id",
            maintain_order="left",
        )
        .with_columns(
            activity_id=pl.format("{}-{}", pl.col("content_sha256").str.head(16), "session_index"),
            sport=_sport(),
            sub_sport=pl.coalesce("sub_sport", _of_file("sub_sports")),
        )
        .drop("of_file", "sports", "sub_sports")
    )


def _told(sessions: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    elapsed_s = pl.max_horizontal("total_elapsed_time", "total_timer_time")
    elapsed = pl.duration(microseconds=(pl.col("total_elapsed_time").fill_null(0) * 1e6).cast(pl.Int64))
    # A file's only session holds its records, whatever its own clock says; of several, each is taken at its word.
    is_only = pl.len().over("source_id") == 1
    late_s = (pl.col("start") - pl.col("first")).dt.total_seconds()
    span_s = (pl.col("last") - pl.col("first")).dt.total_seconds()
    too_early = (late_s < -_NEAR_S) & (span_s - late_s > elapsed_s + _NEAR_S) | (late_s < -NO_RECORDING_S)
    return (
        sessions.join(spans, on="source_id", how="left", maintain_order="left")
        .with_columns(
            start=pl.coalesce(pl.when(on_calendar("start_time")).then("start_time"), pl.col("timestamp") - elapsed),
            end=pl.coalesce(pl.col("timestamp"), pl.col("start_time") + elapsed),
            is_told=True,
        )
        .with_columns(
            start=pl.when(
                is_only, (~on_calendar("start") | (late_s > _NEAR_S) | too_early).fill_null(pl.col("start").is_null())
            )
            .then("first")
            .otherwise("start")
        )
        .filter(on_calendar("start"))
        .drop("first", "last")
    )


def _sport() -> pl.Expr:
    """The session's sport, else that of the file's `sport` message for it, else what the sub sport implies."""
    own = pl.when(~pl.col("sport").is_in(_NO_SPORT)).then("sport")
    from_sub_sport = pl.when(pl.col("sub_sport").is_in(_RUN_ON)).then(pl.lit("running"))
    return pl.coalesce(own, _of_file("sports"), from_sub_sport, "sport", pl.lit("unknown"))


def _of_file(name: str) -> pl.Expr:
    """The file's word for this session: one each, or one for all."""
    words = pl.col(name)
    return (
        pl.when(words.list.len() == pl.col("of_file"))
        .then(words.list.get(pl.col("session_index"), null_on_oob=True))
        .when(words.list.n_unique() == 1)
        .then(words.list.first())
    )


def find_remarks(tables: RawTables, starts: pl.DataFrame, repairs: pl.DataFrame) -> pl.DataFrame:
    """`source_id`, `remark`: what was done to a file's clock, and why it has no activity."""
    records = tables.records.group_by("source_id").agg(
        records=pl.len(), dated=on_calendar("timestamp").sum(), timed=pl.col("timestamp").is_not_null().sum()
    )
    sessions = tables.sessions.group_by("source_id").agg(sessions=pl.len())
    never_set = "its clock was never set, and nothing in the file says when it was recorded: no activity"
    why = (
        pl.when((pl.col("timed") > 0) | (pl.col("sessions") > 0))
        .then(pl.lit(never_set))
        .when(pl.col("records") > 0)
        .then(pl.format("its {} records have no time: no activity", "records"))
        .otherwise(pl.lit("no record and no session in it: no activity"))
    )
    without = (
        tables.files.join(starts, on="source_id", how="anti")
        .join(records, on="source_id", how="left")
        .join(sessions, on="source_id", how="left")
        .with_columns(pl.col("records", "timed", "sessions").fill_null(0))
        .select("source_id", remark=why)
    )
    both = pl.concat([repairs.rename({"clock_repair": "remark"}), without])
    return both.group_by("source_id", maintain_order=True).agg(pl.col("remark").str.join("; "))
