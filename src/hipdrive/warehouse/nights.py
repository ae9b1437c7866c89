"""The diary of the nights: a line in `data/nights.jsonl` for every run of the flow, also for one that failed."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.settings import Home
from hipdrive.tables.weeks import NightlyRun
from hipdrive.warehouse.lines import append_line, keep_lines, read_lines

_FILE = "nights.jsonl"


def write_night(home: Home, night: dy.DataFrame[NightlyRun]) -> None:
    """Append one night; nothing else is written, so that a night that broke can still be told."""
    for row in night.iter_rows(named=True):
        append_line(home.data / _FILE, row)


def read_nights(home: Home) -> dy.DataFrame[NightlyRun]:
    """Every night told so far, the oldest first; a line that broke off in a crash, or tells too little, is left out."""
    rows = [{name: row.get(name) for name in NightlyRun.columns()} for row in read_lines(home.data / _FILE)]
    texts = {
        name: pl.String if isinstance(column.dtype, pl.Datetime | pl.Enum) else column.dtype
        for name, column in NightlyRun.columns().items()
    }
    frame = pl.DataFrame(rows, schema=texts).with_columns(
        pl.col("started_utc", "finished_utc").str.to_datetime(time_unit="us", time_zone="UTC")
    )
    nights, _ = NightlyRun.filter(frame, cast=True)
    return nights


def drop_nights_of(home: Home, athlete: str) -> None:
    """Remove the nights whose message names an athlete."""
    keep_lines(home.data / _FILE, lambda row: athlete not in str(row.get("message") or ""))
