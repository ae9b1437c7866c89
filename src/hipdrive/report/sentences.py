"""What the first screen says: a headline and what stands behind it, by state, from numbers alone.

Deterministic, rounded by uncertainty, and never more than the numbers carry: outside an experiment strength work and
running are associated, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hipdrive.estimate.looks import is_look, next_look
from hipdrive.report import words
from hipdrive.report.description import (
    Estimate,
    Progress,
    adherence,
    estimates_by_night,
    found_tonight,
    known_weeks,
    programme_done,
    progress,
    reference_pace,
    usable_runs,
)
from hipdrive.report.states import State, choose_state, days_without_log

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report.findings import Findings

WEEKS_FOR_AN_ESTIMATE = 26
SMALLEST_RISE = 0.5  # in repetitions, kilogrammes, metres or seconds: less is rounding
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
HEADLINES = {
    "not_enough_data": "Not enough data yet to tell",
    "practically_none": "Practically no difference",
    "no_clear_sign": "No clear sign of a difference",
    "associated": "Faster running is associated with your hip work, not shown to come from it",
    "supported": "Your experiment supports the hip work",
    "check_failed": "An association is seen, but a check failed",
    "slower": "Slower running is associated with your hip work",
}
STUDIES = (
    "What studies of related work found: in 24 trials with 469 runners, 6 to 20 weeks of strength training mostly "
    "lowered the cost of running by 2 to 8 % (Blagrove 2018). Light bands and body weight, as in this programme, have "
    "no trial of their own. None of that is you yet."
)


@dataclass(frozen=True)
class Lead:
    """The first screen: a short line above, the headline, and sentences below it; the estimate's figure or none."""

    kicker: str
    headline: str
    support: list[str] = field(default_factory=list)
    shows_estimate: bool = False


def lead(findings: Findings) -> Lead:
    """The first screen of tonight's state."""
    leads: dict[State, Callable[[Findings], Lead]] = {
        State.DEMO: _demo,
        State.NO_RUNS: _no_runs,
        State.NO_STRENGTH_LOG: _no_strength_log,
        State.LOG_STOPPED: _log_stopped,
        State.UNDER_12_WEEKS: _under_12_weeks,
        State.FROM_12_WEEKS: _from_12_weeks,
        State.FROM_26_WEEKS: _from_26_weeks,
        State.FROM_52_WEEKS: _from_52_weeks,
    }
    return leads[choose_state(findings)](findings)


def one_line(findings: Findings) -> str:
    """What the page says, in one plain sentence for the terminal."""
    return lead(findings).headline


def standing_verdict(findings: Findings) -> str | None:
    """The verdict of the last declared look and what is provisional tonight; None before there is any estimate."""
    nights = estimates_by_night(findings, "achieved")
    looks = nights.filter("is_look")
    tonight = tonights_verdict(findings)
    if tonight is None:
        return None
    weeks = findings.effect.calendar_weeks if findings.effect is not None else int(nights["weeks"][-1])
    if findings.effect is not None and is_look(weeks):
        return f"Verdict of tonight's look, at {words.count(weeks, 'week')}: {VERDICT_NAMES[tonight]}."
    coming = f"The verdict is set at declared looks only, next at {next_look(weeks)} weeks"
    if looks.is_empty():
        return f"{coming}; until then this is provisional: {VERDICT_NAMES[tonight]}."
    last = looks.row(-1, named=True)
    was = VERDICT_NAMES[last["verdict"]]
    return f"Verdict of the last look: {was}. {coming}; tonight's numbers are provisional until then."


def tonights_verdict(findings: Findings) -> str | None:
    """Of `effect`, else of the last night in `effects`; None before there is any."""
    if findings.effect is not None:
        return findings.effect.verdict
    verdicts = estimates_by_night(findings, "achieved")["verdict"].to_list()
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


def baseline(findings: Findings) -> str | None:
    """Pace at reference heart rate and how exactly it is known; None with too few runs."""
    pace, beats = reference_pace(findings), findings.athlete["reference_hr_bpm"].to_list()
    if pace is None or not beats or beats[0] is None:
        return None
    return (
        f"Your pace at {beats[0]:.0f} beats a minute: {words.pace(pace.value)}, known to within "
        f"{max(1, round(pace.half_width))} s/km from {words.count(usable_runs(findings), 'usable run')}."
    )


