"""The last half-year day by day: which days had a run, which had hip work."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.report import words
from hipdrive.report.figures.theme import HIP, RULE, RUN, Figure, Gap, data, finish, week_axis
from hipdrive.report.habits import habits, units

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

SHOWN_WEEKS = 26
LARGEST_DOT_M = 25_000
BEFORE_MONDAY = {"monday": 0, "sunday": 1}  # days by which a week begins earlier
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def _as_room_allows(largest: int, gap: int) -> alt.ExprRef:
    """Size of a mark in square pixels: no wider than a week's column less a gap."""
    return alt.ExprRef(f"min({largest}, pow(width / {SHOWN_WEEKS + 1} - {gap}, 2))")


def draw_calendar(findings: Findings) -> Figure | Gap:
    """One cell a day: a blue dot for a run, as large as it was long, in an orange ring for hip work."""
    last_day = findings.days["local_date"].max()
    if not isinstance(last_day, date):
        return Gap("calendar", "Day by day", "No day has a run or a workout yet.")
    before_monday = BEFORE_MONDAY[habits().week_start]
    first_day = last_day - timedelta(weeks=SHOWN_WEEKS, days=(last_day.weekday() + before_monday) % 7)
    days = findings.days.filter(pl.col("local_date") >= first_day).select(
        "local_date",
        week_start=pl.col("local_date")
        .dt.offset_by(f"{before_monday}d")
        .dt.truncate("1w")
        .dt.offset_by(f"-{before_monday}d"),
        weekday=pl.col("local_date").dt.weekday().replace_strict(dict(enumerate(WEEKDAYS, start=1))),
        run_distance_m="run_distance_m",
        hip_dose="hip_dose",
    )
    ran, lifted = pl.col("run_distance_m") > 0, pl.col("hip_dose") > 0
    runs, work, both = (days.filter(condition).height for condition in (ran, lifted, ran & lifted))
    base = (
        alt.Chart(data("calendar"))
        .transform_calculate(
            day=words.day_written("local_date", words.WEEKDAY_AND_DAY), run=words.distance_label("run_distance_m")
        )
        .encode(
            week_axis(before_monday=before_monday),
            alt.Y(
                "weekday:N",
                title=None,
                sort=[*WEEKDAYS[7 - before_monday :], *WEEKDAYS[: 7 - before_monday]],
                axis=alt.Axis(grid=False, offset=10),
            ),
            tooltip=[
                alt.Tooltip("day:N", title="day"),
                alt.Tooltip("run:N", title=f"run, {units().distance.name}"),
                alt.Tooltip("hip_dose:Q", title="dose", format=words.TWO_DECIMALS),
            ],
        )
    )
    size = alt.Size(
        "run_distance_m:Q",
        scale=alt.Scale(domain=[0, LARGEST_DOT_M], range=[8, _as_room_allows(110, 4)], clamp=True),
        legend=None,
    )
    every = base.mark_circle(color=RULE, size=8, opacity=1)
    rings = base.transform_filter("datum.hip_dose > 0").mark_point(
        color=HIP, size=_as_room_allows(190, 2), strokeWidth=2, opacity=1
    )
    dots = base.transform_filter("datum.run_distance_m > 0").mark_circle(color=RUN, opacity=0.9).encode(size)
    layers = [every, *([rings] if work else []), *([dots] if runs else [])]
    logged = findings.days.filter(pl.col("local_date") >= first_day)["dose_known"]
    counted = f"{words.count(runs, 'day')} with a run, {work} with hip work, {both} with both"
    if not logged.any():
        counted = f"{words.count(runs, 'day')} with a run, and no strength log that covers them"
    elif not logged.all():
        counted += f"; {words.count(logged.len() - int(logged.sum()), 'day')} without a strength log"
    weeks = words.count(days["week_start"].n_unique(), "week")
    return Figure(
        "calendar",
        f"The last {weeks} of your record: {counted}",
        f"One cell a day from {words.short_day(days['local_date'][0])} to {words.short_day(days['local_date'][-1])}: "
        f"{counted}.",
        finish(alt.layer(*layers), 190),
        days,
        "Blue dot: a run, larger when longer. Orange ring: hip work.",
    )
