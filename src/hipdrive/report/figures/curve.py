"""The first screen's one curve: pace at reference heart rate, and on the same axis the hip work of each week."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

import altair as alt
import polars as pl

from hipdrive.measure.trend import FEWEST_AROUND, highest, lowest
from hipdrive.report import words
from hipdrive.report.figures.strip import BELOW_CURVE, MOST_SHOWN_DOSE, draw_strip
from hipdrive.report.figures.theme import DAY_MS, INK, MUTED, PAPER, RUN, Figure, data, finish
from hipdrive.report.gate import FRESH_DAYS, device_changes, newest_run
from hipdrive.report.habits import units

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from hipdrive.report.findings import Findings

KEY = "curve"
HEIGHT = 300
SPANS = {"quarter": 91, "year": 364}
GAP = 40  # pixels for the named ticks between curve and strip
FEW_STEPS, STEPS_S = 4, (5, 10, 20, 30, 60, 120, 300, 600)
EDGE = 6  # pixels, so that no dot is cut by the frame
NAMES_APART_DAYS = 45
TICK_NAMES = {"race": "race", "illness": "ill", "injury": "injury", "shoes": "new shoes"}
COLUMNS = {
    "day": pl.Date,
    "what": pl.String,
    "stretch": pl.Int64,
    "pace_s_per_km": pl.Float64,
    "faster_s_per_km": pl.Float64,
    "slower_s_per_km": pl.Float64,
    "hip_dose": pl.Float64,
    "name": pl.String,
}


def draw_curve(findings: Findings) -> Figure | None:
    """The curve with its strip; None where no run has a pace at heart rate."""
    path = findings.speed_path
    if path is None:
        return None
    end = _last_day(findings)
    table = _table(findings, end)
    paces = table.filter(pl.col("what").is_in(("line", "week", "run", "now", "then")))
    days = _days(paces)
    # A span begins with the week of its first pace: no axis has blank months before it.
    starts = {
        name: _monday(next((day for day in days if day >= end - timedelta(days=span)), days[-1]))
        for name, span in SPANS.items()
    }
    starts["all"] = _monday(days[0])
    scales = {name: _scale(table.filter(pl.col("day") >= start)) for name, start in starts.items()}
    below = BELOW_CURVE if _has(table, "dose") else 0
    layers = [
        *_curve(scales, end, below, has_line=_has(table, "line")),
        *(_strip(table) if below else []),
        *_ticks(table, below),
    ]
    shown = alt.param(name="shown", value="year")
    since = alt.param(name="shown_from", expr=_by_span(_milliseconds(starts)))
    chart = alt.layer(*layers).add_params(shown, since)
    chart = chart.resolve_scale(y="independent")
    return Figure(KEY, _title(findings), _text(table), finish(chart, HEIGHT), table, _note(table))


def spans_offered(findings: Findings) -> list[tuple[str, str]]:
    """The spans there is more data than: key and name."""
    path = findings.speed_path
    if path is None or path.runs.is_empty():
        return []
    end = _last_day(findings)
    days = (end - _days(path.runs)[0]).days
    names = {"quarter": "3 months", "year": "1 year"}
    longer = [(key, names[key]) for key, span in SPANS.items() if days > span]
    return [*longer, ("all", "all")] if longer else []


def _days(table: pl.DataFrame) -> list[date]:
    """The days that have a pace, in order; those before a blank year are another time, if enough follow it."""
    days: list[date] = table["day"].drop_nulls().unique().sort().to_list()
    anew = [
        place
        for place in range(1, len(days))
        if (days[place] - days[place - 1]).days > SPANS["year"] and len(days) - place >= FEWEST_AROUND
    ]
    return days[max(anew, default=0) :]


def _last_day(findings: Findings) -> date:
    """Tonight while runs come in; else the axis ends with the data."""
    newest = newest_run(findings)
    now = None if findings.speed_path is None else findings.speed_path.recent.now
    if newest is None or (now is not None and not now.is_old):
        return findings.tonight
    return min(findings.tonight, newest)


def _table(findings: Findings, end: date) -> pl.DataFrame:
    path = findings.speed_path
    if path is None:
        raise ValueError("no curve without a path")
    has_line = path.curve.height > 0
    parts = [path.curve.with_columns(what=pl.lit("line"))]
    if has_line:
        middle = pl.col("week_start") + pl.duration(days=3)
        speed = "speed_at_reference_hr_m_per_s"
        parts.append(
            findings.weeks.drop_nulls(speed).select(
                middle.alias("day"), (1000 / pl.col(speed)).alias("pace_s_per_km"), what=pl.lit("week")
            )
        )
        parts.append(_number(findings, path.curve))
    else:
        parts.append(path.runs.with_columns(what=pl.lit("run")))
        uncounted = findings.runs.filter(~pl.col("is_usable"))
        parts.append(uncounted.select(pl.col("local_date").alias("day"), what=pl.lit("not counted")))
    dose = findings.weeks.select(
        pl.col("week_start").alias("day"),
        pl.col("hip_dose").clip(upper_bound=MOST_SHOWN_DOSE),
        what=pl.when("dose_known").then(pl.lit("dose")).otherwise(pl.lit("unknown")),
    )
    parts += [dose, _named_ticks(findings)]
    empty = pl.DataFrame(schema=COLUMNS)
    whole = pl.concat(
        [empty, *(part.select(pl.col(name) for name in COLUMNS if name in part.columns) for part in parts)],
        how="diagonal",
    )
    start = _monday(_days(path.runs)[0])
    shown = whole.filter(pl.col("day") >= start, pl.col("day") <= end)
    # A strip without one known week would be hatched from end to end: a sentence says it instead.
    return shown if _has(shown, "dose") else shown.filter(pl.col("what") != "unknown")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _number(findings: Findings, curve: pl.DataFrame) -> pl.DataFrame:
    """The number's own dot, and a ring where each of its changes is counted from."""
    path = findings.speed_path
    if path is None or path.recent.now is None or path.recent.now.is_old:
        return curve.clear().with_columns(what=pl.lit("now"))
    compared = ((path.recent.since_month, FRESH_DAYS), (path.recent.since_year, SPANS["year"]))
    rings = [
        findings.tonight - timedelta(days=back)
        for change, back in compared
        # Across another device no change is told, so nothing marks what it would be counted from.
        if change is not None and not device_changes(findings, findings.tonight - timedelta(days=back + FRESH_DAYS))
    ]
    marked = curve.filter(pl.col("day").is_in([*rings, findings.tonight])).drop("faster_s_per_km", "slower_s_per_km")
    is_now = pl.col("day") == findings.tonight
    return marked.with_columns(what=pl.when(is_now).then(pl.lit("now")).otherwise(pl.lit("then")))


