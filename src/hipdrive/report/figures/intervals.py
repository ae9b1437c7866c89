"""Rows of estimates with their intervals over a zero line: the estimate itself, its checks, the stride."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import altair as alt

from hipdrive.measure.trend import highest, lowest
from hipdrive.report import words
from hipdrive.report.figures.theme import FEW_TICKS, HIP, INK, MUTED, PAPER, RUN, data

if TYPE_CHECKING:
    import polars as pl

ROW_HEIGHT = 54


def draw_intervals(
    key: str, names: str, table: pl.DataFrame, title: str = "change of speed (%)", widest: float = math.inf
) -> alt.LayerChart | alt.FacetChart:
    """Rows of estimate and interval in percent over a zero line, each with its name above it.

    Args:
        key: of the figure.
        names: column with the rows' names.
        table: has `estimate_percent`, `lo_percent`, `hi_percent`, and `planted_percent` where there is a mark to draw.
        title: of the axis, with its unit.
        widest: where the axis ends either way, in percent, whatever the rows: wider ones run out of the picture.
    """
    left = max(-widest, min(0.0, lowest(table["lo_percent"])))
    right = min(widest, max(0.0, highest(table["hi_percent"])))
    room = (right - left) / 25
    base = alt.Chart(data(key)).encode(
        alt.Y(f"{names}:N", sort=None, title=None, axis=alt.Axis(labels=False, ticks=False, domain=False, grid=False))
    )
    x = alt.X(
        "lo_percent:Q",
        title=title,
        axis=alt.Axis(labelExpr=words.SIGNED_LABEL, tickCount=FEW_TICKS),
        scale=alt.Scale(domain=[left - room, right + room]),
    )
    # A piece of the zero line beside each bar, so that no name lies across it.
    zero = base.mark_tick(color=INK, thickness=1.5, size=20, yOffset=8, opacity=1).encode(
        x=alt.XDatum(0, type="quantitative")
    )
    bars = base.mark_bar(color=RUN, height=5, opacity=0.45, yOffset=8, clip=True).encode(x, x2=alt.X2("hi_percent:Q"))
    dots = base.mark_circle(color=RUN, size=110, yOffset=8, opacity=1, clip=True).encode(x=alt.X("estimate_percent:Q"))
    names_above = text_over_lines(base.encode(x=alt.XValue(0), text=f"{names}:N"), "left", INK)
    interval = (
        f"{words.written('lo_percent', words.SIGNED_ONE_DECIMAL)} + ' to ' + "
        f"{words.written('hi_percent', words.SIGNED_ONE_DECIMAL)} + ' %'"
    )
    with_interval = base.transform_calculate(interval=interval)
    numbers = text_over_lines(with_interval.encode(x=alt.XValue("width"), text=alt.Text("interval:N")), "right", MUTED)
    layers = [zero, bars, dots, *names_above, *numbers]
    if "planted_percent" in table.columns:
        mark = base.mark_tick(color=HIP, thickness=3, size=24, yOffset=8, opacity=1)
        layers.append(mark.encode(x=alt.X("planted_percent:Q")))
    return alt.layer(*layers)


def text_over_lines(chart: alt.Chart, align: Literal["left", "right"], color: str) -> list[alt.Chart]:
    """Text that stays readable where a line runs under it: the same letters in the colour of the paper first."""
    return [
        chart.mark_text(align=align, dy=-10, color=PAPER, stroke=PAPER, strokeWidth=4, strokeJoin="round"),
        chart.mark_text(align=align, dy=-10, color=color),
    ]
