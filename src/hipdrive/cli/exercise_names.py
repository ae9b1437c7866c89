"""The catalogue, and what names of the logs are in it, on the console.

Apart from other questions, because the list needs neither a home nor a warehouse, and starts the sooner for it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.catalogue import Resolver, load_catalogue, load_exercises
from hipdrive.cli.tables import show, wide_console

if TYPE_CHECKING:
    from hipdrive.settings import Home


def list_exercises() -> None:
    """The catalogue: key, name, weight and where the weight comes from."""
    columns = ["exercise", "label", "kind", "hip_extension_weight", "in_programme", "source"]
    show(load_exercises().select(columns), shown=None)


def explain_exercise(home: Home, name: str) -> None:
    """How a logged name is understood, and why."""
    found = Resolver(load_catalogue(), home.settings.aliases).resolve(name)
    console = wide_console()
    console.print(f"“{name}” → {found.exercise or found.match}: {found.reason}")
    if found.unloaded:
        console.print(f"Without a load in the log: {found.unloaded}.")
    if found.nearest:
        console.print(f"The nearest: {', '.join(found.nearest)}.")
        console.print(
            f'To settle it, in hipdrive.toml:\n[aliases]\n{json.dumps(name, ensure_ascii=False)} = "{found.nearest[0]}"'
        )


def unknown_names(home: Home) -> pl.DataFrame:
    """Names of the logs that nobody knows and how many sets have them, the commonest first."""
    from hipdrive.warehouse import ask

    return ask(
        home,
        "SELECT exercise_name, CAST(sum(sets) AS BIGINT) AS sets FROM unknown_names GROUP BY exercise_name "
        "ORDER BY sets DESC, exercise_name",
    )


def list_unmatched_names(home: Home) -> None:
    """Names of the logs that nobody knows, the commonest first, with the nearest keys."""
    from hipdrive.tidy.names import add_nearest

    resolver = Resolver(load_catalogue(), home.settings.aliases)
    show(add_nearest(unknown_names(home), resolver).with_columns(pl.col("nearest").list.join(", ")))
