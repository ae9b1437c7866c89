"""`data/diary.csv` → lines that can be used, and the others with their cause: it is written by hand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import dataframely as dy
import polars as pl

from hipdrive.settings import DEFAULT_ATHLETE
from hipdrive.tables.diary import DIARY_KINDS, DiaryLine
from hipdrive.tables.wellness import HIGHEST_RESTING_BPM, LOWEST_RESTING_BPM

_NEEDED = ("local_date", "kind")
_BEATS = re.compile(r"(\d+(?:[.,]\d+)?)(?:\s*(?:bpm|/\s*min))?", re.IGNORECASE)


@dataclass(frozen=True)
class Diary:
    """The lines that can be used, and of each other line one sentence."""

    lines: dy.DataFrame[DiaryLine]
    rejects: Sequence[str]


def read_diary(path: Path, athlete_ids: Sequence[str]) -> Diary:
    """A home's diary; an empty one where there is no file.

    Args:
        path: a CSV file with the columns `local_date` (2026-03-01), `kind`, and, if you like, `text` and `athlete_id`.
        athlete_ids: everyone this home knows.
    """
    if not path.is_file():
        return Diary(DiaryLine.create_empty(), ())
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return Diary(DiaryLine.create_empty(), (f"the file cannot be read ({error}); save it as UTF-8 text",))
    return _diary(text, athlete_ids)


def read_lines_of(path: Path, athlete: str) -> Diary:
    """One athlete's lines of a team's diary; what nobody understands of it is the team's to tell."""
    text = text_of(path, athlete)
    return Diary(_diary(text, (athlete,)).lines if text else DiaryLine.create_empty(), ())


def text_of(path: Path, athlete: str) -> str:
    """One athlete's lines of a team's diary as they are written, with the header; of others not a word."""
    try:
        state = path.stat()
        texts = _texts(path, state.st_mtime_ns, state.st_size)
    except (OSError, UnicodeDecodeError):
        return ""
    return texts.get(athlete, "")


@lru_cache(maxsize=1)
def _texts(path: Path, modified_ns: int, size_bytes: int) -> dict[str, str]:  # noqa: ARG001  what it is known by
    """Whose lines say what, read once for all of a team."""
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    header = [name.strip() for name in next(csv.reader(lines[:1]), [])]
    place = header.index("athlete_id") if "athlete_id" in header else None
    found: dict[str, list[str]] = {}
    for line in lines[1:]:
        cells = next(csv.reader([line], skipinitialspace=True), [])
        cell = cells[place].strip() if place is not None and len(cells) > place else ""
        found.setdefault(cell or DEFAULT_ATHLETE, []).append(line)
    return {athlete: "".join([lines[0], *own]) for athlete, own in found.items()}


def _diary(text: str, athlete_ids: Sequence[str]) -> Diary:
    table = csv.DictReader(text.splitlines(), skipinitialspace=True)
    header = [name.strip() for name in table.fieldnames or ()]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        return Diary(
            DiaryLine.create_empty(),
            (f"line 1: the column “{missing[0]}” is missing; begin with: local_date,kind,text",),
        )
    table.fieldnames = header
    rows, rejects = [], []
    for row in table:
        try:
            rows.append(_line(row, athlete_ids))
        except ValueError as error:
            rejects.append(f"line {table.line_num}: {error}")
    types = {name: column.dtype for name, column in DiaryLine.columns().items()}
    frame = pl.DataFrame(rows, schema=types).sort("athlete_id", "local_date", maintain_order=True)
    return Diary(DiaryLine.validate(frame), rejects)


def drop_lines(path: Path, athlete: str) -> None:
    """Take one athlete's lines out of a diary; the file is replaced whole."""
    if not path.is_file():
        return
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    header = [name.strip() for name in next(csv.reader(lines[:1]), [])]
    if "athlete_id" not in header:
        return
    place = header.index("athlete_id")

    def is_theirs(line: str) -> bool:
        cells = next(csv.reader([line], skipinitialspace=True), [])
        return len(cells) > place and cells[place].strip() == athlete

    half = path.with_name(f"{path.name}.next")
    half.write_text("".join(line for line in lines if not is_theirs(line)), encoding="utf-8")
    half.replace(path)


def with_line(text: str, day: date, kind: str, note: str | None, athlete_id: str) -> str:
    """The text of a diary with one line more; of a new one where there is no text yet.

    Args:
        text: the file's text as it stands, or nothing.
        day: whose line it is.
        kind: one of the kinds of lines.
        note: what to say, or null.
        athlete_id: whose diary.

    Raises:
        ValueError: there is no such kind, the note of a resting heart rate is not one, or the file lacks
            a column that the line needs.
    """
    if kind not in DIARY_KINDS:
        raise ValueError(f"“{kind}” is not a kind of line; there are {', '.join(DIARY_KINDS)}")
    if kind == "resting_heart_rate":
        beats_a_minute(note)
    given = {"local_date": day.isoformat(), "kind": kind, "text": note or ""}
    if athlete_id != DEFAULT_ATHLETE:
        given["athlete_id"] = athlete_id
    header = next(csv.reader(text.splitlines()[:1], skipinitialspace=True), None) or [*given, "athlete_id"]
    header = list(dict.fromkeys(name.strip() for name in header))
    missing = [name for name, value in given.items() if value and name not in header]
    if missing:
        raise ValueError(f"its first line has no column “{missing[0]}”")
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, lineterminator="\n")
    if not text.strip():
        writer.writeheader()
    writer.writerow({name: given.get(name, "") for name in header})
    return (f"{text.rstrip(chr(10))}\n" if text.strip() else "") + buffer.getvalue()


def _line(row: dict[str, str | None], athlete_ids: Sequence[str]) -> dict[str, object]:
    given = {name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}
    try:
        day = date.fromisoformat(given["local_date"])
    except ValueError:
        raise ValueError(f"“{given['local_date']}” is not a valid day; write it as 2026-03-01") from None
    if given["kind"].lower() not in DIARY_KINDS:
        raise ValueError(f"“{given['kind']}” is not a kind of line; there are {', '.join(DIARY_KINDS)}")
    athlete = given.get("athlete_id") or DEFAULT_ATHLETE
    if athlete not in athlete_ids:
        raise ValueError(f"nobody here is called “{athlete}”; the settings name {', '.join(athlete_ids)}")
    kind, text = given["kind"].lower(), given.get("text") or None
    return {
        "athlete_id": athlete,
        "local_date": day,
        "kind": kind,
        "text": beats_a_minute(text) if kind == "resting_heart_rate" else text,
    }


def beats_a_minute(text: str | None) -> str:
    """The resting heart rate that a line's text tells, as a plain number: 48 of “48 bpm”.

    Raises:
        ValueError: it is not a number, or none that a heart at rest has.
    """
    found = _BEATS.fullmatch(text or "")
    beats = float(found[1].replace(",", ".")) if found else 0.0
    if not LOWEST_RESTING_BPM <= beats <= HIGHEST_RESTING_BPM:
        raise ValueError(f"“{text or ''}” is not a resting heart rate; write the beats a minute, such as 48")
    return f"{beats:g}"
