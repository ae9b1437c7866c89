"""Versions of one path: a newer content replaces only what it covers of the older one.

Of a strength log it covers the days from its own first session to the day on which it was offered: earlier sessions of
the older content keep counting, and a workout that was deleted in the app is gone. Of a FIT file it covers the same
activity; another run that was saved under an old name is another run. A log that was
fetched is all that its service holds: the newer one covers the days before its first session too.
Which content is newer is decided by when it was
offered, never by its bytes; contents of one archive never replace each other.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

import dataframely as dy
import polars as pl

from hipdrive.measure.duplicates import list_recordings
from hipdrive.tables.runs import Activity, TimerSpan
from hipdrive.tables.sources import Source

MOST_LOST_FRACTION = 0.25  # of a log's sets that counted: losing more is told
_FETCHED = r"^data/inbox/([^/]+/)?fetched/"
LEAST_SETS = 8  # a shorter log may lose any share without a word


def version_pairs(sources: dy.DataFrame[Source]) -> pl.DataFrame:
    """Older and newer contents of one path.

    Gives `athlete_id source_id newer_source_id newer_offered_utc is_whole`, a row
    for each newer content of a replaced one.
    """
    old = sources.filter(pl.col("status") == "replaced").select(
        "athlete_id", "path", "source_id", "container", "last_offered_utc"
    )
    newer = sources.filter(pl.col("status").is_in(["loaded", "duplicate", "replaced"])).select(
        "athlete_id",
        "path",
        newer_source_id="source_id",
        newer_container="container",
        newer_offered_utc="last_offered_utc",
    )
    pairs = old.join(newer, on=["athlete_id", "path"]).filter(
        pl.col("newer_offered_utc") > pl.col("last_offered_utc"),
        ~(pl.col("container") == pl.col("newer_container")).fill_null(value=False),
    )
    is_whole = pl.col("path").str.contains(_FETCHED)
    return pairs.select("athlete_id", "source_id", "newer_source_id", "newer_offered_utc", is_whole=is_whole)


def replaced_sets(sets: pl.DataFrame, pairs: pl.DataFrame, zones: dict[str, str]) -> pl.DataFrame:
    """Sets that a newer content of their path covers: `athlete_id source_id local_date replaced_by`, a row a day.

    Args:
        sets: every set: `athlete_id source_id local_date`.
        pairs: of `version_pairs`.
        zones: each athlete's time zone, for the day on which a content was offered.
    """
    days = sets.select("athlete_id", "source_id", "local_date").unique()
    first = days.group_by("athlete_id", newer_source_id="source_id").agg(first_date=pl.col("local_date").min())
    spans = pairs.join(first, on=["athlete_id", "newer_source_id"])
    offered = [
        when.astimezone(ZoneInfo(zones.get(athlete, "UTC"))).date()
        for athlete, when in spans.select("athlete_id", "newer_offered_utc").iter_rows()
    ]
    spans = spans.with_columns(
        last_date=pl.Series(offered, dtype=pl.Date),
        first_date=pl.when("is_whole").then(pl.date(1, 1, 1)).otherwise("first_date"),
    )
    covered = days.join(spans, on=["athlete_id", "source_id"]).filter(
        pl.col("local_date").is_between("first_date", "last_date")
    )
    newest = covered.sort("newer_offered_utc", descending=True).unique(
        ["athlete_id", "source_id", "local_date"], keep="first", maintain_order=True
    )
    return newest.select("athlete_id", "source_id", "local_date", replaced_by="newer_source_id")


def replaced_activities(
    activities: dy.DataFrame[Activity], timer_spans: dy.DataFrame[TimerSpan], pairs: pl.DataFrame
) -> pl.DataFrame:
    """Activities that a newer content of their path holds too: `activity_id replaced_by`.

    They are the same where their timers ran together for more than half of the shorter one's time.

    Args:
        activities: all of them.
        timer_spans: when their timers ran.
        pairs: of `version_pairs`.
    """
    ids = activities.select("athlete_id", "source_id", "activity_id")
    newer = ids.select("athlete_id", newer_source_id="source_id", replaced_by="activity_id")
    both = ids.join(pairs, on=["athlete_id", "source_id"]).join(newer, on=["athlete_id", "newer_source_id"])
    recordings = list_recordings(activities, timer_spans) if both.height else {}
    newest_first = both.sort("newer_offered_utc", "replaced_by", descending=[True, False])
    replaced_by: dict[str, str] = {}
    for one, other in newest_first.select("activity_id", "replaced_by").iter_rows():
        if one not in replaced_by and recordings[one].is_same(recordings[other]):
            replaced_by[one] = other
    schema = {"activity_id": pl.String, "replaced_by": pl.String}
    return pl.DataFrame(list(replaced_by.items()), schema=schema, orient="row")


def lost_sets(before: pl.DataFrame, after: pl.DataFrame) -> list[str]:
    """One sentence for each path whose newer content lost more than a quarter of the sets that counted.

    A path that holds what it held loses nothing where another log counts in its place.

    Args:
        before: last night's ledger: `path source_id counted sets`.
        after: tonight's.
    """
    after = after.join(
        after.join(before, on=["path", "source_id"], how="anti").filter(pl.col("sets") > 0), on="path", how="semi"
    )
    sums = [frame.filter(pl.col("sets") > 0).group_by("path").agg(pl.col("counted").sum()) for frame in (before, after)]
    both = sums[0].join(sums[1], on="path", how="inner", suffix="_now").sort("path")
    lost = both.filter(
        pl.col("counted") >= LEAST_SETS, pl.col("counted_now") < (1 - MOST_LOST_FRACTION) * pl.col("counted")
    )
    return [
        f"{path} had {was} sets that counted and now has {now}; if that is not what you meant, export the log again"
        for path, was, now in lost.iter_rows()
    ]
