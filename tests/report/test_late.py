from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from hipdrive.estimate.quantity import Quantity
from hipdrive.report import draw_page
from hipdrive.report.late import late_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


def test_the_second_outcome_stands_apart_with_its_interval(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    effect = findings.effect
    assert effect is not None
    late = dataclasses.replace(effect, sustained=Quantity(0.021, -0.01, 0.052))
    said = late_sentence(late)
    assert "2.1 % faster (1.0 % slower to 5.2 % faster)" in said
    assert said.endswith("without a say in the verdict.")
    assert "Late in long runs</h3>" in draw_page(dataclasses.replace(findings, late=late))
    assert "Late in long runs</h3>" not in draw_page(findings)
    wide = dataclasses.replace(effect, sustained=Quantity(0.1, -0.4, 0.6))
    assert late_sentence(wide).endswith("too few or too even to compare.")
    assert late_sentence(None) == ""
