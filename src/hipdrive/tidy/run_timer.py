"""The timer of each record: written starts and stops, and those that nobody wrote.

`timer_s` stands still between a stop and the next start, so that a paused hour adds nothing to any measure. A record
stands for the time since the record before it: one second on most watches, several on those that record smartly.
"""

from __future__ import annotations

import polars as pl

RUNS_ON_M = 50.0  # after a stop of the timer without a start: further than anybody strolls round a watch to save
STANDS_BELOW_M_PER_S = 0.5  # slower than any walk; a standing GPS wanders at about 0.2 to 0.4 m/s
GAP_S, GAP_OVER_USUAL = 10.0, 5.0  # between two records: longer than this and so many times the usual is a gap
GAP_ENDS_AT_START_S = 2.0  # a start that follows a start, and a gap that ends with it: the stop was lost
EXCESS_S, EXCESS_FRACTION = 5.0, 0.005  # by which the records must exceed the told timer before pauses are looked for
PAUSES_FIT_S, PAUSES_FIT_FRACTION = 10.0, 0.05  # and how far the pauses found may exceed what they are to explain
RESTARTS_BELOW = 0.5  # of what was counted: a fall below it is a count that began again, any other a correction
TAKEN_BACK_M = 20.0  # a fall of less is the satellite's
TAKEN_BACK_FITS_FRACTION = 0.25  # how well the time of what was taken back must fit what the told timer leaves out
_UNWRITTEN_START = "timer never started again though the runner ran on: started with the next record"
_TAKEN_BACK = "distance and time that the device took back when it resumed: taken for a pause"
_UNWRITTEN_PAUSE = "gap without way that the device's own timer leaves out: taken for a pause"


