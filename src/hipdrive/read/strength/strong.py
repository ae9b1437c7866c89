"""Strong: its comma export of 2016 to 2026 and the older semicolon export.

The comma export states no units: they follow the app's setting, so `weight_unit` stays null and the user's settings
decide. Where a column names its unit (`Weight (kg)`, `kg`) that counts. A `Rest Timer` or `Note` in the set order is a
row of its own.
"""

from __future__ import annotations

import re

import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.raw import RawStrength

FORMAT = "strong"
NAMES = {
    "Date": ["Date", "Datum", "Fecha", "Data"],
    "Workout Name": ["Workout Name", "workout_name", "Workout-Name"],
    "Duration": ["Duration", "Duration (sec)", "Dauer", "Duración", "Durée", "Durata", "Duração", "Workout Duration"],
    "Exercise Name": ["Exercise Name", "menu"],
    "Set Order": ["Set Order", "set_order"],
    "Weight": ["Weight", "Weight (kg)", "Weight (kgs)", "Weight (lbs)", "Weight (lb)", "kg", "lbs", "lb"],
    "Weight Unit": ["Weight Unit"],
    "Reps": ["Reps"],
    "Distance": [
        "Distance",
        "Distance (meters)",
        "Distance (m)",
        "Distance (km)",
        "Distance (miles)",
        "km",
        "miles",
        "mi",
    ],
    "Distance Unit": ["Distance Unit"],
    "Seconds": ["Seconds", "sec"],
    "Notes": ["Notes", "note"],
    "RPE": ["RPE"],
}
_SET_TYPES = {
    "w": "warmup",
    "d": "drop",
    "f": "failure",
    "rest timer": "rest",
    "note": "note",
}
_UNIT_WORDS = {
    "kg": "kg",
    "kgs": "kg",
    "lb": "lb",
    "lbs": "lb",
    "m": "m",
    "meter": "m",
    "meters": "m",
    "km": "km",
    "mi": "mi",
    "mile": "mi",
    "miles": "mi",
    "ft": "ft",
    "yd": "yd",
}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Strong's: it numbers the sets of named exercises of named workouts."""
    names = {plain(name) for name in header}
    return all(
        names & {plain(spelling) for spelling in NAMES[meaning]}
        for meaning in ("Date", "Workout Name", "Exercise Name", "Set Order", "Reps")
    )


def read(table: Table) -> RawStrength:
    """Every row of a Strong export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, NAMES)
    draft.require("Date", "Exercise Name", "Set Order", "Weight", "Reps")
    label = draft.text("Set Order")
    set_type = label.str.to_lowercase().replace_strict(_SET_TYPES, default="normal", return_dtype=pl.String)
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "duration_s": draft.seconds("Duration"),
            "workout_name": draft.text("Workout Name"),
            "exercise_name": draft.text("Exercise Name"),
            "set_label": label,
            "set_type": set_type,
            "reps": draft.number("Reps"),
            "weight": draft.number("Weight"),
            "weight_unit": _unit(draft, "Weight"),
            "distance": draft.number("Distance"),
            "distance_unit": _unit(draft, "Distance"),
            "hold_s": draft.number("Seconds"),
            "rpe": draft.number("RPE"),
            "notes": draft.text("Notes"),
        },
    )


def _unit(draft: Draft, quantity: str) -> pl.Series | str | None:
    """The unit that a unit column or the column's own name states, or null."""
    if draft.has(f"{quantity} Unit"):
        return unit_column(draft.text(f"{quantity} Unit"))
    return unit_in_header(draft.header_of(quantity)) if draft.has(quantity) else None


def unit_column(texts: pl.Series) -> pl.Series:
    """A column of unit words as units; what is none is null."""
    return texts.str.to_lowercase().replace_strict(_UNIT_WORDS, default=None, return_dtype=pl.String)


def unit_in_header(name: str) -> str | None:
    """The unit in a column's name: `kg` of “Weight (kg)” or “weight_kg”."""
    words = re.findall(r"[a-z]+", name.lower())
    return next((_UNIT_WORDS[word] for word in reversed(words) if word in _UNIT_WORDS), None)
