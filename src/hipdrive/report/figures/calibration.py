"""How often this estimate and its rivals are wrong about made-up runners without an effect: the campaign of docs/."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO

import altair as alt
import polars as pl

from hipdrive.report import words
from hipdrive.report.figures.intervals import ROW_HEIGHT, text_over_lines
from hipdrive.report.figures.theme import FEW_TICKS, HIP, INK, MUTED, RUN, Figure, data, finish

NOMINAL_PERCENT = 5
KEY = "calibration"


@cache
def calibration() -> pl.DataFrame:
    """One row a method, as `benchmarks/calibration.py --page` wrote it: rates over made-up runners, as fractions."""
    text = (files("hipdrive.report") / "calibration.csv").read_bytes()
    return pl.read_csv(BytesIO(text))


def draw_calibration() -> Figure:
    """False alarms of every method, all kinds of runners and the best and worst kind; what each finds of a true 2 %."""
    rates = calibration()
    table = rates.select(
        "method",
        *(
            (pl.col(f"{name}_fraction") * 100).alias(f"{name}_percent")
            for name in ("false_alarm", "error", "lowest_kind", "highest_kind", "found")
        ),
    )
    ours = rates.row(0, named=True)
    base = alt.Chart(data(KEY)).encode(
        alt.Y("method:N", sort=None, title=None, axis=alt.Axis(labels=False, ticks=False, domain=False, grid=False))
    )
    x = alt.X("lowest_kind_percent:Q", title="share of runners (%)", axis=alt.Axis(tickCount=FEW_TICKS))
    bars = base.mark_bar(color=RUN, height=5, opacity=0.45, yOffset=8).encode(x, x2=alt.X2("highest_kind_percent:Q"))
    dots = base.mark_circle(color=RUN, size=110, yOffset=8, opacity=1).encode(x=alt.X("false_alarm_percent:Q"))
    found = base.mark_tick(color=HIP, thickness=3, size=24, yOffset=8, opacity=1).encode(x=alt.X("found_percent:Q"))
    nominal = alt.Chart(data(KEY)).mark_rule(color=INK).encode(x=alt.XDatum(NOMINAL_PERCENT, type="quantitative"))
    numbers = base.transform_calculate(said=f"{words.written('false_alarm_percent', words.ONE_DECIMAL)} + ' %'")
    layers = [
        nominal,
        bars,
        dots,
        found,
        *text_over_lines(base.encode(x=alt.XValue(0), text=alt.Text("method:N")), "left", INK),
        *text_over_lines(numbers.encode(x=alt.XValue("width"), text=alt.Text("said:N")), "right", MUTED),
    ]
    text = "; ".join(
        f"{row['method']}: {words.percent_fine(row['false_alarm_fraction'])} false alarms, "
        f"{words.percent_fine(row['found_fraction'])} found"
        for row in rates.iter_rows(named=True)
    )
    return Figure(
        KEY,
        f"Of {words.number(ours['histories'])} made-up runners without an effect this estimate is wrong about "
        f"{words.percent_fine(ours['false_alarm_fraction'])}, plain correlation up to "
        f"{words.percent(rates['false_alarm_fraction'].max())}",  # type: ignore[arg-type]
        f"{text}. The rates are known to within {words.percent_fine(rates['error_fraction'].max())}.",  # type: ignore[arg-type]
        finish(alt.layer(*layers), ROW_HEIGHT * table.height),
        table,
        "Two years each, ten kinds of runners. Dot: false alarms of all; bar: best and worst kind; line: the five per "
        "cent that such tests promise; mark: share that finds a true 2 % for the full programme, which for methods "
        "with false alarms beyond the line is bought with them. It shows how the method does "
        "if runners are like these.",
    )
