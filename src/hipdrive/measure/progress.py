"""How far the exercises came: the mean of an exercise's first sessions and of its last, each by its best set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from hipdrive.tables.strength import Exercise, StrengthSet

SESSIONS_COMPARED = 3  # at either end of an exercise's history
FEWEST_SESSIONS = 2 * SESSIONS_COMPARED
SMALLEST_RISE = 0.5  # in repetitions, kilogrammes, metres or seconds: less is rounding
# What tells an exercise's progress, the first that there is, and its unit.
_UNITS = {"weight_kg": "kg", "distance_m": "m", "hold_s": "s", "reps": "repetitions"}


@dataclass(frozen=True)
class Progress:
    """One exercise: the mean of its first sessions and of its last, each session by its best set."""

    label: str
    is_strengthening: bool
    unit: str
    first: float
    last: float
    sessions: int


def measure_progress(sets: dy.DataFrame[StrengthSet], exercises: dy.DataFrame[Exercise]) -> list[Progress]:
    """Exercises of hip work or of the programme that were done in six sessions or more, the most often done first.

    Args:
        sets: one athlete's measured sets; warm-ups and superseded ones are not counted.
        exercises: the catalogue.
    """
    counted = exercises.filter((pl.col("hip_extension_weight") > 0) | pl.col("in_programme"))
    labels = dict(counted.select("exercise", "label").iter_rows())
    stretches = set(counted.filter(pl.col("hip_extension_weight") == 0)["exercise"])
    counting = sets.filter(
        pl.col("exercise").is_in(counted["exercise"].implode()),
        pl.col("superseded_by").is_null(),
        pl.col("set_type") != "warmup",
    )
    best = counting.group_by("exercise", "local_date").agg(pl.col(list(_UNITS)).max()).sort("local_date")
    rows = []
    for (exercise,), sessions in best.group_by("exercise", maintain_order=True):
        measure = next((name for name in _UNITS if sessions[name].count() >= FEWEST_SESSIONS), None)
        if measure is None:
            continue
        values = sessions[measure].drop_nulls().to_numpy()
        first, last = values[:SESSIONS_COMPARED].mean(), values[-SESSIONS_COMPARED:].mean()
        is_strengthening = str(exercise) not in stretches
        rows.append(
            Progress(labels[str(exercise)], is_strengthening, _UNITS[measure], float(first), float(last), values.size)
        )
    return sorted(rows, key=lambda row: (-row.sessions, row.label))


def best_progress(rows: Sequence[Progress]) -> Progress | None:
    """The strengthening exercise that rose most for its size, among those that rose by half a unit or more."""
    rose = [row for row in rows if row.is_strengthening and row.first > 0 and row.last - row.first >= SMALLEST_RISE]
    return max(rose, key=lambda row: row.last / row.first, default=None)
