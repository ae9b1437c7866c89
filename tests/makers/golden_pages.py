"""The whole text of made runners' pages, to be read and compared line by line: `make golden` writes it anew."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hipdrive.estimate.team import LeftOut, Summary, pool
from hipdrive.report import draw_page, member_of, one_line
from hipdrive.report.team import draw_team_page
from hipdrive.tables.teams import TeamStart
from tests.makers.findings import make_findings
from tests.makers.findings_history import TONIGHT
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


TEAM = "team"
NAMES = ("anna", "ben", "cy", "di")
# Of the list of runs three rows are enough to be read.
RUNS = re.compile(
    r'(<tr data-day="[^"]*" data-run=.*?</tr>\s*(?:<tr data-day.*?</tr>\s*){2})(?:<tr data-day.*?</tr>\s*)+', re.DOTALL
)


def text_of(name: str) -> str:
    """The line for the terminal, then the page block by block, a line each."""
    if name == TEAM:
        return "\n".join(read_html(draw_team())) + "\n"
    findings = RUNNERS[name]()
    page = RUNS.sub(r"\1", draw_page(findings))
    return "\n".join([one_line(findings), "", *read_html(page)]) + "\n"


def known(findings: Findings) -> Findings:
    """The same runner, whose log has no name that nobody knows."""
    return dataclasses.replace(findings, unmatched=findings.unmatched.clear())


def draw_team() -> str:
    """The page of four runners: a steady one, one whose log has stopped, one whose runs have, a beginner."""
    of = {
        "anna": make_findings(40, seed=3),
        "ben": make_findings(40, seed=4, log_ends_weeks_ago=9),
        "cy": make_findings(30, seed=5, spoil=lambda runs: runs.filter(pl.col("local_date") < date(2026, 8, 20))),
        "di": make_findings(4, seed=6, hostile_name="Zercher thing"),
    }
    of = {name: findings if name == "di" else known(findings) for name, findings in of.items()}
    members = [dataclasses.replace(member_of(findings), athlete=name) for name, findings in of.items()]
    summaries = [Summary(name, effect, 0.02) for name, effect in zip(NAMES, (0.03, 0.01, 0.04, 0.02), strict=True)]
    effect = pool(summaries[:3])
    left_out = (LeftOut("di", "few_weeks", 4),)
    return draw_team_page(effect, 3, left_out, TeamStart.create_empty(), members, TONIGHT)
