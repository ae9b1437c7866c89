"""What the first screen says in the states that need more than weeks: experiments, stride and best efforts."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.quantity import Quantity
from hipdrive.estimate.speed_now import SpeedChange
from hipdrive.estimate.verdict import Experiment
from hipdrive.report import draw_page
from hipdrive.report.efforts import best_effort_words
from hipdrive.report.first_screen import Change, tell_number
from hipdrive.report.headlines import EXPERIMENT_SHOWS_NOTHING, HEADLINES, choose_headline
from hipdrive.report.stride import steady_words
from tests.makers.findings import with_experiment

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


def test_in_a_block_on_the_first_screen_says_till_when(make_findings: Callable[..., Findings]) -> None:
    first_screen = choose_headline(with_experiment(make_findings(30), "on"))
    assert first_screen.kicker == "Your experiment, week 10 of 96"
    assert first_screen.text == "Block 2 of 12 is on until 3 January 2027: the programme as prescribed."
    assert first_screen.support[0].startswith("Of the full hip work so far: 4\u202f% in blocks off; ")
    assert "tested once, when the last block ends on 16 July 2028" in first_screen.support[1]


def test_in_a_block_off_no_hip_work_is_asked_for(make_findings: Callable[..., Findings]) -> None:
    findings = with_experiment(make_findings(30), "off")
    assert "is off until 3 January 2027: no hip-extension work" in choose_headline(findings).text
    page = draw_page(findings)
    assert "Off until 3 January 2027" in page
    assert 'class="amount"' not in page


@pytest.mark.parametrize(
    ("verdict", "starts"),
    [
        ("supported", "Your experiment supports the hip work: "),
        ("no_clear_sign", EXPERIMENT_SHOWS_NOTHING),
        ("not_enough_data", EXPERIMENT_SHOWS_NOTHING),
        ("practically_none", EXPERIMENT_SHOWS_NOTHING),
        ("slower", "Slower running is associated with your hip work: "),
    ],
)
def test_an_ended_experiment_leads_with_its_verdict_adherence_and_p(
    make_findings: Callable[..., Findings], verdict: str, starts: str
) -> None:
    findings = make_findings(104)
    assert findings.look is not None
    decision = dataclasses.replace(findings.look.decision, verdict=verdict)
    look = dataclasses.replace(findings.look, decision=decision, experiment=Experiment(0.9, 0.05, 0.03125, 6))
    first_screen = choose_headline(dataclasses.replace(findings, look=look))
    assert first_screen.text.startswith(starts)
    assert first_screen.support[0].startswith(
        "You kept it: 90\u202f% of the full hip work in blocks on, 5\u202f% in those off. Exact p of the draw: 0.031."
    )


def test_an_experiment_that_was_not_kept_says_so_without_scolding(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    assert findings.look is not None
    look = dataclasses.replace(findings.look, experiment=Experiment(0.4, 0.3, None, 6))
    assert choose_headline(dataclasses.replace(findings, look=look)).support[0] == (
        "It was not kept, so it counts as ordinary training: 40\u202f% of the full hip work in blocks on, "
        "30\u202f% in those off."
    )


def test_stride_is_steady_within_the_wider_end_of_its_interval(make_findings: Callable[..., Findings]) -> None:
    assert steady_words(make_findings(30)) == (
        "Ground contact time at 5:23/km: steady within \u00b11.3\u202f%, second half of your record against the first."
    )


def test_a_stride_that_moved_is_no_benefit(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(30)
    assert findings.stride_changes is not None
    cadence = findings.stride_changes.filter(pl.col("measure") == "cadence_at_reference_speed_spm")
    said = steady_words(with_frames(findings, stride_changes=cadence))
    assert said is not None
    assert said.startswith("Cadence at 5:23/km: +1.2\u202f% (+0.4\u202f% to +2.0\u202f%)")
    assert said.endswith("no benefit by itself.")


def test_without_stride_at_one_speed_nothing_is_said(make_findings: Callable[..., Findings]) -> None:
    assert steady_words(make_findings(4)) is None


@pytest.mark.parametrize(
    ("times", "said"),
    [
        ([1500.0, 1471.0, 1519.0], "Your fastest 5 km within a run: 24:31, on 9 August 2026; this quarter 25:19."),
        (
            [1500.0, 1519.0, 1471.0],
            "Your fastest 5 km within a run: 24:31, on 1 November 2026, the best of your record.",
        ),
        ([6302.0], "Your fastest 5 km within a run: 1:45:02, on 2 May 2026."),
    ],
)
def test_the_best_effort_is_named_with_its_day(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings], times: list[float], said: str
) -> None:
    quarters = [date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)]
    days = [date(2026, 5, 2), date(2026, 8, 9), date(2026, 11, 1)]
    rows = {
        "season_start": quarters[: len(times)],
        "over_next_fraction": [None] * len(times),
        "is_doubtful": [False] * len(times),
        "target_m": 5000.0,
        "time_s": times,
        "local_date": days[: len(times)],
    }
    assert best_effort_words(with_frames(make_findings(16), best_efforts=pl.DataFrame(rows))) == said


def test_from_twelve_weeks_stride_and_best_efforts_stand_on_the_first_screen(
    make_findings: Callable[..., Findings],
) -> None:
    findings = make_findings(30)
    early = dataclasses.replace(make_findings(16), stride_changes=findings.stride_changes)
    said = " ".join(choose_headline(early).support)
    assert "Ground contact time at 5:23/km" in said
    assert "Your fastest 5 km within a run" in said
    assert "The days after hip work" in said


def test_from_twenty_six_weeks_blocks_and_the_next_one_stand_there(make_findings: Callable[..., Findings]) -> None:
    findings = dataclasses.replace(make_findings(48), teaches_most="off")
    said = " ".join(choose_headline(findings).support)
    assert "changes between four or more weeks of hip work and four or more without" in said
    assert "From Monday, 23 November 2026, a block off would teach most." in said


@pytest.mark.parametrize("arm", ["on", "off"])
def test_no_page_of_an_experiment_says_a_forbidden_word(make_findings: Callable[..., Findings], arm: str) -> None:
    page = draw_page(with_experiment(make_findings(30), arm)).split('<script type="application/json"')[0]
    said = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    assert re.findall(r"\b(?:proves?|proven|powers|because of|significan\w*)\b", said, re.IGNORECASE) == []


def test_an_ended_experiment_of_which_a_check_failed_shows_no_number(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    assert findings.look is not None
    decision = dataclasses.replace(findings.look.decision, verdict="check_failed")
    look = dataclasses.replace(findings.look, decision=decision, experiment=Experiment(0.9, 0.05, 0.03125, 6))
    assert choose_headline(dataclasses.replace(findings, look=look)).text == f"{HEADLINES['check_failed']}."


def _changed(findings: Findings, change: Quantity, warmer_c: float | None = None) -> tuple[Change, ...]:
    """The changes of the first screen where that since last month is this one."""
    path = findings.speed_path
    assert path is not None
    recent = dataclasses.replace(path.recent, since_month=SpeedChange(change, 300.0, 12, 12, warmer_c), since_year=None)
    number = tell_number(dataclasses.replace(findings, speed_path=dataclasses.replace(path, recent=recent)))
    assert number is not None
    return number.changes


@pytest.mark.parametrize(
    ("change", "warmer_c", "title", "lines"),
    [
        (
            Quantity(0.03, 0.01, 0.05),
            None,
            "9 s faster",
            ("than the 28 days before", "likely 3 to 14 s faster"),
        ),
        (
            Quantity(-0.03, -0.05, -0.01),
            4.0,
            "9 s slower",
            ("than the 28 days before", "likely 3 to 16 s slower", "and 4\u202f°C warmer"),
        ),
        (
            Quantity(0.01, -0.02, 0.04),
            -6.0,
            "No change seen",
            ("against the 28 days before", "within 6 s slower to 12 s faster", "and 6\u202f°C cooler"),
        ),
    ],
)
def test_a_change_of_pace_is_told_with_its_ends_and_its_weather(
    make_findings: Callable[..., Findings],
    change: Quantity,
    warmer_c: float | None,
    title: str,
    lines: tuple[str, ...],
) -> None:
    (found,) = _changed(make_findings(30), change, warmer_c)
    assert (found.title, found.lines) == (title, lines)


@pytest.mark.parametrize("change", [Quantity(), Quantity(0.0, -0.4, 0.4)])
def test_a_change_that_is_unknown_or_too_wide_is_no_comparison(
    make_findings: Callable[..., Findings], change: Quantity
) -> None:
    (found,) = _changed(make_findings(30), change)
    assert found.title == "No comparison"
