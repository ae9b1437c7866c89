from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hipdrive.estimate.check_result import CheckResult
from hipdrive.report.checks import COVARIATE_NAMES, check_sentence

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
