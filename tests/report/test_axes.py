"""Ticks of pace and of weeks."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import altair as alt
import pytest
import vl_convert

from hipdrive.report.figures.theme import pace_ticks, week_axis


def _letters(spec: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """The letters of a chart as Vega draws them."""
    whole = {**spec, "width": 600, "height": 200, "data": {"values": rows}}
    version = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    return re.findall(r">([^<>]+)</text>", vl_convert.vegalite_to_svg(whole, vl_version=version))


@pytest.mark.parametrize(
    ("paces", "expected"),
    [
        ([301.0, 322.0], ["5:05", "5:10", "5:15", "5:20"]),
        ([270.0, 410.0], ["4:30", "5:00", "5:30", "6:00", "6:30"]),
        ([300.0, 301.0], ["5:00", "5:01"]),
    ],
)
def test_paces_have_ticks_at_whole_parts_of_a_minute(paces: list[float], expected: list[str]) -> None:
    y = alt.Y("pace:Q", scale=alt.Scale(zero=False, nice=False), axis=pace_ticks(), title=None)
    chart = alt.Chart().mark_point().encode(y).to_dict()
    assert _letters(chart, [{"pace": pace} for pace in paces]) == expected


def test_weeks_are_named_by_their_monday_and_longer_spans_by_month() -> None:
    chart = alt.Chart().mark_point().encode(week_axis(title=None)).to_dict()
    first = date(2026, 3, 2)
    for weeks, expected in ((5, ["2 Mar", "9 Mar", "16 Mar", "23 Mar", "30 Mar"]), (60, ["Apr 2026", "Jun 2026"])):
        days = [{"week_start": str(first + timedelta(weeks=week))} for week in range(weeks)]
        assert _letters(chart, days)[: len(expected)] == expected
