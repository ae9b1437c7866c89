"""The fastest stretch over a distance, quarter by quarter: one small figure a distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.measure.season_bests import efforts_over
from hipdrive.report import words
from hipdrive.report.efforts import best_of, distances, on_which_devices
from hipdrive.report.figures.theme import DOTTED, RUN, Figure, Gap, data, finish, mark_device_changes, pace_ticks
from hipdrive.report.gate import device_changes, may_say
from hipdrive.report.habits import units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipdrive.measure.season_bests import Best
    from hipdrive.report.findings import Findings

QUARTERS_NAMED_EACH = 4


def draw_best_efforts(findings: Findings) -> Sequence[Figure | Gap]:
    """One small figure a distance that was covered in two quarters or more; one gap where none ever was."""
    best = [found for target in distances() if (found := best_of(findings, target)) is not None]
    if findings.best_efforts is not None and best:
        return [_draw(findings, findings.best_efforts, found) for found in best if found.quarters > 1]
    names = list(distances().values())
    return [
        Gap(
            "efforts",
            "Best efforts by season",
            f"No run covers {units().whole_distance} with its distance recorded yet; from then on your fastest "
            f"{', '.join(names[:3])} and longer stand here, quarter by quarter.",
        )
    ]


def _draw(findings: Findings, best_efforts: pl.DataFrame, best: Best) -> Figure:
    key = f"best_{round(best.target_m)}_m"
    table = efforts_over(best_efforts, best.target_m).select("season_start", "local_date", "time_s", "pace_s_per_km")
    changed = pl.Series([day.replace(day=1) for day in device_changes(findings)], dtype=pl.Date).dt.truncate("1q")
    table = table.with_columns(is_device_change=pl.col("season_start").is_in(changed.to_list()))
    base = alt.Chart(data(key)).transform_calculate(
        quarter=words.QUARTER_OF_SEASON,
        day=words.day_written("local_date", words.SHORT_DAY),
        time=words.CLOCK_OF_TIME,
    )
    y = alt.Y(
        "pace_s_per_km:Q",
        title=f"{words.pace_unit()} (faster is up)",
        scale=alt.Scale(zero=False, reverse=True),
        axis=pace_ticks(),
    )
    x = alt.X("season_start:T", scale=alt.Scale(type="utc"), axis=_quarters(table["season_start"]))
    # Dots alone: a line would run through years without a run.
    dots = base.mark_circle(color=RUN, size=50, opacity=1).encode(
        x,
        y,
        tooltip=[
            alt.Tooltip("quarter:N", title="quarter"),
            alt.Tooltip("time:N", title="time"),
            alt.Tooltip("day:N", title="run of"),
        ],
    )
    layers, note = [dots], ""
    if table["is_device_change"].any():
        layers.insert(0, mark_device_changes(base).encode(x))
        note = DOTTED
    title = f"Fastest {distances()[best.target_m]}{on_which_devices(findings, best)}: {words.clock(best.time_s)}"
    title += f", on {words.short_day(best.day)}"
    if not best.is_of_latest and may_say(findings, "best of this quarter"):
        title += f"; this quarter {words.clock(best.latest_s)}"
    quarters = "; ".join(
        f"quarter from {words.short_day(row['season_start'])}: {words.clock(row['time_s'])}"
        for row in table.iter_rows(named=True)
    )
    text = f"Fastest {distances()[best.target_m]} within any run, by quarter of the year. {quarters}."
    return Figure(key, title, text, finish(alt.layer(*layers), 140), table, note, is_small=True)


def _quarters(starts: pl.Series) -> alt.Axis:
    if starts.len() > QUARTERS_NAMED_EACH:
        ticks = alt.ExprRef("max(2, floor(width / 70))")
        return alt.Axis(title="quarter of the year, beginning", format=words.MONTH_AND_YEAR, tickCount=ticks)
    named = [alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in starts.to_list()]
    return alt.Axis(title="quarter of the year, beginning", format=words.MONTH_AND_YEAR, values=named)