def put_on_the_timer(
    records: pl.DataFrame, events: pl.DataFrame, told: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Records sorted by activity and time, with `clock_step_s`, `timer_s` and `step_s`, and what nobody wrote.

    `clock_step_s` and `step_s` are the time since the record before, by the clock and with the timer running. What
    nobody wrote: `source_id`, `reason`, `rows`.

    Args:
        records: one a time stamp, with `activity_id` and its `start`.
        events: starts and stops of the timer, with `activity_id`.
        told: `activity_id`, `told_timer_time_s`, null where the device tells none.
    """
    ordered = records.sort("timestamp")
    paused = _join_pauses(ordered, events)
    starts = _missing_starts(paused)
    known = events if starts.is_empty() else pl.concat([events, starts], how="diagonal")
    timed = _timed(paused if starts.is_empty() else _join_pauses(ordered, known))
    gaps = _missing_pauses(timed, known, told)
    taken_back = _taken_back(timed, gaps, told)
    pauses = pl.concat([gaps, taken_back.select(gaps.columns)], how="vertical_relaxed")
    if not pauses.is_empty():
        written = pl.concat([known, _as_events(pauses)], how="diagonal_relaxed")
        at_most = _distance_then(ordered, taken_back)
        timed = _timed(_join_pauses(at_most, written))
    unwritten = {_UNWRITTEN_START: starts, _UNWRITTEN_PAUSE: gaps, _TAKEN_BACK: taken_back}
    return timed, pl.concat(_counted(rows, reason) for reason, rows in unwritten.items())


def _join_pauses(records: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    return records.join_asof(_pauses(events), on="timestamp", by="activity_id", check_sortedness=False)


def _timed(paused: pl.DataFrame) -> pl.DataFrame:
    since_event = (pl.col("timestamp") - pl.col("event_at")).dt.total_microseconds() / 1e6
    first = pl.min_horizontal(pl.col("start"), pl.col("timestamp").first().over("activity_id"))
    return (
        paused.sort("activity_id", "timestamp")
        .with_columns(
            # Never below 0: a pause that was over before the first record may have begun before the start.
            timer_s=(
                (pl.col("timestamp") - first).dt.total_microseconds() / 1e6
                - pl.col("paused_before_s").fill_null(0.0)
                - pl.when(pl.col("stands").fill_null(value=False)).then(since_event).otherwise(0.0)
            ).clip(0.0),
            clock_step_s=(pl.col("timestamp").diff().dt.total_microseconds() / 1e6).over("activity_id").fill_null(0.0),
        )
        .with_columns(step_s=pl.col("timer_s").diff().over("activity_id").fill_null(0.0).clip(0.0))
    )


def _missing_starts(records: pl.DataFrame) -> pl.DataFrame:
    """A start at the first record after a stop that no start follows, where the runner ran on.

    Without it the timer would stand for the rest of the run. Records after the last stop of a finished run go nowhere;
    50 m and more are a run, and more than 0.5 m/s is not the wandering of a standing GPS.
    """
    span_s = (pl.col("timestamp").max() - pl.col("timestamp").min()).dt.total_microseconds() / 1e6
    rise_m = pl.col("distance").max() - pl.col("distance").min()
    return (
        records.filter(pl.col("stands") & pl.col("is_last_word"), pl.col("timestamp") > pl.col("event_at"))
        .group_by("activity_id", "event_at")
        .agg(
            pl.col("source_id", "start", "timestamp").first(),
            runs_on=(rise_m >= RUNS_ON_M) & (rise_m > STANDS_BELOW_M_PER_S * span_s),
        )
        .filter("runs_on")
        .select("source_id", "activity_id", "start", "timestamp", event_type=pl.lit("start"))
        .sort("activity_id", "timestamp")
    )


def _missing_pauses(timed: pl.DataFrame, events: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Gaps without way that are pauses: the longest of those that the device's own timer leaves out.

    Some devices pause by themselves and write no event. A gap that ends at a start which follows another start is one
    whatever the timer says: the stop between them was lost.
    """
    rise_m = pl.col("distance") - pl.col("distance").forward_fill().shift().over("activity_id")
    usual_s = pl.col("step_s").filter(pl.col("step_s") > 0).median().over("activity_id")
    excess_s = pl.col("timer_s").max().over("activity_id") - pl.col("told_timer_time_s")
    looked_for = excess_s > pl.max_horizontal(EXCESS_S, EXCESS_FRACTION * pl.col("told_timer_time_s"))
    gaps = (
        timed.join(told, on="activity_id", how="left", maintain_order="left")
        .with_columns(
            from_timestamp=pl.col("timestamp").shift().over("activity_id"),
            excess_s=pl.when(looked_for).then(excess_s),
            is_gap=pl.col("step_s") > pl.max_horizontal(GAP_S, GAP_OVER_USUAL * usual_s),
            stands_still=(rise_m < STANDS_BELOW_M_PER_S * pl.col("step_s")).fill_null(value=True),
        )
        .filter("is_gap", "stands_still", pl.col("from_timestamp").is_not_null())
        .select("source_id", "activity_id", "start", "from_timestamp", "timestamp", "step_s", "excess_s")
    )
    lost_stop = _starts_after_starts(events)
    at_start = (
        gaps.join(lost_stop, on="activity_id")
        .filter(
            (pl.col("timestamp") - pl.col("started_at")).abs()
            <= pl.duration(microseconds=int(GAP_ENDS_AT_START_S * 1e6))
        )
        .select("activity_id", "timestamp", is_certain=True)
        .unique()
    )
    fits = pl.col("explained_s") <= pl.col("excess_s") + pl.max_horizontal(
        PAUSES_FIT_S, PAUSES_FIT_FRACTION * pl.col("excess_s")
    )
    return (
        gaps.join(at_start, on=["activity_id", "timestamp"], how="left")
        .with_columns(pl.col("is_certain").fill_null(value=False))
        .sort("activity_id", "is_certain", "step_s", descending=[False, True, True])
        .with_columns(explained_s=pl.col("step_s").cum_sum().over("activity_id"))
        .filter(pl.col("is_certain") | fits.fill_null(value=False))
        .select("source_id", "activity_id", "start", "from_timestamp", "timestamp", "step_s", "excess_s")
    )


def _taken_back(timed: pl.DataFrame, gaps: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Stretches that the device took back, time and way, when it resumed: `distance` is what they fall back to.

    A watch that notices late that its wearer had stopped forgets what it recorded since: its distance falls, and its
    timer leaves out as much time as the forgotten way took. Where the timer does not, only the distance was corrected.
    """
    restarts = (pl.col("distance") < RESTARTS_BELOW * pl.col("distance").forward_fill().shift()).fill_null(value=False)
    later_m = pl.col("distance").backward_fill().reverse().cum_min().reverse()
    marked = (
        timed.filter(pl.col("distance").is_not_null())
        .select("source_id", "activity_id", "start", "timestamp", "distance", "timer_s", "step_s")
        .with_columns(count=restarts.cum_sum().over("activity_id"))
        .with_columns(
            later_m=later_m.over("activity_id", "count"),
            from_timestamp=pl.col("timestamp").shift().over("activity_id"),
            to_timestamp=pl.col("timestamp").shift(-1).over("activity_id"),
        )
        .with_columns(is_above=pl.col("distance") > pl.col("later_m"))
        .with_columns(stretch=pl.struct("activity_id", "count", "is_above").rle_id())
        .filter("is_above")
    )
    stretches = (
        marked.group_by("stretch")
        .agg(
            pl.col("source_id", "activity_id", "start", "from_timestamp").first(),
            timestamp=pl.col("to_timestamp").last(),
            step_s=pl.col("step_s").sum(),
            distance=pl.col("later_m").first(),
            fallen_m=(pl.col("distance") - pl.col("later_m")).max(),
        )
        .filter(pl.col("fallen_m") >= TAKEN_BACK_M, pl.col("from_timestamp").is_not_null())
        .drop("stretch")
    )
    recorded = timed.group_by("activity_id").agg(recorded_s=pl.col("timer_s").max())
    paused = gaps.group_by("activity_id").agg(paused_s=pl.col("step_s").sum())
    excess_s = pl.col("recorded_s") - pl.col("paused_s").fill_null(0.0) - pl.col("told_timer_time_s")
    forgotten_s = pl.col("step_s").sum().over("activity_id")
    fits = (excess_s - forgotten_s).abs() <= pl.max_horizontal(PAUSES_FIT_S, TAKEN_BACK_FITS_FRACTION * forgotten_s)
    return (
        stretches.join(recorded, on="activity_id")
        .join(paused, on="activity_id", how="left")
        .join(told, on="activity_id")
        .filter(fits & (excess_s > 0.5 * forgotten_s))
        .with_columns(excess_s=excess_s)
    )


def _distance_then(records: pl.DataFrame, taken_back: pl.DataFrame) -> pl.DataFrame:
    """Records whose distance, in a stretch that was taken back, is what it falls back to."""
    if taken_back.is_empty():
        return records
    spans = taken_back.select(
        "activity_id", "from_timestamp", timestamp="from_timestamp", until="timestamp", fallen_to_m="distance"
    ).sort("timestamp")
    inside = (pl.col("timestamp") > pl.col("from_timestamp")) & (pl.col("timestamp") < pl.col("until"))
    return (
        records.join_asof(spans, on="timestamp", by="activity_id", check_sortedness=False)
        .with_columns(
            distance=pl.when(inside.fill_null(value=False))
            .then(pl.min_horizontal("distance", "fallen_to_m"))
            .otherwise("distance")
        )
        .drop("from_timestamp", "until", "fallen_to_m")
    )


def _starts_after_starts(events: pl.DataFrame) -> pl.DataFrame:
    is_start = pl.col("event_type") == "start"
    return (
        events.filter(pl.col("event_type").str.contains("^(start|stop)"))
        .sort("activity_id", "timestamp", maintain_order=True)
        .filter(is_start & is_start.shift().over("activity_id").fill_null(value=False))
        .select("activity_id", started_at="timestamp")
    )


def _as_events(pauses: pl.DataFrame) -> pl.DataFrame:
    names = ("source_id", "activity_id", "start")
    return pl.concat(
        [
            pauses.select(*names, timestamp="from_timestamp", event_type=pl.lit("stop")),
            pauses.select(*names, "timestamp", event_type=pl.lit("start")),
        ]
    )


def _counted(rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    return rows.group_by("source_id").agg(
        rows=pl.len().cast(pl.Int64), place=pl.lit("timer events").first(), reason=pl.lit(reason).first()
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
