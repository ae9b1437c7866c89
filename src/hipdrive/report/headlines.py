"""The first screen, by state: what this runner's data already tell, and never a lead by what they cannot say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hipdrive.measure.adherence import programme_done, skipped_most
from hipdrive.report import words
from hipdrive.report.description import (
    adherence,
    found_at_last_look,
    found_together,
    found_tonight,
    known_weeks,
    reference_pace,
)
from hipdrive.report.efforts import best_effort_words
from hipdrive.report.experiment import block_tonight, draw_words, ended_experiment, kept_so_far, turn_words
from hipdrive.report.gate import may_say
from hipdrive.report.habits import written_for
from hipdrive.report.plan import next_block_words, remedies_words
from hipdrive.report.sentences import (
    blocks_seen,
    day_after_words,
    estimate_words,
    is_between_looks,
    planted_against_found,
    ruled_out,
    standing_verdict,
    tonights_verdict,
    verdict_that_stands,
    with_studies,
)
from hipdrive.report.states import State, choose_state, days_without_log
from hipdrive.report.stride import steady_words
from hipdrive.report.verdicts import verdict_reasons, verdict_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report.findings import Findings

WEEKS_FOR_AN_ESTIMATE = 26
HEADLINES = {
    "not_enough_data": "Not enough data yet to tell",
    "practically_none": "Practically no difference",
    "no_clear_sign": "No clear sign of a difference",
    "associated": "Faster running is associated with your hip work, not shown to come from it",
    "supported": "Your experiment supports the hip work",
    "check_failed": "An association is seen, but a check failed",
    "slower": "Slower running is associated with your hip work",
}
EXPERIMENT_SHOWS_NOTHING = (
    "You ran the experiment, and no clear difference between blocks on and off shows. Keep the work if you like it."
)
STUDIES = (
    "What studies of related work found: in 24 trials with 469 runners, 6 to 20 weeks of strength training mostly "
    "lowered the cost of running by 2 to 8 % (Blagrove 2018). Light bands and body weight, as in this programme, have "
    "no trial of their own. None of that is you yet."
)


@dataclass(frozen=True)
class Headline:
    """The first screen: a short line above, the headline, and sentences below it; the estimate's figure or none."""

    kicker: str
    text: str
    support: list[str] = field(default_factory=list)
    shows_estimate: bool = False


def choose_headline(findings: Findings) -> Headline:
    """The first screen of tonight's state."""
    of_state: dict[State, Callable[[Findings], Headline]] = {
        State.DEMO: _demo,
        State.NO_RUNS: _no_runs,
        State.NO_STRENGTH_LOG: _no_strength_log,
        State.LOG_STOPPED: _log_stopped,
        State.EXPERIMENT: _experiment,
        State.UNDER_12_WEEKS: _under_12_weeks,
        State.FROM_12_WEEKS: _from_12_weeks,
        State.FROM_26_WEEKS: _from_26_weeks,
        State.FROM_52_WEEKS: _from_52_weeks,
    }
    return of_state[choose_state(findings)](findings)


def one_line(findings: Findings) -> str:
    """What the page says, in one plain sentence for the terminal."""
    with written_for(findings.habits):
        return choose_headline(findings).text


def _demo(findings: Findings) -> Headline:
    planted = findings.planted
    if planted is None:
        raise ValueError("the demo page needs what was planted")
    what = words.exact_percent(planted.effect_fraction)
    found = found_tonight(findings, "sustained")
    support = []
    if found is None:
        headline = f"Made-up runner. We planted {what}; hipdrive, not told, could not estimate it from this history."
        if findings.effect is not None:
            support.append(verdict_sentence(findings.effect.decision, findings.in_blocks))
    else:
        alone = f"data alone {words.estimate_with_ends(found.value, found.lo, found.hi)}"
        together = found_together(findings)
        with_hip_work = alone
        if together is not None:
            ends = words.estimate_with_ends(together.value, together.lo, together.hi)
            with_hip_work = f"about {ends}, data and studies; {alone}"
        headline = (
            f"Made-up runner, {what} planted. With hip work {with_hip_work}: "
            "speed with the whole programme kept up, against none."
        )
        support.append(planted_against_found(planted.effect_fraction, found, planted.weeks))
    if planted.sentence:
        support.append(planted.sentence)
    return Headline("A demo: what this runner would see", headline, support, shows_estimate=found is not None)


