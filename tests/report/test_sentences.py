from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.day_after import DayAfter
from hipdrive.estimate.description import Likeness
from hipdrive.estimate.found import Estimate
from hipdrive.estimate.power_analysis import Prospect, Remedies
from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.verdict import Decision
from hipdrive.report import draw_page, one_line
from hipdrive.report.headlines import HEADLINES, choose_headline
from hipdrive.report.plan import draw_plan
from hipdrive.report.question import question_line
from hipdrive.report.sentences import (
    VERDICT_NAMES,
    blocks_seen,
    caveat_words,
    day_after_words,
    planted_against_found,
    ruled_out,
    standing_verdict,
    with_studies,
)
from hipdrive.report.verdicts import verdict_reasons, verdict_sentence
from hipdrive.tables.estimates import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

FORBIDDEN = re.compile(r"\b(proves?|proven|powers|because of|significan\w*)\b", re.IGNORECASE)
HISTORIES = [
    {"weeks": 4},
    {"weeks": 16},
    {"weeks": 30},
    {"weeks": 60},
    {"weeks": 104, "is_demo": True},
    {"weeks": 20, "has_log": False},
    {"weeks": 20, "has_runs": False},
    {"weeks": 20, "has_runs": False, "has_log": False},
    {"weeks": 60, "log_ends_weeks_ago": 10},
]


@pytest.mark.parametrize("history", HISTORIES, ids=str)
def test_every_state_has_a_headline_and_something_behind_it(
    make_findings: Callable[..., Findings], history: dict[str, object]
) -> None:
    first_screen = choose_headline(make_findings(**history))
    assert first_screen.text.endswith((".", "!"))
    assert len(first_screen.support) >= 1
    assert all(sentence.endswith(".") for sentence in first_screen.support)


@pytest.mark.parametrize("history", HISTORIES, ids=str)
def test_no_page_says_a_forbidden_word(make_findings: Callable[..., Findings], history: dict[str, object]) -> None:
    page = draw_page(make_findings(**history))
    said = page[: page.index('<script type="application/json"')]
    assert FORBIDDEN.findall(re.sub(r"<style>.*?</style>", "", said, flags=re.DOTALL)) == []


def test_every_verdict_has_its_words() -> None:
    assert set(VERDICT_NAMES) == set(VERDICTS)
    assert set(HEADLINES) == set(VERDICTS) - {"cannot_be_estimated"}
    assert not FORBIDDEN.search(" ".join([*VERDICT_NAMES.values(), *HEADLINES.values()]))


def test_a_demo_names_planted_and_found(
    make_findings: Callable[..., Findings], with_effect: Callable[..., Findings]
) -> None:
    found = with_effect(make_findings(104, is_demo=True), (0.034, 0.009, 0.059), "associated")
    assert one_line(found) == (
        "Made-up runner, +4\u202f% planted. With hip work data alone +3.4\u202f% (+0.9 to +5.9): "
        "speed with the whole programme kept up, against none."
    )
    assert "holds what was planted and leaves zero out" in choose_headline(found).support[0]


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((0.03, -0.01, 0.07), "cannot find an effect of this size"),
        ((0.03, 0.0, 0.07), "cannot find an effect of this size"),
        ((0.01, -0.02, 0.039), "holds zero and misses what was planted"),
        ((0.06, 0.041, 0.09), "misses what was planted; that happens"),
        ((0.04, 0.04, 0.05), "holds what was planted and leaves zero out"),
    ],
)
def test_a_demo_says_so_when_one_history_cannot_find_it(
    make_findings: Callable[..., Findings],
    with_effect: Callable[..., Findings],
    interval: tuple[float, float, float],
    words: str,
) -> None:
    assert words in choose_headline(with_effect(make_findings(104, is_demo=True), interval)).support[0]


@pytest.mark.parametrize(
    ("interval", "pattern"),
    [
        ((0.01, -0.04, 0.05), r"^more than \d+ s/km slower or \d+ s/km faster is unlikely$"),
        ((0.03, 0.01, 0.05), r"^anything outside \d+ s/km faster to \d+ s/km faster is unlikely$"),
        ((-0.03, -0.05, -0.01), r"^anything outside \d+ s/km slower to \d+ s/km slower is unlikely$"),
        ((0.03, 0.0001, 0.05), r"^anything outside 0 s/km to \d+ s/km faster is unlikely$"),
    ],
)
def test_what_is_ruled_out_is_told_in_seconds(
    make_findings: Callable[..., Findings],
    with_effect: Callable[..., Findings],
    interval: tuple[float, float, float],
    pattern: str,
) -> None:
    assert re.match(pattern, ruled_out(with_effect(make_findings(60), interval)) or "")


