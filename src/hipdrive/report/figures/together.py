"""Strength and running together: the estimate with its interval, and, labelled as description, plain correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.estimate.found import Estimate
from hipdrive.measure.trend import highest, lowest
from hipdrive.report import words
from hipdrive.report.description import found_together, found_tonight
from hipdrive.report.figures.intervals import ROW_HEIGHT, draw_intervals
from hipdrive.report.figures.theme import (
    MUTED,
    RULE,
    Figure,
    Gap,
    data,
    finish,
)
from hipdrive.report.sentences import tonights_verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hipdrive.report.findings import Findings

OUTCOME_NAMES = {
    "speed_at_reference_hr_m_per_s": "Speed at reference heart rate",
    "pace_s_per_km": "Pace",
    "cadence_spm": "Cadence",
    "step_length_m": "Step length",
}


def draw_estimate(findings: Findings) -> Figure | Gap:
    """Tonight's estimate, achieved and sustained, the line that includes the studies, in a demo what was planted."""
    title = "Hip-extension work and speed at the same heart rate"
    named = [
        ("your low to your high weeks", found_tonight(findings, "achieved")),
        ("no hip work to the full programme", found_tonight(findings, "sustained")),
        ("the same, with the studies", found_together(findings)),
    ]
    rows = [(name, found) for name, found in named if found is not None]
    # A number beside the sentence that nothing can be estimated would be believed; a demo shows what came out anyway.
    is_withheld = findings.planted is None and tonights_verdict(findings) == "cannot_be_estimated"
    if is_withheld or not rows:
        return Gap(
            "estimate",
            title,
            "There is no estimate yet. It needs about 26 weeks with runs and a strength log, at least 60 usable runs, "
            "and weeks on and weeks off, four or more at a time.",
        )
    planted = findings.planted
    table = pl.DataFrame(
        {
            "quantity": [name for name, _ in rows],
            "estimate_percent": [found.value * 100 for _, found in rows],
            "lo_percent": [found.lo * 100 for _, found in rows],
            "hi_percent": [found.hi * 100 for _, found in rows],
        }
    )
    if planted is not None:
        is_comparable = pl.col("quantity") != named[0][0]  # what was planted is a full programme kept up
        table = table.with_columns(planted_percent=pl.when(is_comparable).then(planted.effect_fraction * 100))
    chart = draw_intervals("estimate", "quantity", table)
    main = rows[0][1]
    text = "; ".join(
        f"{name}: {words.signed_percent(found.value, found.half_width)} "
        f"({words.interval_in_percent(found.lo, found.hi)})"
        for name, found in rows
    )
    note = "Dot: estimate. Bar: likely range. Right of the line is faster."
    if planted is not None:
        note += (
            f" The upright mark is what was planted ({words.exact_percent(planted.effect_fraction)}, full programme)."
        )
        text += f"; planted: {words.exact_percent(planted.effect_fraction)} at the full programme"
    return Figure("estimate", _estimate_title(main), f"{text}.", finish(chart, ROW_HEIGHT * len(rows)), table, note)


def draw_lags(findings: Findings, outcome: str) -> Figure | Gap:
    """Plain correlation of weekly hip dose with one running measure, by the weeks between them."""
    key, name = f"lag_{outcome}", OUTCOME_NAMES[outcome]
    table = findings.associations.filter(pl.col("outcome") == outcome).select("lag_weeks", "correlation", "weeks")
    known = table.drop_nulls("correlation")
    if known.is_empty():
        return Gap(key, name, f"{name}: fewer than eight weeks with both, or a dose that never moved.", is_small=True)
    base = alt.Chart(data(key)).encode(
        alt.X(
            "lag_weeks:Q",
            title="weeks from dose to run",
            scale=alt.Scale(domain=[-0.5, 12.5]),
            axis=alt.Axis(values=[0, 4, 8, 12]),
        )
    )
    y = alt.Y(
        "correlation:Q",
        title="correlation r",
        scale=alt.Scale(domain=[-1, 1]),
        axis=alt.Axis(values=[-1, -0.5, 0, 0.5, 1], labelExpr=words.SIGNED_LABEL),
    )
    zero = alt.Chart(data(key)).mark_rule(color=RULE).encode(y=alt.YDatum(0, type="quantitative"))
    stems = base.mark_rule(color=MUTED, strokeWidth=1.5).encode(y=y, y2=alt.Y2Datum(0))
    dots = base.mark_circle(color=MUTED, size=40, opacity=1).encode(
        y=y,
        tooltip=[
            alt.Tooltip("lag_weeks:Q", title="weeks later"),
            alt.Tooltip("correlation:Q", title="r", format=words.SIGNED_TWO_DECIMALS),
            alt.Tooltip("weeks:Q", title="pairs of weeks"),
        ],
    )
    least, most = words.signed(lowest(known["correlation"])), words.signed(highest(known["correlation"]))
    return Figure(
        key,
        f"{name}: correlation from {least} to {most}",
        f"Correlation of weekly dose with {name.lower()} by the weeks between them: "
        + ", ".join(
            f"{_later(lag)} {words.signed(value)}"
            for lag, value in known.select("lag_weeks", "correlation").iter_rows()
        )
        + ". Description only.",
        finish(alt.layer(zero, stems, dots), 140),
        table,
        is_small=True,
    )


def _later(weeks: int) -> str:
    return "same week" if weeks == 0 else f"{words.count(weeks, 'week')} later"


def draw_associations(findings: Findings) -> Sequence[Figure | Gap]:
    """One small figure an outcome; one gap where none of them can be drawn."""
    drawn = [draw_lags(findings, outcome) for outcome in OUTCOME_NAMES]
    if any(isinstance(figure, Figure) for figure in drawn):
        return drawn
    return [
        Gap(
            "lags",
            "No correlations yet",
            "They need eight weeks with both runs and a known dose, and a dose that moves.",
        )
    ]


def _estimate_title(found: Estimate) -> str:
    interval = words.interval_in_percent(found.lo, found.hi)
    estimate = words.signed_percent(found.value, found.half_width)
    contrast = f"From your low to your high weeks of hip work: {estimate} speed ({interval})"
    if found.lo <= 0 <= found.hi:
        return f"{contrast}, so faster or slower is not settled"
    return contrast
