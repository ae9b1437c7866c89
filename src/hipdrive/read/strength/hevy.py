"""Hevy: one row a set, units in the column names, month names in the phone's language, supersets by an id.

Body-weight sets leave the weight blank. A file may carry a column a unit: the first that is filled counts.
"""

from __future__ import annotations

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft, moment_of
from hipdrive.read.strength.marks import set_types
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import columns_by_unit

FORMAT = "hevy"
_NEEDED = ("start_time", "exercise_title", "set_index", "reps")
_COLUMNS = (
    *_NEEDED,
    "title",
    "end_time",
    "superset_id",
    "exercise_notes",
    "set_type",
    "rpe",
    "rir",
)
# Numbers of the app's own database, as some exports carry them.
_NUMBERED = {"2": "warmup", "3": "drop", "4": "failure"}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Hevy's."""
    return {plain(name) for name in _NEEDED} <= {plain(name) for name in header}


def read(table: Table) -> RawStrength:
    """Every row of a Hevy export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    names = {name: [name] for name in _COLUMNS} | {
        "title": ["title", "workout_title"],
        "duration_seconds": ["duration_seconds", "duration_s"],
    }
    weights, distances = columns_by_unit(table.header, "weight"), columns_by_unit(table.header, "distance")
    draft = Draft(table, names | {name: [name] for name in (*weights.values(), *distances.values())})
    draft.require(*_NEEDED)
    start = draft.moments("start_time")
    end = draft.optional_moments("end_time")
    weight, weight_unit = draft.measured("weight", weights)
    distance, distance_unit = draft.measured("distance", distances)
    marks = draft.text("set_type").replace(_NUMBERED)
    return draft.finish(
        FORMAT,
        {
            **start,
            "duration_s": (moment_of(end) - moment_of(start)).dt.total_seconds(),
            "workout_name": draft.text("title"),
            "exercise_name": draft.text("exercise_title"),
            "set_label": draft.text("set_index"),
            "set_type": set_types(marks),
            "reps": draft.number("reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": distance,
            "distance_unit": distance_unit,
            "hold_s": draft.seconds("duration_seconds"),
            "rpe": draft.rating("rpe", "rir"),
            "superset": draft.text("superset_id"),
            "notes": draft.text("exercise_notes"),
        },
    )
