"""What the runner did: hip-extension dose by week, and the programme item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.measure.adherence import FULL_PROGRAMME, programme_done, skipped_most
from hipdrive.measure.trend import highest, mean
from hipdrive.report import words
from hipdrive.report.description import RECENT_WEEKS, adherence
from hipdrive.report.figures.theme import (
    HIP,
    INK,
    MUTED,
    RULE,
    SHADE,
    Figure,
    Gap,
    brush,
    data,
    finish,
    span_of_week,
    week_axis,
)

if TYPE_CHECKING:
    from hipdrive.measure.adherence import ItemAdherence
    from hipdrive.report.findings import Findings


def draw_dose(findings: Findings) -> Figure | Gap:
    """Hip-extension dose by week, the programme as a line, weeks that no log speaks for shaded."""
    title = "Hip-extension work by week"
    table = findings.weeks.select("week_start", "hip_dose", "dose_known", "is_complete")
    known = table.filter("dose_known", "is_complete")
    if known.is_empty():
        return Gap("dose", title, "No strength log covers any complete week yet. Put an export of it into data/inbox.")
    table = table.filter(pl.col("week_start") >= known["week_start"][0])  # no blank years before the log
    weeks = span_of_week(alt.Chart(data("dose")))
    bars = (
        weeks.transform_filter("datum.dose_known")
        .mark_rect(color=HIP)
        .encode(
            week_axis(),
            alt.X2("week_end:Q"),
            y2=alt.Y2Datum(0),
            y=alt.Y("hip_dose:Q", title="hip work (full = 1)", scale=alt.Scale(zero=True)),
            opacity=alt.condition("datum.is_complete", alt.value(1.0), alt.value(0.45)),
            tooltip=[
                alt.Tooltip("week:N", title="week"),
                alt.Tooltip("hip_dose:Q", title="hip work", format=words.TWO_DECIMALS),
            ],
        )
        .add_params(brush())
    )
    line = alt.Chart(data("dose")).mark_rule(color=INK, strokeDash=[4, 3]).encode(y=alt.YDatum(FULL_PROGRAMME))
    note = (
        "One bar a week, the running week pale. Hip work counts every exercise that works the hip extensors; the "
        "dashed line, 1, is what a full week of the five gives."
    )
    layers = [bars, line]
    if not table["dose_known"].all():
        note += " Grey: no strength log covers these weeks."
        layers.insert(0, _unknown_weeks())
    return Figure("dose", _dose_title(known), _dose_text(known), finish(alt.layer(*layers), 200), table, note)


def draw_items(findings: Findings) -> Figure | Gap:
    """Share of the programme done over the last weeks, by item."""
    items = adherence(findings)
    if not items:
        return Gap("items", "The five exercises, one by one", "No complete week of them is logged yet.")
    table = pl.DataFrame(
        {
            "item": [item.label for item in items],
            "done_fraction": [item.done_fraction for item in items],
            "weeks_with_a_set": [item.weeks_touched for item in items],
            "weeks": [item.weeks for item in items],
        }
    )
    base = alt.Chart(data("items")).encode(
        alt.Y("item:N", sort=None, title=None, axis=alt.Axis(labels=False, ticks=False, domain=False)),
    )
    x = alt.X(
        "done_fraction:Q",
        title="share of the prescribed sets",
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=words.WHOLE_PERCENT, values=[0, 0.25, 0.5, 0.75, 1]),
    )
    track = base.mark_bar(color=RULE, height=7, yOffset=9).encode(
        x=alt.XDatum(0, type="quantitative"), x2=alt.X2Datum(1)
    )
    bars = base.mark_bar(color=HIP, height=7, yOffset=9).encode(x)
    names = base.mark_text(align="left", dy=-8, color=INK).encode(x=alt.XValue(0), text=alt.Text("item:N"))
    shares = (
        base.transform_calculate(
            share=f"{words.written('done_fraction', words.WHOLE_PERCENT)} + ' \u00b7 ' + datum.weeks_with_a_set"
            " + ' of ' + datum.weeks + ' weeks'"
        )
        .mark_text(align="right", dy=-8, color=MUTED)
        .encode(x=alt.XValue("width"), text=alt.Text("share:N"))
    )
    text = "; ".join(
        f"{item.label}: {words.percent(item.done_fraction)} of the sets, done in {item.weeks_touched} of "
        f"{words.count(item.weeks, 'week')}"
        for item in items
    )
    return Figure(
        "items",
        _items_title(items, is_other_work=_other_work(findings)),
        f"{text}.",
        finish(alt.layer(track, bars, names, shares), 42 * len(items)),
        table,
        "Sets done over sets prescribed, at most 100 % a week. The stretch is shown here, and is not hip work.",
    )


def _unknown_weeks() -> alt.Chart:
    weeks = span_of_week(alt.Chart(data("dose")), days=7).transform_filter("!datum.dose_known")
    shades: alt.Chart = weeks.mark_rect(color=SHADE, stroke=SHADE).encode(week_axis(), x2=alt.X2("week_end:Q"))
    return shades


def _dose_title(known: pl.DataFrame) -> str:
    recent = known.tail(RECENT_WEEKS)
    full = recent.filter(pl.col("hip_dose") >= FULL_PROGRAMME).height
    reached = "never reached" if full == 0 else f"reached in {full} of them"
    return (
        f"Over the last {words.count(recent.height, 'week')} of your log hip work was "
        f"{words.number(mean(recent['hip_dose']), 2)} a week on average, where 1 is the full dose; it was {reached}"
    )


def _dose_text(known: pl.DataFrame) -> str:
    dose = known["hip_dose"]
    full = known.filter(pl.col("hip_dose") >= FULL_PROGRAMME).height
    first, last = known["week_start"][0], known["week_start"][-1]
    return (
        f"Bars of weekly hip-extension dose from {words.short_day(first)} to {words.short_day(last)}: "
        f"{words.count(known.height, 'week')}, mean {words.number(mean(dose), 2)}, "
        f"highest {words.number(highest(dose), 2)}, "
        f"{words.count(known.filter(pl.col('hip_dose') == 0).height, 'week')} without any, {words.count(full, 'week')} "
        "at the full dose or above."
    )


def _other_work(findings: Findings) -> bool:
    recent = findings.weeks.filter("is_complete", "dose_known").tail(RECENT_WEEKS)["hip_dose"].drop_nulls()
    return recent.len() > 0 and mean(recent) > 0


def _items_title(items: list[ItemAdherence], *, is_other_work: bool) -> str:
    done = programme_done(items)
    weeks = f"{words.count(items[0].weeks, 'week')} of your log"
    if done is None:
        return f"{items[0].label}: {words.percent(items[0].done_fraction)} over the last {weeks}"
    if items[0].done_fraction >= FULL_PROGRAMME:
        return f"Nothing skipped: all of the five exercises done over the last {weeks}"
    if done == 0 and is_other_work:
        return f"Hip work came from other exercises; none of the five over the last {weeks}"
    if done == 0:
        return f"None of the five exercises done over the last {weeks}"
    least = skipped_most(items)
    tail = "no item clearly less than the others"
    if least is not None:
        tail = f"{least.label.lower()} skipped most, at {words.percent(least.done_fraction)}"
    return f"{words.percent(done)} of the five exercises done over the last {weeks}; {tail}"