def _named_ticks(findings: Findings) -> pl.DataFrame:
    """What the diary knows, and changes of watch; of ticks close together the first is named."""
    empty = pl.DataFrame(schema={"day": pl.Date, "name": pl.String})
    told = empty
    if findings.diary is not None:
        known = findings.diary.filter(pl.col("kind").cast(pl.String).is_in(list(TICK_NAMES)))
        told = known.select(
            pl.col("local_date").alias("day"), pl.col("kind").cast(pl.String).replace(TICK_NAMES).alias("name")
        )
    watches = findings.runs.filter("is_device_change", "is_usable").select(
        pl.col("local_date").alias("day"), pl.lit("new watch").alias("name")
    )
    rows, named_until = [], None
    for day, name in pl.concat([told, watches]).unique().sort("day", "name").iter_rows():
        is_named = named_until is None or (day - named_until).days > NAMES_APART_DAYS
        named_until = day if is_named else named_until
        rows.append({"day": day, "what": "tick", "name": name if is_named else None})
    return pl.DataFrame(rows, schema={"day": pl.Date, "what": pl.String, "name": pl.String})


def _scale(table: pl.DataFrame) -> tuple[int, int, float]:
    """Fastest and slowest end of the axis, and the step of its ticks, in s/km."""
    columns = ("pace_s_per_km", "faster_s_per_km", "slower_s_per_km")
    known = [table[name].drop_nulls() for name in columns]
    known = [values for values in known if values.len()] or [pl.Series([300.0, 330.0])]
    fastest, slowest = min(map(lowest, known)), max(map(highest, known))
    factor = units().pace_factor
    wide = (slowest - fastest) * factor
    step = next((step for step in STEPS_S if wide / step <= FEW_STEPS), STEPS_S[-1]) / factor
    return math.floor(fastest - step / 4), math.ceil(slowest + step / 4), step


