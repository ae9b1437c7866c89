"""Two periods that the reader chooses: weekly values and how they wander, for the page's own code to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.two_periods import DOSE, FEWEST_WEEKS, SPEED, measure_weeks
from hipdrive.measure.trend import from_first_to_last
from hipdrive.report import words
from hipdrive.report.gate import NEEDS, device_changes, may_say
from hipdrive.report.habits import units
from hipdrive.report.stride import STRIDE_NAMES

if TYPE_CHECKING:
    from datetime import date

    from hipdrive.estimate.two_periods import WeeklyMeasures
    from hipdrive.report.findings import Findings

DEFAULT_WEEKS = 12
DIGITS = 6


@dataclass(frozen=True)
class Comparison:
    """The two periods that stand there at first, the bounds of both, and everything for the page's code."""

    earlier: tuple[date, date]
    later: tuple[date, date]
    first_day: date
    last_day: date
    for_page_code: dict[str, object]


def offer_comparison(findings: Findings) -> Comparison | None:
    """The record's last twelve weeks against the twelve before, halves of a shorter one; None under eight weeks."""
    measured = measure_weeks(findings.weeks, findings.runs)
    measures = _measures(findings, measured)
    if len(measures) < 2:  # noqa: PLR2004  dose alone is not a comparison
        return None
    told = from_first_to_last(measured.weeks, str(measures[1]["key"]))
    length = min(DEFAULT_WEEKS, told.height // 2)
    if length < FEWEST_WEEKS:
        return None
    ends = [told["week_start"][place] for place in (-2 * length, -length - 1, -length, -1)]
    mondays = measured.weeks["week_start"]
    changes = [day.isoformat() for day in device_changes(findings)]
    return Comparison(
        earlier=(ends[0], _sunday(ends[1])),
        later=(ends[2], _sunday(ends[3])),
        first_day=mondays[0],
        last_day=_sunday(mondays[-1]),
        for_page_code={
            "first": mondays[0].isoformat(),
            "measures": [one | {"values": _values(measured.weeks[str(one["key"])])} for one in measures],
            "fewest": FEWEST_WEEKS,
            "widest": NEEDS["pace of two periods"].widest,
            "changes": changes,
        },
    )


def _measures(findings: Findings, measured: WeeklyMeasures) -> list[dict[str, object]]:
    """Dose, pace and each measure of stride that this record holds, as the page's code writes them."""
    offered: list[dict[str, object]] = [{"key": DOSE, "name": "Hip work a week", "kind": "dose", "decimals": 2}]
    if may_say(findings, "pace of two periods"):
        beats = findings.athlete["reference_hr_bpm"].drop_nulls().item()
        offered.append({"key": SPEED, "name": f"Pace at {words.number(beats)} beats a minute", "kind": "pace"})
    if may_say(findings, "stride of two periods"):
        step = units().step_length
        written = {
            "contact_time_at_reference_speed_s": ("ms", 1000.0, 1),
            "cadence_at_reference_speed_spm": ("steps/min", 1.0, 1),
            "step_length_at_reference_speed_m": (step.name, step.per_si, units().step_length_decimals),
        }
        offered += [
            {"key": key, "name": f"{STRIDE_NAMES[key]} at one speed", "kind": "stride"}
            | {"unit": unit, "scale": scale, "decimals": decimals}
            for key, (unit, scale, decimals) in written.items()
        ]
    held = [one for one in offered if measured.weeks[str(one["key"])].count() >= 2 * FEWEST_WEEKS]
    return [one | _wander(measured, str(one["key"])) for one in held]


def _wander(measured: WeeklyMeasures, key: str) -> dict[str, object]:
    found = measured.wander.get(key)
    return {} if found is None else {"alike": [round(r, 4) for r in found.alike], "reach": found.reach}


def _values(column: pl.Series) -> list[float | None]:
    return column.cast(pl.Float64).round_sig_figs(DIGITS).fill_nan(None).to_list()


def _sunday(monday: date) -> date:
    return monday.fromordinal(monday.toordinal() + 6)
