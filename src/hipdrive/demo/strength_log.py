"""What the made-up runner's strength log holds, and the export of it as a Strong CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

CSV_HEADER = (
    "Date",
    "Workout Name",
    "Duration",
    "Exercise Name",
    "Set Order",
    "Weight",
    "Reps",
    "Distance",
    "Seconds",
    "Notes",
    "Workout Notes",
    "RPE",
)
WARM_UP, REST_TIMER = "W", "Rest Timer"


@dataclass(frozen=True, slots=True)
class LoggedSet:
    """One row of the log; `order` is a number, `W` for a warm-up or `Rest Timer`. Weights in kg, distances in m."""

    exercise: str
    order: str
    weight_kg: float = 0.0
    reps: int = 0
    distance_m: float = 0.0
    seconds: int = 0
    rpe: float | None = None


@dataclass(frozen=True, slots=True)
class Workout:
    """One logged workout; `start` is local time. `is_on_watch` says that a watch recorded it too."""

    start: datetime
    name: str
    minutes: int
    sets: tuple[LoggedSet, ...]
    is_on_watch: bool = False


def strong_csv(workouts: Iterable[Workout]) -> bytes:
    """The log as Strong exports it: commas, local time, weights in kg and distances in m without saying so."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    for workout in workouts:
        head = (f"{workout.start:%Y-%m-%d %H:%M:%S}", workout.name, f"{workout.minutes}m")
        for row in workout.sets:
            numbers = (row.order, row.weight_kg, row.reps, row.distance_m, row.seconds)
            writer.writerow((*head, row.exercise, *numbers, "", "", "" if row.rpe is None else f"{row.rpe:g}"))
    return text.getvalue().encode()