def best_progress(findings: Findings) -> Progress | None:
    """The strengthening exercise that rose most for its size, among those that rose by half a unit or more."""
    rose = [
        row
        for row in progress(findings)
        if row.is_strengthening and row.first > 0 and row.last - row.first >= SMALLEST_RISE
    ]
    return max(rose, key=lambda row: row.last / row.first, default=None)


def progress_words(row: Progress) -> str:
    """`Single-leg glute bridge: 15 to 19 repetitions`."""
    unit = f" {row.unit}"
    return f"{row.label}: {row.first:.0f} to {row.last:.0f}{unit}"


def _demo(findings: Findings) -> Lead:
    planted = findings.planted
    if planted is None:
        raise ValueError("the demo page needs what was planted")
    what = words.exact_percent(planted.effect_fraction)
    found, pace = found_tonight(findings, "sustained"), reference_pace(findings)
    support = []
    if found is None:
        headline = f"Made-up runner. We planted {what}; hipdrive, not told, could not estimate it from this history."
        if findings.effect is not None:
            support.append(findings.effect.decision.sentence)
    else:
        seconds = "" if pace is None else f", {words.seconds_a_km(found.value, pace.value)}"
        headline = (
            f"Made-up runner. We planted {what}; hipdrive, not told, found "
            f"{words.signed_percent(found.value, found.half_width)} "
            f"({words.interval_in_percent(found.lo, found.hi)}){seconds}."
        )
        support.append(_planted_against_found(planted.effect_fraction, found, planted.weeks))
        achieved = found_tonight(findings, "achieved")
        if achieved is not None:
            support.append(
                "Both numbers are for a full programme kept up. From this runner's own low to high weeks of hip work: "
                f"{words.signed_percent(achieved.value, achieved.half_width)} "
                f"({words.interval_in_percent(achieved.lo, achieved.hi)})."
            )
    if planted.sentence:
        support.append(planted.sentence)
    return Lead("A demo: what this runner would see", headline, support, shows_estimate=found is not None)


def _planted_against_found(planted: float, found: Estimate, weeks: int) -> str:
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


def _no_runs(findings: Findings) -> Lead:
    sets = findings.strength_sets.height
    has_sets = f"{words.count(sets, 'strength set')} read. " if sets else ""
    return Lead(
        "Nothing to compare yet",
        "No runs yet: put your watch's FIT files into data/inbox.",
        [f"{has_sets}A zip of everything that Garmin Connect exports will do; each file is read once.", STUDIES],
    )


def _no_strength_log(findings: Findings) -> Lead:
    return Lead(
        "Running only, so far",
        f"{words.count(findings.runs.height, 'run')} read, and no strength log yet.",
        _said(
            baseline(findings),
            "Put an export of your strength app into data/inbox, or start the programme below and log it: "
            "unlogged is not zero, so nothing is estimated until a log speaks.",
            STUDIES,
        ),
    )


def _log_stopped(findings: Findings) -> Lead:
    last = findings.log_span["last_date"][0]
    missing = findings.runs.filter(findings.runs["local_date"] > last).height
    return Lead(
        "The strength log has stopped",
        f"Strength log read to {words.day(last)}; export it again.",
        _said(
            f"{words.count(missing, 'run')} in the {words.count(days_without_log(findings), 'day')} since then cannot "
            "be compared with anything: unlogged is not zero.",
            baseline(findings),
            standing_verdict(findings),
        ),
    )


def _under_12_weeks(findings: Findings) -> Lead:
    items, weeks = adherence(findings), known_weeks(findings)
    done = programme_done(items)
    kicker = "The first week" if weeks <= 1 else f"{words.count(weeks, 'week')} in"
    if done is None:
        headline = f"{words.count(findings.runs.height, 'run')} and a strength log: your record has begun."
    elif items[0].done_fraction >= 1:
        headline = "All of the programme done so far."
    else:
        headline = f"{words.percent(done)} of the programme done so far; {items[0].label.lower()} skipped most."
    to_go = max(1, WEEKS_FOR_AN_ESTIMATE - weeks)
    return Lead(
        kicker,
        headline,
        _said(
            baseline(findings),
            f"A first estimate needs {words.count(to_go, 'more week')}, and weeks on and weeks off to compare.",
            STUDIES,
        ),
    )


