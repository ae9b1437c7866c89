"""The one line on the question: how far it is to an answer, or the answer, data and studies together first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hipdrive.report import words
from hipdrive.report.description import found_together, found_tonight, reference_pace
from hipdrive.report.gate import has_fresh_log, has_fresh_runs, last_logged, may_say
from hipdrive.report.headlines import HEADLINES, WEEKS_FOR_AN_ESTIMATE, choose_headline
from hipdrive.report.sentences import is_between_looks, tonights_verdict, verdict_that_stands
from hipdrive.report.states import State, choose_state
from hipdrive.report.verdicts import verdict_reasons

if TYPE_CHECKING:
    from hipdrive.estimate.found import Estimate
    from hipdrive.report.findings import Findings

NOT_THE_CAUSE = "Associated, not shown to be the cause."
AS_SHOWN = {"supported": "Your experiment supports it."}


@dataclass(frozen=True)
class Step:
    """One thing that an answer needs: what is there, what is needed, and how full its bar is."""

    name: str
    there: int
    needed: int

    @property
    def said(self) -> str:
        """`4 of 26`; more than needed is said so."""
        return (
            f"{self.there} of {self.needed}"
            if self.there < self.needed
            else f"{self.there}, needs {self.needed} \u2713"
        )

    @property
    def percent(self) -> int:
        """Of its bar."""
        return min(100, 100 * self.there // self.needed)


@dataclass(frozen=True)
class Bar:
    """One estimate on the axis that all of them share, in whole per mille of its length."""

    name: str
    said: str
    left: int
    width: int
    middle: int


@dataclass(frozen=True)
class Question:
    """What stands under the curve: the line, what it rests on, and what it means."""

    asked: str
    headline: str
    steps: tuple[Step, ...] = ()
    bars: tuple[Bar, ...] = ()
    zero: int = 0
    planted: int | None = None
    planted_said: str = ""
    notes: tuple[str, ...] = ()


def question_line(findings: Findings) -> Question:
    """Tonight's line on the question."""
    asked = f"Does hip work make {'this runner' if findings.planted is not None else 'you'} faster?"
    state = choose_state(findings)
    if state in {State.NO_RUNS, State.NO_STRENGTH_LOG}:
        first = choose_headline(findings)
        return Question(asked, first.text, notes=tuple(first.support[:1]))
    if state is State.EXPERIMENT:
        first = choose_headline(findings)
        return Question(asked, first.text, notes=tuple(first.support[:2]))
    together = _together(findings)
    verdict = verdict_that_stands(findings)
    if (
        together is None
        or verdict in {None, "cannot_be_estimated"}
        or tonights_verdict(findings) == "cannot_be_estimated"
    ):
        return _readiness(findings, asked)
    if verdict == "check_failed":
        return Question(
            asked, f"{HEADLINES[verdict]}.", notes=("No number is shown: a check says it may be something else.",)
        )
    return _answer(findings, asked, together, verdict or "")


def _together(findings: Findings) -> Estimate | None:
    """Data and studies; None where these data cannot carry it."""
    found = found_together(findings)
    return found if found is not None and may_say(findings, "an effect", found.half_width) else None


def _answer(findings: Findings, asked: str, together: Estimate, verdict: str) -> Question:
    planted = findings.planted
    alone = found_tonight(findings, "sustained")
    named = [("data and studies", together), ("data alone", alone)]
    rows = [(name, found) for name, found in named if found is not None]
    ends = [end for _, found in rows for end in (found.lo, found.hi)] + [0.0]
    ends += [] if planted is None else [planted.effect_fraction]
    low, high = min(ends), max(ends)

    def place(value: float) -> int:
        return round(1000 * (value - low) / (high - low)) if high > low else 0

    bars = tuple(
        Bar(
            name,
            words.estimate_with_ends(found.value, found.lo, found.hi),
            place(found.lo),
            place(found.hi) - place(found.lo),
            place(found.value),
        )
        for name, found in rows
    )
    said = words.about(together.value, together.lo, together.hi)
    unsettled = ", faster or slower not settled" if together.lo <= 0 <= together.hi else ""
    headline = f"With hip work: {said}{unsettled}"
    planted_said = "" if planted is None else f", and what was planted ({words.exact_percent(planted.effect_fraction)})"
    at = None if planted is None else place(planted.effect_fraction)
    return Question(asked, headline, (), bars, place(0.0), at, planted_said, _meaning(findings, together, verdict))


def _meaning(findings: Findings, together: Estimate, verdict: str) -> tuple[str, ...]:
    pace, effect = reference_pace(findings), findings.effect
    owner = "this runner's" if findings.planted is not None else "your"
    change = (
        ""
        if pace is None
        else f"{words.seconds_faster_or_slower(together.value, pace.value)} {words.a_distance()}, for "
    )
    first = f"{'About ' if change else 'For '}{change}the whole programme kept up, against none. "
    share = None if effect is None else effect.data_share_fraction
    own = "" if share is None else f" {words.percent(max(0.0, share))} of the first line is {owner} own data."
    provisional = " Provisional until the next verdict." if is_between_looks(findings) else ""
    return (f"{first}{AS_SHOWN.get(verdict, NOT_THE_CAUSE)}{own}{provisional}",)


def _readiness(findings: Findings, asked: str) -> Question:
    told = _how_far(findings, asked)
    other_dates = [reason for reason in _reasons(findings) if "other dates" in reason]
    is_said = any("other dates" in sentence for sentence in (*told.notes, *choose_headline(findings).support))
    return replace(told, notes=(*other_dates, *told.notes)) if other_dates and not is_said else told


def _reasons(findings: Findings) -> tuple[str, ...]:
    """What stands in the way of an estimate; nothing before one was tried."""
    return () if findings.effect is None else verdict_reasons(findings.effect.decision)


def _how_far(findings: Findings, asked: str) -> Question:
    readiness = findings.readiness
    if readiness is None:
        return Question(asked, "Too early to tell.")
    steps = (
        Step("weeks of log", readiness.weeks, readiness.weeks_needed),
        Step("runs in those weeks", readiness.runs, readiness.runs_needed),
        Step("on-off changes", readiness.changes, readiness.changes_needed),
    )
    if readiness.is_ready:
        return Question(asked, "These weeks cannot tell", steps, notes=_reasons(findings))
    if not has_fresh_runs(findings):
        return Question(asked, "Too few runs to tell", steps, notes=("Without new runs no date can be given.",))
    if not has_fresh_log(findings):
        day = last_logged(findings)
        said = "" if day is None else f"Strength log read to {words.day(day)}: export it again"
        return Question(asked, said, steps, notes=("Without the log no date can be given.",))
    if (
        not may_say(findings, "a date for the answer")
        or readiness.weeks_to_go is None
        or readiness.weeks_to_go > 2 * WEEKS_FOR_AN_ESTIMATE
    ):
        return Question(
            asked, "Too early to tell", steps, notes=("At your rhythm it takes over a year: see the plan.",)
        )
    about = f"Too early to tell: a first answer in about {words.count(readiness.weeks_to_go, 'week')}"
    return Question(asked, about, steps, notes=("At your rhythm of runs, with four weeks on and four off by turns.",))