def _by_span(values: Mapping[str, float]) -> str:
    return f"(shown == 'quarter' ? {values['quarter']} : shown == 'all' ? {values['all']} : {values['year']})"


def _milliseconds(days: dict[str, date]) -> dict[str, int]:
    return {name: _millisecond(day) for name, day in days.items()}


def _millisecond(day: date) -> int:
    return (day.toordinal() - 719_163) * DAY_MS  # days from year 1 to 1970


def _has(table: pl.DataFrame, what: str) -> bool:
    return not table.filter(pl.col("what") == what).is_empty()


def _only(what: str) -> alt.Chart:
    is_shown = "toNumber(toDate(datum.day)) >= shown_from"
    return alt.Chart(data(KEY)).transform_filter(f"datum.what == '{what}' && {is_shown}")


def _once() -> alt.Chart:
    """One row, for a mark that stands once."""
    return alt.Chart(data(KEY)).transform_aggregate(rows="count()")


def _curve(scales: dict[str, tuple[int, int, float]], end: date, below: int, *, has_line: bool) -> list[alt.Chart]:
    fast, slow, step = ({name: scale[place] for name, scale in scales.items()} for place in range(3))
    x = alt.X(
        "day:T",
        scale=alt.Scale(
            type="utc",
            domain=[alt.ExprRef("shown_from"), alt.ExprRef(str(_millisecond(end)))],
            range=[EDGE, alt.ExprRef(f"width - {EDGE}")],
            nice=False,
        ),
        axis=alt.Axis(title=None, labelExpr=words.month_label(), tickCount=alt.ExprRef("max(3, floor(width / 60))")),
    )
    low, high, apart = _by_span(fast), _by_span(slow), _by_span(step)
    paces = alt.Scale(
        zero=False,
        nice=False,
        domain=[alt.ExprRef(high), alt.ExprRef(low)],
        range=[alt.ExprRef(f"height - {below + GAP}"), 0],
    )
    y = alt.Y(
        "pace_s_per_km:Q",
        title=None,
        scale=paces,
        axis=alt.Axis(
            labelExpr=words.pace_label(),
            values=alt.ExprRef(f"sequence(ceil({low} / {apart}) * {apart}, {high}, {apart})"),
            grid=True,
            minExtent=38,
        ),
    )
    pace = words.pace_label("datum.pace_s_per_km")
    tooltip = [
        alt.Tooltip("when:N", title="day"),
        alt.Tooltip("pace:N", title=words.pace_unit()),
    ]
    told = {"when": words.day_written("day", words.SHORT_DAY), "pace": pace}
    shared = {"y": y, "x": x}
    if not has_line:
        runs = _only("run").transform_calculate(**told)
        return [
            runs.mark_rule(color=RUN, strokeWidth=1.5, clip=True).encode(
                x, alt.Y("slower_s_per_km:Q", scale=paces, axis=None), y2=alt.Y2("faster_s_per_km:Q")
            ),
            runs.mark_circle(color=RUN, size=44, opacity=1, clip=True).encode(tooltip=tooltip, **shared),
        ]
    bare = alt.Y("pace_s_per_km:Q", scale=paces, axis=None)
    bars = alt.Y("slower_s_per_km:Q", scale=paces, axis=None)
    dots = _only("week").transform_calculate(**told)
    return [
        _only("line")
        .mark_area(color=RUN, opacity=0.16, clip=True)
        .encode(x, bars, y2=alt.Y2("faster_s_per_km:Q"), detail=alt.Detail("stretch:N")),
        dots.mark_circle(color=RUN, size=18, opacity=0.75, clip=True).encode(tooltip=tooltip, **shared),
        _only("line").mark_line(color=RUN, strokeWidth=2.5, clip=True).encode(x, bare, detail=alt.Detail("stretch:N")),
        _only("then")
        .transform_calculate(**told)
        .mark_point(color=RUN, fill=PAPER, filled=False, size=70, strokeWidth=2, opacity=1)
        .encode(x, bare, tooltip=tooltip),
        _only("now")
        .transform_calculate(**told)
        .mark_circle(color=RUN, size=110, opacity=1)
        .encode(x, bare, tooltip=tooltip),
    ]


