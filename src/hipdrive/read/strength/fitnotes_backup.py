"""FitNotes's backup, a `.fitnotes` file: an SQLite database, opened read-only in memory and never on disk.

Facts by public descriptions of its tables: `training_log` has one row a set with `date`, `metric_weight` (kilograms
whatever the app shows), `reps`, `distance` in metres, `duration_seconds` and `is_complete`; `exercise` has the names,
and `Comment` notes on sets (`owner_type_id` 1). Sets of a routine that wait to be done stand in the log too: on a day
on which any set is marked as complete, the others were not done.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, datetime

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength.entries import log_of_entries, number_of
from hipdrive.read.strength.raw import RawStrength

FORMAT = "fitnotes_backup"
_MARK = b"SQLite format 3\x00"
_VERSIONS = slice(18, 20)  # 2 here means a write-ahead log beside the file, which a backup has no more
_STEPS_MAX = 50_000_000  # a damaged index may lead in circles
_SETS = """
SELECT t._id, t.date, e.name, t.metric_weight, t.reps, {distance}, {seconds}, {complete}, {note}
FROM training_log AS t LEFT JOIN exercise AS e ON e._id = t.exercise_id
ORDER BY t.date, t._id
"""
_NOTE = "(SELECT max(c.comment) FROM Comment AS c WHERE c.owner_id = t._id AND c.owner_type_id = 1)"


def recognise(data: bytes) -> bool:
    """Whether these bytes are a database with FitNotes's tables."""
    return data.startswith(_MARK) and b"training_log" in data and b"metric_weight" in data


def read(data: bytes, path: str) -> RawStrength:
    """Every set of a backup that was done; `line` is the set's number in the database.

    Raises:
        UnreadableFile: the database is damaged, or lacks a table.
    """
    try:
        rows = _rows(data)
    except (sqlite3.Error, UnicodeError, MemoryError) as error:
        raise UnreadableFile(path, f"this FitNotes backup is damaged ({error}); make a new one in the app") from None
    marked = {row[1] for row in rows if row[7]}
    sets: list[dict[str, object]] = []
    rejects: list[tuple[int, str]] = []
    for number, day, name, weight, reps, distance, seconds, is_complete, note in rows:
        line = number if isinstance(number, int) else 0
        if day in marked and not is_complete:
            rejects.append((line, "the app marks this set as not done"))
            continue
        try:
            entry = {
                "started_local": datetime.combine(date.fromisoformat(str(day)[:10]), datetime.min.time()),
                "has_clock": False,
                "exercise_name": None if name is None else str(name),
                "weight": number_of(weight),
                "weight_unit": "kg",
                "reps": number_of(reps),
                "distance": number_of(distance),
                "distance_unit": "m",
                "hold_s": number_of(seconds),
                "notes": None if note is None else str(note),
            }
        except ValueError as error:
            rejects.append((line, f"the set cannot be read ({error})"))
        else:
            sets.append({"line": line, **entry})
    return log_of_entries(FORMAT, sets, rejects, len(rows))


def _rows(data: bytes) -> list[tuple[object, ...]]:
    plain = bytearray(data)
    plain[_VERSIONS] = b"\x01\x01"
    steps = iter(range(_STEPS_MAX // 10_000))
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(bytes(plain))
        database.execute("PRAGMA query_only = ON")
        database.execute("PRAGMA trusted_schema = OFF")
        database.set_progress_handler(lambda: next(steps, None) is None, 10_000)
        columns = {row[1] for row in database.execute("PRAGMA table_info(training_log)")}
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        query = _SETS.format(
            distance="t.distance" if "distance" in columns else "NULL",
            seconds="t.duration_seconds" if "duration_seconds" in columns else "NULL",
            complete="t.is_complete" if "is_complete" in columns else "0",
            note=_NOTE if "Comment" in tables else "NULL",
        )
        return database.execute(query).fetchall()
