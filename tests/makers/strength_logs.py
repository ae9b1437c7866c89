"""Logs of apps for tests, made up, in the shapes that their exports have."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping

_TABLES = """
CREATE TABLE exercise (_id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
    category_id INTEGER NOT NULL DEFAULT 6, exercise_type_id INTEGER NOT NULL DEFAULT 0, notes TEXT,
    weight_unit_id INTEGER NOT NULL DEFAULT 0);
CREATE TABLE training_log (_id INTEGER PRIMARY KEY AUTOINCREMENT, exercise_id INTEGER NOT NULL, date DATE NOT NULL,
    metric_weight INTEGER NOT NULL, reps INTEGER NOT NULL, unit INTEGER NOT NULL DEFAULT 0,
    is_complete INTEGER NOT NULL DEFAULT 0, distance INTEGER NOT NULL DEFAULT 0,
    duration_seconds INTEGER NOT NULL DEFAULT 0);
CREATE TABLE Comment (_id INTEGER PRIMARY KEY, date DATE, owner_type_id INTEGER, owner_id INTEGER, comment TEXT);
CREATE TABLE settings (_id INTEGER PRIMARY KEY, metric INTEGER);
INSERT INTO settings VALUES (1, 0);
"""


def make_fitnotes_backup(sets: Iterable[Mapping[str, object]], *, statements: Iterable[str] = ()) -> bytes:
    """The bytes of a FitNotes backup.

    Args:
        sets: `exercise date` and any of `metric_weight reps is_complete distance duration_seconds note`.
        statements: SQL to run afterwards, to make it odd.
    """
    database = sqlite3.connect(":memory:")
    database.executescript(_TABLES)
    exercises: dict[object, int] = {}
    for one in sets:
        name = one["exercise"]
        if name not in exercises:
            exercises[name] = int(database.execute("INSERT INTO exercise (name) VALUES (?)", (name,)).lastrowid or 0)
        row = database.execute(
            "INSERT INTO training_log (exercise_id, date, metric_weight, reps, is_complete, distance, duration_seconds)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                exercises[name],
                one["date"],
                *(one.get(key, 0) for key in ("metric_weight", "reps", "is_complete", "distance", "duration_seconds")),
            ),
        )
        if "note" in one:
            comment = "INSERT INTO Comment (owner_type_id, owner_id, comment) VALUES (1, ?, ?)"
            database.execute(comment, (row.lastrowid, one["note"]))
    for statement in statements:
        database.execute(statement)
    database.commit()
    content = bytes(database.serialize())
    database.close()
    return content
