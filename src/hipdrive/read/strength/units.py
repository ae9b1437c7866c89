"""Words for units, in columns of their own, in cells and inside the names of columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import polars as pl

Quantity = Literal["weight", "distance"]

_WORDS: dict[Quantity, dict[str, tuple[str, ...]]] = {
    "weight": {
        "kg": ("kg", "kgs", "kilo", "kilos", "kilogram", "kilograms", "kilogramm", "kilogramos", "kilogrammes", "公斤"),
        "lb": ("lb", "lbs", "pound", "pounds", "libra", "libras", "livre", "livres", "libbre", "pfund", "ポンド"),
    },
    "distance": {
        "m": ("m", "mtr", "meter", "meters", "metre", "metres", "metros", "metri"),
        "km": ("km", "kms", "kilometer", "kilometers", "kilometre", "kilometres", "kilometros", "chilometri"),
        "mi": ("mi", "mile", "miles", "meilen", "millas"),
        "ft": ("ft", "foot", "feet"),
        "yd": ("yd", "yds", "yard", "yards"),
    },
}
_UNITS = {word: unit for words in _WORDS.values() for unit, spellings in words.items() for word in spellings}
_PREFERENCE = ("kg", "m", "km", "lb", "mi", "yd", "ft", None)
_WORD = re.compile(r"[^\W\d_]+|#")


def unit_of(word: str, quantity: Quantity | None = None) -> str | None:
    """The unit that a word stands for, or null; of one quantity alone where it is named."""
    plain = word.strip().strip(".").lower()
    if plain == "#":
        plain = "lb"
    unit = _UNITS.get(plain)
    return unit if quantity is None or unit in _WORDS[quantity] else None


def units_of(texts: pl.Series) -> pl.Series:
    """A column of unit words as units; what is none is null."""
    words = {text: unit_of(text) for text in texts.drop_nulls().unique()}
    return texts.replace_strict(words, default=None, return_dtype=pl.String)


def unit_in_header(name: str, quantity: Quantity | None = None) -> str | None:
    """The unit in a column's name: `kg` of “Weight (kg)” or “weight_kg”."""
    units = (unit_of(word, quantity) for word in reversed(_WORD.findall(name)))
    return next((unit for unit in units if unit), None)


def columns_by_unit(header: Sequence[str], quantity: Quantity) -> dict[str | None, str]:
    """Unit → the column that holds a quantity in it: “weight_lbs” and “Weight (kg)” of `weight`; null for no unit.

    Metric units come first, because where a file has both the other is worked out from them.
    """
    columns: dict[str | None, str] = {}
    for name in header:
        words = re.findall(r"[a-z]+", name.lower())
        if words[:1] == [quantity] and "unit" not in words:
            columns.setdefault(unit_in_header(name, quantity), name)
    return dict(sorted(columns.items(), key=lambda item: _PREFERENCE.index(item[0])))
