"""Fitbod: one row a set, time in UTC, weight in kg with long decimals; and the same condensed to rows of several sets.

`multiplier` counts the sides and hands that share the row: repetitions and weight are those of one side, and both sides
were trained, so a row is one full set and nothing is multiplied.
"""

from __future__ import annotations

import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.raw import RawStrength

FORMAT = "fitbod"
_NAMES = {
    "Date": ["Date"],
    "Exercise": ["Exercise"],
    "Sets": ["Sets"],
    "Reps": ["Reps"],
    "Weight": ["Weight(kg)", "Weight(lbs)", "Weight(lb)", "Weight"],
    "Duration": ["Duration(s)"],
    "Distance": ["Distance(m)", "Distance(mi)", "Distance(km)", "Distance"],
    "isWarmup": ["isWarmup"],
    "Note": ["Note"],
}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Fitbod's."""
    return {"date", "exercise", "reps", "iswarmup"} <= {plain(name) for name in header}


def read(table: Table) -> RawStrength:
    """Every set of a Fitbod export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, _NAMES)
    draft.require("Date", "Exercise", "Reps", "Weight")
    is_warmup = draft.truth("isWarmup")
    set_type = pl.repeat("normal", is_warmup.len(), dtype=pl.String, eager=True).set(is_warmup, "warmup")
    weight, weight_unit = draft.quantity("weight", "Weight", otherwise="kg")
    distance, distance_unit = draft.quantity("distance", "Distance", otherwise="m")
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "exercise_name": draft.text("Exercise"),
            "set_type": set_type,
            "reps": draft.number("Reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": distance,
            "distance_unit": distance_unit,
            "hold_s": draft.number("Duration"),
            "notes": draft.text("Note"),
        },
        repeats=draft.count("Sets"),
    )
