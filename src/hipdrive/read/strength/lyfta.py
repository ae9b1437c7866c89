"""Lyfta: one row a set, set types in capitals, no unit stated.

Newer exports rate effort in a column `RIR/RPE`, by the app's setting: up to 5 it is read as repetitions in reserve,
above as RPE. The two scales meet at 5.
"""

from __future__ import annotations

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import RPE_OF_FAILURE, Draft
from hipdrive.read.strength.marks import set_types
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
    "RIR/RPE",
    "Exercise Note",
)
_IN_RESERVE_MAX = 5.0


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
    weight, weight_unit = draft.quantity("weight", "Weight")
    distance, distance_unit = draft.quantity("distance", "Distance")
    rating = draft.rating("RIR/RPE")
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "duration_s": draft.length("Duration"),
            "workout_name": draft.text("Title"),
            "exercise_name": draft.text("Exercise"),
            "set_type": set_types(draft.text("Set Type")),
            "reps": draft.number("Reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": distance,
            "distance_unit": distance_unit,
            "hold_s": draft.seconds("Time"),
            "rpe": rating.zip_with((rating > _IN_RESERVE_MAX).fill_null(value=True), RPE_OF_FAILURE - rating),
            "notes": draft.text("Exercise Note"),
            "superset": draft.text("Superset id"),
        },
    )
