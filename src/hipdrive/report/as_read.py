"""Sentences of other rooms, which speak in SI units, as the reader measures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hipdrive.report import words
from hipdrive.report.habits import habits, units

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBER = r"(?<![\w.:-])\d[\d,]*(?:\.\d+)?"
_QUANTITY = re.compile(rf"({_NUMBER})(?:( to | and )({_NUMBER}))?[ \u202f\u00a0](km|m/s|s/km|kg|m|°C)(?![\w/])")
_PACE = re.compile(r"(\d+):(\d\d)(?:( to | and )(\d+):(\d\d))?(?= a km|/km)")
_A_PACE = re.compile(r"(?<=:\d\d)( a km|/km)")
WHOLE_FROM = 100  # finer than that nobody writes
_MPH_OF_M_PER_S = 3600 / 1609.344


def as_read(text: str) -> str:
    """`its session says 12.1 km` → `its session says 7.5 mi`; as it is for a reader of metric units."""
    if habits().units == "metric":
        return text
    paces = _PACE.sub(_pace, text)
    paces = _A_PACE.sub(lambda found: f" {words.a_distance()}" if found[1] == " a km" else words.a_pace(), paces)
    return _QUANTITY.sub(_quantity, paces)


def _quantity(found: re.Match[str]) -> str:
    name, per_unit = _read_in(found[4])
    numbers = [found[1], *([found[3]] if found[3] else [])]
    written = [_rounded(per_unit(float(number.replace(",", "")))) for number in numbers]
    return f"{(found[2] or '').join(written)} {name}"


def _read_in(unit: str) -> tuple[str, Callable[[float], float]]:
    of = units()
    if unit == "°C":
        return "°F", lambda value: value * of.warmer.per_si + 32
    name, factor = {
        "km": (of.distance.name, of.distance.per_si * 1000),
        "m": (of.short.name, of.short.per_si),
        "kg": (of.mass.name, of.mass.per_si),
        "m/s": ("mph", _MPH_OF_M_PER_S),
        "s/km": (f"s{words.a_pace()}", of.pace_factor),
    }[unit]
    return name, lambda value: value * factor


def _pace(found: re.Match[str]) -> str:
    first = words.minutes(int(found[1]) * 60 + int(found[2]))
    return first if found[3] is None else f"{first}{found[3]}{words.minutes(int(found[4]) * 60 + int(found[5]))}"


def _rounded(value: float) -> str:
    return words.plain_number(round(value) if value >= WHOLE_FROM else round(value, 1))
