"""What axe finds in the page, with everything opened: nothing serious, whatever the light and the width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from hipdrive.report import draw_page
from hipdrive.report.lists import Night, draw_archive
from tests.browser.looks import LOOKS
from tests.makers.findings import with_experiment
from tests.makers.opening import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from hipdrive.report import Findings

SERIOUS = {"serious", "critical"}
HISTORIES = {"4 weeks": {"weeks": 4}, "experiment": {"weeks": 30}, "demo": {"weeks": 104, "is_demo": True}}


def _serious(tab: Page) -> list[str]:
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found if one["impact"] in SERIOUS for node in one["nodes"]]


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_axe_finds_nothing_serious(
    browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path, history: str, width: int, scheme: str
) -> None:
    findings = make_findings(**HISTORIES[history])
    page = draw_page(with_experiment(findings, "on") if history == "experiment" else findings)
    look: dict[str, Any] = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    with opened(browser, page, tmp_path, **look) as (tab, _):
        tab.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        assert _serious(tab) == []


def test_axe_sees_what_is_wrong(browser: Browser, make_findings: Callable[..., Findings], tmp_path: Path) -> None:
    page = draw_page(make_findings(4)).replace("--muted: #59626b", "--muted: #c9cdd0")
    with opened(browser, page, tmp_path, color_scheme="light") as (tab, _):
        assert any(found.startswith("color-contrast") for found in _serious(tab))


def test_the_list_of_nights_has_nothing_serious_either(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_text(
        draw_archive([Night("2026-11-17", ("anna", "ben")), Night("2026-11-16")], has_team=True), encoding="utf-8"
    )
    place = browser.new_context(offline=True)
    tab = place.new_page()
    tab.goto(file.as_uri())
    assert _serious(tab) == []
    place.close()
