"""Strong: its comma export of 2016 to 2026, the older semicolon export, and headers in the phone's language.

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
}
_NEEDED = ("Date", "Workout Name", "Exercise Name", "Set Order", "Weight", "Reps")
# The first stem that a translated column's name begins a word with decides; “Workout-Notizen” must not be the title.
_STEMS = (
    (
        "Workout Notes",
        r"(workout|training|entren|allen|entrain|seance|treino).*(noti|note|nota)|(noti|note|nota).*(workout|training|entren|allen|entrain|seance|treino)",
    ),
    ("Notes", r"\b(noti|note|nota|anmerk|appunt|observ|remarque)"),
    ("Exercise Name", r"(ubung|ejercicio|esercizio|exercice|exercicio)"),
    ("Set Order", r"(reihenfolge|\bsatz|\borden\b|\bordine|\bordre|\bordem|\bserie)"),
    ("Workout Name", r"(workout|training|entren|allenament|entrainement|seance|treino)"),
    ("Date", r"\b(dat|fech)"),
    ("Duration", r"\b(dauer|dura|duree)"),
    (
        "Weight Unit",
        r"(gewicht|peso|poids|weight).*(einheit|unidad|unita|unite|unidade)|(einheit|unidad|unita|unite|unidade).*(gewicht|peso|poids)",
    ),
    ("Weight", r"\b(gewicht|peso|poids)"),
    ("Reps", r"(wiederh|\bwdh|\brepet|\bripet|\breps?\b)"),
    ("Distance", r"\b(entfernung|distan|strecke)"),
    ("Seconds", r"\b(sekund|segund|second)"),
    ("RPE", r"\brpe\b"),
)
_SET_TYPES = {"w": "warmup", "d": "drop", "f": "failure"}
_REST = r"(?i)\b(rest|pause|ruhe|descanso|recupero|repos)"
_NOTE = r"(?i)^(note|notiz|nota)\b"


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is Strong's, in English or translated: it numbers the sets of exercises of titled workouts."""
    return all(meaning in _names(header) for meaning in _NEEDED)


def _names(header: tuple[str, ...]) -> dict[str, list[str]]:
    """What the columns of this header mean: by Strong's own names, else by stems of five languages."""
    present = {plain(name) for name in header}
    english = {meaning: names for meaning, names in NAMES.items() if present & {plain(spelling) for spelling in names}}
    if all(meaning in english for meaning in _NEEDED):
        return english
    found: dict[str, list[str]] = {}
    for name in header:
        meaning = next((meaning for meaning, stem in _STEMS if re.search(stem, plain(name))), None)
        if meaning is not None:
            found.setdefault(meaning, []).append(name)
    return found if all(len(names) == 1 for names in found.values()) else {}


def read(table: Table) -> RawStrength:
    """Every row of a Strong export.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, _names(table.header))
    draft.require(*_NEEDED)
    label = draft.text("Set Order")
    by_letter = label.str.to_lowercase().replace_strict(_SET_TYPES, default="normal", return_dtype=pl.String)
    set_type = by_letter.set(label.str.contains(_REST).fill_null(value=False), "rest").set(
        label.str.contains(_NOTE).fill_null(value=False), "note"
    )
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
        return units_of(draft.text(f"{quantity} Unit"))
    return unit_in_header(draft.header_of(quantity)) if draft.has(quantity) else None
