"""A page in the reader's own units and dates: none of the others are left on it, and the numbers agree."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from datetime import date
from typing import TYPE_CHECKING

import altair as alt
import polars as pl
import pytest
import vl_convert

from hipdrive.report import draw_page, one_line, words
from hipdrive.report.as_read import as_read
from hipdrive.report.figures.calendar import draw_calendar
from hipdrive.report.figures.theme import Figure, pace_ticks
from hipdrive.report.habits import habits, written_for
from hipdrive.settings import Habits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hipdrive.report import Findings

IMPERIAL = Habits(units="imperial", date_style="month_day", week_start="sunday")
SPACE = "[ \u202f\u00a0]"
OF_METRIC = re.compile(rf"\bkm\b|\bkg\b|°C|\bcm\b|\bkilo|\d{SPACE}m\b|\bmet(?:re|er)s?\b")
OF_IMPERIAL = re.compile(r"\bmi\b|\bmiles?\b|\blbs?\b|°F|\bft\b|\bfeet\b|\binch|\bmph\b")
STATES = [
    {"weeks": 4},
    {"weeks": 16},
    {"weeks": 40},
    {"weeks": 104, "is_demo": True},
    {"weeks": 104, "effect": 0.0},
    {"weeks": 20, "has_runs": False},
    {"weeks": 60, "log_ends_weeks_ago": 30},
]


def told_by_specs(value: object, key: str = "") -> Iterator[str]:
    """What a figure's specification writes: titles, texts, and the words inside its expressions."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from told_by_specs(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from told_by_specs(inner, key)
    elif isinstance(value, str):
        if key in {"title", "text", "format"}:
            yield value
        yield from re.findall(r"'([^']*)'", value)


def read_on(page: str) -> list[str]:
    """Every piece of text that a reader of the page may meet."""
    data = json.loads(re.search(r'id="page-data">(.*?)</script>', page, re.DOTALL)[1])  # type: ignore[index]
    said = [text for figure in data["figures"].values() for text in told_by_specs(figure["spec"])]
    labels = re.findall(r'(?:aria-label|title)="([^"]*)"', page)
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return [html.unescape(text).strip() for text in [*said, *labels, *re.findall(r">([^<>]+)<", body)]]


@pytest.mark.parametrize("state", STATES, ids=str)
@pytest.mark.parametrize(("of", "others"), [(IMPERIAL, OF_METRIC), (Habits(), OF_IMPERIAL)], ids=["imperial", "metric"])
def test_no_other_unit_is_left_on_a_page(
    make_findings: Callable[..., Findings], state: dict[str, object], of: Habits, others: re.Pattern[str]
) -> None:
    findings = dataclasses.replace(make_findings(**state), habits=of)
    texts = [*read_on(draw_page(findings)), one_line(findings)]
    assert [text for text in texts if others.search(text)] == []


def test_the_number_is_the_same_pace(make_findings: Callable[..., Findings]) -> None:
    findings = make_findings(104)
    now = findings.speed_path.recent.now  # type: ignore[union-attr]
    seconds = round(now.pace_s_per_km * 1.609344)  # type: ignore[union-attr]
    page = draw_page(dataclasses.replace(findings, habits=IMPERIAL))
    assert f"<strong>{seconds // 60}:{seconds % 60:02d}</strong> <span>/mi" in page


def test_ticks_of_a_mile_are_whole_parts_of_a_minute() -> None:
    with written_for(IMPERIAL):
        y = alt.Y("pace:Q", scale=alt.Scale(zero=False, nice=False), axis=pace_ticks(), title=None)
    chart = alt.Chart().mark_point().encode(y).to_dict() | {"data": {"values": [{"pace": 305.0}, {"pace": 318.0}]}}
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    drawn = vl_convert.vegalite_to_svg(chart, vl_version=version)
    assert re.findall(r">([^<>]+)</text>", drawn) == ["8:15", "8:20", "8:25", "8:30"]


@pytest.mark.parametrize(
    ("style", "day", "short", "of_year"),
    [
        ("day_month", "3 March 2026", "3 Mar 2026", "3 Mar"),
        ("month_day", "March 3, 2026", "Mar 3, 2026", "Mar 3"),
        ("iso", "2026-03-03", "2026-03-03", "03-03"),
    ],
)
def test_days_are_written_in_the_reader_s_style(style: str, day: str, short: str, of_year: str) -> None:
    with written_for(Habits(date_style=style)):  # type: ignore[arg-type]
        third = date(2026, 3, 3)
        assert (words.day(third), words.short_day(third), words.day_and_month(third)) == (day, short, of_year)
    assert habits() == Habits()


@pytest.mark.parametrize(("week_start", "first"), [("monday", "Mon"), ("sunday", "Sun")])
def test_the_calendar_s_weeks_begin_on_the_reader_s_day(
    make_findings: Callable[..., Findings], week_start: str, first: str
) -> None:
    with written_for(Habits(week_start=week_start)):  # type: ignore[arg-type]
        drawn = draw_calendar(make_findings(40))
    assert isinstance(drawn, Figure)
    days = drawn.table.with_columns(name=pl.col("local_date").dt.strftime("%a"))
    assert days["name"][0] == first
    assert days.filter(pl.col("local_date") == pl.col("week_start"))["name"].unique().to_list() == [first]
    assert days.group_by("week_start").len()["len"].max() == 7
    assert f'"sort": ["{first}"' in json.dumps(drawn.spec)


def test_what_is_written_in_another_unit_is_the_same_quantity() -> None:
    with written_for(IMPERIAL):
        assert words.pace(310) == "8:19/mi"
        assert words.distance(10_000) == "6.2\u202fmi"
        assert words.seconds_a_km(0.02, 300) == "9 s/mi faster"
        assert words.session_distance(20) == "70\u202fft"
        assert words.body_length(1.75) == "5\u202fft 9\u202fin"
        assert words.body_length(1.8288) == "6\u202fft 0\u202fin"
        assert words.exercised(60, "kg") == "132\u00a0lb"
        assert words.warmer(-5) == "9\u202f°F"


@pytest.mark.parametrize(
    ("si", "read"),
    [
        ("its session says 12.1 km, its records 11.9 km", "its session says 7.5 mi, its records 7.4 mi"),
        ("a pace between 2:00 and 20:00 a km", "a pace between 3:13 and 32:11 a mile"),
        ("step length outside 0.2 to 2.7 m: masked", "step length outside 0.7 to 8.9 ft: masked"),
        ("“12 kg bell” 999.5 kg is not possible", "“26.5 lb bell” 2204 lb is not possible"),
        ("speed above 12.5 m/s", "speed above 28 mph"),
        ("a pace of 1,200 s/km", "a pace of 1931 s/mi"),
        ("read 24 months, 3 min and run-5km.fit", "read 24 months, 3 min and run-5km.fit"),
        ("20 °C", "68 °F"),
    ],
)
def test_sentences_of_other_rooms_are_read_in_the_reader_s_units(si: str, read: str) -> None:
    assert as_read(si) == si
    with written_for(IMPERIAL):
        assert as_read(si) == read