@pytest.mark.parametrize("verdict", sorted(HEADLINES))
def test_the_headline_follows_the_verdict(
    make_findings: Callable[..., Findings], with_effect: Callable[..., Findings], verdict: str
) -> None:
    headline = choose_headline(with_effect(make_findings(60), (0.01, -0.02, 0.04), verdict)).text
    assert headline.startswith(HEADLINES[verdict])
    assert ("+1.0\u202f% speed (\u22122.0\u202f% to +4.0\u202f%)" in headline) is (verdict != "check_failed")


@pytest.mark.parametrize("weeks", [60, 104])
def test_no_number_stands_in_the_headline_where_a_check_failed(
    make_findings: Callable[..., Findings], with_effect: Callable[..., Findings], weeks: int
) -> None:
    assert not re.search(r"\d", one_line(with_effect(make_findings(weeks), (0.03, 0.01, 0.05), "check_failed")))


def test_what_cannot_be_estimated_is_not_led_by_a_number(
    make_findings: Callable[..., Findings], with_effect: Callable[..., Findings]
) -> None:
    for weeks in (30, 60):
        assert (
            "%"
            not in choose_headline(with_effect(make_findings(weeks), (0.01, -0.02, 0.04), "cannot_be_estimated")).text
        )


def test_between_looks_the_verdict_is_provisional(make_findings: Callable[..., Findings]) -> None:
    between, at_a_look = standing_verdict(make_findings(60)), standing_verdict(make_findings(52))
    assert between is not None
    assert "provisional" in between
    assert "next at 78 weeks" in between
    assert at_a_look is not None
    assert at_a_look.startswith("Verdict at 52 weeks, set tonight")


def test_between_looks_the_headline_is_the_looks_and_tonight_is_called_provisional(
    make_findings: Callable[..., Findings],
) -> None:
    findings = make_findings(60)
    assert findings.look is not None
    assert findings.effect is not None
    assert findings.look.weeks == 52
    assert findings.look.verdict != findings.effect.verdict
    first_screen = choose_headline(findings)
    assert first_screen.text.startswith(HEADLINES[findings.look.verdict])
    assert any(sentence.startswith("Tonight, provisional: ") for sentence in first_screen.support)
    assert not any(
        sentence.startswith("Tonight, provisional: ") for sentence in choose_headline(make_findings(52)).support
    )


def test_a_look_that_could_not_estimate_leads_by_no_verdict(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert findings.look is not None
    unable = dataclasses.replace(
        findings.look, decision=Decision("cannot_be_estimated", ("too_even",), findings.look.decision.facts)
    )
    first_screen = choose_headline(dataclasses.replace(findings, look=unable))
    assert "rule out" in first_screen.kicker
    assert any(
        "cannot be estimated: your strength work was too steady" in sentence for sentence in first_screen.support
    )


def test_without_any_estimate_there_is_no_verdict(make_findings: Callable[..., Findings]) -> None:
    assert standing_verdict(make_findings(20, has_log=False)) is None


def test_the_strength_log_that_stopped_comes_before_anything_else(make_findings: Callable[..., Findings]) -> None:
    assert one_line(make_findings(60, log_ends_weeks_ago=10)).startswith("Strength log read to 8 September 2026")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((0.005, -0.014, 0.025), "A cost above 1.4\u202f% is unlikely."),
        ((0.02, 0.0, 0.04), "No cost is in sight."),
        ((-0.02, -0.03, -0.01), "The days after hip work are slower"),
    ],
)
def test_the_day_after_names_the_cost_that_is_unlikely(
    make_findings: Callable[..., Findings], change: tuple[float, float, float], words: str
) -> None:
    after = DayAfter(Quantity(*change), 0.5, 40, 20, 9)
    said = day_after_words(dataclasses.replace(make_findings(16), day_after=after))
    assert said is not None
    assert words in said
    assert "20 runs within two days" in said


def test_a_day_after_of_few_runs_or_a_wide_interval_is_left_out(make_findings: Callable[..., Findings]) -> None:
    wide = DayAfter(Quantity(-0.02, -0.15, 0.11), 0.5, 40, 20, 9)
    assert day_after_words(dataclasses.replace(make_findings(16), day_after=wide)) is None
    narrow = DayAfter(Quantity(0.005, -0.014, 0.025), 0.5, 40, 20, 9)
    assert day_after_words(dataclasses.replace(make_findings(4), day_after=narrow)) is None


def test_without_both_kinds_of_run_the_day_after_is_silent(make_findings: Callable[..., Findings]) -> None:
    after = DayAfter(Quantity(), None, 40, 0, 0)
    assert day_after_words(dataclasses.replace(make_findings(16), day_after=after)) is None


def test_the_plan_says_when_and_how_much(make_findings: Callable[..., Findings]) -> None:
    visible = {26: 0.12, 52: 0.046, 104: 0.03}
    never, soon = Prospect(None, 180, visible, 7), Prospect(44, 20, visible, 1)
    plan = draw_plan(dataclasses.replace(make_findings(16), at_present_rhythm=never, in_blocks=soon))
    assert plan is not None
    assert "would not be seen within five years, and one of 3\u202f% in about 180 more weeks" in plan.sentences[0]
    assert "in about 44 more weeks" in plan.sentences[1]
    assert plan.sentences[-2].startswith("One runner like you")
    assert "plan --start" in plan.sentences[-1]


