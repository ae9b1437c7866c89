"""JEFIT: one text file of several `### NAME ###` sections; an exercise's sets are packed as `80x8,85x6`.

Sessions carry their start as Unix seconds, under `starttime` or, in some versions, `starttimie`; where a log's session
is missing, its number is that start. The section of settings states the unit of weight, where it is there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from hipdrive.errors import UnknownColumn, UnreadableFile
from hipdrive.read.strength.delimited import decode_text
from hipdrive.read.strength.entries import log_of_entries, number_of
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import unit_of

FORMAT = "jefit"
_SECTION = re.compile(r"^#{3,}\s*([A-Z][A-Z ]+?)\s*#*\s*$")
_RULE = re.compile(r"^#+\s*$")
_SESSIONS, _LOGS = "WORKOUT SESSIONS", "EXERCISE LOGS"
_SETTINGS, _CARDIO = ("SETTING", "SETTINGS"), "CARDIO LOGS"
_EARLIEST_START_S = 1_000_000_000  # September 2001: a session's number above it is Unix seconds
_SECONDS = re.compile(r"[0-9]{1,10}")  # up to the year 2286
_START_COLUMNS = ("starttime", "starttimie")


def recognise(data: bytes) -> bool:
    """Whether these bytes are a JEFIT export: they hold the section of exercise logs."""
    return re.search(rb"(?m)^#{3,}\s*" + _LOGS.encode() + rb"\s*#*\s*$", data) is not None


def read(data: bytes, path: str) -> RawStrength:
    """Every set of a JEFIT export.

    Raises:
        UnknownColumn: a section lacks a column without which no set can be read.
    """
    sections = _sections(decode_text(data))
    sessions = {row.get("_id", ""): row for _, row in _rows(sections.get(_SESSIONS, []), path, "_id")}
    unit = _weight_unit(sections, path)
    sets: list[dict[str, object]] = []
    rejects: list[tuple[int, str]] = []
    rows = 0
    for line, row in _rows(sections.get(_LOGS, []), path, "ename", "logs"):
        rows += 1
        start = _start(sessions.get(row.get("belongsession", ""), {}), row)
        if start is None:
            rejects.append(
                (line, f"its session “{row.get('belongsession', '')}” is not in the file, and it has no date")
            )
            continue
        for packed in row["logs"].split(","):
            try:
                weight, reps = _unpack(packed)
            except ValueError:
                rejects.append((line, f"“{packed}” is not a set of weight x repetitions"))
                continue
            one = {"exercise_name": row["ename"] or None, "weight": weight, "weight_unit": unit, "reps": reps}
            sets.append({"line": line, **one, **start})
    cardio = sum(1 for _ in _rows(sections.get(_CARDIO, []), path))
    remarks = [f"rows of cardio left out: {cardio}"] if cardio else []
    return log_of_entries(FORMAT, sets, rejects, rows, remarks)


def _weight_unit(sections: Mapping[str, list[tuple[int, str]]], path: str) -> str | None:
    for name in _SETTINGS:
        for _, row in _rows(sections.get(name, []), path):
            return unit_of(row.get("mass", ""))
    return None


def _sections(text: str) -> dict[str, list[tuple[int, str]]]:
    """Section name → its lines with their numbers."""
    sections: dict[str, list[tuple[int, str]]] = {}
    name = ""
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _SECTION.match(line.strip())
        if heading:
            name = heading[1]
        elif line.strip() and not _RULE.match(line.strip()):
            sections.setdefault(name, []).append((number, line))
    return sections


def _rows(lines: list[tuple[int, str]], path: str, *needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a section with its first line; a quoted name may run over several lines."""
    if not lines:
        return
    reader = csv.reader(f"{line}\n" for _, line in lines)
    try:
        header = [name.strip().lower() for name in next(reader)]
    except csv.Error as error:
        raise UnreadableFile(path, f"line {lines[0][0]}: {error}; export the log again") from None
    for column in needed:
        if column not in header:
            raise UnknownColumn(path, column, header)
    at = reader.line_num
    while True:
        try:
            fields = next(reader, None)
        except csv.Error:  # a quote that never closes, and swallows the rest
            return
        if fields is None:
            return
        padded = [*fields, *[""] * len(header)]
        yield lines[at][0], {name: " ".join(field.split()) for name, field in zip(header, padded, strict=False)}
        at = reader.line_num


def _start(session: dict[str, str], row: dict[str, str]) -> dict[str, object] | None:
    """Start in UTC from the session's seconds, else the day it or the log row names."""
    for column in _START_COLUMNS:
        seconds = session.get(column, "")
        if _SECONDS.fullmatch(seconds) and int(seconds) > 0:
            length = session.get("total_time", "")
            duration_s = float(length) if _SECONDS.fullmatch(length) else None
            return {"started_utc": _at(int(seconds)), "duration_s": duration_s}
    number = row.get("belongsession", "")
    if _SECONDS.fullmatch(number) and int(number) > _EARLIEST_START_S:
        return {"started_utc": _at(int(number))}
    for day in (session.get("mydate", ""), row.get("mydate", "")):
        try:
            parsed = date.fromisoformat(day[:10])
        except ValueError:
            continue
        return {"started_local": datetime(parsed.year, parsed.month, parsed.day), "has_clock": False}  # noqa: DTZ001
    return None


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _unpack(packed: str) -> tuple[float | None, float | None]:
    weight, cross, reps = packed.strip().lower().partition("x")
    if not cross:
        raise ValueError(packed)
    return number_of(weight), number_of(reps)
