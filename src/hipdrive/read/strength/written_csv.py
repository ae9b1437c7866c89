"""Our own plain CSV, for those who write by hand: a row is one set, or several alike.

`date` and `exercise` must be there and one of `reps`, `hold_s`, `distance_m`; all else is optional: `time`, `workout`,
`sets`, `weight_kg` or `weight_lb` or `weight`, `rpe` or `rir`, `side` (left, right), `type` (warmup, drop, failure),
`notes`.
"""

from __future__ import annotations

import polars as pl

from hipdrive.catalogue.names import plain
from hipdrive.read.strength.delimited import Table
from hipdrive.read.strength.draft import Draft
from hipdrive.read.strength.raw import RawStrength

FORMAT = "plain_csv"
_AMOUNTS = ("reps", "hold_s", "distance_m")
_NAMES = {
    "date": ["date", "day"],
    "time": ["time", "start"],
    "workout": ["workout", "workout name", "title"],
    "exercise": ["exercise", "exercise name"],
    "sets": ["sets"],
    "reps": ["reps", "repetitions"],
    "weight_kg": ["weight_kg", "weight (kg)", "kg"],
    "weight_lb": ["weight_lb", "weight_lbs", "weight (lbs)", "weight (lb)", "lb", "lbs"],
    "weight": ["weight", "load"],
    "hold_s": ["hold_s", "seconds", "duration_s", "hold"],
    "distance_m": ["distance_m", "metres", "meters", "distance (m)"],
    "rpe": ["rpe"],
    "rir": ["rir", "reps in reserve"],
    "side": ["side"],
    "type": ["type", "set type"],
    "notes": ["notes", "note"],
}
SET_TYPES = {
    "warmup": "warmup",
    "warm-up": "warmup",
    "w": "warmup",
    "drop": "drop",
    "failure": "failure",
    "f": "failure",
}
SIDES = {"left": "left", "l": "left", "right": "right", "r": "right"}


def recognise(header: tuple[str, ...]) -> bool:
    """Whether a header is ours: a day, an exercise and an amount."""
    present = {plain(name) for name in header}

    def has(meaning: str) -> bool:
        return any(plain(name) in present for name in _NAMES[meaning])

    return has("date") and has("exercise") and any(has(amount) for amount in _AMOUNTS)


def read(table: Table) -> RawStrength:
    """Every set of a plain CSV.

    Raises:
        UnknownColumn: a column is missing without which no set can be read.
    """
    draft = Draft(table, _NAMES)
    draft.require("date", "exercise")
    weight, weight_unit = draft.by_unit({"kg": "weight_kg", "lb": "weight_lb", None: "weight"})
    starts = draft.workout_starts("date", "time", "workout") if draft.has("time") else draft.moments("date")
    set_type, side = draft.text("type").str.to_lowercase(), draft.text("side").str.to_lowercase()
    draft.refuse_where(side.is_not_null() & ~side.is_in([*SIDES, "both"]), "the side is neither left, right nor both")
    return draft.finish(
        FORMAT,
        {
            **starts,
            "workout_name": draft.text("workout"),
            "exercise_name": draft.text("exercise"),
            "set_type": set_type.replace_strict(SET_TYPES, default="normal", return_dtype=pl.String),
            "reps": draft.number("reps"),
            "weight": weight,
            "weight_unit": weight_unit,
            "distance": draft.number("distance_m"),
            "distance_unit": "m",
            "hold_s": draft.seconds("hold_s"),
            "rpe": draft.rating("rpe", "rir"),
            "side": side.replace_strict(SIDES, default=None, return_dtype=pl.String),
            "notes": draft.text("notes"),
        },
        repeats=draft.count("sets"),
    )
