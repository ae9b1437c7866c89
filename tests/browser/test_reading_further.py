"""Zoom, choice of outcome, two periods compared, and the list of runs: by hand and by keyboard, in one tab."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.two_periods import measure_weeks
from hipdrive.report import draw_page
from tests.makers.findings import make_findings
from tests.makers.opening import WAIT_MS, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

    from hipdrive.report import Findings

SPEED = "log_speed"


@pytest.fixture(scope="module")
def findings() -> Findings:
    return make_findings(60)


@pytest.fixture(scope="module")
def opened_once(
    browser: Browser, findings: Findings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Page, list[str]]]:
    folder, look = tmp_path_factory.mktemp("further"), {"width": 1280, "height": 900}
    with opened(browser, draw_page(findings), folder, viewport=look) as both:
        yield both


@pytest.fixture
def tab(opened_once: tuple[Page, list[str]]) -> Iterator[Page]:
    """The one tab; whatever a test does in it, the page has nothing to complain of."""
    page, troubles = opened_once
    yield page
    assert troubles == []


def _ticks(tab: Page, figure: str) -> list[str]:
    letters: list[str] = tab.locator(f'[data-figure="{figure}"] .role-axis-label text').all_text_contents()
    return letters


def _press(button: Locator) -> None:
    button.focus()
    button.press("Enter")


def test_zoom_shows_the_selected_weeks_alone_with_axes_of_their_own(tab: Page) -> None:
    before = {name: _ticks(tab, name) for name in ("dose", "speed", "cadence_spm")}
    assert not tab.locator("#range .use").is_visible()
    _press(tab.locator('#range button[data-weeks="12"]'))
    _press(tab.locator('#range button[data-zoom="in"]'))
    after = {name: _ticks(tab, name) for name in before}
    assert re.fullmatch(r"\d+ \w{3}", after["dose"][0]), after["dose"]  # weeks by their Monday: months would be too few
    assert all(after[name] != before[name] for name in before)
    dots = tab.locator('[data-figure="speed"] .mark-symbol.role-mark path')
    assert dots.count() <= 12
    assert tab.locator("#range output").inner_text().startswith("Shown: ")
    _press(tab.locator('#range button[data-zoom="out"]'))
    assert {name: set(_ticks(tab, name)) for name in before} == {name: set(one) for name, one in before.items()}


@pytest.mark.parametrize("outcome", ["contact_time_and_hip_work", "step_length_and_hip_work", "speed"])
def test_one_outcome_at_a_time_is_shown(tab: Page, outcome: str) -> None:
    button = tab.locator(f'button[data-choice="{outcome}"]')
    _press(button)
    assert button.get_attribute("aria-pressed") == "true"
    tab.locator(f'[data-figure="{outcome}"] svg').wait_for(timeout=WAIT_MS)
    assert tab.locator("[data-chosen]:visible").count() == 1


def _expected(findings: Findings, first: tuple[date, date], second: tuple[date, date]) -> tuple[float, float]:
    """Difference of ln speed and half of its interval, a second time and in numpy."""
    measured = measure_weeks(findings.weeks, findings.runs)
    values = measured.weeks[SPEED].to_numpy()
    middles = measured.weeks.select(pl.col("week_start") + pl.duration(days=3)).to_series().to_list()
    weight = np.zeros(len(values))
    for sign, (begin, end) in ((-1, first), (1, second)):
        inside = np.array([begin <= day <= end for day in middles]) & np.isfinite(values)
        weight[inside] = sign / inside.sum()
    wander = measured.wander[SPEED]
    alike = np.array([1.0, *wander.alike, *np.zeros(len(values))])[: len(values)]
    place = np.arange(len(values))
    correlation = alike[np.abs(place[:, None] - place[None, :])]
    least = (1 - alike[1]) * float(weight @ weight)
    assert wander.reach is not None
    return float(np.nansum(weight * values)), wander.reach * max(least, float(weight @ correlation @ weight)) ** 0.5


def _seconds(text: str) -> list[int]:
    """`3 s slower to 9 s faster` → [-3, 9]."""
    way = {"faster": 1, "slower": -1}
    if each := re.findall(r"(\d+) s (faster|slower)", text):
        if len(each) == 2 or " to " not in text:
            return [int(size) * way[name] for size, name in each]
        near, far = re.findall(r"\d+", text)
        return [int(near) * way[each[0][1]], int(far) * way[each[0][1]]]
    return [0]


def test_two_periods_are_compared_as_the_method_says(tab: Page, findings: Findings) -> None:
    last = findings.weeks.filter("is_complete")["week_start"].max()
    assert isinstance(last, date)
    second = (last - timedelta(weeks=9), last + timedelta(days=6))
    first = (last - timedelta(weeks=29), last - timedelta(weeks=10, days=-6))
    for name, (begin, end) in (("first", first), ("second", second)):
        tab.locator(f'[data-end="{name}_from"]').fill(begin.isoformat())
        tab.locator(f'[data-end="{name}_to"]').fill(end.isoformat())
    row = tab.locator("#compared tbody tr", has_text="beats a minute")
    cells = row.locator("td").all_inner_texts()
    assert cells[0].endswith("20 weeks")
    assert cells[1].endswith("10 weeks")
    change, half = _expected(findings, first, second)
    minutes, seconds = re.match(r"(\d+):(\d\d)", cells[0]).groups()  # type: ignore[union-attr]
    pace = int(minutes) * 60 + int(seconds)
    faster = [pace - pace / np.exp(one) for one in (change, change - half, change + half)]
    assert _seconds(cells[2])[0] == pytest.approx(faster[0], abs=1)
    assert sorted(_seconds(cells[3])) == pytest.approx(sorted(faster[1:]), abs=1)
    assert tab.locator("#compared tbody tr", has_text="Hip work").locator("td").last.inner_text() == "as logged"


def test_periods_that_share_days_or_hold_none_are_not_compared(tab: Page) -> None:
    begin = tab.locator('[data-end="second_from"]').input_value()
    tab.locator('[data-end="second_from"]').fill(tab.locator('[data-end="first_from"]').input_value())
    assert tab.locator("#periods-said").inner_text() == "The two periods share days: nothing to compare."
    assert tab.locator("#compared tbody tr").count() == 0
    tab.locator('[data-end="second_from"]').fill(begin)
    assert tab.locator("#compared tbody tr").count() >= 4


def test_selected_weeks_become_a_period_by_keyboard(tab: Page) -> None:
    tab.locator('[data-end="first_from"]').fill("2026-01-05")
    tab.locator('[data-end="first_to"]').fill("2026-05-31")
    _press(tab.locator('#range button[data-weeks="12"]'))
    _press(tab.locator('#range button[data-period="second"]'))
    begin, end = (date.fromisoformat(tab.locator(f'[data-end="second_{way}"]').input_value()) for way in ("from", "to"))
    assert timedelta(weeks=11) <= end - begin <= timedelta(weeks=12)
    assert "weeks" in tab.locator("#compared tbody tr").first.locator("td").nth(1).inner_text()
    _press(tab.locator('#range button[data-weeks="0"]'))


def test_runs_are_sorted_by_keyboard_and_what_is_missing_comes_last(tab: Page) -> None:
    rows = tab.locator("table.runs tbody tr:visible")
    assert rows.count() == 20
    _press(tab.locator("#all-runs"))
    assert rows.count() == 200
    headings = tab.locator("table.runs thead th")
    pace = next(n for n in range(headings.count()) if headings.nth(n).inner_text().strip() == "min/km")
    for way in ("ascending", "descending"):
        _press(headings.nth(pace).locator("button"))
        assert headings.nth(pace).get_attribute("aria-sort") == way
        told = tab.locator(f"table.runs tbody tr > :nth-child({pace + 1})").all_inner_texts()
        paces = [int(minutes) * 60 + int(seconds) for minutes, seconds in (one.split(":") for one in told)]
        assert paces == sorted(paces, reverse=way == "descending")
    at_heart_rate = headings.nth(pace + 2).locator("button")
    _press(at_heart_rate)
    told = tab.locator(f"table.runs tbody tr > :nth-child({pace + 3})").all_inner_texts()
    missing = told.index("\u2013")
    assert set(told[missing:]) == {"\u2013"}
    _press(headings.nth(0).locator("button"))
    _press(headings.nth(0).locator("button"))


def test_a_run_is_opened_and_closed_by_keyboard(tab: Page) -> None:
    button = tab.locator("table.runs tbody button").first
    _press(button)
    assert button.get_attribute("aria-expanded") == "true"
    tab.locator("tr.opened figure").nth(2).locator("svg").wait_for(timeout=WAIT_MS)
    told = [chart.get_attribute("aria-label") or "" for chart in tab.locator("tr.opened .chart").all()]
    assert [one.split(" by minute")[0] for one in told] == ["Pace", "Heart rate", "Cadence"]
    assert "30 minutes" in told[0]
    assert "29 minutes" in told[1]
    _press(button)
    assert button.get_attribute("aria-expanded") == "false"
    assert tab.locator("tr.opened").count() == 0
    assert tab.locator("table.runs tbody button").count() == 60


def test_a_dot_leads_to_the_runs_of_its_week(tab: Page) -> None:
    dot = tab.locator('[data-figure="speed"] .mark-symbol.role-mark path').last
    dot.click(force=True)
    found = tab.locator("tr.found")
    assert 1 <= found.count() <= 4
    days = [date.fromisoformat(row.get_attribute("data-day") or "") for row in found.all()]
    assert max(days) - min(days) < timedelta(weeks=1)
    assert tab.locator(":focus").evaluate("one => one.closest('tr').className") == "found"
    assert re.match(r"\d runs? in the week of ", tab.locator("#found-runs").inner_text())