def _no_runs(findings: Findings) -> Headline:
    sets = findings.strength_sets.height
    has_sets = f"{words.count(sets, 'strength set')} read. " if sets else ""
    return Headline(
        "Nothing to compare yet",
        "No runs yet: put your watch's FIT files into data/inbox.",
        [f"{has_sets}A zip of everything that Garmin Connect exports will do; each file is read once.", STUDIES],
    )


def _no_strength_log(findings: Findings) -> Headline:
    return Headline(
        "Running only, so far",
        f"{words.count(findings.runs.height, 'run')} read, and no strength log yet.",
        _said(
            "Put an export of your strength app into data/inbox, or start the programme below and log it: "
            "unlogged is not zero, so nothing is estimated until there is a log.",
            STUDIES,
        ),
    )


def _log_stopped(findings: Findings) -> Headline:
    last = findings.log_span["last_date"].sort()[-1]
    missing = findings.runs.filter(findings.runs["local_date"] > last).height
    return Headline(
        "The strength log has stopped",
        f"Strength log read to {words.day(last)}; export it again.",
        _said(
            f"{words.count(missing, 'run')} in the {words.count(days_without_log(findings), 'day')} since then cannot "
            "be compared with anything: unlogged is not zero.",
            standing_verdict(findings),
        ),
    )


def _experiment(findings: Findings) -> Headline:
    tonight, ended = block_tonight(findings), ended_experiment(findings)
    if tonight is not None:
        return Headline(
            f"Your experiment, week {tonight.week} of {tonight.weeks}",
            turn_words(tonight),
            _said(
                kept_so_far(findings),
                f"The draw is tested once, when the last block ends on {words.day(tonight.end)}; until then nothing is "
                "settled, and any estimate is provisional.",
                estimate_words(findings),
                day_after_words(findings),
            ),
            shows_estimate=found_tonight(findings, "achieved") is not None,
        )
    if ended is None:
        raise ValueError("the page of an experiment needs one")
    found, pace, out = found_at_last_look(findings), reference_pace(findings), ruled_out(findings)
    verdict = verdict_that_stands(findings)
    headline = EXPERIMENT_SHOWS_NOTHING
    if found is not None and verdict == "check_failed":
        headline = f"{HEADLINES[verdict]}."
    elif found is not None and verdict in {"supported", "associated", "slower"}:
        seconds = "" if pace is None else f", {words.seconds_a_km(found.value, pace.value)}"
        headline = (
            f"{HEADLINES[verdict]}: {words.signed_percent(found.value, found.half_width)} speed "
            f"({words.interval_in_percent(found.lo, found.hi)}){seconds}."
        )
    return Headline(
        "Your experiment has ended",
        headline,
        _said(
            draw_words(ended),
            estimate_words(findings),
            None if out is None else f"What your data rule out, from your low to your high weeks of hip work: {out}.",
            with_studies(findings),
            standing_verdict(findings),
        ),
        shows_estimate=found is not None,
    )


def _under_12_weeks(findings: Findings) -> Headline:
    items, weeks = adherence(findings), known_weeks(findings)
    done = programme_done(items)
    kicker = "The first week" if weeks <= 1 else f"{words.count(weeks, 'week')} in"
    if not done:
        headline = f"{words.count(findings.runs.height, 'run')} and a strength log: your record has begun."
    elif items[0].done_fraction >= 1:
        headline = "All of the five exercises done so far."
    else:
        least = skipped_most(items)
        tail = "" if least is None else f"; {least.label.lower()} skipped most"
        headline = f"{words.percent(done)} of the five exercises done so far{tail}."
    return Headline(
        kicker,
        headline,
        _said(
            best_effort_words(findings),
            f"A first estimate takes {WEEKS_FOR_AN_ESTIMATE} weeks for which both runs and a log are there"
            f" ({words.number(weeks) if weeks else 'none'} so far), and weeks on and weeks off to compare.",
            STUDIES,
        ),
    )


