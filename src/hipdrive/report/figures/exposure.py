"""Running against what earlier hip work is still at work: weeks as they were, and the estimate's line through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt

from hipdrive.estimate.exposure import COMPROMISE_LAG_WEEKS
from hipdrive.estimate.shapes import weeks_and_line
from hipdrive.report import words
from hipdrive.report.description import found_tonight
from hipdrive.report.figures.theme import FEW_TICKS, HIP, RUN, Figure, Gap, data, finish, pace_ticks

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

TITLE = "Running against lasting hip work"


def draw_exposure(findings: Findings) -> Figure | Gap:
    """Weekly pace at reference heart rate against exposure, with the sustained estimate as a line and its band."""
    found = found_tonight(findings, "sustained")
    drawn = None if found is None else weeks_and_line(findings.weeks_to_estimate, found)
    if found is None or drawn is None:
        return Gap("exposure", TITLE, "This picture needs the estimate: about 26 weeks with runs and a strength log.")
    table = drawn.table
    base = alt.Chart(data("exposure"))
    x = alt.X(
        "exposure:Q",
        title="lasting dose (programme = 1)",
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(tickCount=FEW_TICKS),
    )
    scale = alt.Scale(zero=False, reverse=True)
    y = alt.Y(
        "pace_s_per_km:Q",
        title=f"{words.pace_unit()} (faster is up)",
        scale=scale,
        axis=pace_ticks(),
    )
    band = base.transform_filter("isValid(datum.line_s_per_km)").mark_area(color=HIP, opacity=0.18)
    line = base.transform_filter("isValid(datum.line_s_per_km)").mark_line(color=HIP, strokeWidth=2)
    dots = base.transform_filter("isValid(datum.pace_s_per_km)").mark_circle(color=RUN, opacity=0.5, size=26)
    chart = alt.layer(
        band.encode(x, alt.Y("line_lo_s_per_km:Q", scale=scale), y2=alt.Y2("line_hi_s_per_km:Q")),
        line.encode(x, alt.Y("line_s_per_km:Q", scale=scale)),
        dots.encode(x, y, tooltip=[alt.Tooltip("exposure:Q", format=words.TWO_DECIMALS), alt.Tooltip("runs:Q")]),
    )
    ends = f"from {words.number(drawn.least, 2)} to {words.number(drawn.most, 2)} of the full programme"
    rise = words.signed_percent(drawn.rise_fraction, found.half_width)
    fastest, slowest = words.pace(drawn.fastest_s_per_km), words.pace(drawn.slowest_s_per_km)
    text = (
        f"{words.count(drawn.weeks, 'week')} as dots: pace at reference heart rate from {fastest} to {slowest} "
        f"against lasting dose {ends}. The line is {words.signed_percent(found.value, found.half_width)} speed for the "
        f"full programme ({words.interval_in_percent(found.lo, found.hi)})."
    )
    title = f"Lasting hip work ranged {ends}; over that range the estimate's line changes by {rise} speed"
    note = (
        "Lasting dose: the weekly doses before, spread over the following weeks with a mean delay of "
        f"{COMPROMISE_LAG_WEEKS} weeks. Line and band: the estimate, which also takes season, load, heat and wandering "
        "fitness into account; the dots are weeks as they were, so they need not lie along it."
    )
    return Figure("exposure", title, text, finish(chart, 240), table, note)
