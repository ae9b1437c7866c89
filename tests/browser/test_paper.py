"""Printed, the page is its first screen on one A4 sheet; the rest is printed by who asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hipdrive.report import draw_page
from tests.makers.opening import DRAWN, WAIT_MS, opened
from tests.makers.other_runners import make_lifter, make_reader_of_miles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from hipdrive.report import Findings


def _sheets(tab: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", tab.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("runner", ["a year", "lifter", "miles", "log stopped"])
def test_the_first_screen_is_one_sheet(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path, runner: str
) -> None:
    made: dict[str, Callable[[], Findings]] = {
        "a year": lambda: make_findings(104, is_demo=True),
        "lifter": make_lifter,
        "miles": make_reader_of_miles,
        "log stopped": lambda: make_findings(60, log_ends_weeks_ago=10),
    }
    with opened(browser, draw_page(made[runner]()), tmp_path) as (tab, _):
        assert _sheets(tab) == 1
        tab.emulate_media(media="print")
        assert tab.locator("#headline").is_visible()
        assert not tab.locator("#doing").is_visible()
        assert tab.locator(".bars .range").first.is_visible() or tab.locator(".bars").count() == 0


def test_all_of_it_is_printed_on_demand(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path
) -> None:
    with opened(browser, draw_page(make_findings(30)), tmp_path) as (tab, _):
        tab.get_by_role("link", name="take all of it").click()
        tab.locator(DRAWN).wait_for(state="attached", timeout=WAIT_MS)
        assert _sheets(tab) > 4
        tab.emulate_media(media="print")
        assert tab.locator("#doing").is_visible()