def test_without_data_there_is_no_plan_in_numbers(make_findings: Callable[..., Findings]) -> None:
    assert draw_plan(make_findings(20, has_log=False)) is None


def test_an_item_is_skipped_most_only_if_clearly_so(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(4)
    assert "straight-leg bounds skipped most" in choose_headline(findings).text
    even = findings.programme_weeks.with_columns(adherence_fraction=pl.lit(0.5))
    assert (
        choose_headline(with_frames(findings, programme_weeks=even)).text
        == "50\u202f% of the five exercises done so far."
    )
    full = findings.programme_weeks.with_columns(adherence_fraction=pl.lit(1.0))
    assert choose_headline(with_frames(findings, programme_weeks=full)).text == "All of the five exercises done so far."


def test_a_failed_check_is_named_on_the_first_screen(make_findings: Callable[..., Findings]) -> None:
    tonight = make_findings(60).effect
    assert tonight is not None
    failed = Decision("check_failed", ("future_dose", "training_load"), tonight.decision.facts)
    tonight = dataclasses.replace(tonight, decision=failed)
    findings = dataclasses.replace(make_findings(60), effect=tonight, look=tonight)
    said = " ".join(choose_headline(findings).support).lower()
    assert findings.look is not None
    for reason in verdict_reasons(findings.look.decision):
        assert said.count(reason.rstrip(".").lower()) == 1
    assert "rule out" not in said


def test_what_cannot_be_estimated_says_why_and_waits_for_no_look(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(30)
    assert findings.effect is not None
    assert findings.effect.verdict == "cannot_be_estimated"
    assert standing_verdict(findings) == verdict_sentence(findings.effect.decision)


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((-0.03, 0.03), "Nothing was planted, and the interval holds zero, as it should for 19 such runners in 20."),
        ((0.001, 0.05), "The interval misses what was planted; that happens to about 1 made-up runner in 20."),
    ],
)
def test_a_demo_without_a_planted_effect_is_judged_by_zero(ends: tuple[float, float], words: str) -> None:
    assert planted_against_found(0.0, Estimate(sum(ends) / 2, *ends), 104) == words


def test_a_demo_too_short_for_an_estimate_says_why(make_findings: Callable[..., Findings]) -> None:
    first_screen = choose_headline(make_findings(4, is_demo=True))
    assert first_screen.text.startswith(
        "Made-up runner. We planted +4\u202f%; hipdrive, not told, could not estimate it"
    )
    assert len(first_screen.support) == 2
    assert not first_screen.shows_estimate


def test_without_an_estimate_nothing_is_ruled_out_and_no_study_is_weighed(
    make_findings: Callable[..., Findings],
) -> None:
    findings = make_findings(4)
    assert (ruled_out(findings), with_studies(findings)) == (None, None)
    assert blocks_seen(make_findings(20, has_log=False)) is None
    findings = make_findings(60)
    assert findings.effect is not None
    without = dataclasses.replace(findings.effect, with_studies=Quantity())
    assert with_studies(findings) is not None
    assert with_studies(dataclasses.replace(findings, effect=without)) is None


def test_correlated_weeks_are_told_to_be_few(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert caveat_words(findings) is None
    said = caveat_words(dataclasses.replace(findings, associations_caveat=Likeness(60, 23.4, 0.41)))
    assert said is not None
    assert said.startswith(
        "Weeks resemble their neighbours: your 60 weeks tell about as much as 23 independent ones, so a correlation of "
        "up to 0.4 either way comes by chance alone"
    )


def test_where_no_number_is_to_be_shown_it_is_told_what_would_settle_it(make_findings: Callable[..., Findings]) -> None:
    remedies = Remedies(0.031, 0.024, 0.0279, "less_noise")
    findings = dataclasses.replace(make_findings(104), remedies=remedies)
    said = next(one for one in choose_headline(findings).support if one.startswith("What would settle it: "))
    assert " ".join(said.split()) == (
        "What would settle it: a year from now an effect of 3.1 % would show at the present rhythm, of 2.4 % with half "
        "the noise, of 2.8 % in blocks of eight weeks on and off."
    )


def test_a_failed_check_answers_the_question_without_a_number(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    assert findings.look is not None
    failed = dataclasses.replace(
        findings.look, decision=dataclasses.replace(findings.look.decision, verdict="check_failed")
    )
    answer = question_line(dataclasses.replace(findings, look=failed))
    assert answer.headline == f"{HEADLINES['check_failed']}."
    assert answer.notes == ("No number is shown: a check says it may be something else.",)