def _from_12_weeks(findings: Findings) -> Headline:
    to_come = (
        f"A first estimate of strength work and speed comes at {WEEKS_FOR_AN_ESTIMATE} weeks, if there are weeks on "
        "and weeks off by then."
    )
    return _before_an_estimate(findings, [to_come])


def _before_an_estimate(findings: Findings, outlook: list[str]) -> Headline:
    """What is known without any estimate: exercises, the day after, pace, programme; then what is in the way of one."""
    weeks, done = known_weeks(findings), programme_done(adherence(findings))
    known = _said(day_after_words(findings), steady_words(findings), best_effort_words(findings))
    did = None if done is None else f"{words.percent(done)} of the five exercises done over the last weeks of the log."
    return Headline(
        f"{words.span(weeks)} in",
        f"{words.count(weeks, 'week')} of runs and strength work are in.",
        [*known, *_said(did), *outlook],
    )


def _from_26_weeks(findings: Findings) -> Headline:
    weeks, out = known_weeks(findings), ruled_out(findings)
    if out is None or tonights_verdict(findings) == "cannot_be_estimated":
        return _without_estimate(findings)
    return Headline(
        f"{words.span(weeks)} in: what your data rule out",
        f"From your low to your high weeks of hip work, {out}.",
        _said(
            estimate_words(findings),
            blocks_seen(findings),
            *(next_block_words(findings) if may_say(findings, "the next block") else []),
            standing_verdict(findings),
        ),
        shows_estimate=True,
    )


def _from_52_weeks(findings: Findings) -> Headline:
    weeks, found, pace = known_weeks(findings), found_at_last_look(findings), reference_pace(findings)
    verdict, look = verdict_that_stands(findings), findings.look
    if found is None or verdict is None or verdict == "cannot_be_estimated":
        return _from_26_weeks(findings)
    seconds = "" if pace is None else f", {words.seconds_a_km(found.value, pace.value)}"
    numbers = (
        f"{words.signed_percent(found.value, found.half_width)} speed "
        f"({words.interval_in_percent(found.lo, found.hi)}){seconds}"
    )
    # An interval does not bound what is possible where one of its checks has failed.
    out = None if verdict == "check_failed" else ruled_out(findings)
    stands, said = findings.effect if look is None else look, standing_verdict(findings)
    return Headline(
        f"{words.span(weeks)} in",
        # A number in a headline would be believed whatever stands beside it.
        f"{HEADLINES[verdict]}." if verdict == "check_failed" else f"{HEADLINES[verdict]}: {numbers}.",
        _said(
            None
            if verdict == "check_failed"
            else "These numbers are from your low to your high weeks of hip work, at the same heart rate.",
            estimate_words(findings) if is_between_looks(findings) else None,
            None if out is None else f"What your data rule out: {out}.",
            with_studies(findings),
            said,
            *(
                reason
                for reason in ([] if stands is None else verdict_reasons(stands.decision))
                if not _is_in(reason, said)
            ),
            None if findings.remedies is None else f"What would settle it: {_lower(remedies_words(findings.remedies))}",
        ),
        shows_estimate=True,
    )


def _without_estimate(findings: Findings) -> Headline:
    if findings.effect is None:
        return _before_an_estimate(findings, ["What strength work goes with cannot be estimated yet."])
    return _before_an_estimate(
        findings,
        [verdict_sentence(findings.effect.decision, findings.in_blocks), *verdict_reasons(findings.effect.decision)],
    )


def _said(*sentences: str | None) -> list[str]:
    return [sentence for sentence in sentences if sentence]


def _is_in(reason: str, said: str | None) -> bool:
    return said is not None and reason.rstrip(".").lower() in said.lower()


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
