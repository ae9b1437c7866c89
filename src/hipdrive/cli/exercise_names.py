"""The catalogue, and what names of the logs are in it, on the console.

Apart from other questions, because the list needs neither a home nor a warehouse, and starts the sooner for it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.catalogue import Resolver, load_catalogue, load_exercises
from hipdrive.cli.console import few_of
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


def unknown_names(home: Home, athlete: str | None = None) -> pl.DataFrame:
    """Names of the logs that nobody knows, how many sets have them and in whose logs, the commonest first."""
    from hipdrive.warehouse import ask

    return ask(
        home,
        "SELECT exercise_name, CAST(sum(sets) AS BIGINT) AS sets, list(athlete_id ORDER BY athlete_id) AS athletes "
        "FROM unknown_names GROUP BY exercise_name ORDER BY sets DESC, exercise_name",
        athlete,
    )


def list_unmatched_names(home: Home, athlete: str | None = None) -> None:
    """Names of the logs that nobody knows, the commonest first, with the nearest keys; in a team, whose logs."""
    from hipdrive.tidy.names import add_nearest

    names = unknown_names(home, athlete)
    if names.is_empty():
        wide_console().print("hipdrive knows every name in your logs.")
        return
    named = add_nearest(names, Resolver(load_catalogue(), home.settings.aliases))
    told = [few_of(athletes) for athletes in named["athletes"]]
    listed = named.with_columns(pl.col("nearest").list.join(", "), athletes=pl.Series(told, dtype=pl.String))
    show(listed if home.is_team else listed.drop("athletes"), shown=None)
