"""GymBook: header, units and numbers in the phone's language, always the same twelve columns in the same order.

`20 ripetizioni` and `60 secondi` share a column, and so do `20,00 kg` and `2,00 km`. Each set has its own time, newest
first; a workout is a programme on a day. The header names the kinds of sets, so they are understood in any language.
Rows marked as skipped were not done.
"""

from __future__ import annotations

import re

import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import units_of

FORMAT = "gymbook"
_ORDER = (
    "date",
    "programme",
    "time",
    "exercise",
    "region",
    "primary muscles",
    "secondary muscles",
    "set type",
    "reps or time",
    "weight or distance",
    "notes",
    "skipped",
)
_CHOICE = re.compile(r"\s*/\s*")
_SET_TYPES = ("normal", "warmup", "warmup")  # sets, warm-up sets, cool-down sets: the order of the header
_TIME_WORDS = r"(?i)\b(s|sec|sek|seg|second|secondi|sekund|segund|min|minut|h|hour|ora|ore|stund)"


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is GymBook's: twelve columns, of which three name their choices with slashes."""
    return (
        len(header) == len(_ORDER)
        and header[7].count("/") == len(_SET_TYPES) - 1
        and all(name.count("/") == 1 for name in header[8:10])
    )


def read(table: Table) -> RawStrength:
    """Every row of a GymBook export that was done."""
    draft = Draft(table, {meaning: [name] for meaning, name in zip(_ORDER, table.header, strict=True)})
    draft.refuse_where(draft.truth("skipped"), "the app marks this set as skipped")
    amount, load = draft.text("reps or time"), draft.text("weight or distance")
    is_time = amount.str.contains(_TIME_WORDS).fill_null(value=False) | amount.str.contains(":").fill_null(value=False)
    # Where clocks have twelve hours, months may come first.
    day_first = None if draft.text("time").str.contains(r"(?i)[ap]\.?\s?m\b").any() else True
    kinds = dict(zip((plain(kind) for kind in _CHOICE.split(table.header[7])), _SET_TYPES, strict=True))
    unit = units_of(load.str.extract(r"([^\W\d_]+)\.?\s*$"))
    is_distance = unit.is_in(["m", "km", "mi", "ft", "yd"]).fill_null(value=False)
    quantity = draft.numbers_of("weight or distance", load)
    return draft.finish(
        FORMAT,
        {
            **draft.workout_starts("date", "time", "programme", day_first=day_first),
            "workout_name": draft.text("programme"),
            "exercise_name": draft.text("exercise"),
            "set_label": draft.text("set type"),
            "set_type": draft.text("set type")
            .map_elements(lambda kind: kinds.get(plain(kind), "normal"), return_dtype=pl.String, skip_nulls=True)
            .fill_null("normal"),
            "reps": draft.numbers_of("repetitions", amount.set(is_time, None)),
            "hold_s": draft.durations_of("time", amount.set(~is_time, None)),
            "weight": quantity.set(is_distance, None),
            "weight_unit": unit.set(is_distance, None),
            "distance": quantity.set(~is_distance, None),
            "distance_unit": unit.set(~is_distance, None),
            "notes": draft.text("notes"),
        },
    )
