"""The whole text of made runners' pages, to be read and compared line by line: `make golden` writes it anew."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hipdrive.report import draw_page, one_line
from tests.makers.findings import make_findings
from tests.makers.other_runners import make_lifter, make_owner_of_two_watches, make_reader_of_miles
from tests.makers.page_rules import read_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from hipdrive.report import Findings

FOLDER = Path(__file__).parents[1] / "golden" / "pages"
RUNNERS: dict[str, Callable[[], Findings]] = {
    "empty": lambda: make_findings(4, has_runs=False, has_log=False),
    "four_weeks": lambda: make_findings(4),
    "twelve_weeks": lambda: make_findings(12),
    "twenty_six_weeks": lambda: make_findings(26),
    "stale": lambda: make_findings(30, nights_later=600),
    "two_watches": make_owner_of_two_watches,
    "lifter": make_lifter,
    "imperial": make_reader_of_miles,
}


def text_of(name: str) -> str:
    """The line for the terminal, then the page block by block, a line each."""
    findings = RUNNERS[name]()
    return "\n".join([one_line(findings), "", *read_html(draw_page(findings))]) + "\n"
