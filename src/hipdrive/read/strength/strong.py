"""Strong: its comma export of 2016 to 2026, the older semicolon export, and headers in the phone's language.

The comma export states no units: they follow the app's setting, so `weight_unit` stays null and the user's settings
decide. Where a column names its unit (`Weight (kg)`, `kg`) that counts. A `Rest Timer` or `Note` in the set order, in
any language, is a row of its own. Exports that lost their header line are told by the shapes of their first row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.headings import columns_by_stem, heading
from hipdrive.read.strength.marks import is_word, set_types
from hipdrive.read.strength.raw import RawStrength

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
# The order of the columns in exports that lost their header; a workout's length is there in some.
_END = "Weight;Reps;Distance;Seconds"
_LAYOUTS = (
    "Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes"
    ";Workout Notes;Duration"
    "|Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes"
    ";Workout Notes"
    "|Workout #;Date;Workout Name;Duration;Exercise Name;Set Order;Weight (kg);Reps;RPE;Distance (meters);Seconds;Notes"
    ";Workout Notes"
    f"|Date;Workout Name;Duration;Exercise Name;Set Order;{_END};Notes;Workout Notes;RPE"
    f"|Date;Workout Name;Duration;Exercise Name;Set Order;{_END};RPE"
    f"|Date;Workout Name;Exercise Name;Set Order;{_END};Notes;Workout Notes;RPE"
    f"|Date;Workout Name;Exercise Name;Set Order;{_END};Notes;Workout Notes"
).split("|")
_SHAPES = {
    "Date": r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}.*",
    "Workout #": r"\d+",
    "Set Order": r"\d{1,3}|[WDFwdf]|[^\W\d]{4,}[\w -]*",
    "Weight": r"[-\d.,]*",
    "Weight (kg)": r"[-\d.,]*",
    "Weight Unit": r"(kgs?|lbs?)?",
    "Reps": r"[\d.,]*",
    "Seconds": r"[\d.,]*",
    "RPE": r"[\d.,]*",
    "Duration": r"\d+|(\d+ ?[^\W\d_]+\.? ?)+|",
}


def layout_of(row: Sequence[str], width: int) -> tuple[str, ...] | None:
    """The columns of a Strong export without its header, or null if this is not a row of one.

    Args:
        row: its first row, without blank cells at the end.
        width: how many cells the row has with them.
    """
    row = [*row, *[""] * (width - len(row))]
    for text in _LAYOUTS:
        layout = tuple(text.split(";"))
        cells = dict(zip(layout, (cell.strip() for cell in row), strict=False))
        if width == len(layout) and all(re.fullmatch(_SHAPES[name], cells[name]) for name in layout if name in _SHAPES):
            return layout
    return None


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Strong's, in English or translated: it numbers the sets of exercises of titled workouts."""
    names = _names(header)
    return all(meaning in names for meaning in _NEEDED)


def _names(header: tuple[str, ...]) -> Mapping[str, list[str]]:
    """What the columns of this header mean: by Strong's own names, else by stems of many languages."""
    present = {heading(name) for name in header}
    english = {
        meaning: names for meaning, names in NAMES.items() if present & {heading(spelling) for spelling in names}
    }
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
    label, hold_s = draft.text("Set Order"), draft.seconds("Seconds")
    marked = set_types(label)
    # A longer word that names no type is a row of another kind, in whatever language: with seconds a rest.
    is_other = is_word(label) & (marked == "normal")
    set_type = marked.set(is_other, "note").set(is_other & (hold_s > 0).fill_null(value=False), "rest")
    weight, weight_unit = draft.quantity("weight", "Weight")
    distance, distance_unit = draft.quantity("distance", "Distance")
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
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": distance,
            "distance_unit": distance_unit,
            "hold_s": hold_s,
            "rpe": draft.rating("RPE", "RIR"),
            "notes": draft.text("Notes"),
        },
    )
