"""A table of an app that hipdrive does not know: read by what its columns are called, in many languages.

Only what is certain by name is read: a day, an exercise, and repetitions, seconds or metres. Columns with other names
are passed over.
"""

from __future__ import annotations

import polars as pl

from hipdrive.read.strength import spelled
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import columns_by_stem
from hipdrive.read.strength.raw import RawStrength

FORMAT = "other_table"
_NEEDED = ("Date", "Exercise Name")
_AMOUNTS = ("Reps", "Seconds", "Distance")
_SPELLED = {name: [name] for name in (spelled.HOLD, spelled.DISTANCE, spelled.LOAD, spelled.RPE)}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header names a day, an exercise and an amount, each once."""
    names = columns_by_stem(header, _NEEDED)
    return any(amount in names for amount in _AMOUNTS)


def read(table: Table) -> RawStrength:
    """Every row of such a table."""
    names = _with_count(columns_by_stem(table.header, _NEEDED), table)
    column = {meaning: columns[0] for meaning, columns in names.items()}
    table = spelled.spell_out(table, column.get("Reps"), count=column.get("Sets"), load=column.get("Weight"))
    draft = Draft(table, {**names, **_SPELLED})
    draft.remarks.append("no app that hipdrive knows: its columns were read by their names")
    is_warmup = draft.truth("Warmup")
    weight, weight_unit = draft.quantity("weight", "Weight")
    load, load_unit = draft.quantity("weight", spelled.LOAD)
    distance, distance_unit = draft.quantity("distance", "Distance")
    far, far_unit = draft.quantity("distance", spelled.DISTANCE)
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "workout_name": draft.text("Workout Name"),
            "exercise_name": draft.text("Exercise Name"),
            "set_label": draft.text("Set Order"),
            "set_type": pl.repeat("normal", is_warmup.len(), dtype=pl.String, eager=True).set(is_warmup, "warmup"),
            "reps": draft.number("Reps"),
            "weight": weight.fill_null(load),
            "weight_unit": weight_unit.fill_null(load_unit),
            "distance": distance.fill_null(far),
            "distance_unit": distance_unit.zip_with(distance.is_not_null(), far_unit),
            "hold_s": draft.seconds("Seconds").fill_null(draft.seconds(spelled.HOLD)),
            "rpe": draft.rating("RPE", "RIR").fill_null(draft.rating(spelled.RPE)),
            "notes": draft.text("Notes"),
        },
        repeats=draft.count("Sets"),
    )


def _with_count(names: dict[str, list[str]], table: Table) -> dict[str, list[str]]:
    """“Series” numbers the sets in one table and counts them in another: it counts where no exercise has two rows."""
    if "Sets" in names or "Set Order" not in names:
        return names
    order, day, exercise = (names[meaning][0] for meaning in ("Set Order", "Date", "Exercise Name"))
    numbers = table.frame[order].cast(pl.Float64, strict=False)
    is_several = numbers.len() > 0 and bool((numbers > 1).fill_null(value=False).all())
    if not is_several or table.frame.select(day, exercise).is_duplicated().any():
        return names
    return {**{meaning: columns for meaning, columns in names.items() if meaning != "Set Order"}, "Sets": [order]}
