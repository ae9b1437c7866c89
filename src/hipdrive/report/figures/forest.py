"""The forest of a team: each athlete's own estimate, the same drawn to the team's mean, and the pooled one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.report import words
from hipdrive.report.figures.intervals import ROW_HEIGHT, draw_intervals
from hipdrive.report.figures.theme import HIP, Figure, finish

if TYPE_CHECKING:
    from hipdrive.estimate.quantity import Quantity
    from hipdrive.estimate.team import TeamEffect

POOLED, PREDICTED = "all together", "one more runner"


def draw_forest(effect: TeamEffect) -> Figure:
    """Rows of athletes under the pooled number and what one more runner may expect.

    Dot and bar are an athlete's own; the tick is where the team draws it to.
    """
    rows = [_row(POOLED, effect.pooled, effect.pooled), _row(PREDICTED, effect.prediction, effect.prediction)]
    rows += [_row(one.athlete_id, one.own, one.shrunken) for one in effect.members]
    table = pl.DataFrame(rows)
    chart = draw_intervals("forest", "athlete", table)
    drawn_to = (
        alt.Chart(alt.NamedData(name="forest"))
        .mark_tick(color=HIP, thickness=3, size=24, yOffset=8, opacity=1)
        .encode(
            alt.Y("athlete:N", sort=None, title=None, axis=None),
            x=alt.X("shrunken_percent:Q"),
        )
    )
    text = "; ".join(
        f"{row['athlete']}: {words.signed_percent(found.estimate or 0.0)} "
        f"({words.interval_in_percent(found.lo or 0.0, found.hi or 0.0)})"
        for row, found in zip(
            rows, (effect.pooled, effect.prediction, *(one.own for one in effect.members)), strict=True
        )
    )
    pooled = effect.pooled
    title = (
        f"{words.count(len(effect.members), 'athlete')} together: {words.signed_percent(pooled.estimate or 0.0)} "
        f"({words.interval_in_percent(pooled.lo or 0.0, pooled.hi or 0.0)})"
    )
    spec = finish(alt.layer(chart, drawn_to), ROW_HEIGHT * len(rows))
    note = "Dot and bar: own estimate, likely range. Tick: the same drawn to the team's mean."
    return Figure("forest", title, f"{text}.", spec, table, note)


def _row(name: str, own: Quantity, shrunken: Quantity) -> dict[str, object]:
    numbers = {
        "estimate_percent": own.estimate,
        "lo_percent": own.lo,
        "hi_percent": own.hi,
        "shrunken_percent": shrunken.estimate,
    }
    return {"athlete": name, **{column: 100 * (value or 0.0) for column, value in numbers.items()}}