def _from_12_weeks(findings: Findings) -> Lead:
    weeks, best, done = known_weeks(findings), best_progress(findings), programme_done(adherence(findings))
    pace = baseline(findings)
    if best is not None:
        headline = (
            f"{best.label} up from {best.first:.0f} to {best.last:.0f} {best.unit} in {words.count(weeks, 'week')}."
        )
    else:
        headline = pace or f"{words.count(weeks, 'week')} of runs and strength work are in."
    did = None if done is None else f"{words.percent(done)} of the programme done over the last 12 weeks."
    return Lead(
        f"{words.count(weeks, 'week')} in",
        headline,
        _said(
            pace if best is not None else None,
            did,
            f"A first estimate of strength work and speed comes at {WEEKS_FOR_AN_ESTIMATE} weeks, if there are weeks "
            "on and weeks off by then.",
        ),
    )


def _from_26_weeks(findings: Findings) -> Lead:
    weeks, out = known_weeks(findings), ruled_out(findings)
    if out is None or tonights_verdict(findings) == "cannot_be_estimated":
        return _without_estimate(findings, weeks)
    return Lead(
        f"{words.count(weeks, 'week')} in: what your data rule out",
        f"From your low to your high weeks of hip work, {out}.",
        _said(_estimate_words(findings), standing_verdict(findings), baseline(findings)),
        shows_estimate=True,
    )


def _from_52_weeks(findings: Findings) -> Lead:
    weeks, found, pace = known_weeks(findings), found_tonight(findings, "achieved"), reference_pace(findings)
    verdict = tonights_verdict(findings)
    if found is None or verdict is None or verdict == "cannot_be_estimated":
        return _without_estimate(findings, weeks)
    seconds = "" if pace is None else f", {words.seconds_a_km(found.value, pace.value)}"
    numbers = (
        f"{words.signed_percent(found.value, found.half_width)} speed "
        f"({words.interval_in_percent(found.lo, found.hi)}){seconds}"
    )
    out = ruled_out(findings)
    return Lead(
        f"{words.count(weeks, 'week')} in",
        f"{HEADLINES[verdict]}: {numbers}.",
        _said(
            "These numbers are from your low to your high weeks of hip work, at the same heart rate.",
            None if out is None else f"What your data rule out: {out}.",
            _with_studies(findings),
            standing_verdict(findings),
        ),
        shows_estimate=True,
    )


def _without_estimate(findings: Findings, weeks: int) -> Lead:
    sentence = "This cannot be estimated yet." if findings.effect is None else findings.effect.decision.sentence
    reasons = [] if findings.effect is None else list(findings.effect.reasons)
    return Lead(f"{words.count(weeks, 'week')} in", sentence, [*_said(baseline(findings)), *reasons])


def _estimate_words(findings: Findings) -> str | None:
    found = found_tonight(findings, "achieved")
    if found is None:
        return None
    return (
        f"The estimate: {words.signed_percent(found.value, found.half_width)} speed at the same heart rate "
        f"({words.interval_in_percent(found.lo, found.hi)})."
    )


def _with_studies(findings: Findings) -> str | None:
    if findings.effect is None:
        return None
    line = findings.effect.prior_informed
    share = line.data_share_fraction
    if line.sustained.estimate is None or line.sustained.lo is None or line.sustained.hi is None or share is None:
        return None
    return (
        "With what studies of related work found, the full programme kept up: "
        f"{words.signed_percent(line.sustained.estimate)} "
        f"({words.interval_in_percent(line.sustained.lo, line.sustained.hi)}); {words.percent(max(0.0, share))} of "
        "that line is your own data."
    )


def _said(*sentences: str | None) -> list[str]:
    return [sentence for sentence in sentences if sentence]
