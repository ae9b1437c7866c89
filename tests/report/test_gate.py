"""The first screen says what the data carry, and nothing of now from old data."""

from __future__ import annotations

import dataclasses
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hipdrive.estimate.quantity import Quantity
from hipdrive.report import draw_page
from hipdrive.report.figures.curve import draw_curve, spans_offered, strip_note
from hipdrive.report.first_screen import tell_hints, tell_news, tell_number
from hipdrive.report.gate import NEEDS, may_say
from hipdrive.report.hip_work import tell_hip_work
from hipdrive.report.question import question_line
from hipdrive.tables.run_history import Run

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

MONTHS_LATER = timedelta(days=300)
OF_NOW = re.compile(
    r"\b(?:this week(?!'s dose| &#39;s dose|&#39;s dose)|this quarter|you run about|right now|now at)\b", re.IGNORECASE
)


def _said(page: str) -> str:
    body = page.split('<script type="application/json"', maxsplit=1)[0].split("</style>", maxsplit=1)[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def _later(findings: Findings) -> Findings:
    """The same record, looked at ten months later."""
    path = findings.speed_path
    assert path is not None
    assert path.recent.now is not None
    now = dataclasses.replace(path.recent.now, is_old=True, is_of_last_28_days=False)
    recent = dataclasses.replace(path.recent, now=now, since_month=None, since_year=None)
    old = dataclasses.replace(path, recent=recent)
    return dataclasses.replace(findings, tonight=findings.tonight + MONTHS_LATER, speed_path=old)


@pytest.mark.parametrize("weeks", [4, 16, 30, 60])
def test_nothing_of_now_is_said_from_old_data(make_findings: Callable[..., Findings], weeks: int) -> None:
    old = _later(make_findings(weeks))
    assert OF_NOW.findall(_said(draw_page(old))) == []
    number = tell_number(old)
    assert number is not None
    assert number.is_old
    assert number.changes[0].title == "10 months old"
    hints = [hint.what for hint in tell_hints(old)]
    assert hints[:2] == ["New runs:", "Export the log again:"]


def test_fresh_data_have_their_targets_of_this_week(make_findings: Callable[..., Findings]) -> None:
    card = tell_hip_work(make_findings(16))
    assert card is not None
    assert card.title == "This week"
    assert card.has_targets


def test_the_number_is_the_last_point_of_its_curve(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    number, figure = tell_number(findings), draw_curve(findings)
    assert number is not None
    assert figure is not None
    last = figure.table.filter(pl.col("what") == "now")["pace_s_per_km"].item()
    assert number.value == f"{round(last) // 60}:{round(last) % 60:02d}"
    assert [key for key, _ in spans_offered(findings)] == ["quarter", "year", "all"]


def test_an_interval_wider_than_a_quarter_is_said_nowhere(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(60)
    assert findings.effect is not None
    wide = Quantity(-0.11, -1.0, 621.1)
    effect = dataclasses.replace(findings.effect, achieved=wide, sustained=wide, with_studies=wide)
    page = _said(draw_page(dataclasses.replace(findings, effect=effect, look=effect)))
    assert "62110" not in page
    assert "62,110" not in page


def test_the_answer_is_data_and_studies_first(make_findings: Callable[..., Findings]) -> None:
    asked = question_line(make_findings(104, is_demo=True))
    assert asked.headline.startswith("With hip work: about +")
    assert [bar.name for bar in asked.bars] == ["data and studies", "data alone"]
    assert asked.planted is not None
    assert "Associated, not shown to be the cause." in asked.notes[0]


def test_before_an_answer_stands_how_far_it_is(make_findings: Callable[..., Findings]) -> None:
    asked = question_line(make_findings(4))
    assert [step.said for step in asked.steps] == ["4 of 26", "14 of 60", "0 of 2"]
    assert "about 22 weeks" in asked.headline


def test_the_first_screen_of_no_runs_says_how_to_begin(make_findings: Callable[..., Findings]) -> None:
    empty = make_findings(4, has_runs=False, has_log=False)
    assert tell_number(empty) is None
    assert draw_curve(empty) is None
    assert question_line(empty).headline.startswith("No runs yet")


def test_what_is_new_is_told_since_the_night_before(make_findings: Callable[..., Findings]) -> None:
    assert tell_news(make_findings(16))[0].startswith("Run of 17 Nov: ")


# Without a run nothing changed, and without a log nothing is old.
CARRIED_BY_NOTHING = {"targets of this week", "change of stride", "first weeks against last"}


@pytest.mark.parametrize("what", NEEDS)
def test_an_empty_record_carries_little(make_findings: Callable[..., Findings], what: str) -> None:
    empty = make_findings(4, has_runs=False, has_log=False)
    assert may_say(empty, what) is (what in CARRIED_BY_NOTHING)


@pytest.mark.parametrize("weeks", [4, 16, 30, 104])
def test_no_sentence_of_the_first_level_stands_twice(make_findings: Callable[..., Findings], weeks: int) -> None:
    page = draw_page(make_findings(weeks))
    body = page.split('<script type="application/json"', maxsplit=1)[0]
    sentences = [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<p[^>]*>(.*?)</p>", body, re.DOTALL)]
    long = [one for one in sentences if len(one) > 60]
    assert len(long) == len(set(long)), [one for one in long if long.count(one) > 1]


def test_a_strip_without_one_known_week_is_a_sentence_and_no_dot_is_cut_by_the_frame(
    make_findings: Callable[..., Findings],
) -> None:
    figure = draw_curve(make_findings(30, has_log=False))
    assert figure is not None
    assert "unknown" not in figure.table["what"].to_list()
    assert "hip work: no log covers this time" in strip_note(figure)
    assert "hatched" not in strip_note(figure)
    days = figure.spec["layer"][1]["encoding"]["x"]["scale"]  # type: ignore[index]
    assert days["range"][0] > 0


def test_the_strip_begins_with_the_whole_week_of_the_first_run(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(8)
    drawn = draw_curve(findings)
    assert drawn is not None
    assert findings.speed_path is not None
    first = findings.speed_path.runs["day"].to_list()[0]
    assert first.weekday() > 0
    monday = first - timedelta(days=first.weekday())
    bars = drawn.table.filter(pl.col("what") == "dose")["day"].to_list()
    assert bars == findings.weeks.filter("dose_known", pl.col("week_start") >= monday)["week_start"].to_list()
    assert bars[0] == monday


def test_no_ring_marks_a_comparison_that_is_not_told(make_findings: Callable[..., Findings]) -> None:
    def rings(findings: Findings) -> int:
        figure = draw_curve(findings)
        assert figure is not None
        return figure.table.filter(pl.col("what") == "then").height

    same = make_findings(104)
    newest = same.runs["start_utc"].max()
    other = Run.cast(same.runs.with_columns(is_device_change=pl.col("start_utc") == newest))
    assert rings(same) == 2
    assert rings(dataclasses.replace(same, runs=other)) == 0
