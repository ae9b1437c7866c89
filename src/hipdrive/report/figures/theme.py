"""One look for every figure: colours as CSS variables (so that light, dark and print need no second drawing)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

from hipdrive.report import words
from hipdrive.report.habits import units

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

RUN, HIP = "var(--run)", "var(--hip)"  # running and strength work keep their colour in every figure
INK, MUTED, RULE, SHADE, PAPER = "var(--ink)", "var(--muted)", "var(--rule)", "var(--shade)", "var(--paper)"
FEW_TICKS = alt.ExprRef("max(3, floor(width / 80))")  # as many as there is room for, on a phone too
DAY_MS = 86_400_000
WEEK_MS, MONDAY_MS = 7 * DAY_MS, 4 * DAY_MS  # the first Monday of Unix time is its fifth day
_FIRST_SHOWN, _LAST_SHOWN = "toNumber(domain('x')[0])", "toNumber(domain('x')[1])"
_SHOWN_WEEKS = f"(({_LAST_SHOWN} - {_FIRST_SHOWN}) / {WEEK_MS})"
DOTTED = "Dotted: another device."
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


def week_axis(field: str = "week_start", title: str | None = "week beginning", before_monday: int = 0) -> alt.X:
    """An axis of calendar weeks, in UTC, so that a Monday is a Monday wherever the page is read.

    Its ticks follow what is shown: Mondays by their day, over longer spans the first of months.
    """
    step = f"{WEEK_MS} * max(1, ceil({_SHOWN_WEEKS} / max(2, floor(width / 80))))"
    first_day = MONDAY_MS - before_monday * DAY_MS  # of a week that begins so many days before Monday
    first_monday = f"ceil(({_FIRST_SHOWN} - {first_day}) / {WEEK_MS}) * {WEEK_MS} + {first_day}"
    mondays = f"sequence({first_monday}, {_LAST_SHOWN} + 1, {step})"
    months_apart = f"max(1, ceil({_SHOWN_WEEKS} / 4.4 / max(2, floor(width / 70))))"
    months = f"utcSequence('month', {_FIRST_SHOWN}, {_LAST_SHOWN}, {months_apart})"
    is_short = f"{_SHOWN_WEEKS} < {WEEKS_NAMED_BY_DAY}"
    by_day, by_month = words.date_format(words.DAY_AND_MONTH), words.MONTH_AND_YEAR
    ticks = alt.Axis(
        title=title,
        values=alt.ExprRef(f"{is_short} ? {mondays} : {months}"),
        labelExpr=words.first_of_span(is_short, by_day, by_month),
    )
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc"), axis=ticks)


def pace_ticks(scale: str = "y") -> alt.Axis:
    """An axis of paces with ticks at whole parts of the reader's minute, four to eight of what is shown."""
    factor = units().pace_factor
    low, high = f"min(domain('{scale}')[0], domain('{scale}')[1])", f"max(domain('{scale}')[0], domain('{scale}')[1])"
    span = f"({high} - {low}) * {words.to_sort_by(factor)}"
    choices = (f"{span} <= {step * MOST_PACE_STEPS} ? {step} : " for step in PACE_STEPS_S[:-1])
    step = f"({''.join(choices)}{PACE_STEPS_S[-1]}) / {words.to_sort_by(factor)}"
    ticks = f"sequence(ceil({low} / ({step}) - 0.001) * ({step}), {high} + 0.01, {step})"
    return alt.Axis(labelExpr=words.pace_label(), values=alt.ExprRef(ticks))


def span_of_week(chart: alt.Chart, days: float = 6.0) -> alt.Chart:
    """The chart with `week_middle` for dots, `week_end` for marks as wide as a week, and `week`, its name."""
    return chart.transform_calculate(
        week_middle=f"toNumber(toDate(datum.week_start)) + {round(3.5 * DAY_MS)}",
        week_end=f"toNumber(toDate(datum.week_start)) + {round(days * DAY_MS)}",
        week=words.day_written("week_start", words.WEEK_OF),
    )


def mark_device_changes(weeks: alt.Chart, foot: alt.ExprRef | None = None) -> alt.Chart:
    """Dotted uprights where `is_device_change`, down to the foot; the x channel is the figure's own."""
    changed: alt.Chart = weeks.transform_filter("datum.is_device_change").mark_rule(
        color=INK, strokeDash=[2, 3], opacity=0.7
    )
    return changed if foot is None else changed.encode(y=alt.value(0), y2=alt.value(foot))


def brush() -> alt.Parameter:
    """Selects a stretch of weeks; the page carries it over to every figure with a time axis."""
    return alt.selection_interval(
        name="brush",
        encodings=["x"],
        mark=alt.BrushConfig(fill=MUTED, fillOpacity=0.12, stroke=MUTED, strokeOpacity=0.6),
    )
