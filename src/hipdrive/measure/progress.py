"""How far the exercises came, like with like: one exercise with one equipment, at like repetitions, over one span.

A session counts by its best working set. Loads are compared within the band of repetitions in which most sessions lie,
because 100 kg five times is not less than 80 kg fifteen times. A pause of more than twelve weeks begins a new span, and
the newest span tells. The trend is the median of the slopes between all pairs of sessions (Theil 1950, Sen 1968,
doi:10.1080/01621459.1968.10480934): one odd day does not move it. It says what was lifted, not what it did to running.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import dataframely as dy
import numpy as np
import polars as pl
from numpy.typing import NDArray

from hipdrive.tables.strength import Exercise, StrengthSet

SESSIONS_COMPARED = 3  # at either end of the span
FEWEST_SESSIONS = 2 * SESSIONS_COMPARED
SMALLEST_RISE = 0.5  # in repetitions, kilogrammes, metres or seconds: less is rounding
PAUSE_DAYS = 84
REPS_BANDS = (5.0, 12.0)  # up to 5, 6 to 12, more: strength, size, endurance
# What tells an exercise's progress, the first that there is, and its unit.
_UNITS = {"weight_kg": "kg", "distance_m": "m", "hold_s": "s", "reps": "repetitions"}


@dataclass(frozen=True)
class Progress:
    """One exercise with one equipment, over its newest span: its first three sessions, its last three, and the trend.

    The label names the equipment where the exercise was done with several.
    """

    label: str
    equipment: str | None
    is_strengthening: bool
    unit: str
    first: float
    last: float
    trend_per_week: float
    sessions: int
    first_date: date
    last_date: date

    @property
    def weeks(self) -> int:
        """Length of the span, one week at least."""
        return max(1, round((self.last_date - self.first_date).days / 7))


def measure_progress(sets: dy.DataFrame[StrengthSet], exercises: dy.DataFrame[Exercise]) -> list[Progress]:
    """Hip work and items of the programme with six sessions or more in their newest span, the most often done first.

    Args:
        sets: one athlete's measured sets; warm-ups and superseded ones are not counted.
        exercises: the catalogue.
    """
    followed = exercises.filter((pl.col("hip_extension_weight") > 0) | pl.col("in_programme"))
    known = {row["exercise"]: row for row in followed.iter_rows(named=True)}
    working = sets.filter(
        pl.col("superseded_by").is_null(),
        pl.col("set_type").is_in(["normal", "drop", "failure"]),
        pl.col("exercise").is_in(list(known)),
    ).sort("local_date")
    rows = []
    for (exercise,), its_sets in working.group_by("exercise", maintain_order=True):
        entry = known[exercise]
        by_equipment = list(its_sets.group_by("equipment", maintain_order=True))
        for (equipment,), alike in by_equipment:
            label = f"{entry['label']} ({equipment})" if equipment and len(by_equipment) > 1 else entry["label"]
            row = _progress(alike, label, entry["hip_extension_weight"] > 0)
            rows += [] if row is None else [row]
    return sorted(rows, key=lambda row: (-row.sessions, row.label))


def best_progress(rows: Sequence[Progress]) -> Progress | None:
    """The strengthening exercise that rose most for its size, among those whose trend and ends rose."""
    rose = [
        row
        for row in rows
        if row.is_strengthening and row.first > 0 and row.last - row.first >= SMALLEST_RISE and row.trend_per_week > 0
    ]
    return max(rose, key=lambda row: row.last / row.first, default=None)


def _progress(sets: pl.DataFrame, label: str, is_strengthening: bool) -> Progress | None:  # noqa: FBT001
    for measure, unit in _UNITS.items():
        sessions = _newest_span(_sessions(sets, measure))
        if sessions.height >= FEWEST_SESSIONS:
            days, values = sessions["local_date"], sessions["value"].to_numpy()
            return Progress(
                label,
                sets["equipment"][0],
                is_strengthening,
                unit,
                float(values[:SESSIONS_COMPARED].mean()),
                float(values[-SESSIONS_COMPARED:].mean()),
                _theil_sen(days.dt.epoch("d").to_numpy() / 7, values),
                sessions.height,
                days[0],
                days[-1],
            )
    return None


def _sessions(sets: pl.DataFrame, measure: str) -> pl.DataFrame:
    """The best set of each day, by this measure; loads at like repetitions only."""
    known = sets.filter(pl.col(measure) > 0)
    if measure == "weight_kg" and not known.is_empty():
        above = [(pl.col("reps") > bound).cast(pl.Int64).fill_null(-1) for bound in REPS_BANDS]
        known = known.with_columns(band=pl.sum_horizontal(above))
        days = known.group_by("band").agg(pl.col("local_date").n_unique().alias("days"))
        commonest = days.sort("days", "band", descending=[True, False])["band"][0]
        known = known.filter(pl.col("band") == commonest)
    return known.group_by("local_date").agg(pl.col(measure).max().alias("value")).sort("local_date")


def _newest_span(sessions: pl.DataFrame) -> pl.DataFrame:
    begins = (pl.col("local_date").diff().dt.total_days() > PAUSE_DAYS).fill_null(value=False).cum_sum()
    spans = sessions.with_columns(span=begins)
    return spans.filter(pl.col("span") == pl.col("span").max())


def _theil_sen(weeks: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    earlier, later = np.triu_indices(weeks.size, 1)
    return float(np.median((values[later] - values[earlier]) / (weeks[later] - weeks[earlier])))
