"""The article's claims one by one: what a watch can see of each, what these data say, and what stays unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hipdrive.report import words
from hipdrive.report.sentences import VERDICT_NAMES

if TYPE_CHECKING:
    from hipdrive.estimate.effect import Effect
    from hipdrive.estimate.mathematical_coupling import MathematicalCoupling
    from hipdrive.estimate.stride_seen import StrideSeen

BEYOND_CHANCE = 0.05


@dataclass(frozen=True)
class Claim:
    """One claim of the coaching article.

    Attributes:
        key: its letter in docs/methods.md.
        claim: what was claimed, in our words.
        observable: what a watch and a strength log can see of it.
        finding: what this runner's data say; None where nothing can be said.
        unknown: what these data can never say.
        is_testable: false where a watch sees nothing of what the claim is about.
    """

    key: str
    claim: str
    observable: str
    finding: str | None
    unknown: str
    is_testable: bool


def weigh_claims(
    effect: Effect,
    coupling: MathematicalCoupling | None = None,
    adherence_fraction: float | None = None,
    seen: StrideSeen | None = None,
) -> list[Claim]:
    """All six claims, with what this runner's data say about each.

    Args:
        effect: of `estimate_effect`.
        coupling: of `measure_coupling`, where contact time was recorded.
        adherence_fraction: share of the programme's items done, where a strength log was read.
        seen: of `describe_stride`, where contact time was recorded.
    """
    done = (
        None
        if adherence_fraction is None
        else f"You did {words.percent(adherence_fraction)} of the sets of the five exercises."
    )
    return [
        Claim(
            "a",
            "More powerful hip extension makes a faster runner.",
            "Hip-extension work from the strength log against speed at one heart rate, weeks later.",
            f"Verdict: {VERDICT_NAMES[effect.verdict]}; its numbers are in “The two together”.",
            "Whether the hips got more powerful: a watch does not measure the power of a muscle. Trials tie hip "
            "extension to sprinting; at distance pace the calf muscles do most of the work.",
            is_testable=True,
        ),
        Claim(
            "b",
            "What counts is how far the leg travels behind the body.",
            "The angle that the leg sweeps while the foot is on the ground, from speed, contact time and leg length.",
            None if seen is None else _sweep(seen),
            "How much of that angle lies behind the body and how much in front; a review of running technique counts "
            "less extension of the leg at toe-off as economical, so a larger angle is not a gain by itself.",
            is_testable=False,
        ),
        Claim(
            "c",
            "Travel behind the body goes along with the force of the push.",
            "Sweep angle against modelled peak force at one speed, beside what the formulas build in.",
            None if coupling is None else _force_and_angle(coupling),
            "No force was measured: both numbers are worked out from the same contact time.",
            is_testable=True,
        ),
        Claim(
            "d",
            "At higher speed the heel comes closer to the buttock, by a stretch reflex.",
            "Swing time against speed; nothing nearer.",
            None if seen is None else _swing(seen),
            "Heel height and reflexes: a watch sees neither, and swing time shortens with speed for many reasons.",
            is_testable=False,
        ),
        Claim(
            "e",
            "Five exercises in given doses bring this about.",
            "Which of them were done, how often and how many.",
            done,
            "Whether they were done well.",
            is_testable=True,
        ),
        Claim(
            "f",
            "In recovery the hamstrings are hardly active.",
            "Nothing.",
            None,
            "Muscle activity: that takes electrodes on the leg.",
            is_testable=False,
        ),
    ]


def _sweep(seen: StrideSeen) -> str:
    return (
        f"At {_pace(seen.speed_m_per_s)} your leg sweeps {words.number(seen.sweep_deg)} degrees to either side of "
        "upright, if contact is symmetric. Not testable."
    )


def _swing(seen: StrideSeen) -> str:
    slow, fast = words.number(seen.slow_swing_s, 2), words.number(seen.fast_swing_s, 2)
    return (
        f"Swing takes {slow} s at {_pace(seen.slow_m_per_s)} and {fast} s at {_pace(seen.fast_m_per_s)}. Not testable."
    )


def _pace(speed_m_per_s: float) -> str:
    return words.pace(1000 / speed_m_per_s)


def _force_and_angle(found: MathematicalCoupling) -> str:
    against = "outside" if found.p_value < BEYOND_CHANCE else "inside"
    weekly = ""
    if found.across_weeks is not None and found.across_weeks_lo is not None and found.across_weeks_hi is not None:
        weekly = (
            f" From week to week it is {words.signed(found.across_weeks)}; with the contact times at other dates it "
            f"would be {_span(found.across_weeks_lo, found.across_weeks_hi)}."
        )
    slope = f"{words.number(found.slope, 2)} ({words.number(found.slope_lo, 2)} to {words.number(found.slope_hi, 2)})"
    return (
        f"At one speed the two correlate by {words.signed(found.at_one_speed)}, {against} what the formulas alone "
        f"build in ({_span(found.built_in_lo, found.built_in_hi)}). With the angle from odd minutes and the force from "
        f"even ones, so without a shared error, it is {words.signed(found.split_halves)} from run to run. Over all "
        f"speeds it is {words.signed(found.pooled)}, which is mostly speed.{weekly} Step time follows contact time "
        f"with a slope of {slope}; the claim needs more than 1."
    )


def _span(lo: float, hi: float) -> str:
    return f"{words.signed(lo)} to {words.signed(hi)}"
