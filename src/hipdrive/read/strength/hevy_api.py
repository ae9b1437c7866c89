"""Hevy's interface: JSON of workouts with their exercises and sets, as one page, a list of pages, events, or lines.

Shape by the app's own description of its interface (api.hevyapp.com/docs): `workouts[].exercises[].sets[]` with `type`,
`weight_kg`, `reps`, `distance_meters`, `duration_seconds`, `rpe`; times in ISO 8601. A deleted workout is an event of
its own. Plans (`routines`) have no start and are not a log.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from hipdrive.errors import UnreadableFile
from hipdrive.read.strength.documents import is_json, load_json
from hipdrive.read.strength.entries import log_of_entries, number_of
from hipdrive.read.strength.marks import set_type_of
from hipdrive.read.strength.raw import RawStrength

FORMAT = "hevy_api"
_WEIGHTS = {"weight_kg": "kg", "weight_lbs": "lb", "weight_lb": "lb"}
_DISTANCES = {"distance_meters": "m", "distance_km": "km", "distance_miles": "mi"}


def recognise(data: bytes) -> bool:
    """Whether these bytes are workouts of Hevy's interface."""
    needed = (b'"exercises"', b'"sets"', b'"start_time"')
    return is_json(data) and all(word in data for word in needed) and any(name.encode() in data for name in _WEIGHTS)


def read(data: bytes, path: str) -> RawStrength:
    """Every set of every workout, the newest version of each; `line` is the ordinal of the set.

    Raises:
        UnreadableFile: it is not JSON, or holds no workout.
    """
    workouts: dict[object, Mapping[str, object]] = {}
    for document in load_json(data, path):
        for number, workout in enumerate(_workouts(document)):
            key = workout.get("id") or (workout.get("start_time"), len(workouts), number)
            if str(workout.get("updated_at", "")) >= str(workouts.get(key, {}).get("updated_at", "")):
                workouts[key] = workout
    if not workouts:
        raise UnreadableFile(path, "this JSON holds no workouts of Hevy")
    sets: list[dict[str, object]] = []
    rejects: list[tuple[int, str]] = []
    for workout in workouts.values():
        for exercise, one in _sets(workout):
            line = len(sets) + len(rejects) + 1
            try:
                sets.append({"line": line, **_start(workout), **_set(exercise, one)})
            except (ValueError, TypeError, OverflowError, OSError) as error:
                rejects.append((line, f"the set cannot be read ({error})"))
    return log_of_entries(FORMAT, sets, rejects, len(sets) + len(rejects))


def _workouts(document: object) -> Iterator[Mapping[str, object]]:
    if isinstance(document, list):
        for item in document:
            yield from _workouts(item)
    elif isinstance(document, dict):
        if isinstance(document.get("exercises"), list) and document.get("start_time") is not None:
            yield document
        else:
            for name in ("workouts", "workout", "events", "data", "pages"):
                yield from _workouts(document.get(name))


def _sets(workout: Mapping[str, object]) -> Iterator[tuple[Mapping[str, object], Mapping[str, object]]]:
    for exercise in _mappings(workout.get("exercises")):
        for one in _mappings(exercise.get("sets")):
            yield exercise, one


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _start(workout: Mapping[str, object]) -> dict[str, object]:
    start, end = _moment(workout.get("start_time")), workout.get("end_time")
    length = None if end is None else (_moment(end) - start).total_seconds()
    title = workout.get("title") or workout.get("name")
    return {"started_utc": start, "duration_s": length, "workout_name": None if title is None else str(title)}


def _moment(value: object) -> datetime:
    """A moment in ISO 8601 or in seconds since 1970; without a zone it is UTC, as the interface answers."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return datetime.fromtimestamp(value, UTC)
    moment = datetime.fromisoformat(str(value))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _set(exercise: Mapping[str, object], one: Mapping[str, object]) -> dict[str, object]:
    weight = next((name for name in _WEIGHTS if one.get(name) is not None), "weight_kg")
    distance = next((name for name in _DISTANCES if one.get(name) is not None), "distance_meters")
    name, notes, superset = exercise.get("title"), exercise.get("notes"), exercise.get("superset_id")
    return {
        "exercise_name": None if not name else str(name),
        "set_label": str(one.get("index", "")) or None,
        "set_type": set_type_of(str(one.get("type") or one.get("indicator") or "")) or "normal",
        "reps": number_of(one.get("reps")),
        "weight": number_of(one.get(weight)),
        "weight_unit": _WEIGHTS[weight],
        "distance": number_of(one.get(distance)),
        "distance_unit": _DISTANCES[distance],
        "hold_s": number_of(one.get("duration_seconds")),
        "rpe": number_of(one.get("rpe")),
        "superset": None if superset is None else str(superset),
        "notes": str(notes) if notes else None,
    }
