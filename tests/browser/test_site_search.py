"""The docs' site is searched from the disk, without the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.house.test_site import DOCS, build

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_the_site_is_searched_from_the_disk(browser: Browser, tmp_path: Path) -> None:
    assert build(DOCS, tmp_path).returncode == 0
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{(tmp_path / 'search.html').as_uri()}?q=quarantined")
    page.wait_for_selector("ul.search li")
    found = page.locator("ul.search li > a").all_inner_texts()
    page.close()
    assert any("What to do when" in title for title in found)
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
