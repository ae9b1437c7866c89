"""Stride at one speed against the dose: a description with its q, and a plain word where nothing was measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipdrive.estimate.found import estimate_of
from hipdrive.estimate.mechanisms import SHOWN
from hipdrive.report import words
from hipdrive.report.description import stride_pace
from hipdrive.report.gate import may_say

if TYPE_CHECKING:
    from hipdrive.estimate.mechanisms import Mechanism
    from hipdrive.report.findings import Findings

STRIDE_NAMES = {
    "contact_time_at_reference_speed_s": "Ground contact time",
    "cadence_at_reference_speed_spm": "Cadence",
    "step_length_at_reference_speed_m": "Step length",
    "vertical_ratio_at_reference_speed_fraction": "Vertical ratio",
}
ALARMS_FROM_Q = 0.05


@dataclass(frozen=True)
class MechanismRow:
    """One stride measure in words: its change from low to high weeks of hip work, and what that is worth."""

    name: str
    change: str
    weeks: str
    false_alarms: str


def mechanism_rows(findings: Findings) -> list[MechanismRow]:
    """Each measure of the page that has an estimate; empty where none has."""
    return [row for one in _shown(findings) if (row := _row(one)) is not None]


def mechanism_sentence(findings: Findings) -> str:
    """What stands out, and what could not be looked at."""
    shown = _shown(findings)
    rows = {one.outcome for one in shown if estimate_of(one.effect.achieved) is not None}
    striking = [
        STRIDE_NAMES[one.outcome].lower() for one in shown if one.q_value is not None and one.q_value < ALARMS_FROM_Q
    ]
    missing = [STRIDE_NAMES[outcome].lower() for outcome in SHOWN if outcome not in rows]
    found = ""
    if rows:
        moved = f"{words.listed(striking)} went with hip work" if striking else "nothing stands out"
        alarms = words.percent(ALARMS_FROM_Q)
        found = f"Of {words.count(len(rows), 'measure')} at one speed {moved} (under {alarms} false alarms to expect)."
    if not missing:
        return found
    why = "no run tells them at one speed, or too few weeks do so"
    return f"{found} Not looked at: {words.listed(missing)}; {why}.".strip()


def steady_words(findings: Findings) -> str | None:
    """Contact time at one speed, or else the next measure that there is: steady within so much, or moved."""
    pace, changes = stride_pace(findings), findings.stride_changes
    if pace is None or changes is None or not may_say(findings, "change of stride"):
        return None
    known = changes.drop_nulls(["change_fraction", "lo_fraction", "hi_fraction"])
    found = {row["measure"]: row for row in known.iter_rows(named=True)}
    measure = next((name for name in STRIDE_NAMES if name in found), None)
    if measure is None:
        return None
    row = found[measure]
    change, lo, hi = row["change_fraction"], row["lo_fraction"], row["hi_fraction"]
    subject = f"{STRIDE_NAMES[measure]} at {words.pace(pace)}"
    if lo <= 0 <= hi:
        within = words.percent_fine(max(-lo, hi))
        return f"{subject}: steady within \u00b1{within}, second half of your record against the first."
    moved = words.signed_percent(change, (hi - lo) / 2)
    return (
        f"{subject}: {moved} ({words.interval_in_percent(lo, hi)}), second half of your record against the first; a "
        "description, no benefit by itself."
    )


def _shown(findings: Findings) -> list[Mechanism]:
    return [one for one in findings.mechanisms if one.outcome in SHOWN]


def _row(one: Mechanism) -> MechanismRow | None:
    found = estimate_of(one.effect.achieved)
    if found is None:
        return None
    change = words.signed_percent(found.value, found.half_width)
    return MechanismRow(
        STRIDE_NAMES[one.outcome],
        f"{change} ({words.interval_in_percent(found.lo, found.hi)})",
        words.count(one.effect.weeks_with_runs, "week"),
        "" if one.q_value is None else words.percent(one.q_value),
    )
