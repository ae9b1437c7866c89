"""Stride at one speed against the dose: described with its q, and a plain word where nothing was measured."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.mechanisms import SHOWN, Mechanism
from hipdrive.estimate.quantity import Quantity
from hipdrive.report.page import draw_page
from hipdrive.report.stride import mechanism_rows, mechanism_sentence, steady_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


@pytest.fixture
def measured(make_findings: Callable[..., Findings]) -> Findings:
    """Contact time shorter with hip work, cadence as it was, step length without an estimate, no vertical ratio."""
    findings = make_findings(60)
    assert findings.effect is not None
    shorter = dataclasses.replace(findings.effect, achieved=Quantity(-0.012, -0.02, -0.004))
    same = dataclasses.replace(findings.effect, achieved=Quantity(0.001, -0.01, 0.012))
    unknown = dataclasses.replace(findings.effect, achieved=Quantity())
    found = zip(SHOWN, (shorter, same, unknown), (0.01, 0.8, None), strict=False)
    return dataclasses.replace(findings, mechanisms=[Mechanism(*one) for one in found])


def test_each_measure_is_told_with_its_interval_and_its_false_alarms(measured: Findings) -> None:
    contact, cadence = mechanism_rows(measured)
    assert contact.name == "Ground contact time"
    assert contact.change == "\u22121.2\u202f% (\u22122.0\u202f% to \u22120.4\u202f%)"
    assert (contact.false_alarms, cadence.false_alarms) == ("1\u202f%", "80\u202f%")
    assert "\u22121.2\u202f%" in draw_page(measured)


def test_what_stands_out_and_what_was_not_measured(measured: Findings) -> None:
    said = mechanism_sentence(measured)
    assert (
        "Of 2 measures at one speed ground contact time went with hip work (under 5\u202f% false alarms to expect)."
        in said
    )
    assert "Not looked at: step length and vertical ratio" in said


def test_a_watch_that_tells_no_stride_gets_a_plain_word(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert mechanism_rows(findings) == []
    said = mechanism_sentence(findings)
    assert said.startswith("Not looked at: ground contact time, cadence, step length and vertical ratio")
    assert said in draw_page(findings)


def test_a_watch_that_tells_all_of_it_leaves_nothing_to_excuse(measured: Findings) -> None:
    effect = measured.mechanisms[0].effect
    every = dataclasses.replace(measured, mechanisms=[Mechanism(outcome, effect, 0.2) for outcome in SHOWN])
    assert mechanism_sentence(every) == (
        "Of 4 measures at one speed nothing stands out (under 5\u202f% false alarms to expect)."
    )


def test_stride_without_an_interval_is_neither_steady_nor_moved(
    make_findings: Callable[..., Findings], with_frames: Callable[..., Findings]
) -> None:
    findings = make_findings(30)
    changes = findings.stride_changes
    assert changes is not None
    unknown = changes.filter(pl.col("change_fraction").is_null())
    assert unknown.height == 1
    assert steady_words(with_frames(findings, stride_changes=unknown)) is None
