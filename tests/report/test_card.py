"""The card to hand on: the page's own number and curve as one picture, and nobody's name, illness or watch."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from typing import TYPE_CHECKING

from hipdrive.report.card import draw_card
from hipdrive.tables.diary import DiaryLine
from tests.makers.findings_history import frame
from tests.makers.other_runners import make_owner_of_two_watches, make_reader_of_miles

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

PNG = b"\x89PNG\r\n\x1a\n"


def test_the_card_has_the_number_and_the_curve_in_both_kinds(make_findings: Callable[..., Findings]) -> None:
    card = draw_card(make_findings(104))
    assert card is not None
    assert "Pace at 148 beats a minute, last 28 days" in card.svg
    assert ">5:27<" in card.svg
    assert "Hip work each week" in card.svg
    assert card.svg.count("<path") > 60  # weeks, bars, line and band
    assert card.png.startswith(PNG)
    assert (int.from_bytes(card.png[16:20]), int.from_bytes(card.png[20:24])) == (1200, 630)


def test_nothing_of_the_page_is_needed_to_see_it_and_nothing_is_fetched(make_findings: Callable[..., Findings]) -> None:
    card = draw_card(make_findings(30))
    assert card is not None
    assert "var(" not in card.svg
    assert re.findall(r"https?://(?!www\.w3\.org)", card.svg) == []
    assert "<script" not in card.svg


def test_it_names_nobody_and_keeps_the_diary_to_itself() -> None:
    findings = make_owner_of_two_watches()
    named = findings.athlete.with_columns(athlete_id=findings.athlete["athlete_id"].replace("me", "anna_example"))
    line = {"local_date": date(2026, 10, 1), "kind": "illness", "text": "flu", "athlete_id": "me"}
    ill = dataclasses.replace(findings, athlete=named, diary=frame(DiaryLine, [line]))  # type: ignore[arg-type]
    card = draw_card(ill)
    assert card is not None
    for word in ("anna", "ill<", "flu", "new watch", "coros"):
        assert word not in card.svg, word


def test_it_speaks_the_reader_s_units_and_says_when_it_is_old(make_findings: Callable[..., Findings]) -> None:
    card = draw_card(make_reader_of_miles())
    assert card is not None
    assert "/mi" in card.svg
    assert "Nov 18, 2026" in card.svg
    old = draw_card(make_findings(30, nights_later=600))
    assert old is not None
    assert "20 months old" in old.svg


def test_without_a_number_there_is_no_card(make_findings: Callable[..., Findings]) -> None:
    assert draw_card(make_findings(4, has_runs=False)) is None
