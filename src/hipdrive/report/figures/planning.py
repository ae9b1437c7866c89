"""The plan as pictures: the smallest effect that more weeks would show, and the blocks of a declared experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.estimate.declared import done_by_arm
from hipdrive.estimate.power_analysis import BLOCK_WEEKS, TARGET
from hipdrive.report import words
from hipdrive.report.figures.theme import HIP, INK, MUTED, RUN, Figure, Gap, data, finish

if TYPE_CHECKING:
    from hipdrive.report.findings import Findings

FEWEST_POINTS = 2


def draw_prospect(findings: Findings) -> Figure | Gap:
    """The smallest effect of the full programme that would be seen four times in five, by weeks from now."""
    now, blocks = findings.at_present_rhythm, findings.in_blocks
    if now is None or blocks is None or len(blocks.smallest_visible) < FEWEST_POINTS:
        return Gap(
            "prospect",
            "What more weeks would show",
            "How many weeks it would take is worked out with your own noise, once there are runs and a strength log "
            f"to measure it in. What helps most is known already: {BLOCK_WEEKS} weeks with the programme, "
            f"{BLOCK_WEEKS} weeks without, in turn.",
        )
    weeks = sorted(blocks.smallest_visible)
    table = pl.DataFrame(
        {
            "more_weeks": weeks,
            "as_now_percent": [now.smallest_visible[week] * 100 for week in weeks],
            "in_blocks_percent": [blocks.smallest_visible[week] * 100 for week in weeks],
        }
    )
    base = alt.Chart(data("prospect"))
    x = alt.X(
        "more_weeks:Q",
        title="more weeks from now",
        scale=alt.Scale(zero=False, nice=False),
        axis=alt.Axis(values=weeks),
    )
    y_title = "smallest effect (%)"
    marks = []
    for name, color, dash in (("as_now", MUTED, [6, 4]), ("in_blocks", HIP, [1, 0])):
        y = alt.Y(f"{name}_percent:Q", title=y_title, scale=alt.Scale(zero=True))
        tooltip = [
            alt.Tooltip("more_weeks:Q", title="more weeks"),
            alt.Tooltip(f"{name}_percent:Q", format=words.ONE_DECIMAL),
        ]
        marks.append(base.mark_line(color=color, strokeWidth=2.5, strokeDash=dash).encode(x, y))
        marks.append(base.mark_circle(color=color, size=50, opacity=1).encode(x, y, tooltip=tooltip))
    target = alt.Chart(data("prospect")).mark_rule(color=INK).encode(y=alt.YDatum(TARGET * 100, type="quantitative"))
    last = weeks[-1]
    title = (
        f"After {last} more weeks an effect of {words.percent_fine(blocks.smallest_visible[last])} would be seen in "
        f"blocks, of {words.percent_fine(now.smallest_visible[last])} if you go on as now"
    )
    text = "; ".join(
        f"after {row['more_weeks']} more weeks {words.number(row['as_now_percent'], 1)} % as now, "
        f"{words.number(row['in_blocks_percent'], 1)} % "
        "in blocks"
        for row in table.iter_rows(named=True)
    )
    note = (
        f"Orange: {BLOCK_WEEKS} weeks on and {BLOCK_WEEKS} off in turn; grey, dashed: as you train now. Black: "
        f"{words.percent(TARGET)}, about what trials of heavier programmes lead one to hope for. Seen: by four of five "
        "runners like you."
    )
    return Figure("prospect", title, f"{text}.", finish(alt.layer(target, *marks), 200), table, note)


def draw_blocks(findings: Findings) -> Figure | None:
    """The blocks of the experiment declared last: how much of the programme was done in each; None without one."""
    if findings.plan_blocks is None or findings.plan_blocks.is_empty():
        return None
    blocks = findings.plan_blocks.sort("start_date")
    table = blocks.select(
        pl.col("start_date"),
        pl.col("end_date"),
        pl.col("arm").cast(pl.String),
        block=pl.col("block_index") + 1,
        done_percent=pl.col("adherence_fraction") * 100,
        is_tonight=pl.lit(findings.tonight).is_between(pl.col("start_date"), pl.col("end_date")),
    )
    base = alt.Chart(data("blocks")).transform_calculate(
        until="toNumber(toDate(datum.end_date)) + 86400000",
        middle="(toNumber(toDate(datum.start_date)) + toNumber(toDate(datum.end_date))) / 2",
        tonight=f"utc({findings.tonight.year}, {findings.tonight.month - 1}, {findings.tonight.day})",
    )
    tooltip = [
        alt.Tooltip("block:Q"),
        alt.Tooltip("arm:N"),
        alt.Tooltip("done_percent:Q", title="of the full hip work %", format=words.WHOLE),
    ]
    y = alt.Y(
        "done_percent:Q",
        title="of the full hip work (%)",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 15, 70, 100]),
    )
    every = base.mark_rect(opacity=0)  # so that the axis goes from the first block's start to the last one's end
    on = base.transform_filter("datum.arm === 'on'").mark_rect(color=HIP, opacity=0.14)
    done = base.transform_filter("datum.done_percent !== null").mark_bar(color=HIP, size=12)
    names = base.mark_text(baseline="top", color=INK, dy=4)
    layers = [
        every.encode(_over_blocks("start_date"), x2=alt.X2("until:T"), tooltip=tooltip),
        on.encode(_over_blocks("start_date"), x2=alt.X2("until:T")),
        done.encode(_over_blocks("middle"), y, tooltip=tooltip),
        names.encode(_over_blocks("middle"), y=alt.YValue(0), text=alt.Text("arm:N")),
    ]
    if table["is_tonight"].any():
        here = base.transform_filter("datum.is_tonight").mark_rule(color=RUN, strokeWidth=2)
        layers.append(here.encode(_over_blocks("tonight")))
    title = f"{words.count(blocks.height, 'block')} drawn by lot: {_done(blocks)}"
    text = "; ".join(
        f"block {row['block']} from {words.short_day(row['start_date'])}, {row['arm']}: "
        + ("not yet known" if row["done_percent"] is None else f"{words.number(row['done_percent'])} % done")
        for row in table.iter_rows(named=True)
    )
    note = (
        "Shaded: on. Kept means 70 % or more done in the blocks on and 15 % or less in those off. Blue line: tonight."
    )
    return Figure("blocks", title, f"{text}.", finish(alt.layer(*layers), 170), table, note)


def _over_blocks(field: str) -> alt.X:
    ticks = alt.ExprRef("max(2, floor(width / 80))")
    axis = alt.Axis(title="blocks of weeks", format=words.MONTH_AND_YEAR, tickCount=ticks)
    return alt.X(f"{field}:T", scale=alt.Scale(type="utc"), axis=axis)


def _done(blocks: pl.DataFrame) -> str:
    done = done_by_arm(blocks)
    said = [f"{words.percent(done['on'])} of the full hip work in blocks on"] if "on" in done else []
    if "off" in done:
        said.append(f"{words.percent(done['off'])} {'in those off' if said else 'of the full hip work in blocks off'}")
    return words.listed(said) if said else "nothing is known of any of them yet"
