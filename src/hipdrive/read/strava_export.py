"""Strava's bulk export: `activities.csv`, of which names, gear and races are taken; its runs are read from its files.

Strava translates the headers and repeats some of them (94 to 101 columns), so that columns are known by where they
stand and by what they hold: the file's name begins with `activities/`, the gear stands before it, and the race's mark
among those that Strava added last.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

import dataframely as dy
import polars as pl

from hipdrive.errors import UnreadableFile
from hipdrive.tables.run_labels import FileLabel

FORMAT = "strava_activities"
_ID, _NAME = 0, 2
_FILE = re.compile(r"activities/[^,\"]+\.(fit|tcx|gpx)(\.gz)?$", re.IGNORECASE)
_FEWEST_COLUMNS = 13  # up to the file's name in the oldest exports
_COLUMNS_WITH_RACES, _RACE_AT = 98, 95
# The header of the race's mark, in lower case, in the languages that were met; where it is none of them, its place.
_RACE_NAMES = (
    *("competition", "race", "wettkampf", "wettbewerb", "rennen", "compétition", "competición", "competencia"),
    *("carrera", "competizione", "gara", "competição", "corrida", "wedstrijd", "competitie", "tävling", "konkurranse"),
    *(
        "konkurrence",
        "zawody",
        "соревнование",
        "závod",
        "soutěž",
        "yar\u0131\u015fma",
        "kompetisi",
        "大会",
        "レース",
        "競技",
    ),
    *("比赛", "竞赛", "競賽", "比賽", "대회", "경기"),
)
_YES, _NO = ("1", "1.0", "true"), ("", "0", "0.0", "false")
_HEAD_ROWS = 400
_HEAD_BYTES = 400_000


def recognise(data: bytes) -> str | None:
    """`strava_activities` for the list of a bulk export; None for anything else."""
    text = data[:_HEAD_BYTES].decode("utf-8-sig", "replace")
    rows = csv.reader(io.StringIO(text))
    try:
        header = next(rows, [])
        if len(header) < _FEWEST_COLUMNS:
            return None
        some = [row for _, row in zip(range(_HEAD_ROWS), rows, strict=False)]
    except csv.Error:
        return None
    known = [row for row in some if row and row[_ID].isdigit()]
    return FORMAT if known and _file_column(known) is not None else None


def read_labels(data: bytes, name: str) -> dy.DataFrame[FileLabel]:
    """Of every activity that has a file: its file, name, gear and whether it was a race.

    Args:
        data: the list.
        name: for the error.

    Raises:
        UnreadableFile: it names no file.
    """
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"))))
    header, body = rows[0], [row for row in rows[1:] if row and row[_ID].isdigit()]
    at = _file_column(body)
    if at is None:
        raise UnreadableFile(name, "this list of Strava names no file; ask Strava for the whole export again")
    race = _race_column(header, body)
    labels = [
        {
            "file": row[at],
            "name": row[_NAME].strip() or None,
            "gear": row[at - 1].strip() or None,
            "is_race": race is not None and len(row) > race and row[race].strip().lower() in _YES,
        }
        for row in body
        if len(row) > at and _FILE.match(row[at])
    ]
    types = {column: kind.dtype for column, kind in FileLabel.columns().items()}
    return FileLabel.validate(pl.DataFrame(labels, schema=types).unique("file", keep="last", maintain_order=True))


def _file_column(rows: Sequence[Sequence[str]]) -> int | None:
    for row in rows:
        for place, cell in enumerate(row):
            if place > _NAME and _FILE.match(cell):
                return place
    return None


def _race_column(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int | None:
    named = [place for place, word in enumerate(header) if word.strip().lower() in _RACE_NAMES]
    placed = [_RACE_AT] if len(header) >= _COLUMNS_WITH_RACES else []
    for place in [*reversed(named), *placed]:
        if all(len(row) <= place or row[place].strip().lower() in (*_YES, *_NO) for row in rows):
            return place
    return None
