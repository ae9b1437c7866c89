from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hipdrive.estimate.mathematical_coupling import MathematicalCoupling
from hipdrive.estimate.stride_seen import StrideSeen
from hipdrive.report.claims import weigh_claims

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.estimate import Effect
    from hipdrive.report import Findings

FOUND = MathematicalCoupling(0.6, -0.4, -0.2, -0.7, -0.5, 0.001, None, None, None, 0.62, 0.55, 0.69, 4000, 120)


def effect_of(findings: Findings) -> Effect:
    assert findings.effect is not None
    return findings.effect


def test_six_claims_and_half_of_them_beyond_a_watch(make_findings: Callable[..., Findings]) -> None:
    claims = weigh_claims(effect_of(make_findings(104)), FOUND, 0.8)
    assert [claim.key for claim in claims] == list("abcdef")
    assert [claim.key for claim in claims if not claim.is_testable] == ["b", "d", "f"]
    assert all(claim.finding is None for claim in claims if not claim.is_testable)
    assert claims[4].finding == "You did 80\u202f% of the sets of the five exercises."


def test_the_correlation_is_shown_beside_what_is_built_in(make_findings: Callable[..., Findings]) -> None:
    finding = weigh_claims(effect_of(make_findings(104)), FOUND)[2].finding
    assert finding is not None
    assert "\u22120.40, outside what the formulas alone build in (\u22120.70 to \u22120.50)" in finding
    assert "0.62 (0.55 to 0.69)" in finding
    assert "it is \u22120.20 from run to run" in finding
    assert "week to week" not in finding
    weekly = replace(FOUND, across_weeks=-0.3, across_weeks_lo=-0.6, across_weeks_hi=0.1)
    finding = weigh_claims(effect_of(make_findings(104)), weekly)[2].finding
    assert finding is not None
    assert (
        "From week to week it is \u22120.30; with the contact times at other dates it would be \u22120.60 to +0.10."
        in finding
    )


def test_what_a_watch_sees_of_claims_it_cannot_test(make_findings: Callable[..., Findings]) -> None:
    seen = StrideSeen(3.5, 27.6, 2.9, 0.471, 4.1, 0.432)
    claims = weigh_claims(effect_of(make_findings(104)), seen=seen)
    assert claims[1].finding == (
        "At 4:46/km your leg sweeps 28 degrees to either side of upright, if contact is symmetric. Not testable."
    )
    assert claims[3].finding == "Swing takes 0.47 s at 5:45/km and 0.43 s at 4:04/km. Not testable."
    assert not claims[1].is_testable
    assert not claims[3].is_testable


def test_what_was_not_measured_has_no_finding(make_findings: Callable[..., Findings]) -> None:
    claims = weigh_claims(effect_of(make_findings(16)))
    assert claims[2].finding is None
    assert claims[4].finding is None


def test_no_claim_is_oversold(make_findings: Callable[..., Findings]) -> None:
    for claim in weigh_claims(effect_of(make_findings(104)), FOUND, 0.8):
        for words in (claim.finding or "", claim.unknown):
            assert not re.search(r"\bproves?\b|\bpowers\b|because of|significan", words)
