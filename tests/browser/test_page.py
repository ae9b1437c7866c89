"""The page in a real browser with every host unreachable."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest

from hipdrive.report import draw_page
from hipdrive.report.figures.theme import Figure
from hipdrive.report.page import draw_figures
from tests.browser.looks import LOOKS
from tests.makers.findings import with_experiment
from tests.makers.opening import WAIT_MS, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from hipdrive.report import Findings

HISTORIES = {
    "4 weeks": {"weeks": 4},
    "demo": {"weeks": 104, "is_demo": True},
    "experiment": {"weeks": 30},
    "no log": {"weeks": 20, "has_log": False},
}


def _figures(findings: Findings) -> list[Figure]:
    drawn = draw_figures(findings).values()
    return [figure for section in drawn for figure in section if isinstance(figure, Figure)]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_every_figure_is_drawn_without_a_request_or_a_complaint(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path, history: str, width: int, scheme: str
) -> None:
    findings = make_findings(**HISTORIES[history])
    if history == "experiment":
        findings = with_experiment(findings, "on")
    look: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with opened(browser, draw_page(findings), tmp_path, **look) as (tab, troubles):
        figures = _figures(findings)
        assert figures
        tab.locator("#drawer > summary").click()
        for figure in figures:
            chosen = tab.locator(f'button[data-choice="{figure.key}"]')
            if chosen.count():
                chosen.click()
            place = tab.locator(f'[data-figure="{figure.key}"]')
            assert place.count() == 1
            drawing = place.locator("svg.marks")
            box = drawing.bounding_box()
            assert box is not None, figure.key
            assert box["width"] > 150, figure.key
            assert box["height"] > 60, figure.key
            assert place.locator("svg path, svg line, svg text").count() > 10, figure.key
        assert troubles == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_light_and_dark_are_drawn_in_their_own_colours(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        with opened(browser, draw_page(make_findings(16)), tmp_path, color_scheme=scheme) as (tab, _):
            bar = tab.locator('[data-figure="dose"] .mark-rect path').first
            fill = bar.evaluate("mark => getComputedStyle(mark).fill")
            paper = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
            seen[scheme] = (fill, paper)
    assert seen["light"][0] != seen["dark"][0]
    assert seen["light"][1] != seen["dark"][1]


def test_a_script_in_an_exercise_name_stays_text(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    name = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"
    findings = make_findings(16, hostile_name=name)
    with opened(browser, draw_page(findings), tmp_path) as (tab, troubles):
        assert tab.title().endswith("hipdrive")
        assert tab.get_by_text(name, exact=True).count() == 1
        assert troubles == []


KEEP_BLOBS = """
    window.kept = {};
    const make = URL.createObjectURL;
    URL.createObjectURL = (blob) => {
      const address = make(blob);
      window.kept[address] = blob;
      return address;
    };
