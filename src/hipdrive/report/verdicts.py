"""A verdict in words: its sentence, and what it stands on. The rules are the estimate room's; nothing is decided here.

Outside an experiment strength work and running went together, and no more than that is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipdrive.estimate.blocks import FEWEST_BLOCK_WEEKS
from hipdrive.estimate.verdict import (
    FEWEST_BLOCK_CHANGES,
    FEWEST_PAIRS,
    FEWEST_RUNS,
    FEWEST_WEEKS,
    FEWEST_WEEKS_IF_SEASONAL,
    LARGE_EFFECT,
    SMALLEST_CONTRAST,
)
from hipdrive.report import words

if TYPE_CHECKING:
    from hipdrive.estimate.power_analysis import Prospect
    from hipdrive.estimate.verdict import Decision, Experiment, Facts

FAILED = {
    "future_dose": "later strength work goes with earlier speed",
    "training_load": "a hidden cause no stronger than training load would be enough",
}
NOT_KEPT = "The randomised blocks were not kept, so they have no say: all weeks are judged as if none were declared."
FEW_PAIRS = (
    f"An experiment of fewer than {FEWEST_PAIRS} pairs has no say: the best of its orders would come by chance more "
    "often than one time in twenty. All weeks are judged as if none were declared."
)
DRAW_SILENT = "The draw does not show it: other orders of the blocks fit about as well."


def verdict_sentence(decision: Decision, in_blocks: Prospect | None = None) -> str:
    """The verdict with its numbers, in one sentence; with how long blocks would take, where that is known."""
    facts = decision.facts
    between, hi = _between(facts), facts.achieved.hi or 0.0
    unlikely = f"; an effect of more than {words.tenths(hi)} is unlikely" if hi <= LARGE_EFFECT else ""
    holds_zero = (facts.achieved.lo or 0.0) <= 0 <= hi
    zero = "; the draw supports it, and this interval still holds zero" if holds_zero else ""
    direction = "faster" if hi > 0 else "slower"
    failed = "; ".join(FAILED.get(ground, ground) for ground in decision.grounds)
    sentences = {
        "cannot_be_estimated": _cannot_be_estimated(decision),
        "not_enough_data": f"Not enough data yet: {between}{_time_to_go(in_blocks)}.",
        "practically_none": f"Practically no effect: {between}, within 1 % either way.",
        "no_clear_sign": f"No clear sign of an effect: {between}{unlikely}.",
        "associated": f"Strength work went with faster running, not shown to be the cause: {between}.",
        "supported": f"Your experiment supports it: you ran faster in the blocks with strength work, {between}{zero}.",
        "check_failed": f"Strength work went with {direction} running, but a check failed ({failed}): {between}.",
        "slower": f"Strength work went with slower running: {between}; tiredness, illness, or strength work taken up "
        "when running went badly can look like this.",
    }
    return sentences[decision.verdict]


def verdict_reasons(decision: Decision) -> tuple[str, ...]:
    """What stands behind the verdict, one sentence each."""
    if decision.verdict == "cannot_be_estimated":
        missing = [_missing(ground, decision.facts) for ground in decision.grounds]
        return (*missing, *experiment_says(decision.facts.experiment))
    failed = [f"{FAILED[ground][0].upper()}{FAILED[ground][1:]}." for ground in decision.grounds]
    return (*failed, *experiment_says(decision.facts.experiment))


def experiment_says(experiment: Experiment | None) -> tuple[str, ...]:
    """What a declared experiment adds to the verdict, or why it has no say; nothing where its draw speaks."""
    if experiment is None or experiment.is_supported:
        return ()
    if experiment.can_speak:
        return (DRAW_SILENT,)
    return (FEW_PAIRS,) if experiment.was_kept else (NOT_KEPT,)


def _cannot_be_estimated(decision: Decision) -> str:
    facts = decision.facts
    if facts.weeks > 0 and facts.known_weeks >= FEWEST_WEEKS and facts.runs >= FEWEST_RUNS:
        return (
            "This cannot be estimated: your strength work was too steady, or too tied to season or training load, to "
            "compare with anything."
        )
    reasons = verdict_reasons(decision)
    first = reasons[0][0].lower() + reasons[0][1:] if reasons else "too few weeks could be fitted."
    return f"This cannot be estimated yet: {first}"


def _missing(ground: str, facts: Facts) -> str:
    sentences = {
        "no_log": "No strength log covers any of these weeks.",
        "other_dates": "No week has both a usable run and a strength log that covers it: the two are from other dates.",
        "few_weeks": f"There are {facts.known_weeks} weeks of known strength work; a comparison needs {FEWEST_WEEKS}.",
        "few_runs": f"There are {facts.runs} usable runs in them; a comparison needs {FEWEST_RUNS}.",
        "few_changes": f"Changes between {FEWEST_BLOCK_WEEKS} or more weeks on and {FEWEST_BLOCK_WEEKS} or more weeks "
        f"off: {facts.block_changes}; a comparison needs {FEWEST_BLOCK_CHANGES}.",
        "too_even": f"From your low to your high weeks the lasting dose rose by {words.number(facts.contrast, 2)} of "
        f"the programme; a comparison needs {SMALLEST_CONTRAST}.",
        "seasonal": f"The time of year explains {words.percent(facts.season_share)} of your strength work; under "
        f"{FEWEST_WEEKS_IF_SEASONAL} weeks the two cannot be told apart.",
        "entangled": f"Season, trend and training load explain {words.percent(facts.covariate_share)} of your strength "
        "work; too little is left.",
        "nothing_left": "Beside season, trend and training load too few weeks or too little strength work are left to "
        "compare.",
    }
    return sentences[ground]


def _between(facts: Facts) -> str:
    if facts.achieved.lo is None:
        return "by how much cannot be said"
    ends = (facts.achieved.lo, facts.achieved.hi or 0.0)
    said = f"between {words.faster_or_slower(ends[0])} and {words.faster_or_slower(ends[1])}"
    pace = facts.pace_s_per_km
    if pace is None:
        return said
    return (
        f"{said} ({' to '.join(words.seconds_faster_or_slower(change, pace) for change in ends)} {words.a_distance()})"
    )


def _time_to_go(in_blocks: Prospect | None) -> str:
    if in_blocks is None:
        return ""
    if in_blocks.weeks_to_go is None:
        return "; even with the plan below more than five years would pass before an effect of 2 % could be seen"
    return f"; about {in_blocks.weeks_to_go} more weeks of the plan below would show an effect of 2 %"
