"""A team's own page: the pooled number, the forest of its athletes, and who was left out and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import vl_convert
from markupsafe import Markup

from hipdrive.estimate.team import FEWEST_RUNS, FEWEST_WEEKS, WIDEST_POOLED
from hipdrive.report import words
from hipdrive.report.assets import policy, style, template
from hipdrive.report.figures.forest import draw_forest
from hipdrive.report.figures.theme import CONFIG

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from hipdrive.estimate.quantity import Quantity
    from hipdrive.estimate.team import LeftOut, TeamEffect

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


def draw_team_page(effect: TeamEffect | None, pooled: int, left_out: Sequence[LeftOut], starts: pl.DataFrame) -> str:
    """One page that needs nothing else; the forest is drawn into it as a picture of lines and text."""
    figure = draw_forest(effect) if effect else None
    picture = ""
    if figure is not None:
        values = [{"name": figure.key, "values": figure.table.to_dicts()}]
        spec = {**figure.spec, "width": PAGE_WIDTH, "datasets": {one["name"]: one["values"] for one in values}}
        picture = vl_convert.vegalite_to_svg(spec, config={**CONFIG, "autosize": None})
    return template("team.html").render(
        sentences=team_sentences(effect, pooled, left_out),
        figure=figure,
        picture=Markup(picture),  # noqa: S704  drawn by our own library, which escapes names
        members=[] if figure is None else figure.table.to_dicts(),
        starts=[(row["place"], row["athlete_id"], words.day(row["start_date"])) for row in starts.to_dicts()],
        style=style(),
        policy=policy(),
    )


def _said(found: Quantity) -> str:
    estimate, lo, hi = (end or 0.0 for end in (found.estimate, found.lo, found.hi))
    return f"{words.faster_or_slower(estimate)} ({words.faster_or_slower(lo)} to {words.faster_or_slower(hi)})"
