"""The estimate with its interval over the weeks that entered it: how it moved and tightened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.estimate.tightening import follow_estimate
from hipdrive.report import words
from hipdrive.report.figures.theme import FEW_TICKS, INK, PAPER, RUN, Figure, Gap, data, finish

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

KEY = "nights"


def draw_nights(findings: Findings) -> Figure | Gap:
    """A band for the interval, a line for the estimate, a ring at each declared look."""
    followed = follow_estimate(findings.effects, findings.nights, findings.weeks_to_estimate)
    table = followed.select(
        "weeks",
        "is_look",
        "is_recomputed",
        **{f"{name}_percent": pl.col(f"{name}_fraction") * 100 for name in ("estimate", "lo", "hi")},
    )
    if table.height < 2:  # noqa: PLR2004  a line needs two points
        return Gap(
            KEY,
            "How the estimate tightens",
            "This is the first estimate, so there is no earlier one beside it yet; next week there is.",
        )
    base = alt.Chart(data(KEY)).encode(
        alt.X(
            "weeks:Q",
            title="weeks in the estimate",
            scale=alt.Scale(zero=False, nice=False),
            axis=alt.Axis(tickMinStep=1, tickCount=FEW_TICKS),
        )
    )
    y = alt.Y("lo_percent:Q", title="change of speed (%)", axis=alt.Axis(labelExpr=words.SIGNED_LABEL))
    band = base.mark_area(color=RUN, opacity=0.2).encode(y, y2=alt.Y2("hi_percent:Q"))
    zero = alt.Chart(data(KEY)).mark_rule(color=INK).encode(y=alt.YDatum(0, type="quantitative"))
    tooltip = [
        alt.Tooltip("weeks:Q"),
        alt.Tooltip("estimate_percent:Q", title="estimate %", format=words.SIGNED_ONE_DECIMAL),
        alt.Tooltip("lo_percent:Q", title="from %", format=words.SIGNED_ONE_DECIMAL),
        alt.Tooltip("hi_percent:Q", title="to %", format=words.SIGNED_ONE_DECIMAL),
    ]
    line = base.mark_line(color=RUN, strokeWidth=2).encode(y=alt.Y("estimate_percent:Q"))
    dots = base.mark_circle(color=RUN, size=32, opacity=1).encode(y=alt.Y("estimate_percent:Q"), tooltip=tooltip)
    layers = [band, zero, line, dots]
    if table["is_look"].any():
        looks = base.transform_filter("datum.is_look").mark_point(
            stroke=RUN, fill=PAPER, size=110, strokeWidth=2.5, opacity=1
        )
        layers.append(looks.encode(y=alt.Y("estimate_percent:Q"), tooltip=tooltip))
    first, last = table.row(0, named=True), table.row(-1, named=True)
    widths = [row["hi_percent"] - row["lo_percent"] for row in (first, last)]
    title = (
        f"With {first['weeks']} weeks the interval was {words.points(widths[0])} points of speed wide; with "
        f"{last['weeks']} it is {words.points(widths[1])}"
    )
    moved = f"{words.signed(first['estimate_percent'], 1)} % to {words.signed(last['estimate_percent'], 1)} %"
    note = (
        "From your low to your high weeks of hip work. Line: estimate; band: likely range; rings: weeks in which the "
        "verdict was set. Between them all of it is provisional."
    )
    if table["is_recomputed"].any():
        note += " Weeks before the first night with an estimate are worked out again from what was known by then."
    text = f"The estimate went from {moved}. {_looks(table)}".strip()
    return Figure(KEY, title, text, finish(alt.layer(*layers), 210), table, note)


def _looks(table: pl.DataFrame) -> str:
    looks = table.filter("is_look")
    if looks.is_empty():
        return ""
    said = "; ".join(
        f"{row['weeks']} weeks {words.signed(row['estimate_percent'], 1)} % ({words.signed(row['lo_percent'], 1)} to "
        f"{words.signed(row['hi_percent'], 1)})"
        for row in looks.iter_rows(named=True)
    )
    return f"Where the verdict was set: {said}."
