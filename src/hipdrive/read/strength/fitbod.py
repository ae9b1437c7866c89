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
from hipdrive.read.strength.units import unit_in_header

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
    in_header = unit_in_header(draft.header_of("Distance")) if draft.has("Distance") else None
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "exercise_name": draft.text("Exercise"),
            "set_type": set_type,
            "reps": draft.number("Reps"),
            "weight": draft.number("Weight"),
            "weight_unit": unit_in_header(draft.header_of("Weight")) or "kg",
            "distance": draft.number("Distance"),
            "distance_unit": in_header or "m",
            "hold_s": draft.number("Duration"),
            "notes": draft.text("Note"),
        },
        repeats=draft.count("Sets"),
    )
