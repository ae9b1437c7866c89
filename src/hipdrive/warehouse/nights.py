"""The diary of the nights: a line in `data/nights.jsonl` for every run of the flow, also for one that failed."""

from __future__ import annotations

import json
import os
from typing import BinaryIO

import dataframely as dy
import polars as pl

from hipdrive.settings import Home
from hipdrive.tables.weeks import NightlyRun

_FILE = "nights.jsonl"


def write_night(home: Home, night: dy.DataFrame[NightlyRun]) -> None:
    """Append one night; nothing else is written, so that a night that broke can still be told."""
    home.data.mkdir(parents=True, exist_ok=True)
    with (home.data / _FILE).open("ab+") as file:
        # A line that broke off in a crash has no end, and the next must not be lost with it.
        broke_off = file.tell() > 0 and _last_byte(file) != b"\n"
        for row in night.iter_rows(named=True):
            line = json.dumps(row, default=lambda value: value.isoformat()) + "\n"
            file.write((b"\n" if broke_off else b"") + line.encode())
            broke_off = False


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def read_nights(home: Home) -> dy.DataFrame[NightlyRun]:
    """Every night told so far, the oldest first; a line that broke off in a crash, or tells too little, is left out."""
    path = home.data / _FILE
    rows = []
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                continue
            if isinstance(row, dict):
                rows.append({name: row.get(name) for name in NightlyRun.columns()})
    texts = {
        name: pl.String if isinstance(column.dtype, pl.Datetime | pl.Enum) else column.dtype
        for name, column in NightlyRun.columns().items()
    }
    frame = pl.DataFrame(rows, schema=texts).with_columns(
        pl.col("started_utc", "finished_utc").str.to_datetime(time_unit="us", time_zone="UTC")
    )
    nights, _ = NightlyRun.filter(frame, cast=True)
    return nights
