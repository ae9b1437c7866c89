"""What the attacks on the estimate found in its place, beside the estimate; and the stride, half against half."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.speed_path import WIDEST_FRACTION
from hipdrive.report import words
from hipdrive.report.description import found_tonight, stride_pace
from hipdrive.report.figures.intervals import ROW_HEIGHT, draw_intervals
from hipdrive.report.figures.theme import Figure, Gap, finish
from hipdrive.report.gate import may_say
from hipdrive.report.stride import STRIDE_NAMES

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

WIDEST_OF_ESTIMATE = 3.0
NOT_OF_SPEED = ("resting_heart_rate",)  # told in words: its change is not one of speed
CHECK_NAMES = {
    "future_dose": "strength work still to come",
    "upper_body_dose": "upper-body work",
    "upper_body_dose_beside_hip_dose": "upper-body work beside hip work",
    "dose_response": "weekly dose cut at one programme",
    "device_steps": "with steps for devices and shoes",
}


def draw_attacks(findings: Findings) -> Figure | Gap:
    """The estimate for the full programme, and what each check that has an estimate of its own finds."""
    found = found_tonight(findings, "sustained")
    checks = [] if findings.effect is None else findings.effect.checks
    estimated = [
        (CHECK_NAMES.get(check.name, check.name.replace("_", " ")), check.estimate, check.lo, check.hi)
        for check in checks
        if check.name not in NOT_OF_SPEED
        and check.estimate is not None
        and check.lo is not None
        and check.hi is not None
        and (check.hi - check.lo) / 2 <= WIDEST_FRACTION
    ]
    if found is None or not estimated:
        return Gap("attacks", "Attacks on the estimate", "There is no estimate to attack yet.")
    rows = [("the estimate, full programme", found.value, found.lo, found.hi), *estimated]
    table = _table("check", rows)
    text = "; ".join(
        f"{name}: {words.signed_percent(value, (hi - lo) / 2)} ({words.interval_in_percent(lo, hi)})"
        for name, value, lo, hi in rows
    )
    name, value, lo, hi = estimated[0]
    title = (
        f"Where the estimate finds {words.signed_percent(found.value, found.half_width)}, {name} finds "
        f"{words.signed_percent(value, (hi - lo) / 2)}"
    )
    note = (
        "Dot: estimate. Bar: likely range; ones too wide to tell anything are left out. Work still to come and "
        "upper-body work should be near zero."
    )
    # A check without any grip would otherwise squash the estimate itself to a point.
    widest = WIDEST_OF_ESTIMATE * max(abs(found.lo), abs(found.hi)) * 100
    chart = draw_intervals("attacks", "check", table, widest=widest)
    return Figure("attacks", title, f"{text}.", finish(chart, ROW_HEIGHT * len(rows)), table, note)


def draw_stride_changes(findings: Findings) -> Figure | Gap:
    """Stride at one speed: the second half of the log against the first."""
    pace = stride_pace(findings)
    at_speed = "at one speed" if pace is None else f"at {words.pace(pace)}"
    changes = findings.stride_changes
    known = None if changes is None else changes.drop_nulls(["change_fraction", "lo_fraction", "hi_fraction"])
    if known is not None and not may_say(findings, "change of stride"):
        return Gap(
            "stride_changes",
            f"Stride {at_speed}",
            "The halves of your record were run with other devices, so a difference between them would say nothing.",
        )
    if known is None or known.is_empty():
        return Gap(
            "stride_changes",
            f"Stride {at_speed}",
            "Stride at one speed needs running dynamics on at least eight runs in each half of the record.",
        )
    rows = [
        (STRIDE_NAMES.get(measure, measure), change, lo, hi)
        for measure, change, lo, hi in known.select(
            "measure", "change_fraction", "lo_fraction", "hi_fraction"
        ).iter_rows()
    ]
    table = _table("measure", rows)
    text = "; ".join(
        f"{name}: {words.signed_percent(value)} ({words.interval_in_percent(lo, hi)})" for name, value, lo, hi in rows
    )
    moved = [name.lower() for name, _, lo, hi in rows if not lo <= 0 <= hi]
    steady = "nothing moved beyond its uncertainty" if not moved else f"{words.listed(moved)} moved"
    chart = draw_intervals(
        "stride_changes", "measure", table, "change, second half of the record against the first (%)"
    )
    return Figure(
        "stride_changes",
        f"Stride {at_speed}, second half of your record against the first: {steady}",
        f"{text}.",
        finish(chart, ROW_HEIGHT * len(rows)),
        table,
        "Dot: change. Bar: likely range.",
    )


def _table(names: str, rows: list[tuple[str, float, float, float]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            names: [row[0] for row in rows],
            "estimate_percent": [row[1] * 100 for row in rows],
            "lo_percent": [row[2] * 100 for row in rows],
            "hi_percent": [row[3] * 100 for row in rows],
        }
    )
