"""Write into docs/strength.md how well real logs are read: `python docs/make_strength_corpus.py FOLDER`.

The folder holds exports and their `MANIFEST.csv`; it is not part of this project. A test holds page and folder together
where there is one.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import polars as pl

from hipdrive.catalogue import Resolver, load_catalogue
from hipdrive.read.strength import read_strength
from hipdrive.tidy.strength import tidy_strength_sets

TARGET = Path(__file__).with_name("strength.md")
BEGIN, END = "<!-- real logs: begin, made by docs/make_strength_corpus.py -->", "<!-- real logs: end -->"
MATCHES = ("exact", "alias", "fuzzy", "excluded", "none")
_HEAD = """| log | rows | left out | sets | workouts | exact | alias | fuzzy | excluded | unknown | names unknown |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"""


def render_corpus(folder: Path) -> str:
    """A sentence on all real logs, and one row a file."""
    resolver = Resolver(load_catalogue(), {})
    with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        names = sorted(entry["path"] for entry in csv.DictReader(file))
    lines = [_HEAD]
    real: list[pl.DataFrame] = []
    rows = left_out = 0
    for name in names:
        log = read_strength((folder / name).read_bytes(), name)
        sets, untrue = tidy_strength_sets(
            log.sets,
            athlete_id="me",
            source_id=name,
            time_zone="Europe/Berlin",
            weight_unit="kg",
            distance_unit="km",
            resolver=resolver,
        )
        rejects = log.rejects.height + untrue.height
        lines.append(_row(name, log.rows, rejects, sets))
        if not name.startswith(("fixture_", "wger_")):
            real.append(sets)
            rows, left_out = rows + log.rows, left_out + rejects
    return "\n".join([_sentence(pl.concat(real), rows, left_out), "", *lines])


def _sentence(sets: pl.DataFrame, rows: int, left_out: int) -> str:
    share = {match: f"{100 * (sets['match'] == match).mean():.1f} %" for match in MATCHES}  # type: ignore[operator,str-bytes-safe]
    unknown = sets.filter(pl.col("match") == "none")
    return (
        f"Of the {sets.height:,} sets in the real logs {share['exact']} resolved by `exact`, {share['alias']} by\n"
        f"`alias`, {share['fuzzy']} by `fuzzy`, {share['excluded']} are rightly left out, {share['none']}\n"
        f"({unknown.height} sets of {unknown['exercise_name'].n_unique()} names) stay unknown.\n"
        f"Of {rows:,} rows {left_out} were left out with line and cause. Percentages are of the sets."
    )


def _row(name: str, rows: int, rejects: int, sets: pl.DataFrame) -> str:
    if sets.is_empty():
        return f"| `{name}` | {rows} | {rejects} | 0 | 0 | | | | | | |"
    shares = " | ".join(f"{100 * (sets['match'] == match).sum() / sets.height:.1f}" for match in MATCHES)
    unknown = sets.filter(pl.col("match") == "none")["exercise_name"].drop_nulls().unique(maintain_order=True)
    workouts = sets["workout_id"].n_unique()
    return f"| `{name}` | {rows} | {rejects} | {sets.height} | {workouts} | {shares} | {', '.join(unknown)} |"


def with_corpus(page: str, text: str) -> str:
    """The page with this text between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


if __name__ == "__main__":
    page = TARGET.read_text(encoding="utf-8")
    TARGET.write_text(with_corpus(page, render_corpus(Path(sys.argv[1]))), encoding="utf-8")
