"""Our own TOML, for those who write by hand: a `[[workout]]` with its day, below it a `[[workout.sets]]` an exercise.

`reps`, `hold_s`, `distance_m`, `weight_kg`, `weight_lb`, `weight` and `rpe` are one number for all sets or a list with
one a set; `sets` repeats a single number. `side`, `type` and `notes` hold for all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength.delimited import decode_text
from hipdrive.read.strength.entries import log_of_entries, number_of
from hipdrive.read.strength.marks import set_type_of
from hipdrive.read.strength.raw import RawStrength
from hipdrive.read.strength.written_csv import SIDES

FORMAT = "plain_toml"
SETS_MAX = 50
_WEIGHTS = {"weight_kg": "kg", "weight_lb": "lb", "weight": None}
_LISTED = ("reps", "hold_s", "distance_m", *_WEIGHTS, "rpe")
_KNOWN = {*_LISTED, "exercise", "sets", "side", "type", "notes"}


def recognise(data: bytes) -> bool:
    """Whether these bytes are our TOML: they hold a `[[workout]]`."""
    return re.search(rb"(?m)^\s*\[\[\s*workout\s*\]\]", data) is not None


def read(data: bytes, path: str) -> RawStrength:
    """Every set of a plain TOML log.

    Raises:
        UnreadableFile: it is not TOML; the sentence names the line.
    """
    text = decode_text(data)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnreadableFile(path, f"this is not valid TOML ({error}); mend that line") from None
    lines = iter([text.count("\n", 0, match.start()) + 1 for match in re.finditer(r"\bexercise\s*=", text)])
    sets: list[dict[str, object]] = []
    rejects: list[tuple[int, str]] = []
    rows = 0
    for workout in document.get("workout", []):
        for entry in workout.get("sets", []):
            rows += 1
            line = next(lines, rows) if "exercise" in entry else rows
            try:
                start = _start(workout.get("date"))
                sets.extend({"line": line, "workout_name": workout.get("name"), **start, **one} for one in _sets(entry))
            except ValueError as error:
                rejects.append((line, str(error)))
    return log_of_entries(FORMAT, sets, rejects, rows)


def _start(day: object) -> dict[str, object]:
    if isinstance(day, datetime):
        if day.tzinfo is not None:
            return {"started_local": day.replace(tzinfo=None), "started_utc": day}
        return {"started_local": day}
    if isinstance(day, date):
        return {"started_local": datetime(day.year, day.month, day.day), "has_clock": False}  # noqa: DTZ001  own clock
    raise ValueError("its workout has no date; write date = 2026-03-02")


def _list_of(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _sets(entry: Mapping[str, object]) -> Iterator[dict[str, object]]:
    unknown = sorted(set(entry) - _KNOWN)
    if unknown:
        raise ValueError(f"“{unknown[0]}” is not a field of a set")
    exercise = entry.get("exercise")
    if not exercise:
        raise ValueError("the set names no exercise")
    listed = {name: _list_of(entry[name]) for name in _LISTED if name in entry}
    lengths = {len(values) for values in listed.values()} - {1}
    count = entry.get("sets", next(iter(lengths), 1))
    if lengths - {count} or not isinstance(count, int) or not 1 <= count <= SETS_MAX:
        raise ValueError(f"{exercise}: the lists differ in length, or sets is not between 1 and {SETS_MAX}")
    side = str(entry.get("side", "")).lower()
    for index in range(count):
        numbers = {name: number_of(values[index] if len(values) > 1 else values[0]) for name, values in listed.items()}
        weight = next((name for name in _WEIGHTS if numbers.get(name) is not None), None)
        yield {
            "exercise_name": str(exercise),
            "set_type": set_type_of(str(entry.get("type", ""))) or "normal",
            "reps": numbers.get("reps"),
            "hold_s": numbers.get("hold_s"),
            "distance": numbers.get("distance_m"),
            "distance_unit": "m",
            "weight": numbers.get(weight or "weight"),
            "weight_unit": _WEIGHTS.get(weight or "weight"),
            "rpe": numbers.get("rpe"),
            "side": SIDES.get(side),
            "notes": entry.get("notes"),
        }
