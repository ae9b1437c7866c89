"""What the services were asked and what came: lines beside the warehouse, which outlive it, and its tables of the same.

A fetch goes before the night's copy is made, and often no copy is made at all; so it adds lines to `data/fetches.jsonl`
and `data/fetched_items.jsonl`, and the next swap takes them into `fetches` and `fetched_items`.
"""

from __future__ import annotations

from typing import TypeVar

import dataframely as dy
import polars as pl

from hipdrive.settings import Home
from hipdrive.tables.fetches import Fetch, FetchedItem
from hipdrive.warehouse.lines import append_line, keep_lines, read_lines

S = TypeVar("S", bound=dy.Schema)
_FETCHES, _ITEMS = "fetches.jsonl", "fetched_items.jsonl"


def write_fetch(home: Home, fetch: dy.DataFrame[Fetch]) -> None:
    """Add what became of asking a service."""
    for row in fetch.iter_rows(named=True):
        append_line(home.data / _FETCHES, row)


def write_items(home: Home, items: dy.DataFrame[FetchedItem]) -> None:
    """Add what became of activities."""
    for row in items.iter_rows(named=True):
        append_line(home.data / _ITEMS, row)


def read_fetches(home: Home) -> dy.DataFrame[Fetch]:
    """Every time a service was asked, the oldest first; a line that broke off in a crash is left out."""
    return _typed(home, _FETCHES, Fetch)


def read_items(home: Home) -> dy.DataFrame[FetchedItem]:
    """Every activity that was ever asked for, as it was met last."""
    return _typed(home, _ITEMS, FetchedItem)


def drop_fetches_of(home: Home, athlete: str) -> None:
    """Remove all of one athlete."""
    for name in (_FETCHES, _ITEMS):
        keep_lines(home.data / name, lambda row: row.get("athlete_id") != athlete)


def _typed(home: Home, file: str, schema: type[S]) -> dy.DataFrame[S]:
    columns = schema.columns()
    rows = [{name: row.get(name) for name in columns} for row in read_lines(home.data / file)]
    moments = [name for name, column in columns.items() if isinstance(column.dtype, pl.Datetime)]
    texts = {
        name: pl.String if isinstance(column.dtype, pl.Datetime | pl.Enum) else column.dtype
        for name, column in columns.items()
    }
    frame = pl.DataFrame(rows, schema=texts, strict=False, orient="row").with_columns(
        pl.col(moments).str.to_datetime(time_unit="us", time_zone="UTC", strict=False)
    )
    newest = frame.unique(schema.primary_key(), keep="last", maintain_order=True)
    known, _ = schema.filter(newest, cast=True)
    return known
