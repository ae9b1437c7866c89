"""FitNotes: one row a set, the day without a time, the weight's unit in the column name or beside it.

Exercise names are not quoted, so a comma in one makes a row too long: it is joined again. The iPhone's FitNotes 2 has
a weight column a unit and a `Kind` that may say warm-up; a newer one writes starts in UTC, equipment beside the name,
repetitions in reserve, and whether the set was done.
"""

from __future__ import annotations

import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft, moment_of
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import columns_by_unit

FORMAT = "fitnotes"
JOINED_COLUMN = "Exercise"
_NAMES = {
    "Date": ["Date"],
    "Exercise": ["Exercise"],
    "Category": ["Category"],
    "Weight Unit": ["Weight Unit"],
    "Reps": ["Reps"],
    "Distance": ["Distance"],
    "Distance Unit": ["Distance Unit"],
    "Time": ["Time"],
    "Comment": ["Comment", "Notes", "Note"],
    "Kind": ["Kind"],
    "Name": ["Name"],
    "StartTime": ["StartTime"],
    "EndTime": ["EndTime"],
    "Equipment": ["Equipment"],
    "Status": ["Status"],
    "IsWarmup": ["IsWarmup"],
    "RPE": ["RPE"],
    "RIR": ["RIR"],
}
_TIMED = {"starttime", "exercise", "equipment", "reps", "status"}
_NO_EQUIPMENT = ("none", "no equipment", "other", "n/a", "-")
_NOT_DONE = ("notstarted", "not started", "skipped", "pending")


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is FitNotes's."""
    present = {plain(name) for name in header}
    return {"date", "exercise", "category", "reps", "time"} <= present or present >= _TIMED


def read(table: Table) -> RawStrength:
    """Every row of a FitNotes export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    weights = columns_by_unit(table.header, "weight")
    draft = Draft(table, _NAMES | {name: [name] for name in weights.values()})
    draft.require("Exercise", "Reps")
    weight, weight_unit = draft.measured("weight", weights, unit_column="Weight Unit")
    distance, distance_unit = draft.quantity("distance", "Distance")
    draft.refuse_where(draft.text("Status").str.to_lowercase().is_in(_NOT_DONE), "the app marks this set as not done")
    return draft.finish(
        FORMAT,
        {
            **_starts(draft),
            "workout_name": draft.text("Name"),
            "exercise_name": _names(draft),
            "set_type": _set_types(draft),
            "reps": draft.number("Reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": distance,
            "distance_unit": distance_unit,
            "hold_s": draft.seconds("Time"),
            "rpe": draft.rating("RPE", "RIR"),
            "notes": draft.text("Comment"),
        },
    )


def _starts(draft: Draft) -> dict[str, pl.Series]:
    if draft.has("Date"):
        return draft.moments("Date")
    starts = draft.moments("StartTime")
    length = moment_of(draft.optional_moments("EndTime")) - moment_of(starts)
    return {**starts, "duration_s": length.dt.total_seconds()}


def _names(draft: Draft) -> pl.Series:
    """The exercise, with its equipment in brackets where a column of its own names it."""
    names, equipment = draft.text("Exercise"), draft.text("Equipment")
    equipment = equipment.set(equipment.str.to_lowercase().is_in(_NO_EQUIPMENT).fill_null(value=False), None)
    return pl.select(pl.coalesce(pl.format("{} ({})", names, equipment), names)).to_series()


def _set_types(draft: Draft) -> pl.Series:
    status, kind = draft.text("Status").str.to_lowercase(), draft.text("Kind").str.to_lowercase()
    is_warmup = draft.truth("IsWarmup") | kind.str.contains("warm").fill_null(value=False)
    normal = pl.repeat("normal", status.len(), dtype=pl.String, eager=True)
    return normal.set((status == "failed").fill_null(value=False), "failure").set(is_warmup, "warmup")
