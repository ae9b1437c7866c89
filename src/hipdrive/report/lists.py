"""The two small pages beside a report: the list of nights and the list of a team's athletes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hipdrive.report import words
from hipdrive.report.assets import policy, style, template

if TYPE_CHECKING:
    from collections.abc import Sequence


def draw_list(nights: Sequence[str]) -> str:
    """The list of nights, by the names of their folders (ISO dates), the newest first."""
    rows = [(f"{night}/index.html", words.day(date.fromisoformat(night))) for night in nights]
    return _draw("Reports", "Every night that was drawn, the newest first.", rows)


def draw_athletes(athletes: Sequence[str], tonight: date) -> str:
    """A team's night: one link an athlete."""
    rows = [(f"{athlete}/index.html", athlete) for athlete in athletes]
    return _draw(f"Reports of {words.day(tonight)}", "One page an athlete.", rows)


def _draw(title: str, intro: str, rows: Sequence[tuple[str, str]]) -> str:
    return template("list.html").render(title=title, intro=intro, rows=rows, style=style(), policy=policy())
