"""Plain descriptions that the page's sentences share: counts, means with their uncertainty, what was done and skipped.

Nothing here compares strength work with running; that is the estimate's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import polars as pl

from hipdrive.estimate.mixture import Mixture
from hipdrive.measure.adherence import adherence_by_item

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hipdrive.estimate.quantity import Quantity
    from hipdrive.measure.adherence import ItemAdherence
    from hipdrive.report.findings import Findings

PRIMARY_OUTCOME = "speed_at_reference_hr_m_per_s"
FEWEST_VALUES = 5  # a mean of fewer has no interval worth printing
FEWEST_EFFECTIVE = 4.0  # keeps Student's freedom above two
RECENT_WEEKS = 12
SESSIONS_COMPARED = 3  # at either end of an exercise's history
FEWEST_SESSIONS = 2 * SESSIONS_COMPARED


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    lo: float
    hi: float

    @property
    def half_width(self) -> float:
        """Half the length of the interval."""
        return (self.hi - self.lo) / 2


@dataclass(frozen=True)
class Progress:
    """One exercise: the mean of its first sessions and of its last, each session by its best set."""

    label: str
    is_strengthening: bool
    unit: str
    first: float
    last: float
    sessions: int


def known_weeks(findings: Findings) -> int:
    """Complete weeks of known dose, from the first to the last, none before the first run; weeks of rest count."""
    known = findings.weeks.filter("is_complete", "dose_known").sort("week_start")
    weeks = known.filter((pl.col("runs_all") > 0).cum_max())["week_start"]
    first, last = weeks.min(), weeks.max()
    return 0 if first is None or last is None else (last - first).days // 7 + 1  # type: ignore[operator, union-attr]


def mean_with_interval(values: NDArray[np.float64]) -> Estimate | None:
    """Mean and Student interval; neighbours that resemble each other count for less: n (1 - r1) / (1 + r1).

    None with fewer than five values.
    """
    if values.size < FEWEST_VALUES:
        return None
    deviations = values - values.mean()
    squares = float(deviations @ deviations)
    likeness = float(deviations[1:] @ deviations[:-1]) / squares if squares > 0 else 0.0
    likeness = max(0.0, min(0.9, likeness))
    effective = max(FEWEST_EFFECTIVE, values.size * (1 - likeness) / (1 + likeness))
    error = np.array([np.sqrt(squares / (values.size - 1) / effective)])
    if error[0] == 0:
        return Estimate(float(values.mean()), float(values.mean()), float(values.mean()))
    student = Mixture(np.ones(1), values.mean(keepdims=True), error, effective - 1)
    return Estimate(float(values.mean()), student.quantile(0.025), student.quantile(0.975))


def reference_pace(findings: Findings) -> Estimate | None:
    """Mean pace at reference heart rate in s/km over all usable runs; lo is the faster end."""
    runs = findings.runs.filter("is_usable", pl.col(PRIMARY_OUTCOME).is_not_null()).sort("start_utc")
    found = mean_with_interval(runs[PRIMARY_OUTCOME].log().to_numpy())
    if found is None:
        return None
    slow, middle, fast = (1000 / float(np.exp(value)) for value in (found.lo, found.value, found.hi))
    return Estimate(middle, fast, slow)


def stride_pace(findings: Findings) -> float | None:
    """The pace in s/km that stride at one speed holds at; None where no run tells it."""
    speeds = findings.runs["stride_reference_speed_m_per_s"].drop_nulls()
    return None if speeds.is_empty() else 1000 / float(speeds[-1])


def usable_runs(findings: Findings) -> int:
    """Runs that enter the outcome."""
    return findings.runs.filter("is_usable").height


def adherence(findings: Findings, last_weeks: int = RECENT_WEEKS) -> list[ItemAdherence]:
    """Each item of the programme over the last weeks of the log that are complete, the least done first."""
    return adherence_by_item(findings.programme_weeks, findings.weeks, findings.exercises, last_weeks)


def progress(findings: Findings) -> list[Progress]:
    """Exercises of hip work or of the programme that were done in six sessions or more, the most often done first."""
    measures = {"weight_kg": "kg", "distance_m": "m", "hold_s": "s", "reps": "repetitions"}
    counted = findings.exercises.filter((pl.col("hip_extension_weight") > 0) | pl.col("in_programme"))
    labels = dict(counted.select("exercise", "label").iter_rows())
    stretches = set(counted.filter(pl.col("hip_extension_weight") == 0)["exercise"])
    sets = findings.strength_sets.filter(
        pl.col("exercise").is_in(counted["exercise"].implode()),
        pl.col("superseded_by").is_null(),
        pl.col("set_type") != "warmup",
    )
    best = sets.group_by("exercise", "local_date").agg(pl.col(list(measures)).max()).sort("local_date")
    rows = []
    for (exercise,), sessions in best.group_by("exercise", maintain_order=True):
        measure = next((name for name in measures if sessions[name].count() >= FEWEST_SESSIONS), None)
        if measure is None:
            continue
        values = sessions[measure].drop_nulls().to_numpy()
        first, last = values[:SESSIONS_COMPARED].mean(), values[-SESSIONS_COMPARED:].mean()
        is_strengthening = str(exercise) not in stretches
        rows.append(
            Progress(labels[str(exercise)], is_strengthening, measures[measure], float(first), float(last), values.size)
        )
    return sorted(rows, key=lambda row: (-row.sessions, row.label))


def estimates_by_night(findings: Findings, quantity: str) -> pl.DataFrame:
    """Every night's estimate of the primary outcome, the oldest first; tonight's own is the last."""
    order = findings.nights.select("run_id", "started_utc")
    return (
        findings.effects.filter(pl.col("outcome") == PRIMARY_OUTCOME, pl.col("quantity") == quantity)
        .join(order, on="run_id", how="left")
        .sort("started_utc", "weeks", nulls_last=True, maintain_order=True)
    )


def found_tonight(findings: Findings, quantity: Literal["achieved", "sustained"]) -> Estimate | None:
    """Tonight's estimate as fractions of speed: of `effect`, else of the last night in `effects`."""
    if findings.effect is not None:
        return estimate_of(findings.effect.achieved if quantity == "achieved" else findings.effect.sustained)
    last = estimates_by_night(findings, quantity).tail(1)
    for value, lo, hi in last.select("estimate_fraction", "lo_fraction", "hi_fraction").drop_nulls().iter_rows():
        return Estimate(value, lo, hi)
    return None


def found_at_last_look(findings: Findings) -> Estimate | None:
    """The achieved estimate that the standing verdict is of; tonight's before the first look."""
    if findings.look is not None:
        return estimate_of(findings.look.achieved)
    return found_tonight(findings, "achieved")


def estimate_of(quantity: Quantity) -> Estimate | None:
    """The estimate room's quantity; None where nothing could be fitted."""
    if quantity.estimate is None or quantity.lo is None or quantity.hi is None:
        return None
    return Estimate(quantity.estimate, quantity.lo, quantity.hi)
