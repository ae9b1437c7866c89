"""Lyfta: one row a set, set types in capitals, no unit stated."""

from __future__ import annotations

import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.raw import RawStrength

FORMAT = "lyfta"
_COLUMNS = (
    "Title",
    "Date",
    "Duration",
    "Exercise",
    "Superset id",
    "Weight",
    "Reps",
    "Distance",
    "Time",
    "Set Type",
)
_SET_TYPES = {
    "warmup_set": "warmup",
    "warm_up_set": "warmup",
    "drop_set": "drop",
    "failure_set": "failure",
}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Lyfta's."""
    return {"title", "date", "exercise", "superset id", "set type"} <= {plain(name) for name in header}


def read(table: Table) -> RawStrength:
    """Every row of a Lyfta export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, {name: [name] for name in _COLUMNS})
    draft.require("Date", "Exercise", "Weight", "Reps")
    set_type = draft.text("Set Type").str.to_lowercase()
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "duration_s": draft.seconds("Duration"),
            "workout_name": draft.text("Title"),
            "exercise_name": draft.text("Exercise"),
            "set_type": set_type.replace_strict(_SET_TYPES, default="normal", return_dtype=pl.String),
            "reps": draft.number("Reps"),
            "weight": draft.number("Weight"),
            "distance": draft.number("Distance"),
            "hold_s": draft.seconds("Time"),
            "superset": draft.text("Superset id"),
        },
    )
