from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.check_result import CheckResult
from hipdrive.report import draw_page
from hipdrive.report.checks import COVARIATE_NAMES, check_sentence, races_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (CheckResult("future_dose"), "could not be computed"),
        (CheckResult("future_dose", True, p_value=0.4), "as it should be"),
        (CheckResult("future_dose", False, p_value=0.02), "something else drives both"),
        (CheckResult("training_load", value=0.2), "sets no yardstick"),
        (
            CheckResult("training_load", True, estimate=0.02, value=0.2, benchmark=0.1),
            "would leave 2.0 % faster for the full programme",
        ),
        (CheckResult("training_load", False, value=0.1, benchmark=0.2), "too weak to stand by itself"),
        (CheckResult("upper_body_dose"), "No upper-body work"),
        (CheckResult("upper_body_dose", estimate=0.02, lo=-0.01, hi=0.05), "2.0 % faster (1.0 % slower to 5.0 %"),
        (CheckResult("upper_body_dose_beside_hip_dose", estimate=0.0, lo=-0.01, hi=0.01), "Beside the hip work"),
        (CheckResult("device_steps"), "no step to allow for"),
        (CheckResult("device_steps", False), "leave nothing"),
        (CheckResult("device_steps", True, estimate=0.02, lo=0.01, hi=0.03), "no other answer"),
        (CheckResult("device_steps", False, estimate=0.0, lo=-0.01, hi=0.01), "another answer than without"),
        (CheckResult("dose_response", value=0.0), "never tried"),
        (CheckResult("dose_response", value=0.2), "the dose never changed"),
        (CheckResult("unwell_weeks", value=0.0), "No diary line"),
        (CheckResult("unwell_weeks", value=0.1), "too little is left"),
        (CheckResult("unwell_weeks", value=0.1, estimate=0.02, lo=0.01, hi=0.03), "Without the 10\u202f% of weeks"),
        (CheckResult("resting_heart_rate", value=0.0), "2027-04-18,resting_heart_rate,48"),
        (CheckResult("resting_heart_rate", value=0.1), "too little to check with"),
        (CheckResult("resting_heart_rate", value=0.9, estimate=0.01, lo=-0.01, hi=0.03), "as it should be"),
        (CheckResult("resting_heart_rate", value=0.9, estimate=-0.03, lo=-0.05, hi=-0.01), "moves both may stand"),
        (CheckResult("dose_response", value=0.2, estimate=0.02, lo=0.01, hi=0.03), "20\u202f% of weeks went beyond it"),
    ],
)
def test_a_check_says_what_it_found_or_why_not(check: CheckResult, words: str) -> None:
    sentence = check_sentence(check)
    assert words in sentence
    assert sentence.endswith(".")


def test_every_check_and_covariate_of_a_night_has_words(make_findings: Callable[..., Findings]) -> None:
    effect = make_findings(104).effect
    assert effect is not None
    assert all(check_sentence(check).endswith(".") for check in effect.checks)
    assert set(effect.adjusted_for) <= {"level", *COVARIATE_NAMES}


def test_where_no_race_is_known_the_page_says_so_and_how_to_tell_one(make_findings: Callable[..., Findings]) -> None:
    effect = make_findings(104).effect
    assert effect is not None
    silent = races_sentence(effect, None)
    assert silent.startswith("No race is known, so races were not taken into account")
    assert "2027-04-18,race" in silent
    assert "Only one race is known, so races were not" in races_sentence(dataclasses.replace(effect, races=1), None)
    told = races_sentence(dataclasses.replace(effect, races=4), None)
    assert told == "Races are taken into account: 4 weeks with one."
    assert "so races were not taken into account" in draw_page(make_findings(104))
    assert races_sentence(None, None) == ""


def test_runs_that_look_like_races_are_asked_about(make_findings: Callable[..., Findings]) -> None:
    effect = make_findings(104).effect
    races = pl.DataFrame(
        {
            "local_date": [date(2026, 3, 1), date(2026, 5, 3), date(2026, 6, 7)],
            "origin": ["run", "diary", "run"],
            "is_counted": [True, True, False],
        }
    )
    asked = races_sentence(effect, races)
    assert "Counted as one, though nobody noted it: 1 Mar 2026." in asked
    assert "Not taken for a race, though it looks like one: 7 Jun 2026." in asked
    assert "3 May 2026" not in asked
