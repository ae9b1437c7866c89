"""Is more than the programme more? The two shapes that the estimate was tried with, side by side; no test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.estimate.found import Estimate
from hipdrive.estimate.shapes import LARGEST_DOSE, speed_by_dose
from hipdrive.measure.adherence import FULL_PROGRAMME
from hipdrive.report import words
from hipdrive.report.description import found_tonight
from hipdrive.report.figures.theme import HIP, INK, MUTED, RUN, Figure, Gap, data, finish

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

KEY = "response"
TITLE = "More than the programme?"
NAMED_DOSES = [0, 0.4, 0.8, 1.0, 1.2, 1.6]


def draw_response(findings: Findings) -> Figure | Gap:
    """Change of speed against a dose kept up: every set counted, and no week counted above one programme."""
    found, capped = found_tonight(findings, "sustained"), _capped(findings)
    if found is None:
        return Gap(KEY, TITLE, "This picture needs the estimate: about 26 weeks with runs and a strength log.")
    if capped is None:
        return Gap(KEY, TITLE, "No week went beyond the programme, so whether more is more was never tried.")
    shapes = speed_by_dose(found, capped)
    table = shapes.select(
        "dose",
        (pl.selectors.ends_with("_fraction") * 100).name.map(lambda name: f"{name.removesuffix('_fraction')}_percent"),
    )
    base = alt.Chart(data(KEY)).encode(
        alt.X(
            "dose:Q",
            title="dose kept up (programme = 1)",
            scale=alt.Scale(domain=[0, LARGEST_DOSE], nice=False),
            axis=alt.Axis(format=words.ONE_DECIMAL, values=NAMED_DOSES),
        )
    )
    y = alt.Y("every_set_percent:Q", title="change of speed (%)", axis=alt.Axis(labelExpr=words.SIGNED_LABEL))
    tooltip = [
        alt.Tooltip("dose:Q", format=words.ONE_DECIMAL),
        alt.Tooltip("every_set_percent:Q", title="every set %", format=words.SIGNED_ONE_DECIMAL),
        alt.Tooltip("up_to_programme_percent:Q", title="up to the programme %", format=words.SIGNED_ONE_DECIMAL),
    ]
    zero = alt.Chart(data(KEY)).mark_rule(color=INK).encode(y=alt.YDatum(0, type="quantitative"))
    full = alt.Chart(data(KEY)).mark_rule(color=MUTED, strokeDash=[4, 3]).encode(x=alt.XDatum(FULL_PROGRAMME))
    every, up_to = (
        (
            base.mark_area(color=color, opacity=0.14).encode(y=f"{name}_lo_percent:Q", y2=f"{name}_hi_percent:Q"),
            base.mark_line(color=color, strokeWidth=2.5, strokeDash=dash).encode(y=f"{name}_percent:Q"),
        )
        for name, color, dash in (("every_set", RUN, [1, 0]), ("up_to_programme", HIP, [7, 4]))
    )
    points = base.mark_circle(color=RUN, size=26, opacity=1).encode(y, tooltip=tooltip)
    title = (
        f"At the full programme {words.signed_percent(found.value, found.half_width)} speed if every set counts, "
        f"{words.signed_percent(capped.value, capped.half_width)} if nothing above one programme a week does"
    )
    text = (
        f"Change of speed at the full programme kept up. Every set counted: "
        f"{words.signed_percent(found.value, found.half_width)} ({words.interval_in_percent(found.lo, found.hi)}). "
        f"No week counted above one programme: {words.signed_percent(capped.value, capped.half_width)} "
        f"({words.interval_in_percent(capped.lo, capped.hi)})."
    )
    note = (
        "Description only; the two are not tested against each other. Blue: every set counts. Orange, dashed: no week "
        "counts above one programme (upright line). Bands: likely ranges."
    )
    return Figure(KEY, title, text, finish(alt.layer(*every, *up_to, zero, full, points), 220), table, note)


def _capped(findings: Findings) -> Estimate | None:
    checks = () if findings.effect is None else findings.effect.checks
    for check in checks:
        if check.name == "dose_response" and None not in (check.estimate, check.lo, check.hi):
            return Estimate(check.estimate, check.lo, check.hi)  # type: ignore[arg-type]
    return None
