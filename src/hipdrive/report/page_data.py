"""The tables of a page's figures as its script reads them: column by column, each column once, in few characters.

A page of ten years holds some 10,000 rows; written row by row they would be a third of it.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hipdrive.report.figures.theme import Figure

SIGNIFICANT_DIGITS = 5  # of numbers in the page: finer than any of them is known


def figures_data(figures: Iterable[Figure]) -> tuple[dict[str, object], list[object]]:
    """What the page's script draws from.

    Returns:
        By a figure's key its specification and, by name, the place of each of its columns in the list that follows.
        A column is a list of numbers, texts and nulls; or `{"days": [...]}`, the days since 1970 of the first date and
        then the steps from one to the next; or `{"words": [...], "at": [...]}`, texts or truths that come again.
    """
    places: dict[str, int] = {}
    columns: list[object] = []
    told: dict[str, object] = {}
    for figure in figures:
        named = {}
        for column in figure.table:
            written = _written(column)
            text = json.dumps(written)
            if text not in places:
                places[text] = len(columns)
                columns.append(written)
            named[column.name] = places[text]
        told[figure.key] = {"spec": figure.spec, "columns": named}
    return told, columns


def for_script(value: object) -> Markup:
    """JSON that may stand in a script element whatever it holds."""
    text = json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704  nothing in it can end the element


def _written(column: pl.Series) -> list[Any] | dict[str, list[Any]]:
    if column.dtype == pl.Date and column.null_count() == 0 and len(column):
        days = column.to_physical().to_list()
        return {"days": [days[0], *(after - before for before, after in pairwise(days))]}
    if column.dtype.is_float():
        rounded = column.round_sig_figs(SIGNIFICANT_DIGITS).fill_nan(None)
        return [int(value) if value is not None and value.is_integer() else value for value in rounded]
    plain = column.dt.to_string("iso") if column.dtype.is_temporal() else column
    if column.dtype.is_numeric():
        return plain.to_list()
    kinds = plain.unique(maintain_order=True)
    if 2 * len(kinds) > len(plain):
        return plain.to_list()
    at = {value: place for place, value in enumerate(kinds)}
    return {"words": kinds.to_list(), "at": [at[value] for value in plain]}
