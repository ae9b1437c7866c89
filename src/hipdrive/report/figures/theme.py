"""One look for every figure: colours as CSS variables (so that light, dark and print need no second drawing)."""

from __future__ import annotations

import math
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

from hipdrive.measure.trend import highest, lowest
from hipdrive.report import words
from hipdrive.report.habits import units

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

RUN, HIP = "var(--run)", "var(--hip)"  # running and strength work keep their colour in every figure
INK, MUTED, RULE, SHADE, PAPER = "var(--ink)", "var(--muted)", "var(--rule)", "var(--shade)", "var(--paper)"
FEW_TICKS = alt.ExprRef("max(3, floor(width / 80))")  # as many as there is room for, on a phone too
DAY_MS = 86_400_000
DOTTED = "Dotted: another device."
MOST_NAMED_WEEKS = 7
WEEKS_NAMED_BY_DAY = 45  # longer spans are named by month
PACE_STEPS_S, MOST_PACE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300), 6

CONFIG: dict[str, object] = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "padding": {"left": 2, "right": 8, "top": 6, "bottom": 2},
    "autosize": {"type": "fit-x", "contains": "padding"},
    "aria": False,  # the figure's own text alternative says what it shows; a thousand marks would only be noise
    "view": {"stroke": None},
    "axis": {
        "labelColor": MUTED,
        "titleColor": MUTED,
        "tickColor": RULE,
        "domainColor": RULE,
        "gridColor": RULE,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "titlePadding": 8,
        "labelPadding": 5,
    },
    "axisX": {"grid": False, "labelFlush": True, "labelOverlap": True, "labelSeparation": 8},
    "axisY": {"domain": False, "ticks": False, "tickCount": 5},
    "text": {"color": INK, "fontSize": 12},
    "legend": {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 12, "titleFontWeight": "normal"},
}


@dataclass(frozen=True)
class Figure:
    """A chart and everything the page says with it.

    Attributes:
        key: its name in the page and of its CSV file.
        title: the finding, in this runner's numbers.
        text: what it shows in numbers, for those who do not see it.
        spec: Vega-Lite; its data are the page's table of the same key.
        table: the data, one column a field.
        note: how to read it.
        is_small: one of several side by side.
    """

    key: str
    title: str
    text: str
    spec: dict[str, object]
    table: pl.DataFrame
    note: str = ""
    is_small: bool = False


@dataclass(frozen=True)
class Gap:
    """What stands in a figure's place where the data cannot carry it: what would be needed."""

    key: str
    title: str
    sentence: str
    is_small: bool = False


@contextmanager
def unchecked() -> Iterator[None]:
    """Specifications are written without being held against Vega-Lite's schema, which takes half of the drawing.

    The tests of the figures draw outside of it, so every kind of figure has been checked.
    """
    with alt.utils.schemapi.debug_mode(False):
        yield


def data(key: str) -> alt.NamedData:
    """The page's table of this key, as the data of a chart."""
    return alt.NamedData(name=key)


def finish(chart: alt.LayerChart | alt.FacetChart, height: int) -> dict[str, object]:
    """The chart as wide as its place and so many pixels high, as Vega-Lite; the page's own config applies."""
    spec = chart.properties(width="container", height=height).to_dict(validate=alt.utils.schemapi.DEBUG_MODE)
    spec.pop("config", None)
    return spec


def week_axis(mondays: pl.Series, field: str = "week_start") -> alt.X:
    """An axis of these calendar weeks, in UTC, so that a Monday is a Monday wherever the page is read."""
    if mondays.len() < WEEKS_NAMED_BY_DAY:
        named = mondays.gather_every(1 + mondays.len() // MOST_NAMED_WEEKS)
        days = [alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in named.to_list()]
        ticks = alt.Axis(title="week beginning", format=words.date_format(words.DAY_AND_MONTH), values=days)
    else:
        ticks = alt.Axis(
            title="week beginning", format=words.MONTH_AND_YEAR, tickCount=alt.ExprRef("max(2, floor(width / 70))")
        )
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc"), axis=ticks)


def pace_ticks(paces_s_per_km: pl.Series) -> alt.Axis:
    """An axis of paces with ticks at whole parts of the reader's minute, four to eight of them."""
    factor = units().pace_factor
    slowest, fastest = highest(paces_s_per_km) * factor, lowest(paces_s_per_km) * factor
    step = next((step for step in PACE_STEPS_S if (slowest - fastest) / step <= MOST_PACE_STEPS), PACE_STEPS_S[-1])
    first, last = math.floor(fastest / step), math.ceil(slowest / step)
    return alt.Axis(labelExpr=words.pace_label(), values=[step * index / factor for index in range(first, last + 1)])


def span_of_week(chart: alt.Chart, days: float = 6.0) -> alt.Chart:
    """The chart with `week_middle` for dots, `week_end` for marks as wide as a week, and `week`, its name."""
    return chart.transform_calculate(
        week_middle=f"toNumber(toDate(datum.week_start)) + {round(3.5 * DAY_MS)}",
        week_end=f"toNumber(toDate(datum.week_start)) + {round(days * DAY_MS)}",
        week=words.day_written("week_start", words.WEEK_OF),
    )


def mark_device_changes(weeks: alt.Chart) -> alt.Chart:
    """Dotted uprights where `is_device_change`; the x channel is the figure's own."""
    changed: alt.Chart = weeks.transform_filter("datum.is_device_change").mark_rule(
        color=INK, strokeDash=[2, 3], opacity=0.7
    )
    return changed


def brush() -> alt.Parameter:
    """Selects a stretch of weeks; the page carries it over to every figure with a time axis."""
    return alt.selection_interval(
        name="brush",
        encodings=["x"],
        mark=alt.BrushConfig(fill=MUTED, fillOpacity=0.12, stroke=MUTED, strokeOpacity=0.6),
    )
