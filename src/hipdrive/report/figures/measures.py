"""One running measure by week, as small figures side by side: as it was, or brought to one speed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import altair as alt

from hipdrive.measure.trend import (
    WEEKS_COMPARED,
    ends,
    from_first_to_last,
    highest,
    lowest,
    mean,
    weekly_trend,
    weekly_trend_of_runs,
)
from hipdrive.report import words
from hipdrive.report.description import stride_pace
from hipdrive.report.figures.theme import (
    DOTTED,
    RUN,
    Figure,
    Gap,
    brush,
    data,
    finish,
    mark_device_changes,
    pace_ticks,
    span_of_week,
    week_axis,
)
from hipdrive.report.gate import may_say
from hipdrive.report.habits import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from hipdrive.report.findings import Findings

FEW_WEEKS = 12  # dots are larger
AXIS_STEPS = 4


@dataclass(frozen=True)
class Measure:
    """A running measure: its column, what it is called, its unit as printed and what one unit of it counts.

    Those at one speed are columns of `runs`, the others of `weeks`.
    """

    column: str
    name: str
    unit: str = ""
    scale: float = 1.0
    decimals: int = 0
    is_pace: bool = False
    is_step_length: bool = False
    is_at_one_speed: bool = False

    def write(self, value: float) -> str:
        """The value as people write it."""
        if self.is_pace:
            return words.pace(value)
        if self.is_step_length:
            return words.step_length(value)
        return words.measured(value * self.scale, self.unit, self.decimals)

    @property
    def read_in(self) -> str:
        """The unit of its axis, as the reader measures."""
        return words.pace_unit() if self.is_pace else units().step_length.name if self.is_step_length else self.unit

    @property
    def read_scale(self) -> float:
        """What one SI unit of it counts on its axis."""
        return units().step_length.per_si if self.is_step_length else self.scale


AS_IT_WAS = (
    Measure("pace_s_per_km", "Pace", is_pace=True),
    Measure("cadence_spm", "Cadence", "steps/min", decimals=1),
    Measure("step_length_m", "Step length", is_step_length=True),
)
STRIDE = (
    Measure("contact_time_at_reference_speed_s", "Ground contact", "ms", scale=1000, is_at_one_speed=True),
    Measure("cadence_at_reference_speed_spm", "Cadence", "steps/min", decimals=1, is_at_one_speed=True),
    Measure("step_length_at_reference_speed_m", "Step length", is_step_length=True, is_at_one_speed=True),
    Measure(
        "vertical_ratio_at_reference_speed_fraction", "Vertical ratio", "%", scale=100, decimals=2, is_at_one_speed=True
    ),
)


def draw_measures(findings: Findings, measures: Sequence[Measure]) -> list[Figure | Gap]:
    """One small figure a measure; those that no run tells stand in one gap."""
    drawn = [draw_measure(findings, measure) for measure in measures]
    figures: list[Figure | Gap] = [one for one in drawn if isinstance(one, Figure)]
    gaps = [one for one in drawn if isinstance(one, Gap)]
    if len(gaps) > 1:
        names = words.listed([gaps[0].title, *(gap.title.lower() for gap in gaps[1:])])
        gaps = [Gap(gaps[0].key, names, gaps[0].sentence.replace(gaps[0].title, names, 1), is_small=True)]
    return [*figures, *gaps]


def draw_measure(findings: Findings, measure: Measure) -> Figure | Gap:
    """One weekly measure: dots by week, a mean over the weeks around each, and where the device changed."""
    key = measure.column
    table = from_first_to_last(_by_week(findings, measure), key)
    known = table[key].drop_nulls()
    if known.is_empty():
        return Gap(key, measure.name, _missing(findings, measure), is_small=True)
    scale = alt.Scale(zero=False, reverse=measure.is_pace)
    label = (
        words.pace_label() if measure.is_pace else words.scaled_label(measure.read_scale, axis_decimals(measure, known))
    )
    title = f"{measure.read_in}{' (faster is up)' if measure.is_pace else ''}"
    axis = pace_ticks() if measure.is_pace else alt.Axis(labelExpr=label, tickCount=4)
    y = alt.Y(f"{key}:Q", title=title, scale=scale, axis=axis)
    weeks = span_of_week(alt.Chart(data(key)))
    shown = label.replace("datum.value", f"datum.{key}")
    x = week_axis("week_middle")
    points = (
        weeks.transform_calculate(shown=shown)
        .mark_circle(color=RUN, opacity=0.5, size=18 if known.len() > FEW_WEEKS else 50)
        .encode(x, y, tooltip=[alt.Tooltip("week:N", title="week"), alt.Tooltip("shown:N", title=measure.read_in)])
        .add_params(brush())
    )
    line = weeks.mark_line(color=RUN, strokeWidth=2).encode(x, alt.Y("mean_around:Q", scale=scale))
    layers, note = [points, line] if table["mean_around"].count() else [points], ""
    if table["is_device_change"].any():
        layers.insert(0, mark_device_changes(weeks).encode(x))
        note = DOTTED
    at = at_speed(findings, measure)
    first_and_last = ends(known)
    found = f"{measure.name}{at} {measure.write(mean(known))} on average"
    if changes := table["is_device_change"].arg_true().to_list():
        newest = table[changes[-1] :][key].drop_nulls()
        found = f"{measure.name}{at} {measure.write(mean(newest))} since the last change of watch, strap or pod"
    elif first_and_last is not None and may_say(findings, "first weeks against last", since=table["week_start"][0]):
        first, last = map(measure.write, first_and_last)
        found = f"{measure.name}{at} {last} over the last {WEEKS_COMPARED} weeks with runs, {first} over the first"
    text = (
        f"{measure.name}{at} by week over {words.count(known.len(), 'week')} with runs: from "
        f"{measure.write(lowest(known))} to {measure.write(highest(known))}, mean {measure.write(mean(known))}."
    )
    return Figure(key, found, text, finish(alt.layer(*layers), 150), table, note, is_small=True)


def _by_week(findings: Findings, measure: Measure) -> pl.DataFrame:
    of_runs = weekly_trend_of_runs(findings.weeks, findings.runs, measure.column)
    if measure.is_at_one_speed:
        return of_runs
    changes = of_runs.select("week_start", "is_device_change")
    return weekly_trend(findings.weeks, measure.column).join(
        changes, on="week_start", how="left", maintain_order="left"
    )


def at_speed(findings: Findings, measure: Measure) -> str:
    """The pace that a measure is brought to, in a title; empty for those that are as they were."""
    pace = stride_pace(findings)
    return "" if pace is None or not measure.is_at_one_speed else f" at {words.pace(pace)}:"


def _missing(findings: Findings, measure: Measure) -> str:
    if not measure.is_at_one_speed:
        return f"{measure.name}: your watch recorded none."
    if findings.runs.is_empty():
        return f"{measure.name}: there is no run yet."
    return (
        f"{measure.name}: no run tells it at one speed. It needs a watch, strap or pod that records it, and runs "
        "with some variety of pace around your usual one."
    )


def axis_decimals(measure: Measure, known: pl.Series) -> int:
    """Decimals that keep four ticks of the axis apart."""
    span = (highest(known) - lowest(known)) * measure.read_scale
    return 0 if span <= 0 else max(0, min(3, math.ceil(-math.log10(span / AXIS_STEPS))))
