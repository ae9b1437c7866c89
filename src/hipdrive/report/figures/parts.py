"""What the path of speed at reference heart rate is made of, part under part on one axis of time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.measure.trend import highest, lowest, weekly_trend_of_runs
from hipdrive.report import words
from hipdrive.report.figures.theme import (
    DOTTED,
    HIP,
    INK,
    MUTED,
    RULE,
    RUN,
    Figure,
    brush,
    data,
    finish,
    mark_device_changes,
    span_of_week,
    week_axis,
)
from hipdrive.report.gate import NEEDS, may_say
from hipdrive.tables.estimates import PARTS

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

KEY = "parts"
NEED = "parts of pace"
PANEL, HEADING = 64, 20  # pixels of a part's own plot, and of its name above it
NAMES = {
    "strength": "hip work",
    "load": "training load",
    "heat": "heat",
    "season": "season",
    "races": "races",
    "level": "wandering fitness",
}


def draw_parts(findings: Findings) -> Figure | None:
    """Each part of each week with its likely range, all on one scale; None where the record cannot carry it."""
    if findings.pace_parts is None or not may_say(findings, NEED):
        return None
    table = _table(findings, findings.pace_parts)
    parts = [part for part in PARTS if part in table["part"]]
    if not parts:
        return None
    ends = [table[name] for name in ("change_percent", "lo_percent", "hi_percent")]
    reach = max(1.0, *(max(-lowest(one), highest(one)) for one in ends))
    layers = [layer for place, part in enumerate(parts) for layer in _panel(part, place, reach)]
    note = (
        "Change of speed against the mean of all weeks, \u2191 faster. Each goes with its part, the others given, and "
        "none is a cause; those of a week add up to the model's speed."
    )
    if "strength" not in parts:
        note += " What hip work might have done stays in fitness until an answer lets it be told apart."
    if table["is_device_change"].any():
        weeks = span_of_week(alt.Chart(data(KEY)))
        layers.insert(0, mark_device_changes(weeks).encode(week_axis("week_middle", None)))
        note += f" {DOTTED}"
    most = max(parts, key=lambda part: _span(table, part))
    drawn = alt.layer(*layers).resolve_scale(y="independent")
    return Figure(
        KEY,
        f"Of the parts of your speed {NAMES[most]} ranges widest, over {words.points(_span(table, most))}\u202f%",
        _text(table, parts),
        finish(drawn, (PANEL + HEADING) * len(parts)),
        table,
        note,
    )


def _table(findings: Findings, rows: pl.DataFrame) -> pl.DataFrame:
    """The parts in percent; one whose range is too wide anywhere to be shown is left out."""
    half = (pl.col("hi_fraction") - pl.col("lo_fraction")) / 2
    narrow = rows.filter((half.max() <= NEEDS[NEED].widest).over("part"))
    names = {"change_percent": "fraction", "lo_percent": "lo_fraction", "hi_percent": "hi_fraction"}
    table = narrow.select(
        "week_start", pl.col("part").cast(pl.String), **{name: 100 * pl.col(of) for name, of in names.items()}
    )
    changes = weekly_trend_of_runs(findings.weeks, findings.runs, "bounded_speed_at_reference_hr_m_per_s")
    marked = table.join(
        changes.select("week_start", "is_device_change"), on="week_start", how="left", maintain_order="left"
    )
    return marked.with_columns(pl.col("is_device_change").fill_null(value=False))


def _panel(part: str, place: int, reach: float) -> list[alt.Chart]:
    color = HIP if part == "strength" else RUN
    top = place * (PANEL + HEADING) + HEADING
    scale = alt.Scale(domain=[-reach, reach], range=[top + PANEL, top], nice=False, zero=False)
    step = max(1, math.floor(reach / 2)) if reach >= 2 else 0.5  # noqa: PLR2004  two ticks either side at most
    ticks = alt.Axis(
        orient="left", values=[-step, 0, step], labelExpr=f"{words.SIGNED_LABEL} + (datum.value == 0 ? '' : ' %')"
    )
    weeks = span_of_week(alt.Chart(data(KEY)).transform_filter(f"datum.part == '{part}'"))
    x = week_axis("week_middle", None)
    band = weeks.mark_area(color=color, opacity=0.18).encode(
        x, alt.Y("lo_percent:Q", scale=scale, title=None, axis=ticks), y2="hi_percent:Q"
    )
    line = (
        weeks.transform_calculate(shown=f"{words.written('change_percent', words.SIGNED_ONE_DECIMAL)} + ' %'")
        .mark_line(color=color, strokeWidth=2)
        .encode(
            x,
            alt.Y("change_percent:Q", scale=scale, axis=None),
            tooltip=[alt.Tooltip("week:N", title="week"), alt.Tooltip("shown:N", title="speed")],
        )
    )
    once = alt.Chart(data(KEY)).transform_aggregate(rows="count()")
    zero = once.mark_rule(color=RULE).encode(y=alt.Y(datum=0, type="quantitative", scale=scale, axis=None))
    name = once.mark_text(align="left", baseline="middle", color=INK if part == "strength" else MUTED, text=NAMES[part])
    named = name.encode(x=alt.value(0), y=alt.value(top - HEADING // 2))
    return [zero, band.add_params(brush()) if place == 0 else band, line, named]


def _span(table: pl.DataFrame, part: str) -> float:
    change = table.filter(pl.col("part") == part)["change_percent"]
    return highest(change) - lowest(change)


def _text(table: pl.DataFrame, parts: list[str]) -> str:
    told = []
    for part in parts:
        change = table.filter(pl.col("part") == part)["change_percent"]
        told.append(
            f"{NAMES[part]} from {words.signed(lowest(change), 1)} to {words.signed(highest(change), 1)}\u202f%"
        )
    weeks = words.count(table["week_start"].n_unique(), "week")
    return f"Parts of speed at one heart rate over {weeks}, against their mean: {'; '.join(told)}."
