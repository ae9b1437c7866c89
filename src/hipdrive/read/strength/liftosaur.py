"""Liftosaur: one row a set, planned beside done, time in UTC, a unit beside each weight, equipment after the name.

Columns as the app's own export writes them (github.com/astashov/liftosaur): `Completed Reps` is blank for a set that
was planned and not done. Older exports have one `Weight Value` and one `RPE`.
"""

from __future__ import annotations

import polars as pl

from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import heading
from hipdrive.read.strength.raw import RawStrength

FORMAT = "liftosaur"
_NAMES = {
    "Date": ["Workout DateTime"],
    "Program": ["Program"],
    "Day Name": ["Day Name"],
    "Exercise": ["Exercise"],
    "Warmup": ["Is Warmup Set?"],
    "Reps": ["Completed Reps"],
    "RPE": ["Completed RPE", "RPE"],
    "Weight": ["Completed Weight Value", "Weight Value"],
    "Weight Unit": ["Completed Weight Unit", "Weight Unit"],
    "Planned": ["Required Weight Value"],
    "Planned Unit": ["Required Weight Unit"],
    "Notes": ["Notes"],
}
_NEEDED = {"workout datetime", "exercise", "is warmup set", "completed reps"}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Liftosaur's."""
    return {heading(name) for name in header} >= _NEEDED


def read(table: Table) -> RawStrength:
    """Every set of a Liftosaur export that was done."""
    draft = Draft(table, _NAMES)
    is_warmup = draft.truth("Warmup")
    weight, unit = draft.quantity("weight", "Weight")
    planned, planned_unit = draft.quantity("weight", "Planned")
    draft.refuse_where(draft.text("Reps").is_null(), "the app marks this set as not done")
    title = pl.select(pl.coalesce(draft.text("Day Name"), draft.text("Program"))).to_series()
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "workout_name": title,
            "exercise_name": draft.text("Exercise"),
            "set_type": pl.repeat("normal", is_warmup.len(), dtype=pl.String, eager=True).set(is_warmup, "warmup"),
            "reps": draft.number("Reps"),
            "weight": weight.fill_null(planned),
            "weight_unit": unit.zip_with(weight.is_not_null(), planned_unit),
            "rpe": draft.rating("RPE"),
            "notes": draft.text("Notes"),
        },
    )