def _strip(table: pl.DataFrame) -> list[alt.Chart]:
    unknown = _only("unknown") if _has(table, "unknown") else None
    return draw_strip(_only("dose"), unknown, _once(), "day", table["hip_dose"])


def _ticks(table: pl.DataFrame, below: int) -> list[alt.Chart]:
    x = alt.X("day:T", scale=alt.Scale(type="utc"))
    foot, head = f"height - {below + 6}", f"height - {below + 16}"
    layers = []
    for what, color in (("tick", INK), ("not counted", MUTED)):
        if _has(table, what):
            layers.append(
                _only(what)
                .mark_rule(color=color, strokeWidth=1.5, clip=True)
                .encode(x, y=alt.YValue(alt.ExprRef(head)), y2=alt.Y2Value(alt.ExprRef(foot)))
            )
    if not table.drop_nulls("name").is_empty():
        layers.append(
            _only("tick")
            .mark_text(align="left", dx=4, color=MUTED, baseline="middle")
            .encode(x, y=alt.YValue(alt.ExprRef(f"height - {below + 11}")), text=alt.Text("name:N"))
        )
    return layers


def _title(findings: Findings) -> str:
    beats = findings.athlete["reference_hr_bpm"].to_list()
    return f"Pace at {words.number(beats[0] or 0)} beats a minute, and hip work each week"


def _text(table: pl.DataFrame) -> str:
    line = table.filter(pl.col("what") == "line")
    if line.is_empty():
        runs = table.filter(pl.col("what") == "run")
        shown = [
            f"{words.short_day(day)} {words.pace(value)}"
            for day, value in runs.select("day", "pace_s_per_km").tail(6).iter_rows()
        ]
        return f"{words.count(runs.height, 'run')} that count; the newest: {', '.join(shown)}."
    first, last = line.row(0, named=True), line.row(-1, named=True)
    return (
        f"Mean of 28 days, week by week: {words.pace(first['pace_s_per_km'])} on {words.short_day(first['day'])}, "
        f"{words.pace(last['pace_s_per_km'])} on {words.short_day(last['day'])}; fastest "
        f"{words.pace(lowest(line['pace_s_per_km']))}, slowest {words.pace(highest(line['pace_s_per_km']))}."
    )


def _note(table: pl.DataFrame) -> str:
    """How to read it; only marks that are drawn."""
    line = "28-day mean, likely range" if _has(table, "line") else "dots: runs that count, likely range"
    return f"\u2191 faster \u00b7 {line}"


def strip_note(figure: Figure | None) -> str:
    """How to read the strip of the drawn curve, or why there is none."""
    if figure is None:
        return ""
    said = ["dots: weeks"] if _has(figure.table, "week") else []
    said += ["full = all of the five"] if _has(figure.table, "dose") else ["hip work: no log covers this time"]
    said += ["hatched: not known"] if _has(figure.table, "unknown") else []
    said += ["upper ticks: runs that do not count"] if _has(figure.table, "not counted") else []
    return " \u00b7 ".join(said)
