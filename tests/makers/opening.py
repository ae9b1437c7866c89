"""The page opened from a file with the network off."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

DRAWN = "html[data-drawn=all]"  # waited for as an element: to poll an expression takes an eval, which the page forbids
WAIT_MS = 30_000


@contextmanager
def opened(
    browser: Browser, page: str, folder: Path, *, before: str = "", **context: object
) -> Iterator[tuple[Page, list[str]]]:
    """The page as a tab, and everything that it complained of or asked for; `before` is a script that runs first."""
    file = folder / "index.html"
    file.write_text(page, encoding="utf-8")
    troubles: list[str] = []
    place = browser.new_context(offline=True, **context)  # type: ignore[arg-type]
    tab = place.new_page()
    if before:
        tab.add_init_script(before)
    tab.on("console", lambda message: troubles.append(f"console {message.type}: {message.text}"))
    tab.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    tab.on("request", lambda asked: None if asked.url == file.as_uri() else troubles.append(f"request: {asked.url}"))
    tab.goto(file.as_uri())
    tab.locator(DRAWN).wait_for(state="attached", timeout=WAIT_MS)
    try:
        yield tab, troubles
    finally:
        place.close()
