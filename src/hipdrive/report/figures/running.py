"""How the runner ran: pace at the same heart rate by week, its level, and hip work on the same axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.estimate.history import PRIMARY_OUTCOME
from hipdrive.measure.trend import (
    AROUND_DAYS,
    WEEKS_COMPARED,
    from_first_to_last,
    highest,
    lowest,
    mean,
    weekly_level,
    weekly_trend_of_runs,
)
from hipdrive.report import words
from hipdrive.report.figures.measures import FEW_WEEKS
from hipdrive.report.figures.strip import foot_above, has_strip, over_strip, range_above, read_strip
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

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

HEIGHT = 300


def draw_speed(findings: Findings) -> Figure | Gap:
    """Pace at reference heart rate by week, the mean of the runs around it, and hip work below."""
    beats = findings.athlete["reference_hr_bpm"].to_list()
    if not beats or beats[0] is None or findings.weeks[PRIMARY_OUTCOME].count() == 0:
        return Gap(
            "speed",
            "Pace at the same heart rate",
            "No run can be brought to a reference heart rate yet: it needs runs of 25 minutes or more with heart rate "
            "and speed.",
        )
    table = _table(findings)
    weeks = span_of_week(alt.Chart(data("speed")), days=7)
    middle = week_axis("week_middle", None)
    scale = alt.Scale(zero=False, reverse=True, range=range_above(table))
    y = alt.Y(
        "pace_s_per_km:Q",
        title=f"{words.pace_unit()} at {words.number(beats[0])} beats/min (faster is up)",
        scale=scale,
        axis=pace_ticks("layer_0_y" if has_strip(table) else "y"),
    )
    band = weeks.mark_area(color=RUN, opacity=0.18).encode(
        middle, alt.Y("level_lo_s_per_km:Q", scale=scale), y2=alt.Y2("level_hi_s_per_km:Q")
    )
    level = weeks.mark_line(color=RUN, strokeWidth=2).encode(middle, alt.Y("level_s_per_km:Q"))
    points = (
        weeks.mark_circle(color=RUN, opacity=0.55, size=26 if table.height > FEW_WEEKS else 60, cursor="pointer")
        .transform_calculate(pace=words.pace_label("datum.pace_s_per_km"))
        .encode(
            middle,
            y,
            tooltip=[
                alt.Tooltip("week:N", title="week"),
                alt.Tooltip("pace:N", title=words.pace_unit()),
                alt.Tooltip("runs:Q", title="runs"),
                alt.Tooltip("hip_dose:Q", title="hip work", format=words.TWO_DECIMALS),
            ],
        )
        .add_params(brush())
    )
    # A level of so few weeks would be one flat block.
    has_level = table.height >= WEEKS_COMPARED
    layers = [band, level, points] if has_level else [points]
    notes = ["Dots: weeks."]
    if has_level:
        notes.append(f"Line and band: mean of the runs within {AROUND_DAYS // 7} weeks either side, likely range.")
    notes.append("Hills are taken out; heat is not.")
    if table["is_device_change"].any():
        layers.insert(0, mark_device_changes(weeks, foot_above(table)).encode(middle))
        notes.append(DOTTED)
    return Figure(
        "speed",
        _speed_title(table, beats[0]),
        _speed_text(table, beats[0]),
        finish(over_strip(layers, table, "speed"), HEIGHT),
        table,
        " ".join(filter(None, [*notes, read_strip(table)])),
    )


def _table(findings: Findings) -> pl.DataFrame:
    weeks, runs = findings.weeks, findings.runs
    table = weeks.select("week_start", "runs", "hip_dose", "dose_known", pace_s_per_km=1000 / pl.col(PRIMARY_OUTCOME))
    changes = weekly_trend_of_runs(weeks, runs, PRIMARY_OUTCOME).select("week_start", "is_device_change")
    for beside in (weekly_level(weeks, runs), changes):
        table = table.join(beside, on="week_start", how="left", maintain_order="left")
    return from_first_to_last(table, "pace_s_per_km")


def _speed_title(table: pl.DataFrame, beats: float) -> str:
    # The page has one pace at heart rate, the number above its curve: no second value under the same name.
    first, last = words.month(table["week_start"][0]), words.month(table["week_start"][-1])
    span = first if first == last else f"{first} to {last}"
    return f"Pace at {words.number(beats)} beats a minute, week by week, {span}"


def _speed_text(table: pl.DataFrame, beats: float) -> str:
    known = table.drop_nulls("pace_s_per_km")
    pace = known["pace_s_per_km"]
    fastest, slowest, average = (words.pace(value) for value in (lowest(pace), highest(pace), mean(pace)))
    return (
        f"Pace at {words.number(beats)} beats a minute by week, {words.count(known.height, 'week')} with usable runs "
        f"from {words.short_day(known['week_start'][0])} to {words.short_day(known['week_start'][-1])}: "
        f"mean {average}, fastest week {fastest}, slowest {slowest}."
    )
