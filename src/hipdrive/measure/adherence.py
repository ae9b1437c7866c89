"""Adherence, the one definition: what was done of what was prescribed, at most all of it.

A set counts towards its item of the programme, a week's hip dose towards the programme as a whole; neither makes up for
another week or item. The programme is the mean over the strengthening items, the stretch is shown apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import dataframely as dy
import polars as pl

from hipdrive.tables.strength import Exercise, ProgrammeWeek
from hipdrive.tables.weeks import Week

FULL_PROGRAMME = 1.0  # of the dose, and of the prescribed sets
CLEARLY_LESS = 0.05  # of the programme: five points of a hundred


@dataclass(frozen=True)
class ItemAdherence:
    """How much of one item was done over some weeks."""

    exercise: str
    label: str
    is_strengthening: bool
    done_fraction: float
    weeks_touched: int
    weeks: int


def share_done() -> pl.Expr:
    """Sets done over sets prescribed; more than prescribed is all and no more."""
    return (pl.col("done_sets") / pl.col("prescribed_sets")).clip(0, FULL_PROGRAMME)


def share_of_programme(dose: pl.Expr) -> pl.Expr:
    """A week's hip dose as a share of the programme; more than the programme is all of it and no more."""
    return dose.clip(0, FULL_PROGRAMME)


def measure_adherence(programme: dy.DataFrame[ProgrammeWeek]) -> pl.DataFrame:
    """Adherence of each athlete's weeks, `athlete_id week_start adherence_fraction`: the mean over the four items."""
    return (
        programme.filter("is_strengthening")
        .group_by("athlete_id", "week_start")
        .agg(pl.col("adherence_fraction").mean())
        .sort("athlete_id", "week_start")
    )


def adherence_by_item(
    programme: dy.DataFrame[ProgrammeWeek],
    weeks: dy.DataFrame[Week],
    exercises: dy.DataFrame[Exercise],
    last_weeks: int,
) -> list[ItemAdherence]:
    """Each item over the last weeks of one athlete's log that are complete, the least done first.

    Args:
        programme: one athlete's weeks and items.
        weeks: theirs; the running week and weeks of unknown dose do not count.
        exercises: the catalogue, for the items' names.
        last_weeks: how many weeks count.
    """
    labels = dict(exercises.select("exercise", "label").iter_rows())
    known = programme.join(weeks.filter("is_complete", "dose_known").select("week_start"), on="week_start", how="semi")
    recent = known["week_start"].unique().sort().tail(last_weeks)
    items = (
        known.filter(pl.col("week_start").is_in(recent.implode()))
        .group_by("exercise", maintain_order=True)
        .agg(
            pl.col("is_strengthening").first(),
            pl.col("adherence_fraction").mean(),
            (pl.col("done_sets") > 0).sum().alias("touched"),
            pl.len().alias("weeks"),
        )
        .sort("adherence_fraction", "exercise")
    )
    return [
        ItemAdherence(exercise, labels.get(exercise, exercise), is_strengthening, done, touched, count)
        for exercise, is_strengthening, done, touched, count in items.iter_rows()
    ]


def programme_done(items: Sequence[ItemAdherence]) -> float | None:
    """Mean over the strengthening items; None without any."""
    done = [item.done_fraction for item in items if item.is_strengthening]
    return sum(done) / len(done) if done else None


def skipped_most(items: Sequence[ItemAdherence]) -> ItemAdherence | None:
    """The item that was done least, if it was done clearly less than the programme as a whole."""
    done = programme_done(items)
    if done is None or items[0].done_fraction > done - CLEARLY_LESS:
        return None
    return items[0]
