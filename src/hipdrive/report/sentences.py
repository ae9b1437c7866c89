"""Plain sentences from numbers, for the first screen and the sections.

Deterministic, rounded by uncertainty, and never more than the numbers carry: outside an experiment strength work and
running are associated, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hipdrive.estimate.found import estimate_of, estimates_by_night
from hipdrive.estimate.interim_analyses import next_look
from hipdrive.report import words
from hipdrive.report.description import found_together, found_tonight, reference_pace
from hipdrive.report.gate import may_say
from hipdrive.report.verdicts import verdict_sentence

if TYPE_CHECKING:
    from hipdrive.estimate.found import Estimate
    from hipdrive.measure.progress import Progress
    from hipdrive.report.findings import Findings

VERDICT_NAMES = {
    "cannot_be_estimated": "cannot be estimated",
    "not_enough_data": "not enough data yet",
    "practically_none": "practically no effect",
    "no_clear_sign": "no clear sign of an effect",
    "associated": "associated with faster running, not shown to be the cause",
    "supported": "supported by your experiment",
    "check_failed": "an association is seen, but a check failed",
    "slower": "associated with slower running",
}


def standing_verdict(findings: Findings) -> str | None:
    """The verdict of the last declared look and what is provisional tonight; None before there is any estimate."""
    effect, look = findings.effect, findings.look
    stands = verdict_that_stands(findings)
    if stands is None:
        return None
    if effect is None:
        return f"Verdict of the last night: {VERDICT_NAMES[stands]}."
    if look is None or stands == effect.verdict == "cannot_be_estimated":
        return verdict_sentence(effect.decision, findings.in_blocks)
    if not is_between_looks(findings):
        at_look = f"Verdict at {words.count(look.weeks, 'week')}, set tonight"
        return f"{at_look}: {VERDICT_NAMES[stands]}. {verdict_sentence(look.decision, findings.in_blocks)}"
    return (
        f"Verdict at {words.count(look.weeks, 'week')}: {VERDICT_NAMES[stands]}. "
        f"{verdict_sentence(look.decision, findings.in_blocks)} A verdict is set only in weeks fixed beforehand, "
        f"next at {next_look(effect.weeks)} weeks; tonight's numbers are provisional until then."
    )


def verdict_that_stands(findings: Findings) -> str | None:
    """Of the last declared look; before the first, and where no estimate was made tonight, the last that was said."""
    return tonights_verdict(findings) if findings.look is None else findings.look.verdict


def is_between_looks(findings: Findings) -> bool:
    """Whether weeks have been added since the last declared look."""
    effect, look = findings.effect, findings.look
    return effect is not None and look is not None and look.weeks < effect.weeks


def tonights_verdict(findings: Findings) -> str | None:
    """Of `effect`, else of the last night in `effects`; None before there is any."""
    if findings.effect is not None:
        return findings.effect.verdict
    verdicts = estimates_by_night(findings.effects, findings.nights, "achieved")["verdict"].to_list()
    return verdicts[-1] if verdicts else None


def ruled_out(findings: Findings) -> str | None:
    """What the interval leaves out, in seconds a kilometre at this runner's pace; None without an estimate."""
    found, pace = found_tonight(findings, "achieved"), reference_pace(findings)
    if found is None or pace is None:
        return None
    slower, faster = (words.seconds_a_km(end, pace.value) for end in (found.lo, found.hi))
    if slower.endswith("slower") and faster.endswith("faster"):
        return f"more than {slower} or {faster} is unlikely"
    return f"anything outside {slower} to {faster} is unlikely"


def blocks_seen(findings: Findings) -> str | None:
    """How often strength work really changed, which is what an estimate lives on; None without one."""
    if findings.effect is None:
        return None
    changes = words.count(findings.effect.block_changes, "change")
    return f"Seen so far: {changes} between four or more weeks of hip work and four or more without."


def day_after_words(findings: Findings) -> str | None:
    """What hip work goes with on the two days after it; None where no week had both kinds of run."""
    after = findings.day_after
    change = None if after is None else estimate_of(after.change)
    if after is None or change is None or not may_say(findings, "the day after", change.half_width):
        return None
    numbers = (
        f"{words.signed_percent(change.value, change.half_width)} speed "
        f"({words.interval_in_percent(change.lo, change.hi)}), {words.count(after.runs_after, 'run')} within two "
        "days of hip work against the others of the same week"
    )
    if change.lo >= 0:
        return f"The days after hip work: {numbers}. No cost is in sight."
    are_slower = " are slower" if change.hi < 0 else ""
    return f"The days after hip work{are_slower}: {numbers}. A cost above {words.percent_fine(-change.lo)} is unlikely."


def progress_words(row: Progress) -> str:
    """`Single-leg glute bridge: 15 to 19 repetitions`."""
    first, last = (words.exercised(value, row.unit) for value in (row.first, row.last))
    number = first.partition(words.NO_BREAK)[0]
    return f"{row.label}: {f'steady at {last}' if first == last else f'{number} to {last}'}"


def planted_against_found(planted: float, found: Estimate, weeks: int) -> str:
    """Whether the interval holds what was planted, and whether one history can find an effect of its size."""
    holds = found.lo <= planted <= found.hi
    if planted == 0 and found.lo <= 0 <= found.hi:
        return "Nothing was planted, and the interval holds zero, as it should for 19 such runners in 20."
    if found.lo <= 0 <= found.hi:
        inside = "holds what was planted, and it holds zero too" if holds else "holds zero and misses what was planted"
        return (
            f"The interval {inside}: one history of {words.count(weeks, 'week')} cannot find an effect of this size. "
            "That is the honest answer, and most real runners will get it."
        )
    if holds:
        return "The interval holds what was planted and leaves zero out."
    return "The interval misses what was planted; that happens to about 1 made-up runner in 20."


def caveat_words(findings: Findings) -> str | None:
    """Why the plain correlations mislead in this runner's own data; None where there are too few weeks to say."""
    found = findings.associations_caveat
    if found is None:
        return None
    independent, by_chance = words.number(found.independent), words.number(found.by_chance, 1)
    return (
        f"Weeks resemble their neighbours: your {found.weeks} weeks tell about as much as {independent} independent "
        f"ones, so a correlation of up to {by_chance} either way comes by chance alone, and the largest of thirteen "
        "of them goes further still; season, trend and training load are in it too."
    )


def estimate_words(findings: Findings) -> str | None:
    """The achieved estimate with its interval, called provisional between looks; None without one."""
    found = found_tonight(findings, "achieved")
    if found is None:
        return None
    said = "Tonight, provisional" if is_between_looks(findings) else "The estimate"
    return (
        f"{said}: {words.signed_percent(found.value, found.half_width)} speed at the same heart rate "
        f"({words.interval_in_percent(found.lo, found.hi)})."
    )


def with_studies(findings: Findings) -> str | None:
    """The line that includes the studies, and the share of it that is this runner's own data; None without one."""
    if findings.effect is None:
        return None
    full, share = found_together(findings), findings.effect.data_share_fraction
    if full is None or share is None:
        return None
    return (
        "With what studies of related work found, the full programme kept up: "
        f"{words.signed_percent(full.value)} ({words.interval_in_percent(full.lo, full.hi)}); "
        f"{words.percent(max(0.0, share))} of that line is your own data."
    )
