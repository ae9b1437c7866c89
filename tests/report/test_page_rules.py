"""Every page keeps the rules of `makers/page_rules.py`: made runners of all states, and some with parts taken out."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from hipdrive.report import draw_page
from tests.makers.degraded import degraded
from tests.makers.findings import with_experiment
from tests.makers.page_rules import Age, complaints, read_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

TONIGHT = date(2026, 11, 18)
FRESH = Age(TONIGHT, TONIGHT, TONIGHT)
OLD = Age(TONIGHT, TONIGHT - timedelta(days=600), TONIGHT)
IN_THE_SUITE = 12  # of the 300 of benchmarks/degraded_pages.py
BROKEN = {
    "a sentence twice": (["No clear sign of an effect so far.", "Well. No clear sign of an effect so far."], FRESH),
    "a wide interval": (["\u221211 % (\u2212100 % to +62,110 %)"], FRESH),
    "a wide interval in words": (["goes with a speed 90.0 % slower to 80.0 % faster"], FRESH),
    "half of it": (["speed is known to \u00b1 31 %"], FRESH),
    "absurd seconds": (["more than 900 s/km slower is unlikely"], FRESH),
    "an axis of walks": (["85:00 /km"], FRESH),
    "this week of old data": (["This week's targets", "newest run 3 May"], OLD),
    "now of old data": (["You run about 5:11/km now", "2 years old"], OLD),
    "old, not told": (["Pace at 148 beats a minute"], OLD),
    "beyond the world's best": (["Fastest 1 km: 2:05, on 3 May 2026"], FRESH),
    "two values of one name": (
        ["Fastest 5 km: 25:13, on 3 May", "Your fastest 5 km within a run: 26:52, on 4 May"],
        FRESH,
    ),
    "a forbidden word": (["This proves that it works."], FRESH),
    "a riddle": (["None of the measures stands out (q under 0.05)"], FRESH),
    "a second riddle": (["No negative control is told."], FRESH),
    "a hole": (["Mean None s"], FRESH),
    "bad grammar": (["after 1 weeks"], FRESH),
    "dumbbell against barbell": (["Romanian deadlift: 33 to 135\u00a0kg"], FRESH),
}
STATES = {
    "empty": {"weeks": 4, "has_runs": False, "has_log": False},
    "four weeks": {"weeks": 4},
    "twelve weeks": {"weeks": 12},
    "twenty-six weeks": {"weeks": 26},
    "a year": {"weeks": 60},
    "demo": {"weeks": 104, "is_demo": True},
    "no log": {"weeks": 20, "has_log": False},
    "log stopped": {"weeks": 60, "log_ends_weeks_ago": 10},
    "stale": {"weeks": 30, "nights_later": 600},
    "long stale": {"weeks": 60, "nights_later": 1500, "log_ends_weeks_ago": 5},
}


@pytest.mark.parametrize("fault", BROKEN)
def test_the_rules_see_a_bad_line(fault: str) -> None:
    blocks, age = BROKEN[fault]
    assert complaints(blocks, age)


def test_a_sound_line_is_no_complaint() -> None:
    blocks = [
        "None of that is you yet, and 1 week is too short.",
        "Fastest 5 km: 25:13, on 3 May; this quarter 26:52",
        "+4.2 % (+1.4 % to +7.3 %)",
        "Deadlift: 60 to 82.5\u00a0kg",
    ]
    assert complaints(blocks, FRESH) == []


@pytest.mark.parametrize("state", STATES)
def test_a_page_of_every_state_keeps_the_rules(make_findings: Callable[..., Findings], state: str) -> None:
    findings = make_findings(**STATES[state])
    assert complaints(read_html(draw_page(findings)), Age.of(findings)) == []


def test_an_empty_home_says_how_to_begin_in_one_box(make_findings: Callable[..., Findings]) -> None:
    page = draw_page(make_findings(**STATES["empty"]))
    assert page.count('class="gap"') == 0
    assert page.count("data/inbox") <= 3
    assert "What you did" not in page


@pytest.mark.parametrize("state", STATES)
def test_no_section_is_a_heading_alone(make_findings: Callable[..., Findings], state: str) -> None:
    page = draw_page(make_findings(**STATES[state]))
    sections = re.findall(r"<section id=.*?</section>", page, re.DOTALL)
    assert all(len(re.sub(r"<[^>]+>|\s", "", section)) > 60 for section in sections)


@pytest.mark.parametrize("arm", ["on", "off"])
def test_an_experiments_page_keeps_the_rules(make_findings: Callable[..., Findings], arm: str) -> None:
    findings = with_experiment(make_findings(30), arm)
    assert complaints(read_html(draw_page(findings)), Age.of(findings)) == []


@pytest.mark.parametrize("seed", range(IN_THE_SUITE))
def test_a_runner_with_parts_taken_out_keeps_the_rules(seed: int) -> None:
    findings = degraded(seed)
    assert complaints(read_html(draw_page(findings)), Age.of(findings)) == []
