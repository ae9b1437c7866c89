"""Loads that a log may have in another unit than the one they were taken for: asked about, never changed.

A bar of 45 lb and its plates make 95, 135, 185, 225: numbers that end in 5. A bar of 20 kg and its plates make 60, 80,
100. Held against eleven real logs of known unit, where 78 to 99 % of the loads in pounds and at most 49 % of those in
kilograms end in 5 (November 2026).
"""

from __future__ import annotations

import dataframely as dy
import polars as pl

from hipdrive.tables.strength import RawStrengthSet, TidyStrengthSet
from hipdrive.tidy.strength import KG_IN

ON_A_BAR = (
    "back_squat",
    "front_squat",
    "deadlift",
    "sumo_deadlift",
    "rdl",
    "hip_thrust",
    "barbell_glute_bridge",
    "bench_press",
    "incline_bench_press",
    "overhead_press",
    "row",
    "clean",
)
# The heaviest lifts on record, rounded up, with and without supportive clothing: beyond them nobody has lifted.
RECORDS_KG = {
    "back_squat": 600.0,
    "front_squat": 400.0,
    "deadlift": 520.0,
    "sumo_deadlift": 520.0,
    "bench_press": 365.0,
    "overhead_press": 240.0,
    "bicep_curl": 120.0,
    "clean": 270.0,
    "snatch": 230.0,
}
LOADS_NEEDED = 20
LIGHTEST = 45.0  # of a bar in pounds; below, both units look alike
POUNDS_END_IN_5, POUNDS_OFF_5 = 0.6, 0.05
KILOGRAMS_BY_20, KILOGRAMS_END_IN_5 = 0.3, 0.4
_NEAR = 0.05


def doubt_loads(
    sets: dy.DataFrame[TidyStrengthSet], raw: dy.DataFrame[RawStrengthSet], *, weight_unit: str
) -> list[str]:
    """What to ask the athlete about the loads of one log, one sentence each; empty where nothing is odd.

    Args:
        sets: the tidied sets.
        raw: the same log as its reader gave it; it tells which loads state no unit.
        weight_unit: `kg` or `lb`, as which those were taken.
    """
    unstated = raw.filter(pl.col("weight_unit").is_null())["line"]
    doubts = [_by_plates(sets.filter(pl.col("line").is_in(unstated.implode())), weight_unit), _by_records(sets)]
    return [doubt for doubt in doubts if doubt]


def _by_plates(sets: pl.DataFrame, weight_unit: str) -> str | None:
    on_bar = pl.col("exercise").is_in(ON_A_BAR) & (pl.col("equipment").is_null() | (pl.col("equipment") == "barbell"))
    loads = (sets.filter(on_bar)["weight_kg"] / KG_IN[weight_unit]).round(1)
    loads = loads.filter(loads >= LIGHTEST - _NEAR)
    if loads.len() < LOADS_NEEDED:
        return None
    end_in_5 = _share((loads % 10 - 5).abs() < _NEAR)
    off_5 = _share(((loads % 5) > _NEAR) & ((loads % 5) < 5 - _NEAR))
    by_20 = _share((loads % 20) < _NEAR)
    settle = "set strength.weight_unit in hipdrive.toml"
    if weight_unit == "kg" and end_in_5 >= POUNDS_END_IN_5 and off_5 <= POUNDS_OFF_5:
        return f"are these pounds? {end_in_5:.0%} of the loads on a bar end in 5, as with a 45-lb bar; {settle}"
    if weight_unit == "lb" and by_20 >= KILOGRAMS_BY_20 and end_in_5 <= KILOGRAMS_END_IN_5:
        return f"are these kilograms? {by_20:.0%} of the loads on a bar go by 20, as plates in kg do; {settle}"
    return None


def _by_records(sets: pl.DataFrame) -> str | None:
    records = pl.DataFrame({"exercise": list(RECORDS_KG), "record_kg": list(RECORDS_KG.values())})
    beyond = (
        sets.filter(pl.col("set_type") != "note")
        .join(records, on="exercise")
        .filter(pl.col("weight_kg") > pl.col("record_kg"))
        .sort(pl.col("weight_kg") / pl.col("record_kg"), descending=True)
    )
    if beyond.is_empty():
        return None
    name, load, record, line = beyond.select("exercise_name", "weight_kg", "record_kg", "line").row(0)
    return (
        f"{beyond.height} loads are beyond any record, such as {name} with {load:.0f} kg in line {line} (record about "
        f"{record:.0f} kg): are these pounds, or a slip of the thumb?"
    )


def _share(mask: pl.Series) -> float:
    return int(mask.sum()) / mask.len()
