"""Exports of one made-up history, and how often each of its workouts counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import polars as pl

from hipdrive.measure.strength_overlap import find_overlaps
from hipdrive.tables.strength import TidyStrengthSet
from hipdrive.tables.strength_overlap import LogRuling
from tests.makers.strength_histories import PROGRAMME, ASet, Export, Workout, as_tables

MADE = datetime(2027, 1, 1, tzinfo=UTC)
FIVE = tuple(ASet(name, 20.0 if name == "band_drive_back" else 15.0, None) for name in PROGRAMME)
HIPS = (ASet("hip_thrust", 10, 60.0), ASet("hip_thrust", 10, 60.0), ASet("rdl", 10, 50.0))


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


def log(name: str, app: str | None, workouts: Sequence[Workout], zone: str = "Europe/Berlin", **more: object) -> Export:
    return Export(name.ljust(20, "0"), app, workouts, zone, **{"made": MADE, "states_time": False, **more})  # type: ignore[arg-type]


def twice_a_week(weeks: int, sets: tuple[ASet, ...] = HIPS, hour: int = 17) -> list[Workout]:
    return [Workout(n, at(7 * (n // 2) + 3 * (n % 2), hour, 30, 12), sets) for n in range(2 * weeks)]


def grown(weeks: int, hour: int = 17) -> list[Workout]:
    """A plan that grows and begins at another minute each time."""
    draw = Random(7)  # noqa: S311  made up
    return [
        replace(one, start=one.start + timedelta(seconds=draw.uniform(-1800, 1800)), sets=with_load(one.sets, n))
        for n, one in enumerate(twice_a_week(weeks, hour=hour))
    ]


def with_load(sets: tuple[ASet, ...], more: float) -> tuple[ASet, ...]:
    return tuple(replace(one, weight_kg=one.weight_kg and one.weight_kg + 2.5 * more) for one in sets)


def standing(*exports: Export, rulings: pl.DataFrame | None = None) -> pl.DataFrame:
    sets, logs = as_tables(exports)
    ruled = None if rulings is None else LogRuling.validate(rulings, cast=True)
    overlaps = find_overlaps(TidyStrengthSet.cast(sets), logs, ruled)
    return sets.join(overlaps.superseded, on=["athlete_id", "workout_id"], how="anti")


def counts(*exports: Export, rulings: pl.DataFrame | None = None) -> dict[int, int]:
    """True workout → how often it counts."""
    found = standing(*exports, rulings=rulings).select("athlete_id", "workout_id", "notes").unique()
    return dict(sorted(Counter(map(int, found["notes"])).items()))


def once(workouts: Sequence[Workout]) -> dict[int, int]:
    return {one.number: 1 for one in workouts}
