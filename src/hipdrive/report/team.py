"""A team's own pages: a row a runner, every night; the pooled number with its forest, and who was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import vl_convert
from markupsafe import Markup

from hipdrive.estimate.team import FEWEST_RUNS, FEWEST_WEEKS, WIDEST_POOLED
from hipdrive.report import words
from hipdrive.report.assets import policy, style, template
from hipdrive.report.figures.forest import draw_forest
from hipdrive.report.figures.theme import CONFIG
from hipdrive.report.lists import MOST_ROWS
from hipdrive.report.members import SPARK_HEIGHT, SPARK_WIDTH, in_order

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    import polars as pl

    from hipdrive.estimate.quantity import Quantity
    from hipdrive.estimate.team import LeftOut, TeamEffect
    from hipdrive.report.members import Member

PAGE_WIDTH = 680


def team_sentences(effect: TeamEffect | None, pooled: int, left_out: Sequence[LeftOut]) -> list[str]:
    """The pooled number with its interval, what one more runner may expect, and who was left out."""
    others = [f"Left out: {one.athlete_id} ({why_left_out(one)})." for one in left_out]
    if effect is None:
        return [f"{words.count(pooled, 'athlete')} can be pooled; it takes three.", *others]
    answer = (
        "The interval holds no change."
        if not effect.pooled.excludes(0)
        else "On average over runners like these it is associated with a change of speed; what else changed with "
        "strength work is not ruled out unless the starts were drawn by lot and kept."
    )
    mean = (
        f"Over {words.count(pooled, 'athlete')} the full programme kept up goes with a speed at reference heart rate "
        f"{_said(effect.pooled)}."
    )
    one_more = (
        f"One more runner like these: {_said(effect.prediction)}. Runners' effects lie "
        f"{words.tenths(effect.between_sd_fraction)} apart (standard deviation)."
    )
    return [mean, answer, one_more, *others]


def why_left_out(one: LeftOut) -> str:
    """Why an athlete is not pooled, in words."""
    return {
        "nothing_estimated": "no complete week with runs",
        "few_weeks": f"{words.count(one.found or 0, 'week')} of known dose; it takes {FEWEST_WEEKS}",
        "few_runs": f"{words.count(one.found or 0, 'usable run')}; it takes {FEWEST_RUNS}",
        "too_steady": "strength work was too steady to compare with anything",
        "not_told_apart": "strength work cannot be told apart from what else changed",
        "too_wide": f"the interval is wider than {words.percent(WIDEST_POOLED)} either way",
    }[one.reason]


@dataclass(frozen=True)
class Linked:
    """A runner's row and where their page is."""

    row: Member
    href: str


def draw_team_page(
    effect: TeamEffect | None,
    pooled: int,
    left_out: Sequence[LeftOut],
    starts: pl.DataFrame,
    members: Sequence[Member] = (),
    tonight: date | None = None,
) -> str:
    """One page that needs nothing else; the forest is drawn into it as a picture of lines and text.

    Args:
        effect: the pooled one; None where too few can be pooled.
        pooled: how many are.
        left_out: who is not, and why.
        starts: those that were drawn by lot.
        members: a row a runner.
        tonight: the day it was asked.
    """
    figure = draw_forest(effect) if effect else None
    picture = ""
    if figure is not None:
        values = [{"name": figure.key, "values": figure.table.to_dicts()}]
        spec = {**figure.spec, "width": PAGE_WIDTH, "datasets": {one["name"]: one["values"] for one in values}}
        picture = vl_convert.vegalite_to_svg(spec, config={**CONFIG, "autosize": None})
    return _render(
        "The team",
        [Linked(one, f"../latest/{one.athlete}/index.html") for one in in_order(members)],
        tonight,
        sentences=team_sentences(effect, pooled, left_out),
        figure=figure,
        picture=Markup(picture),  # noqa: S704  drawn by our own library, which escapes names
        starts=[(row["place"], row["athlete_id"], words.day(row["start_date"])) for row in starts.to_dicts()],
    )


def draw_team_night(members: Sequence[Member], tonight: date, has_pages: Collection[str]) -> str:
    """A team's night: a row a runner, with a link to the page of each who has one."""
    linked = [Linked(one, f"{one.athlete}/index.html" if one.athlete in has_pages else "") for one in in_order(members)]
    return _render(f"Reports of {words.day(tonight)}", linked, tonight)


def _render(title: str, members: Sequence[Linked], tonight: date | None, **more: object) -> str:
    rest: dict[str, object] = {"sentences": (), "figure": None, "picture": "", "starts": ()}
    return template("team.html").render(
        title=title,
        members=members[:MOST_ROWS],
        others=members[MOST_ROWS:],
        whose=words.count(len(members), "runner") if members else "",
        tonight="" if tonight is None else words.short_day(tonight),
        spark_width=SPARK_WIDTH,
        spark_height=SPARK_HEIGHT,
        style=style(),
        policy=policy(),
        **(rest | more),
    )


def _said(found: Quantity) -> str:
    estimate, lo, hi = (end or 0.0 for end in (found.estimate, found.lo, found.hi))
    return f"{words.faster_or_slower(estimate)} ({words.faster_or_slower(lo)} to {words.faster_or_slower(hi)})"
