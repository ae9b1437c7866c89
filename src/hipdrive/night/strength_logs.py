"""What the ledger, the settings and the watch know of the strength logs, for settling which of them count."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fnmatch import fnmatch
from itertools import combinations
from pathlib import PurePosixPath

import dataframely as dy
import polars as pl

from hipdrive.tables.runs import Activity
from hipdrive.tables.sources import Source
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.strength_overlap import LogRuling, StrengthActivity, StrengthLog

# Formats of no app: what their files hold was written by hand, or nobody knows by what.
HAND_MADE = ("plain_csv", "plain_toml", "other_table")
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_.]?(\d\d)[-_.]?(\d\d)(?!\d)")
_STRENGTH = "strength_training"


def list_strength_logs(sources: dy.DataFrame[Source], sets: dy.DataFrame[TidyStrengthSet]) -> dy.DataFrame[StrengthLog]:
    """One row a written log: its app, when its file was last changed, and the day its name states.

    A day in the name is an export's only if no workout comes after it.
    """
    ends = (
        sets.filter(pl.col("log_kind") == "written")
        .group_by("athlete_id", "source_id")
        .agg(last_date=pl.col("local_date").max())
    )
    logs = (
        ends.join(sources, on=["athlete_id", "source_id"], how="left")
        .sort("athlete_id", "source_id", pl.col("status") != "loaded", "path")
        .unique(["athlete_id", "source_id"], keep="first", maintain_order=True)
        .with_columns(pl.col("path").fill_null(""))
    )
    stated = pl.Series("stated", [date_in_name(path) for path in logs["path"]], dtype=pl.Date)
    logs = logs.with_columns(
        app=pl.when(~pl.col("format").is_in([*HAND_MADE, "unknown"])).then(
            pl.col("format").str.split("_").list.first()
        ),
        exported_date=pl.when(stated >= pl.col("last_date")).then(stated),
        modified_utc=pl.when(pl.col("modified_ns") > 0).then(
            pl.from_epoch("modified_ns", time_unit="ns").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        ),
    ).with_columns(exported_utc=pl.col("exported_date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))
    return StrengthLog.validate(logs.select(list(StrengthLog.create_empty().schema)), cast=True)


def date_in_name(path: str) -> date | None:
    """The day that a file's name states, such as that of `FitNotes_Export_2026_03_01.csv`; the last of several."""
    for year, month, day in reversed(_DATE_IN_NAME.findall(PurePosixPath(path).name)):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def list_rulings(overlaps: Mapping[str, str], logs: dy.DataFrame[StrengthLog]) -> dy.DataFrame[LogRuling]:
    """What `[overlaps]` of the settings says of the logs that are there.

    Args:
        overlaps: “FIRST & SECOND” → `both`, or the one of the two that counts; names of files may have `*` for a part.
        logs: of all athletes; only logs of one athlete are held against each other.
    """
    rows = []
    for names, verdict in overlaps.items():
        first, second = (name.strip() for name in names.split("&"))
        word = "both" if verdict == "both" else "first" if verdict == first else "second"
        for one, other in combinations(logs.sort("source_id").iter_rows(named=True), 2):
            if one["athlete_id"] != other["athlete_id"]:
                continue
            for a, b in ((one, other), (other, one)):
                if _is_named(a["path"], first) and _is_named(b["path"], second):
                    rows.append((a["athlete_id"], a["source_id"], b["source_id"], word))
                    break
    types = {name: column.dtype for name, column in LogRuling.columns().items()}
    return LogRuling.validate(pl.DataFrame(rows, schema=types, orient="row"))


def _is_named(path: str, name: str) -> bool:
    return fnmatch(path, name) or fnmatch(PurePosixPath(path).name, name)


def list_strength_activities(activities: dy.DataFrame[Activity]) -> dy.DataFrame[StrengthActivity]:
    """The strength workouts that a watch timed, whether or not it counted sets."""
    timed = activities.filter(pl.col("sub_sport") == _STRENGTH, pl.col("duplicate_of").is_null())
    return StrengthActivity.validate(
        timed.select("athlete_id", "local_date", started_utc="start_utc", duration_s="elapsed_time_s").select(
            list(StrengthActivity.create_empty().schema)
        ),
        cast=True,
    )
