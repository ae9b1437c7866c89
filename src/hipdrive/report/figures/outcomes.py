"""One outcome at a time over hip work: pace at heart rate, contact time, step length, the fastest 5 km."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.measure.season_bests import efforts_over
from hipdrive.measure.trend import from_first_to_last, highest, lowest, weekly_trend_of_runs
from hipdrive.report import words
from hipdrive.report.efforts import distances
from hipdrive.report.figures.measures import FEW_WEEKS, STRIDE, at_speed, axis_decimals
from hipdrive.report.figures.running import HEIGHT, draw_speed
from hipdrive.report.figures.strip import foot_above, over_strip, range_above, read_strip
from hipdrive.report.figures.theme import (
    DOTTED,
    RUN,
    Figure,
    Gap,
    brush,
    data,
    finish,
    mark_device_changes,
    span_of_week,
    week_axis,
)
from hipdrive.report.gate import device_changes

if TYPE_CHECKING:
    from hipdrive.report.figures.measures import Measure
    from hipdrive.report.findings import Findings

FIVE_KM_M = 5000.0
CONTACT, STEP, BEST = "contact_time_and_hip_work", "step_length_and_hip_work", "best_5_km_and_hip_work"
FEWEST_SHOWN = 3  # values: no line of two points


def outcome_names() -> dict[str, str]:
    """What each is called where one is chosen, by the figure's key."""
    return {
        "speed": "pace at heart rate",
        CONTACT: "contact time",
        STEP: "step length",
        BEST: f"best {distances()[FIVE_KM_M]}",
    }


def draw_outcomes(findings: Findings) -> list[Figure | Gap]:
    """The outcomes that this runner's record holds, pace at heart rate first; that one says where it is missing."""
    contact, _, step, _ = STRIDE
    drawn = [
        _draw_stride(findings, contact, CONTACT),
        _draw_stride(findings, step, STEP),
        _draw_five_km(findings),
    ]
    return [draw_speed(findings), *(figure for figure in drawn if figure is not None)]


def _draw_stride(findings: Findings, measure: Measure, key: str) -> Figure | None:
    trend = weekly_trend_of_runs(findings.weeks, findings.runs, measure.column).rename({measure.column: "value"})
    table = _with_dose(findings, trend)
    known = table["value"].drop_nulls()
    if known.len() < FEWEST_SHOWN:
        return None
    label = words.scaled_label(measure.read_scale, axis_decimals(measure, known))
    y = alt.Y(
        "value:Q",
        title=measure.read_in,
        scale=alt.Scale(zero=False, range=range_above(table)),
        axis=alt.Axis(labelExpr=label, tickCount=4),
    )
    line = (
        _weeks(key).mark_line(color=RUN, strokeWidth=2).encode(week_axis("week_middle", None), y=alt.Y("mean_around:Q"))
    )
    dots, has_line = _dots(key, known, y, label, measure.read_in), table["mean_around"].count() > 0
    text = (
        f"{measure.name}{at_speed(findings, measure)} over hip work: {words.count(known.len(), 'week')} with runs, "
        f"between {measure.write(lowest(known))} and {measure.write(highest(known))}."
    )
    note = f"Dots: weeks, at one pace.{' Line: nine weeks around.' if has_line else ''}"
    name = f"{measure.name}{at_speed(findings, measure).rstrip(':')}"
    return _figure(key, name, text, [dots, line] if has_line else [dots], table, note)


def _draw_five_km(findings: Findings) -> Figure | None:
    if findings.best_efforts is None:
        return None
    key, name = BEST, distances()[FIVE_KM_M]
    efforts = efforts_over(findings.best_efforts, FIVE_KM_M).filter(~pl.col("is_doubtful"))
    bests = efforts.select(week_start=pl.col("local_date").dt.truncate("1w"), value="time_s")
    bests = bests.group_by("week_start").agg(pl.col("value").min())
    changed = pl.Series(device_changes(findings), dtype=pl.Date).dt.truncate("1w").implode()
    marked = findings.weeks.select("week_start", is_device_change=pl.col("week_start").is_in(changed))
    table = _with_dose(findings, marked.join(bests, on="week_start", how="left", maintain_order="left"))
    known = table["value"].drop_nulls()
    if known.len() < FEWEST_SHOWN:
        return None
    label = words.CLOCK_OF_TIME.replace("datum.time_s", "datum.value")
    y = alt.Y(
        "value:Q",
        title="min (faster is up)",
        scale=alt.Scale(zero=False, reverse=True, range=range_above(table)),
        axis=alt.Axis(labelExpr=label, tickCount=4),
    )
    text = (
        f"Fastest {name} of each quarter of the year over hip work: {words.count(known.len(), 'quarter')}, between "
        f"{words.clock(lowest(known))} and {words.clock(highest(known))}."
    )
    note = "Dots: the fastest of each quarter, in the week it was run. An easy quarter looks slow."
    return _figure(key, f"Fastest {name} of each quarter", text, [_dots(key, known, y, label, "time")], table, note)


def _with_dose(findings: Findings, trend: pl.DataFrame) -> pl.DataFrame:
    dose = findings.weeks.select("week_start", "hip_dose", "dose_known")
    return from_first_to_last(trend.join(dose, on="week_start", how="left", maintain_order="left"), "value")


def _weeks(key: str) -> alt.Chart:
    return span_of_week(alt.Chart(data(key)))


def _dots(key: str, known: pl.Series, y: alt.Y, label: str, unit: str) -> alt.Chart:
    dots: alt.Chart = (
        _weeks(key)
        .transform_calculate(shown=label)
        .mark_circle(color=RUN, opacity=0.55, size=26 if known.len() > FEW_WEEKS else 60, cursor="pointer")
        .encode(
            week_axis("week_middle", None),
            y,
            tooltip=[alt.Tooltip("week:N", title="week"), alt.Tooltip("shown:N", title=unit)],
        )
        .add_params(brush())
    )
    return dots


def _figure(key: str, name: str, text: str, layers: list[alt.Chart], table: pl.DataFrame, note: str) -> Figure:
    if table["is_device_change"].any():
        changes = mark_device_changes(_weeks(key), foot_above(table)).encode(week_axis("week_middle", None))
        layers = [changes, *layers]
        note = f"{note} {DOTTED}"
    first, last = words.month(table["week_start"][0]), words.month(table["week_start"][-1])
    span = first if first == last else f"{first} to {last}"
    chart = finish(over_strip(layers, table, key), HEIGHT)
    return Figure(key, f"{name}, {span}", text, chart, table, " ".join(filter(None, [note, read_strip(table)])))
