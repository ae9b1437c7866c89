"""Developer fields of records → columns under the name of what they measure, in FIT's own units.

An app may call a field as it likes. What it measures is told by its native number, the profile's field that it stands
for; for apps that give none there is a short table of well-known names. Units are the app's own words.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from hipdrive import fit

# The profile's record field that a native number names → our column, and the units in which apps write it.
_LENGTH_MM = {"mm": 1.0, "millimeters": 1.0, "cm": 10.0, "centimeters": 10.0, "m": 1000.0, "meters": 1000.0}
_LENGTH_M = {"m": 1.0, "meters": 1.0, "km": 1000.0, "kilometers": 1000.0, "mi": 1609.344, "miles": 1609.344}
_SPEED = {"m/s": 1.0, "km/h": 1 / 3.6, "kph": 1 / 3.6, "kmh": 1 / 3.6, "mph": 0.44704}
_TIME_MS = {"ms": 1.0, "milliseconds": 1.0, "s": 1000.0, "sec": 1000.0, "seconds": 1000.0}
_POWER = {"w": 1.0, "watt": 1.0, "watts": 1.0}
_TURNS = dict.fromkeys(("rpm", "spm", "steps/min", "strides/min", "1/min"), 1.0)
_BEATS = {"bpm": 1.0, "beats/min": 1.0}
_TEMPERATURE = dict.fromkeys(("c", "°c", "°", "celsius", "deg c"), 1.0)
_STIFFNESS = {"kn/m": 1.0, "n/m": 0.001}
_COLUMNS: Mapping[str, tuple[str, Mapping[str, float]]] = {
    "distance": ("developer_distance", _LENGTH_M),
    "speed": ("developer_speed", _SPEED),
    "enhanced_speed": ("developer_speed", _SPEED),
    "heart_rate": ("developer_heart_rate", _BEATS),
    "cadence": ("developer_cadence", _TURNS),
    "step_length": ("developer_step_length", _LENGTH_MM),
    "stance_time": ("developer_stance_time", _TIME_MS),
    "vertical_oscillation": ("developer_vertical_oscillation", _LENGTH_MM),
    "power": ("developer_power", _POWER),
    "temperature": ("developer_temperature", _TEMPERATURE),
    "core_temperature": ("core_temperature", _TEMPERATURE),
    "leg_spring_stiffness": ("leg_spring_stiffness", _STIFFNESS),  # no field of the profile: by name only
}
# Names, in lower case, of apps that give no native number → what they measure.
WELL_KNOWN = {
    "power": "power",  # Stryd, RunScribe
    "rp_power": "power",  # Garmin's Running Power app
    "cadence": "cadence",  # Stryd
    "ground time": "stance_time",  # Stryd
    "gct_l": "stance_time",  # RunScribe, one pod a foot: the mean of both
    "gct_r": "stance_time",
    "vertical oscillation": "vertical_oscillation",  # Stryd
    "leg spring stiffness": "leg_spring_stiffness",  # Stryd
    "core_temperature": "core_temperature",  # Core
    "ciq_core_temperature": "core_temperature",
}
_OF_BOTH_FEET = {"gct_l", "gct_r"}


def name_developer_fields(decoded: fit.Decoded) -> dict[str, pl.DataFrame]:
    """The decoded frames, that of the records with what its developer fields measure under our names.

    Of several fields for one thing, one with a native number goes before one that is known by its name, and one with
    values before one without. A field in a unit that nobody knows is left as it is.
    """
    frames, fields = dict(decoded.frames), decoded.developer.get("record")
    if not fields:
        return frames
    units, record = decoded.units.get("record", {}), frames["record"]
    found: dict[str, pl.Expr] = {}
    for is_native in (True, False):
        for quantity, columns in _by_quantity(fields, is_native=is_native).items():
            target, factors = _COLUMNS[quantity]
            values = [
                (column, _number(record, column) * factor)
                for column in columns
                if (factor := _factor(units.get(column, ""), factors)) is not None
                and record[column].null_count() < record.height
            ]
            pair = [pl.when(value > 0).then(value) for column, value in values if _plain(column) in _OF_BOTH_FEET]
            if values and target not in found:
                found[target] = pl.mean_horizontal(pair) if len(pair) > 1 else values[0][1]
    frames["record"] = record.with_columns(**found)
    return frames


def _by_quantity(fields: Mapping[str, str], *, is_native: bool) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for column, native in fields.items():
        quantity = native if is_native else WELL_KNOWN.get(_plain(column), "")
        if quantity in _COLUMNS and bool(native) is is_native:
            known.setdefault(quantity, []).append(column)
    return known


def _plain(column: str) -> str:
    return column.strip().casefold()


def _factor(unit: str, factors: Mapping[str, float]) -> float | None:
    """What brings a unit to FIT's own; an app that names none writes FIT's own."""
    plain = unit.strip().casefold()
    return factors.get(plain) if plain else 1.0


def _number(record: pl.DataFrame, column: str) -> pl.Expr:
    value = pl.col(column).list.first() if isinstance(record.schema[column], pl.List) else pl.col(column)
    return value.cast(pl.Float64, strict=False)
