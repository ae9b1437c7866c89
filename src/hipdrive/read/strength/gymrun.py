"""GymRun: semicolons, `DD.MM.YYYY`, no unit, a time for each set. A workout is a routine on a day."""

from __future__ import annotations

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.raw import RawStrength

FORMAT = "gymrun"
_COLUMNS = ("Date", "Time", "Routine", "Exercise", "Set", "Weight", "Reps", "Duration", "Distance", "Note")
_S_IN_MIN = 60.0


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is GymRun's."""
    return {"date", "time", "routine", "exercise", "para6"} <= {plain(name) for name in header}


def read(table: Table) -> RawStrength:
    """Every row of a GymRun export. Its `Duration` is in minutes, its `Distance` in kilometres.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, {name: [name] for name in _COLUMNS})
    draft.require("Date", "Time", "Exercise", "Weight", "Reps")
    weight, weight_unit = draft.quantity("weight", "Weight")
    distance, distance_unit = draft.quantity("distance", "Distance", otherwise="km")
    return draft.finish(
        FORMAT,
        {
            **draft.workout_starts("Date", "Time", "Routine", day_first=True),
            "workout_name": draft.text("Routine"),
            "exercise_name": draft.text("Exercise"),
            "set_label": draft.text("Set"),
            "reps": draft.number("Reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": distance,
            "distance_unit": distance_unit,
            "hold_s": draft.number("Duration") * _S_IN_MIN,
            "notes": draft.text("Note"),
        },
    )
