"""The thin strip of hip work under a curve, on the curve's own axis of time."""

from __future__ import annotations

import altair as alt
import polars as pl

from hipdrive.measure.adherence import FULL_PROGRAMME
from hipdrive.report import words
from hipdrive.report.figures.theme import DAY_MS, HIP, INK, MUTED, data

STRIP, LABEL_ROOM = 46, 20  # pixels: the bars, and the strip's own line of text above them
BELOW_CURVE = STRIP + LABEL_ROOM
MOST_SHOWN_DOSE = 2.0  # a week of more is cut off there: one heavy week must not flatten the others
LEAST_SHOWN_DOSE = 1.25
ABOVE_STRIP = 12
BAR_DAYS = 5.6


def draw_strip(
    known: alt.Chart, unknown: alt.Chart | None, once: alt.Chart, monday: str, dose: pl.Series
) -> list[alt.Chart]:
    """Bars of the weeks with their dose, a dashed line at the whole programme, hatching where no log speaks.

    Args:
        known: the weeks with a dose, `hip_dose`.
        unknown: the weeks without; None where there is none.
        once: one row, for marks that stand once.
        monday: the field of a week's first day.
        dose: every dose that is shown.
    """
    top, base = f"height - {STRIP}", "height"
    most = min(MOST_SHOWN_DOSE, max(LEAST_SHOWN_DOSE, float(dose.drop_nulls().to_numpy().max())))
    scale = alt.Scale(domain=[0, most], clamp=True, range=[alt.ExprRef(base), alt.ExprRef(top)], nice=False)
    x = alt.X(f"{monday}:T", scale=alt.Scale(type="utc"))
    at_full = alt.Y(datum=FULL_PROGRAMME, type="quantitative", scale=scale, axis=None)
    layers = [] if unknown is None else [_hatched(unknown, x, monday, top, base)]
    bars = (
        known.transform_calculate(bar_end=_days_after(monday, BAR_DAYS), week=words.day_written(monday, words.WEEK_OF))
        .mark_rect(color=HIP, clip=True)
        .encode(
            x,
            x2=alt.X2("bar_end:Q"),
            y=alt.Y("hip_dose:Q", scale=scale, axis=None),
            y2=alt.Y2Datum(0),
            tooltip=[
                alt.Tooltip("week:N", title="week"),
                alt.Tooltip("hip_dose:Q", title="hip work, full = 1", format=words.TWO_DECIMALS),
            ],
        )
    )
    full = once.mark_rule(color=INK, strokeDash=[2, 2], opacity=0.7).encode(y=at_full)
    name = once.mark_text(align="right", color=MUTED, text="full").encode(x=alt.XValue(-6), y=at_full)
    heading = once.mark_text(
        align="left", color=HIP, fontWeight="bold", text="Hip work each week", baseline="middle"
    ).encode(x=alt.XValue(0), y=alt.YValue(alt.ExprRef(f"height - {STRIP + LABEL_ROOM // 2}")))
    return [*layers, bars, full, name, heading]


def over_strip(upper: list[alt.Chart], table: pl.DataFrame, key: str) -> alt.LayerChart | alt.FacetChart:
    """Layers over the strip of the same weeks, `week_start hip_dose dose_known`; alone where no dose is known."""
    if not has_strip(table):
        return alt.layer(*upper)
    weeks = alt.Chart(data(key))
    known = weeks.transform_filter("datum.dose_known && isValid(datum.hip_dose)")
    unknown = None if table["dose_known"].all() else weeks.transform_filter("!datum.dose_known")
    once = weeks.transform_aggregate(rows="count()")
    strip = draw_strip(known, unknown, once, "week_start", table["hip_dose"])
    whole: alt.LayerChart | alt.FacetChart = alt.layer(alt.layer(*upper), *strip).resolve_scale(y="independent")
    return whole


def has_strip(table: pl.DataFrame) -> bool:
    """Whether any week of the table has a known dose."""
    return not table.filter("dose_known").drop_nulls("hip_dose").is_empty()


def foot_above(table: pl.DataFrame) -> alt.ExprRef:
    """How far down what stands above the strip reaches."""
    return alt.ExprRef(f"height - {BELOW_CURVE + ABOVE_STRIP}" if has_strip(table) else "height")


def range_above(table: pl.DataFrame) -> list[float | alt.ExprRef]:
    """The range of its scale, from its foot up."""
    return [foot_above(table), 0]


def read_strip(table: pl.DataFrame) -> str:
    """How to read the strip; empty where there is none."""
    if not has_strip(table):
        return ""
    return "" if table["dose_known"].all() else "Hatched: no strength log."


def _hatched(unknown: alt.Chart, x: alt.X, monday: str, top: str, base: str) -> alt.Chart:
    hatched: alt.Chart = (
        unknown.transform_calculate(hatch_end=_days_after(monday, 7))
        .mark_rect(fill="url(#unknown)", clip=True)
        .encode(x, x2=alt.X2("hatch_end:Q"), y=alt.YValue(alt.ExprRef(top)), y2=alt.Y2Value(alt.ExprRef(base)))
    )
    return hatched


def _days_after(monday: str, days: float) -> str:
    return f"toNumber(toDate(datum.{monday})) + {round(days * DAY_MS)}"
