"""What the page's sentences and figures ask of the rooms below, in one place; nothing is worked out here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hipdrive.estimate import baseline
from hipdrive.estimate.found import Estimate, estimate_of, estimates_by_night
from hipdrive.estimate.found import known_weeks as count_known_weeks
from hipdrive.estimate.speed_path import WIDEST_FRACTION
from hipdrive.measure.adherence import adherence_by_item
from hipdrive.measure.progress import measure_progress

if TYPE_CHECKING:
    from hipdrive.estimate.quantity import Quantity
    from hipdrive.measure.adherence import ItemAdherence
    from hipdrive.measure.progress import Progress
    from hipdrive.report.findings import Findings

RECENT_WEEKS = 12


def known_weeks(findings: Findings) -> int:
    """Complete weeks of known dose, from the first to the last, none before the first run; weeks of rest count."""
    return count_known_weeks(findings.weeks)


def reference_pace(findings: Findings) -> Estimate | None:
    """Mean pace at reference heart rate in s/km over all usable runs; lo is the faster end."""
    return baseline.reference_pace(findings.runs)


def stride_pace(findings: Findings) -> float | None:
    """The pace in s/km that stride at one speed holds at; None where no run tells it."""
    return baseline.stride_pace(findings.runs)


def usable_runs(findings: Findings) -> int:
    """Runs that enter the outcome."""
    return findings.runs.filter("is_usable").height


def adherence(findings: Findings, last_weeks: int = RECENT_WEEKS) -> list[ItemAdherence]:
    """Each item of the programme over the last weeks of the log that are complete, the least done first."""
    return adherence_by_item(findings.programme_weeks, findings.weeks, findings.exercises, last_weeks)


def progress(findings: Findings) -> list[Progress]:
    """Exercises of hip work or of the programme that were done in six sessions or more, the most often done first."""
    return measure_progress(findings.strength_sets, findings.exercises)


def found_tonight(findings: Findings, quantity: Literal["achieved", "sustained"]) -> Estimate | None:
    """Tonight's estimate as fractions of speed: of `effect`, else of the last night in `effects`."""
    if findings.effect is not None:
        return _not_too_wide(findings.effect.achieved if quantity == "achieved" else findings.effect.sustained)
    last = estimates_by_night(findings.effects, findings.nights, quantity).tail(1)
    for value, lo, hi in last.select("estimate_fraction", "lo_fraction", "hi_fraction").drop_nulls().iter_rows():
        return Estimate(value, lo, hi)
    return None


def found_at_last_look(findings: Findings) -> Estimate | None:
    """The achieved estimate that the standing verdict is of; tonight's before the first look."""
    if findings.look is not None:
        return _not_too_wide(findings.look.achieved)
    return found_tonight(findings, "achieved")


def found_together(findings: Findings) -> Estimate | None:
    """Tonight's estimate of data and studies, the whole programme kept up against none: the headline."""
    return None if findings.effect is None else _not_too_wide(findings.effect.with_studies)


def _not_too_wide(quantity: Quantity) -> Estimate | None:
    """An estimate whose interval is no wider than may be shown anywhere."""
    found = estimate_of(quantity)
    return found if found is not None and found.half_width <= WIDEST_FRACTION else None
