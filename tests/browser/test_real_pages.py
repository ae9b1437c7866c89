"""Pages of real runners, read as Chromium shows them; the homes are made here and nothing of them is kept."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from hipdrive.warehouse import ask
from tests.makers.opening import opened
from tests.makers.page_rules import Age, complaints
from tests.makers.real_runners import NO_CORPUS, RUNNERS, has_corpus, live_a_night, make_series, night_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from hipdrive.settings import Home
    from tests.makers.real_runners import RealRunner

pytestmark = pytest.mark.skipif(not has_corpus(), reason=NO_CORPUS)


@pytest.fixture(scope="module")
def series(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Home]:
    return cache(lambda name: make_series(name, tmp_path_factory.mktemp("read") / name))


def _seen(tab: Page) -> list[str]:
    """Every line that a reader can come to see: drawers opened, and the letters in the figures."""
    tab.evaluate("for (const drawer of document.querySelectorAll('details')) drawer.open = true")
    body = tab.locator("body").inner_text().splitlines()
    # An axis title stands in the body's text too, and two figures may well share one.
    letters = set(tab.evaluate("[...document.querySelectorAll('svg text')].map((letters) => letters.textContent)"))
    return [tab.title(), *(line for line in body if line.strip() and line not in letters), *sorted(letters)]


@pytest.mark.parametrize("runner", RUNNERS, ids=lambda runner: runner.name)
def test_a_real_runners_page_keeps_the_rules(
    browser: Browser, series: Callable[[str], Home], tmp_path: Path, runner: RealRunner
) -> None:
    folder = tmp_path / "home"
    page = live_a_night(series(runner.series), runner, folder)
    home, tonight = night_of(folder, runner)
    logged = ask(home, "SELECT max(last_date) FROM log_spans").item()
    age = Age(tonight, ask(home, "SELECT max(local_date) FROM runs").item(), logged)
    with opened(browser, page.read_text(encoding="utf-8"), folder) as (tab, _):
        assert complaints(_seen(tab), age) == []
