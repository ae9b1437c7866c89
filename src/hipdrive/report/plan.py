"""What would settle it: more weeks as they were, or weeks on and off in blocks; and the declared experiment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.experiment import next_monday
from hipdrive.estimate.power_analysis import BLOCK_WEEKS, LARGER_TARGET, TARGET
from hipdrive.report import words

if TYPE_CHECKING:
    from hipdrive.estimate import Effect
    from hipdrive.estimate.power_analysis import Prospect, Remedies
    from hipdrive.report.findings import Findings

EXPERIMENT_RULE = (
    "On: the programme as prescribed. Off: no hip-extension work at all; the running plan and upper-body work go on "
    "unchanged in both."
)

HOW_TO_DECLARE = "The command “hipdrive plan --start” draws the order of such blocks by lot and declares it beforehand."


@dataclass(frozen=True)
class Horizon:
    """So many more weeks, and the smallest effect that each way would show by then."""

    weeks: int
    as_now: str
    in_blocks: str


@dataclass(frozen=True)
class Block:
    """One block of the declared experiment, in words."""

    number: int
    first_day: str
    last_day: str
    arm: str
    done: str


@dataclass(frozen=True)
class Plan:
    """Sentences; what was declared, and its blocks."""

    sentences: list[str]
    declared: str = ""
    blocks: list[Block] = field(default_factory=list)


def draw_plan(findings: Findings) -> Plan | None:
    """The planner's answer in words and the declared experiment; None before there is anything to plan with."""
    now, blocks = findings.at_present_rhythm, findings.in_blocks
    declared = "" if findings.plans is None else declared_words(findings.plans)
    drawn = [] if findings.plan_blocks is None else block_rows(findings.plan_blocks)
    if now is None or blocks is None:
        return Plan([], declared, drawn) if declared else None
    ended = "" if findings.effect is None else experiment_words(findings.effect)
    sentences = [
        *prospect_sentences(now, blocks),
        *([] if findings.remedies is None else [remedies_words(findings.remedies)]),
        *([] if declared else [*next_block_words(findings), HOW_TO_DECLARE]),
    ]
    return Plan(sentences, f"{declared} {ended}".strip(), drawn)


def prospect_sentences(now: Prospect, blocks: Prospect) -> list[str]:
    """How long it would take, as now and in blocks, and with how many runners."""
    target = words.percent(TARGET)
    return [
        f"If your strength work goes on as it was, an effect of {target} {_seen(now)}.",
        f"With {BLOCK_WEEKS} weeks on and {BLOCK_WEEKS} weeks off in turn, it {_seen(blocks)}.",
        "The order within each pair of blocks should be drawn by lot: nothing else can tell cause from coincidence.",
        *_chance_sentences(now, blocks),
        runners_sentence(blocks.runners_needed),
    ]


def _chance_sentences(now: Prospect, blocks: Prospect) -> list[str]:
    """The chance of the interval and of the word, each way; and what blocks are for."""
    if not now.chances or not blocks.chances:
        return []
    weeks = max(blocks.chances)
    as_now, drawn, target = now.chances[weeks], blocks.chances[weeks], words.percent(TARGET)
    width_now, width_drawn = (words.percent_fine(one.smallest_visible[weeks]) for one in (now, blocks))
    chance = (
        f"If the truth were {target}, the interval would leave zero out {words.count(weeks, 'week')} from now with a "
        f"chance of {words.percent(as_now.interval)} as now and of {words.percent(drawn.interval)} in blocks; "
        f"“associated” would be said with {words.percent(as_now.word)}, and “supported”, which only drawn blocks of "
        f"five pairs or more can earn, with {words.percent(drawn.word)}."
    )
    cause = (
        "What blocks buy is cause, not width: the smallest effect that would show by then is "
        f"{width_now} as now and {width_drawn} in blocks."
    )
    return [chance, cause]


def remedies_words(remedies: Remedies) -> str:
    """What a year more would show, by what is done till then."""
    time, less_noise, design = (
        words.tenths(effect) for effect in (remedies.time, remedies.less_noise, remedies.design)
    )
    return (
        f"A year from now an effect of {time} would show at the present rhythm, of {less_noise} with half the noise, "
        f"of {design} in blocks of eight weeks on and off."
    )


def horizons(now: Prospect, blocks: Prospect) -> list[Horizon]:
    """The smallest effect that would be seen, by weeks from now."""
    return [
        Horizon(
            weeks, words.percent_fine(now.smallest_visible[weeks]), words.percent_fine(blocks.smallest_visible[weeks])
        )
        for weeks in sorted(blocks.smallest_visible)
    ]


def next_block_words(findings: Findings) -> list[str]:
    """Which block from Monday on would teach most; nothing without the noise to plan with."""
    arm = findings.teaches_most
    monday = words.day(next_monday(findings.tonight))
    return [] if arm is None else [f"From Monday, {monday}, a block {arm} would teach most."]


def declared_words(plans: pl.DataFrame) -> str:
    """The experiment declared last, and by which draw; empty where there is none."""
    if plans.is_empty():
        return ""
    last = plans.sort("declared_utc").row(-1, named=True)
    return (
        f"Experiment declared on {words.day(last['declared_utc'])}, blocks of {last['block_weeks']} weeks, the order "
        f"drawn by lot with seed {last['seed']} and never changed since. {EXPERIMENT_RULE}"
    )


def experiment_words(effect: Effect) -> str:
    """How a declared experiment went, once it has ended; empty before."""
    found = effect.experiment
    if found is None:
        return ""
    kept = "kept" if found.was_kept else "not kept, so it counts as ordinary training"
    p = "" if found.p_value is None else f" The exact p of the draw is {words.p_value(found.p_value)}."
    return (
        f"It has ended and was {kept}: {words.percent(found.done_on)} of the full hip work in the blocks on, "
        f"{words.percent(found.done_off)} in those off.{p}"
    )


def block_rows(plan_blocks: pl.DataFrame) -> list[Block]:
    """The blocks in their order, with the share of the programme done in each."""
    return [
        Block(
            row["block_index"] + 1,
            words.short_day(row["start_date"]),
            words.short_day(row["end_date"]),
            row["arm"],
            "" if row["adherence_fraction"] is None else words.percent(row["adherence_fraction"]),
        )
        for row in plan_blocks.sort("start_date").iter_rows(named=True)
    ]


def _seen(prospect: Prospect) -> str:
    if prospect.weeks_to_go is not None:
        return f"would be seen in about {words.count(prospect.weeks_to_go, 'more week')}"
    larger = words.percent(LARGER_TARGET)
    if prospect.weeks_to_larger is None:
        return f"would not be seen within five years, nor would one of {larger}"
    weeks = words.count(prospect.weeks_to_larger, "more week")
    return f"would not be seen within five years, and one of {larger} in about {weeks}"


def runners_sentence(needed: int, which: str = "like you") -> str:
    """How many runners would see an effect of a size to hope for, together in a year."""
    effect = f"an effect of {words.percent(TARGET)}"
    if needed == 1:
        return f"One runner {which} is enough to see {effect} within a year of such blocks."
    return f"Together, {needed} runners {which} would see {effect} in a year of such blocks."
