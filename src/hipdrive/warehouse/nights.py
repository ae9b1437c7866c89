"""The diary of the nights: a line in `data/nights.jsonl` for every run of the flow, also for one that failed."""

from __future__ import annotations

import json

import dataframely as dy
import polars as pl

from hipdrive.settings import Home
from hipdrive.tables.weeks import NightlyRun

_FILE = "nights.jsonl"


def write_night(home: Home, night: dy.DataFrame[NightlyRun]) -> None:
    """Append one night; nothing else is written, so that a night that broke can still be told."""
    home.data.mkdir(parents=True, exist_ok=True)
    with (home.data / _FILE).open("a", encoding="utf-8") as file:
        for row in night.iter_rows(named=True):
            file.write(json.dumps(row, default=lambda value: value.isoformat()) + "\n")


def read_nights(home: Home) -> dy.DataFrame[NightlyRun]:
    """Every night told so far, the oldest first; a line that broke off in a crash is left out."""
    path = home.data / _FILE
    rows = []
    if path.is_file():
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    texts = {
        name: pl.String if isinstance(column.dtype, pl.Datetime | pl.Enum) else column.dtype
        for name, column in NightlyRun.columns().items()
    }
    frame = pl.DataFrame(rows, schema=texts).with_columns(
        pl.col("started_utc", "finished_utc").str.to_datetime(time_unit="us", time_zone="UTC")
    )
    return NightlyRun.validate(frame, cast=True)
