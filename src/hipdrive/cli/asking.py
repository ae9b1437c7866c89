"""Answers on the command line: SQL and the ledger."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import polars as pl

from hipdrive.cli.tables import show, wide_console
from hipdrive.errors import WrongUse
from hipdrive.settings import Home
from hipdrive.tables.sources import Source
from hipdrive.warehouse import POSITION, ask, describe_tables, example_queries, export_tables, macros, open_tables

# A watch has a file for each workout: they are one line a log.
_OVERLAPS = """
WITH paths AS (SELECT athlete_id, source_id, min(path) AS path FROM sources GROUP BY ALL)
SELECT
    CASE WHEN o.rule = 'log_over_watch' THEN 'watch' ELSE p.path END AS log,
    q.path AS gives_way_to,
    o.rule,
    min(o.first_date) AS first_date,
    max(o.last_date) AS last_date,
    sum(o.workouts)::BIGINT AS workouts,
    sum(o.deleted_workouts)::BIGINT AS deleted,
    sum(o.differing_sets)::BIGINT AS differing_sets,
    round(min(o.shift_min_s) / 3600, 2) AS shift_min_h,
    round(max(o.shift_max_s) / 3600, 2) AS shift_max_h
FROM log_overlaps AS o
LEFT JOIN paths AS p ON o.athlete_id = p.athlete_id AND o.source_id = p.source_id
LEFT JOIN paths AS q ON o.athlete_id = q.athlete_id AND o.other_source_id = q.source_id
GROUP BY ALL
ORDER BY log, first_date, gives_way_to
"""


def answer(home: Home, query: str, format_: str, out: Path | None, athlete: str | None, *, gps: bool) -> None:
    """Write a query's answer as a table, CSV, JSON (one array of objects, nothing else) or Parquet.

    Parquet is for handing on, so it holds no position unless `gps` asks for it.

    Raises:
        WrongUse: Parquet without a file to write it to.
        HipdriveError: there is no warehouse yet, or the query cannot be answered.
    """
    if format_ == "parquet":
        if out is None:
            raise WrongUse("sql", "Parquet cannot be printed as text", "name a file with --out")
        found = ask(home, query, athlete)
        found.drop([] if gps else POSITION, strict=False).write_parquet(out)
        return
    found = ask(home, query, athlete)
    if out is None:
        _print(found, format_)
    else:
        out.write_text(_as_text(found, format_), encoding="utf-8")


def _print(frame: pl.DataFrame, format_: str) -> None:
    """A table for people, cut where it is long; CSV or JSON whole."""
    if format_ == "table":
        show(frame)
    else:
        sys.stdout.write(_as_text(frame, format_))


def describe(home: Home) -> None:
    """Tables, views, columns, units, macros, and examples to start from."""
    console = wide_console()
    for name, about, columns in describe_tables(home):
        console.print(f"\n{name}: {about}")
        for column, sort, comment in columns:
            console.print(f"  {column} ({sort.lower()}) {comment}")
    console.print("\nMacros that any query may call:")
    for macro in macros():
        console.print(f"  {macro.call}: {macro.about}")
    console.print("\nExamples; put one after hipdrive sql, in quotes:")
    for question, query in example_queries():
        console.print(f"\n-- {question}\n{query}")


def export_parquet(home: Home, folder: Path, tables: Sequence[str], athlete: str | None, *, gps: bool) -> None:
    """Write tables as Parquet files, and say which and how long they are."""
    rows = export_tables(home, folder, tables, athlete, gps=gps)
    console = wide_console()
    for name, count in rows.items():
        console.print(f"{folder / name}.parquet: {count} rows")
    if "samples" in rows and not gps:
        console.print("Positions were left out; --gps lets them in.")


def list_sources(home: Home, status: str | None, format_: str) -> None:
    """The ledger, the newest first, then how many files became what; for a program the ledger alone."""
    from hipdrive.night.news import stale_paths

    with open_tables(home) as tables:
        sources = tables.read("sources", Source)
    stale = pl.col("path").is_in(stale_paths(sources, home)) & pl.col("is_gone")
    left = "gone, so kept as it was read with older settings"
    told = pl.when(stale).then(pl.lit(left)).when("is_gone").then(pl.lit("gone"))
    wanted = sources.filter(pl.col("status") == status) if status else sources
    shown = wanted.sort("first_seen_utc", "path", descending=[True, False]).with_columns(
        reason=pl.concat_str([pl.col("reason"), told], separator="; ", ignore_nulls=True),
        status=pl.col("status").cast(pl.String),
    )
    columns = ["path", "format", "status", "activities", "records", "sets", "counted", "reason"]
    _print(_as_they_read(home, shown).select(columns), format_)
    if format_ != "table":
        return
    none = "no files yet" if sources.is_empty() else f"none of the {sources.height} files is {status}"
    counts = shown.group_by("status").len().sort("status")
    wide_console().print(", ".join(f"{files} {name}" for name, files in counts.iter_rows()) or none)


def _as_they_read(home: Home, sources: pl.DataFrame) -> pl.DataFrame:
    """Each reason in the units of the athlete whose file it is of."""
    habits = {athlete: home.settings.habits_of(athlete) for athlete in sources["athlete_id"].unique()}
    if all(one.units == "metric" for one in habits.values()):
        return sources
    from hipdrive.report.as_read import as_read  # the report room is slow to open, and few need it here
    from hipdrive.report.habits import written_for

    told = []
    for athlete, reason in sources.select("athlete_id", "reason").iter_rows():
        with written_for(habits[athlete]):
            told.append(None if reason is None else as_read(reason))
    return sources.with_columns(reason=pl.Series(told, dtype=pl.String))


def list_overlaps(home: Home, format_: str) -> None:
    """Pairs of strength logs that hold the same workouts: dates, shift of the clock, sets that differ, which counts."""
    found = ask(home, _OVERLAPS)
    if format_ != "table":
        _print(found, format_)
        return
    if found.is_empty():
        wide_console().print("No two strength logs hold the same workouts.")
        return
    show(found)
    row = found.row(0, named=True)
    names = " & ".join(PurePosixPath(str(row[name])).name for name in ("log", "gives_way_to"))
    wide_console().print(
        f"\nTo overrule one, in hipdrive.toml (both count whole, or the name of the one that counts):\n[overlaps]\n"
        f'{json.dumps(names, ensure_ascii=False)} = "both"'
    )


def _as_text(frame: pl.DataFrame, format_: str) -> str:
    return _as_json(frame) if format_ == "json" else frame.write_csv()


def _as_json(frame: pl.DataFrame) -> str:
    rows = (json.dumps(_plain(row), ensure_ascii=False) for row in frame.iter_rows(named=True))
    return "[" + ",\n ".join(rows) + "]\n"


def _plain(value: object) -> object:
    """A value that JSON knows: dates in ISO 8601, what is not a number null."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
