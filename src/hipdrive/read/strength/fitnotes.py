"""FitNotes: one row a set, the day without a time, the weight's unit in the column name or beside it.

Exercise names are not quoted, so a comma in one makes a row too long: it is joined again.
"""

from __future__ import annotations

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import unit_in_header, units_of

FORMAT = "fitnotes"
JOINED_COLUMN = "Exercise"
_NAMES = {
    "Date": ["Date"],
    "Exercise": ["Exercise"],
    "Category": ["Category"],
    "Weight": ["Weight", "Weight (kgs)", "Weight (kg)", "Weight (lbs)", "Weight (lb)"],
    "Weight Unit": ["Weight Unit"],
    "Reps": ["Reps"],
    "Distance": ["Distance"],
    "Distance Unit": ["Distance Unit"],
    "Time": ["Time"],
    "Comment": ["Comment", "Notes"],
}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is FitNotes's."""
    return {"date", "exercise", "category", "reps", "time"} <= {plain(name) for name in header}


def read(table: Table) -> RawStrength:
    """Every row of a FitNotes export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, _NAMES)
    draft.require("Date", "Exercise", "Reps")
    in_header = unit_in_header(draft.header_of("Weight")) if draft.has("Weight") else None
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "exercise_name": draft.text("Exercise"),
            "reps": draft.number("Reps"),
            "weight": draft.number("Weight"),
            "weight_unit": units_of(draft.text("Weight Unit")) if draft.has("Weight Unit") else in_header,
            "distance": draft.number("Distance"),
            "distance_unit": units_of(draft.text("Distance Unit")),
            "hold_s": draft.seconds("Time"),
            "notes": draft.text("Comment"),
        },
    )
