"""Words for units, in columns of their own and inside the names of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

_UNITS = {
    "kg": "kg",
    "kgs": "kg",
    "kilogram": "kg",
    "kilograms": "kg",
    "lb": "lb",
    "lbs": "lb",
    "pound": "lb",
    "pounds": "lb",
    "m": "m",
    "meter": "m",
    "meters": "m",
    "metres": "m",
    "km": "km",
    "kilometers": "km",
    "mi": "mi",
    "mile": "mi",
    "miles": "mi",
    "ft": "ft",
    "feet": "ft",
    "yd": "yd",
    "yards": "yd",
}
_PREFERENCE = ("kg", "m", "km", "lb", "mi", "yd", "ft", None)


def unit_of(word: str) -> str | None:
    """The unit that a word stands for, or null."""
    return _UNITS.get(word.strip().strip(".").lower())


def units_of(texts: pl.Series) -> pl.Series:
    """A column of unit words as units; what is none is null."""
    words = {text: unit_of(text) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(words, default=None, return_dtype=pl.String)


def unit_in_header(name: str) -> str | None:
    """The unit in a column's name: `kg` of “Weight (kg)” or “weight_kg”."""
    words = re.findall(r"[a-z]+", name.lower())
    return next((_UNITS[word] for word in reversed(words) if word in _UNITS), None)


def columns_by_unit(header: Sequence[str], quantity: str) -> dict[str | None, str]:
    """Unit → the column that holds a quantity in it: “weight_lbs” and “Weight (kg)” of `weight`; null for no unit.

    Metric units come first, because where a file has both the other is worked out from them.
    """
    columns: dict[str | None, str] = {}
    for name in header:
        words = re.findall(r"[a-z]+", name.lower())
        if words[:1] == [quantity] and "unit" not in words:
            columns.setdefault(unit_in_header(name), name)
    return dict(sorted(columns.items(), key=lambda item: _PREFERENCE.index(item[0])))
