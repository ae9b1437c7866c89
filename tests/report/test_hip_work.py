"""The card of hip work: two figures with two names, and nobody who lifts heavy is sent to a band without a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hipdrive.report import draw_page
from hipdrive.report.habits import written_for
from hipdrive.report.hip_work import other_work, tell_hip_work
from tests.makers.other_runners import IMPERIAL, make_lifter

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings


def test_who_does_the_five_has_no_other_work(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(30)
    assert other_work(findings) is None
    assert other_work(make_findings(20, has_log=False)) is None
    card = tell_hip_work(findings)
    assert card is not None
    assert [line.name for line in card.lines] == ["Hip work so far", "Last week, full = 1", "The five, 12 weeks"]
    assert (card.targets_title, card.notes) == ("Next session", ())


def test_a_lifter_is_told_where_the_work_comes_from_and_not_sent_to_a_band() -> None:
    findings = make_lifter()
    card = tell_hip_work(findings)
    assert card is not None
    assert card.is_other
    assert card.notes[0] == "Your hip work comes from back squat and hip thrust, up to 160\u202fkg."
    assert card.lines[-1].value == "0\u202f% done"
    page = draw_page(findings)
    targets = page[page.index('aria-labelledby="targets"') : page.index('aria-labelledby="h-new"')]
    assert "Next session" not in targets
    assert targets.index("nothing says that you need them") < targets.index("Band drive back")
    assert targets.index('<details class="five">') < targets.index("Band drive back")
    with written_for(IMPERIAL):
        assert "up to 353\u202flb" in tell_hip_work(findings).notes[0]  # type: ignore[union-attr]


@pytest.mark.parametrize("history", [{"weeks": 16}, {"weeks": 60}, {"weeks": 104, "is_demo": True}], ids=str)
def test_share_of_the_five_and_hip_work_never_have_one_name(
    make_findings: Callable[..., Findings], history: dict[str, object]
) -> None:
    page = draw_page(make_findings(**history)).split("<script")[0]
    assert re.findall(r"%\s+of the (?:full )?programme", page) == []
    assert "% of the five exercises" in page.replace("\u202f", " ") or "of the five exercises done" in page
