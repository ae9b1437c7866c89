"""Strong: its comma export of 2016 to 2026, the older semicolon export, and headers in the phone's language.

The comma export states no units: they follow the app's setting, so `weight_unit` stays null and the user's settings
decide. Where a column names its unit (`Weight (kg)`, `kg`) that counts. A `Rest Timer` or `Note` in the set order, in
any language, is a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import columns_by_stem
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.units import unit_in_header, units_of

FORMAT = "strong"
NAMES = {
    "Date": ["Date"],
    "Workout Name": ["Workout Name", "workout_name"],
    "Duration": ["Duration", "Duration (sec)", "Workout Duration"],
    "Exercise Name": ["Exercise Name", "menu"],
    "Set Order": ["Set Order", "set_order"],
    "Weight": ["Weight", "Weight (kg)", "Weight (kgs)", "Weight (lbs)", "Weight (lb)", "kg", "lbs", "lb"],
    "Weight Unit": ["Weight Unit"],
    "Reps": ["Reps"],
    "Distance": ["Distance", "Distance (meters)", "Distance (m)", "Distance (km)", "Distance (miles)", "km", "mi"],
    "Distance Unit": ["Distance Unit"],
    "Seconds": ["Seconds", "sec"],
    "Notes": ["Notes", "note"],
    "RPE": ["RPE"],
    "RIR": ["RIR"],
}
_NEEDED = ("Date", "Workout Name", "Exercise Name", "Set Order", "Weight", "Reps")
# A translated header is told from a table of another app by the columns that Strong always has.
_NEEDED_IN_TRANSLATION = (*_NEEDED, "Distance", "Seconds")
_SET_TYPES = {"w": "warmup", "d": "drop", "f": "failure", "warmup": "warmup", "drop": "drop", "failure": "failure"}
# A set is numbered or has a letter; a longer word is a row of another kind, in whatever language.
_WORD = r"[^\W\d_]{4,}"
_REST = r"(?i)\b(rest|pause|ruhe|descanso|recupero|riposo|repos)"


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Strong's, in English or translated: it numbers the sets of exercises of titled workouts."""
    return all(meaning in _names(header) for meaning in _NEEDED)


def _names(header: tuple[str, ...]) -> Mapping[str, list[str]]:
    """What the columns of this header mean: by Strong's own names, else by stems of six languages."""
    present = {plain(name) for name in header}
    english = {meaning: names for meaning, names in NAMES.items() if present & {plain(spelling) for spelling in names}}
    if all(meaning in english for meaning in _NEEDED):
        return english
    return columns_by_stem(header, _NEEDED_IN_TRANSLATION)


def read(table: Table) -> RawStrength:
    """Every row of a Strong export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, _names(table.header))
    draft.require(*_NEEDED)
    label = draft.text("Set Order")
    hold_s = draft.seconds("Seconds")
    by_mark = label.str.to_lowercase().replace_strict(_SET_TYPES, default="normal", return_dtype=pl.String)
    is_other = (label.str.contains(_WORD) & (by_mark == "normal")).fill_null(value=False)
    is_rest = is_other & (label.str.contains(_REST) | (hold_s > 0)).fill_null(value=False)
    set_type = by_mark.set(is_other, "note").set(is_rest, "rest")
    return draft.finish(
        FORMAT,
        {
            **draft.moments("Date"),
            "duration_s": draft.length("Duration"),
            "workout_name": draft.text("Workout Name"),
            "exercise_name": draft.text("Exercise Name"),
            "set_label": label,
            "set_type": set_type,
            "reps": draft.number("Reps"),
            "weight": draft.number("Weight"),
            "weight_unit": _unit(draft, "Weight"),
            "distance": draft.number("Distance"),
            "distance_unit": _unit(draft, "Distance"),
            "hold_s": hold_s,
            "rpe": draft.rating("RPE", "RIR"),
            "notes": draft.text("Notes"),
        },
    )


def _unit(draft: Draft, quantity: str) -> pl.Series | str | None:
    """The unit that a unit column or the column's own name states, or null."""
    if draft.has(f"{quantity} Unit"):
        return units_of(draft.text(f"{quantity} Unit"))
    return unit_in_header(draft.header_of(quantity)) if draft.has(quantity) else None
