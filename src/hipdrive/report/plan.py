"""What would settle it: more weeks as they were, or weeks on and off in blocks, in plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipdrive.estimate.planner import BLOCK_WEEKS, TARGET
from hipdrive.report import words

if TYPE_CHECKING:
    from hipdrive.estimate.planner import Prospect
    from hipdrive.report.findings import Findings


@dataclass(frozen=True)
class Horizon:
    """So many more weeks, and the smallest effect that each way would show by then."""

    weeks: int
    as_now: str
    in_blocks: str


@dataclass(frozen=True)
class Plan:
    """Sentences and a small table."""

    sentences: list[str]
    horizons: list[Horizon]


def draw_plan(findings: Findings) -> Plan | None:
    """The planner's answer in words; None before there is enough to plan with."""
    now, blocks = findings.at_present_rhythm, findings.in_blocks
    if now is None or blocks is None:
        return None
    target = words.percent(TARGET)
    sentences = [
        f"If your strength work goes on as it was, an effect of {target} {_seen(now)}.",
        f"With {BLOCK_WEEKS} weeks on and {BLOCK_WEEKS} weeks off in turn, it {_seen(blocks)}.",
        "The order within each pair of blocks should be drawn by lot: nothing else can tell cause from coincidence.",
        _runners(blocks.runners_needed),
    ]
    horizons = [
        Horizon(
            weeks, words.percent_fine(now.smallest_visible[weeks]), words.percent_fine(blocks.smallest_visible[weeks])
        )
        for weeks in sorted(blocks.smallest_visible)
    ]
    return Plan(sentences, horizons)


def _seen(prospect: Prospect) -> str:
    if prospect.weeks_to_go is None:
        return "would not be seen within five years"
    return f"would be seen in about {words.count(prospect.weeks_to_go, 'more week')}"


def _runners(needed: int) -> str:
    if needed == 1:
        return "One runner like you is enough to see it within a year of such blocks."
    return f"Together, {needed} runners like you would see it in a year of such blocks."
