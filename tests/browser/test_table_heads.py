"""The head of a column is never cut within a word to make room for a long cell beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import hipdrive.report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

STYLE = Path(hipdrive.report.__file__).parent / "templates" / "page.css"
TABLE = (
    "<table><thead><tr><th>Files</th><th id='h'>Outcome</th><th>Why</th></tr></thead>"
    "<tbody><tr><td>1</td><td>read</td><td>{}</td></tr></tbody></table>"
)


def test_a_head_of_one_word_stands_on_one_line(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1024, "height": 400})
    table = TABLE.format("428 sets state no unit of weight: taken as kg " * 4)
    page.set_content(f"<style>{STYLE.read_text(encoding='utf-8')}</style>{table}")
    one_line = "e => { const r = document.createRange(); r.selectNodeContents(e); return r.getClientRects().length }"
    assert page.locator("#h").evaluate(one_line) == 1
    page.close()
