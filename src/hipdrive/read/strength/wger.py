"""wger: JSON of workout logs, from the API or a database dump, with ids in place of names and units.

An exercise without a name is called `wger exercise 12`, so that an alias in `hipdrive.toml` can settle it. A file of
sessions alone holds no sets.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength.delimited import decode_text
from hipdrive.read.strength.draft import RPE_OF_FAILURE
from hipdrive.read.strength.entries import log_of_entries, number_of
from hipdrive.read.strength.raw import RawStrength

FORMAT = "wger"
_LOG, _SESSION = "manager.workoutlog", "manager.workoutsession"
# wger's own ids for units; a log without one is in repetitions, its weight unit unstated.
_REPS, _FAILURE, _SECONDS, _MINUTES, _MILES, _KILOMETRES = 1, 2, 3, 4, 5, 6
_WEIGHT_UNITS = {1: "kg", 2: "lb"}


def recognise(data: bytes) -> bool:
    """Whether these bytes are wger's workout logs or sessions."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"[", b"{"}:
        return False
    is_log = b'"repetitions"' in data or (b'"reps"' in data and b'"weight_unit"' in data)
    return is_log or b'"' + _SESSION.encode() + b'"' in data.replace(b" ", b"")


def read(data: bytes, path: str) -> RawStrength:
    """Every set of a wger export; `line` is the ordinal of the entry.

    Raises:
        UnreadableFile: it is not JSON, or holds neither logs nor sessions.
    """
    try:
        document = json.loads(decode_text(data))
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            path, f"line {error.lineno}: this is not valid JSON ({error.msg}); export it again"
        ) from None
    sets: list[dict[str, object]] = []
    rejects: list[tuple[int, str]] = []
    rows = sessions = 0
    for number, (kind, entry) in enumerate(_entries(document), start=1):
        rows += 1
        if kind == _SESSION:
            sessions += 1
            continue
        try:
            sets.append({"line": number, **_set(entry)})
        except KeyError as error:
            rejects.append((number, f"the entry has no {error.args[0]}"))
        except ValueError:  # whose words quote what the file holds
            rejects.append((number, "the entry has a date or a number that cannot be read"))
    if not rows:
        raise UnreadableFile(path, "this JSON holds no wger workout logs")
    count = "1 entry is a session, which holds" if sessions == 1 else f"{sessions} entries are sessions, which hold"
    remarks = [f"{count} no sets"] if sessions else []
    return log_of_entries(FORMAT, sets, rejects, rows, remarks)


def _entries(document: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Every log or session with its kind: of a dump (`model`, `fields`), of the API (`results`), or a plain list."""
    items = document.get("results", []) if isinstance(document, dict) else document
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict):
            continue
        fields = item.get("fields", item)
        kind = str(item.get("model", _LOG if "repetitions" in fields or "reps" in fields else _SESSION))
        if kind in {_LOG, _SESSION} and isinstance(fields, dict):
            yield kind, fields


def _set(entry: Mapping[str, object]) -> dict[str, object]:
    amount = number_of(entry.get("repetitions", entry.get("reps")))
    unit = entry.get("repetitions_unit", entry.get("repetition_unit", _REPS))
    in_reserve = number_of(entry.get("rir"))
    quantity: dict[str, object] = {"reps": amount}
    if unit == _SECONDS:
        quantity = {"hold_s": amount}
    elif unit == _MINUTES:
        quantity = {"hold_s": None if amount is None else amount * 60}
    elif unit in {_MILES, _KILOMETRES}:
        quantity = {"distance": amount, "distance_unit": "mi" if unit == _MILES else "km"}
    return {
        **_start(str(entry["date"])),
        **quantity,
        "exercise_name": _name(entry),
        "set_type": "failure" if unit == _FAILURE else "normal",
        "weight": number_of(entry.get("weight")),
        "weight_unit": _WEIGHT_UNITS.get(entry.get("weight_unit")),  # type: ignore[call-overload]
        "rpe": None if in_reserve is None else RPE_OF_FAILURE - in_reserve,
        "workout_name": None if entry.get("session") is None else f"session {entry['session']}",
    }


def _name(entry: Mapping[str, object]) -> str:
    for key in ("exercise_name", "exercise", "exercise_base"):
        value = entry.get(key)
        if isinstance(value, dict) and value.get("name"):
            return str(value["name"])
        if isinstance(value, str) and not value.isdigit():
            return value
        if value is not None:
            return f"wger exercise {value}"
    raise KeyError("exercise")


def _start(text: str) -> dict[str, object]:
    """The start; a day alone is written as its midnight."""
    moment = datetime.fromisoformat(text)
    has_clock = moment.time() != time(0)
    local = moment.replace(tzinfo=None)
    if moment.tzinfo is None or not has_clock:
        return {"started_local": local, "has_clock": has_clock}
    return {"started_local": local, "started_utc": moment.astimezone(UTC), "has_clock": True}
