"""The small pages beside the reports: the archive of every page, and the list of athletes whose rows nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from hipdrive.report import words
from hipdrive.report.assets import policy, style, template

if TYPE_CHECKING:
    from collections.abc import Sequence


LATEST_PAGE, TEAM_PAGE = "latest/index.html", "team/index.html"
MOST_ROWS = 200  # athletes on one page; a browser is slow with thousands, and nobody reads them
MOST_NAMED = 12  # athletes of one night that are linked one by one; of a larger team its list is


@dataclass(frozen=True)
class Row:
    """A link, and the links that belong to it."""

    href: str
    name: str
    more: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Night:
    """A night of the archive: its day and its athletes; none where one athlete's page is the night's own."""

    day: str
    athletes: tuple[str, ...] = ()


def draw_archive(nights: Sequence[Night], *, has_team: bool = False) -> str:
    """Every page by date and by athlete, the newest first.

    Args:
        nights: by the names of their folders (ISO dates), the newest first.
        has_team: whether the team has a page of its own.
    """
    by_date = [
        Row(
            f"{night.day}/index.html",
            words.day(date.fromisoformat(night.day)),
            tuple((f"{night.day}/{name}/index.html", name) for name in night.athletes)
            if len(night.athletes) <= MOST_NAMED
            else (),
        )
        for night in nights
    ]
    drawn: dict[str, list[tuple[str, str]]] = {}
    for night in nights:
        for name in night.athletes:
            link = (f"{night.day}/{name}/index.html", words.short_day(date.fromisoformat(night.day)))
            drawn.setdefault(name, []).append(link)
    by_athlete = sorted(drawn.items()) if len(drawn) <= MOST_ROWS else []
    first = [(LATEST_PAGE, "The newest pages" if drawn else "The newest page")] if nights else []
    first += [(TEAM_PAGE, "The team")] if has_team else []
    return template("list.html").render(
        title="Reports",
        intro="Every night that was drawn, the newest first." if nights else "",
        first=first,
        rows=by_date,
        by_athlete=by_athlete,
        style=style(),
        policy=policy(),
    )


def draw_athletes(athletes: Sequence[str], tonight: date) -> str:
    """A team's night: one link an athlete."""
    return template("list.html").render(
        title=f"Reports of {words.day(tonight)}",
        intro="One page for each athlete.",
        first=(),
        rows=[Row(f"{athlete}/index.html", athlete) for athlete in athletes],
        by_athlete=(),
        style=style(),
        policy=policy(),
    )
