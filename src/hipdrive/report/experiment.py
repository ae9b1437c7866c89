"""A declared experiment on the first screen: which block tonight lies in, how far it was kept, what the draw said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipdrive.estimate.declared import block_of, done_by_arm
from hipdrive.report import words
from hipdrive.report.verdicts import FEW_PAIRS

if TYPE_CHECKING:
    from hipdrive.estimate.declared import Tonight
    from hipdrive.estimate.verdict import Experiment
    from hipdrive.report.findings import Findings

TURN = {
    "on": "the programme as prescribed",
    "off": "no hip-extension work; running and upper-body work as planned",
}


def block_tonight(findings: Findings) -> Tonight | None:
    """None outside a declared experiment."""
    if findings.plan_blocks is None or findings.plan_blocks.is_empty():
        return None
    return block_of(findings.plan_blocks, findings.tonight)


def ended_experiment(findings: Findings) -> Experiment | None:
    """How a declared experiment went, once all of it lies behind; the look at its end speaks before tonight's weeks."""
    for effect in (findings.look, findings.effect):
        if effect is not None and effect.experiment is not None:
            return effect.experiment
    return None


def turn_words(tonight: Tonight) -> str:
    """What to do in the running block, as a headline."""
    return (
        f"Block {tonight.block} of {tonight.blocks} is {tonight.arm} until {words.day(tonight.last_day)}: "
        f"{TURN[tonight.arm]}."
    )


def kept_so_far(findings: Findings) -> str | None:
    """How much hip work, of the full dose, was done in the blocks so far; None before any week of one is known."""
    if findings.plan_blocks is None:
        return None
    said = [f"{words.percent(done)} in blocks {arm}" for arm, done in done_by_arm(findings.plan_blocks).items()]
    if not said:
        return None
    return f"Of the full hip work so far: {words.listed(said)}; 70 % or more on and 15 % or less off counts as kept."


def draw_words(found: Experiment) -> str:
    """Adherence and the exact p of an experiment that has ended."""
    kept = "You kept it" if found.was_kept else "It was not kept, so it counts as ordinary training"
    mute = f" {FEW_PAIRS}" if found.was_kept and not found.can_speak else ""
    on, off = words.percent(found.done_on), words.percent(found.done_off)
    done = f"{on} of the full hip work in blocks on, {off} in those off"
    if found.p_value is None:
        return f"{kept}: {done}.{mute}"
    return (
        f"{kept}: {done}. Exact p of the draw: {words.p_value(found.p_value)}. That is the share of all the orders the "
        f"lot could have drawn in which the blocks on would look at least as much faster.{mute}"
    )