"""


def test_csv_links_give_what_the_figures_show(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    findings = make_findings(16)
    with opened(browser, draw_page(findings), tmp_path, before=KEEP_BLOBS) as (tab, _):
        for figure in _figures(findings):
            link = tab.locator(f'[data-csv="{figure.key}"]')
            assert link.get_attribute("download") == f"{figure.key}.csv"
            text = link.evaluate("link => window.kept[link.href].text()")
            rows = list(csv.reader(io.StringIO(text)))
            assert rows[0] == figure.table.columns
            assert len(rows) - 1 == figure.table.height
            for number in (0, figure.table.height - 1):
                shown = ["" if value is None else value for value in figure.table.row(number)]
                for cell, value in zip(rows[1 + number], shown, strict=True):
                    if isinstance(value, float):
                        assert float(cell) == pytest.approx(value, rel=5e-5)
                    else:
                        assert cell.lower() == str(value).lower()


def test_a_click_on_a_csv_link_saves_the_file(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    with opened(browser, draw_page(make_findings(16)), tmp_path) as (tab, troubles):
        tab.locator("#figure-dose summary").click()
        with tab.expect_download() as download:
            tab.locator('[data-csv="dose"]').click()
        assert download.value.suggested_filename == "dose.csv"
        assert download.value.path().read_text(encoding="utf-8").startswith("week_start,hip_dose,")
        assert troubles == []


def test_a_spreadsheet_formula_in_a_label_is_made_text(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    page = draw_page(make_findings(16)).replace("Straight-leg bounds", "=HYPERLINK(1)")
    with opened(browser, page, tmp_path) as (tab, _):
        tab.locator("#figure-items summary").click()
        with tab.expect_download() as download:
            tab.locator('[data-csv="items"]').click()
        assert "\n'=HYPERLINK(1)," in download.value.path().read_text(encoding="utf-8").replace("\r", "")


def test_a_keyboard_reaches_the_evidence_and_sees_where_it_is(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    with opened(browser, draw_page(make_findings(16)), tmp_path) as (tab, _):
        tab.keyboard.press("Tab")
        focused = tab.locator(":focus")
        assert focused.inner_text() == "To the evidence"
        box = focused.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert focused.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


def test_on_paper_everything_is_open_and_dark_is_light(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    with opened(browser, draw_page(make_findings(16)), tmp_path, color_scheme="dark") as (tab, _):
        tab.emulate_media(media="print")
        assert tab.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert tab.locator("#drawer").get_attribute("open") is not None
        assert not tab.locator("nav").is_visible()


def _brushes(tab: Page) -> dict[str, float]:
    """Width of the brush in each figure over time, in pixels."""
    widths: dict[str, float] = tab.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('.brush_brush path')].map((mark) =>"
        " [mark.closest('[data-figure]').dataset.figure, mark.getBoundingClientRect().width]))"
    )
    return widths


def test_weeks_brushed_in_one_figure_are_selected_in_all(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    findings = make_findings(60)
    with opened(browser, draw_page(findings), tmp_path, viewport={"width": 1280, "height": 900}) as (tab, troubles):
        shown = [figure.key for figure in _figures(findings) if not figure.key.endswith("_and_hip_work")]
        timed = [figure.key for figure in _figures(findings) if "brush" in str(figure.spec.get("params"))]
        timed = [key for key in timed if key in shown]
        assert {"dose", "speed", "cadence_spm"} <= set(timed)
        drawing = tab.locator('[data-figure="dose"] svg')
        drawing.scroll_into_view_if_needed()
        box = drawing.bounding_box()
        assert box is not None
        tab.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 80)
        tab.mouse.down()
        tab.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 80, steps=4)
        tab.mouse.up()
        widths = _brushes(tab)
        assert set(widths) == set(timed)
        assert all(width > 15 for width in widths.values())
        said = tab.locator("#range output").inner_text()
        assert re.search(r"\b1[1-5] weeks, dose \d\.\d\d a week, \d:\d\d/km at the same heart rate$", said), said
        assert troubles == []


def test_a_keyboard_selects_weeks_too_and_lets_go_of_them(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    with opened(browser, draw_page(make_findings(60)), tmp_path) as (tab, _):
        button = tab.locator('#range button[data-weeks="12"]')
        button.focus()
        tab.keyboard.press("Enter")
        assert button.get_attribute("aria-pressed") == "true"
        assert "12 weeks" in tab.locator("#range output").inner_text()
        assert all(width > 10 for width in _brushes(tab).values())
        tab.locator('#range button[data-weeks="0"]').press("Enter")
        assert tab.locator("#range output").inner_text() == ""
        assert all(width < 2 for width in _brushes(tab).values())


def test_pointing_at_a_week_names_it(browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path) -> None:
    findings = make_findings(16)
    with opened(browser, draw_page(findings), tmp_path) as (tab, troubles):
        tab.locator('[data-figure="dose"] .mark-rect.role-mark path').nth(2).hover()
        tip = tab.locator("#vg-tooltip-element.visible")
        tip.wait_for(timeout=WAIT_MS)
        assert "week of " in tip.inner_text()
        assert troubles == []


def test_no_more_weeks_are_offered_than_there_are(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    with opened(browser, draw_page(make_findings(16)), tmp_path) as (tab, _):
        offered = [button.inner_text() for button in tab.locator("#range button").all() if button.is_visible()]
        assert offered == ["none", "last 12"]
    with opened(browser, draw_page(make_findings(4)), tmp_path) as (tab, _):
        assert not any(button.is_visible() for button in tab.locator("#range button").all())
        assert tab.locator("#range").is_visible()


def test_number_curve_and_answer_are_seen_at_once_on_a_phone(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    findings = make_findings(104, is_demo=True)
    with opened(browser, draw_page(findings), tmp_path, viewport={"width": 390, "height": 844}) as (tab, troubles):
        box = tab.locator(".question .bars").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844
        tab.locator("button[data-span=all]").click()
        assert tab.locator("button[data-span=all]").get_attribute("aria-pressed") == "true"
        assert tab.locator("button[data-span=year]").get_attribute("aria-pressed") == "false"
        assert troubles == []
