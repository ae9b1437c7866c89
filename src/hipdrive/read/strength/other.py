"""A table of an app that hipdrive does not know: read by what its columns are called, in six languages.

Only what is certain by name is read: a day, an exercise, and repetitions, seconds or metres. Columns with other names
are passed over.
"""

from __future__ import annotations

import polars as pl

from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import columns_by_stem
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import unit_in_header, units_of

FORMAT = "other_table"
_NEEDED = ("Date", "Exercise Name")
_AMOUNTS = ("Reps", "Seconds", "Distance")


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header names a day, an exercise and an amount, each once."""
    names = columns_by_stem(header, _NEEDED)
    return any(amount in names for amount in _AMOUNTS)


def read(table: Table) -> RawStrength:
    """Every row of such a table."""
    names = columns_by_stem(table.header, _NEEDED)
    draft = Draft(table, names)
    draft.remarks.append("no app that hipdrive knows: its columns were read by their names")
    is_warmup = draft.truth("Warmup")
    weight, weight_unit = _quantity(draft, "Weight")
    distance, distance_unit = _quantity(draft, "Distance")
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "workout_name": draft.text("Workout Name"),
            "exercise_name": draft.text("Exercise Name"),
            "set_label": draft.text("Set Order"),
            "set_type": pl.repeat("normal", is_warmup.len(), dtype=pl.String, eager=True).set(is_warmup, "warmup"),
            "reps": draft.number("Reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": distance,
            "distance_unit": distance_unit,
            "hold_s": draft.seconds("Seconds"),
            "rpe": draft.rating("RPE", "RIR"),
            "notes": draft.text("Notes"),
        },
    )


def _quantity(draft: Draft, quantity: str) -> tuple[pl.Series, pl.Series | str | None]:
    """A weight or distance with the unit that a unit column or the column's own name states, or null."""
    if draft.has(f"{quantity} Unit"):
        return draft.number(quantity), units_of(draft.text(f"{quantity} Unit"))
    return draft.number(quantity), unit_in_header(draft.header_of(quantity)) if draft.has(quantity) else None
