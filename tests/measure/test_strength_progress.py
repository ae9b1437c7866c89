"""Progress compares like with like: one exercise, one equipment, like repetitions, one span without a long pause."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import dataframely as dy
import polars as pl
import pytest

from hipdrive.catalogue import load_catalogue
from hipdrive.measure.progress import Progress, best_progress, measure_progress
from hipdrive.tables.strength import StrengthSet

EXERCISES = load_catalogue().exercises
MONDAY = date(2026, 3, 2)


def done(week: float, **columns: object) -> dict[str, object]:
    day = MONDAY + timedelta(days=round(7 * week))
    return {
        "athlete_id": "me",
        "source_id": "a",
        "workout_id": f"a-{day}",
        "log_kind": "written",
        "started_utc": datetime(day.year, day.month, day.day, 18, tzinfo=UTC),
        "has_clock": True,
        "local_date": day,
        "set_index": 0,
        "line": 2,
        "set_type": "normal",
        "exercise": "hip_thrust",
        "equipment": "barbell",
        "match": "exact",
        "reps": 8.0,
        **columns,
    }


def frame(*rows: dict[str, object]) -> dy.DataFrame[StrengthSet]:
    schema = StrengthSet.create_empty().schema
    return StrengthSet.validate(pl.DataFrame([{n: r.get(n) for n in schema} for r in rows], schema=schema))


def measured(*rows: dict[str, object]) -> list[Progress]:
    return measure_progress(frame(*rows), EXERCISES)


def test_a_steady_rise_is_its_slope() -> None:
    (row,) = measured(*(done(week, weight_kg=60 + 2.5 * week) for week in range(8)))
    assert row.trend_per_week == pytest.approx(2.5)
    assert (row.unit, row.sessions) == ("kg", 8)
    assert [row.first, row.last] == pytest.approx([62.5, 75.0])
    assert (row.first_date, row.last_date) == (MONDAY, MONDAY + timedelta(weeks=7))


def test_one_odd_day_does_not_move_the_trend() -> None:
    rows = [done(week, weight_kg=60 + 2.5 * week) for week in range(9)]
    rows[4]["weight_kg"] = 600.0
    (row,) = measured(*rows)
    assert row.trend_per_week == pytest.approx(2.5)


def test_a_dumbbell_is_not_a_barbell() -> None:
    barbell = [done(week, weight_kg=100) for week in range(6)]
    dumbbell = [done(6 + week, weight_kg=30, equipment="dumbbell") for week in range(6)]
    rows = measured(*barbell, *dumbbell)
    assert [(row.label, row.trend_per_week) for row in rows] == [
        ("Hip thrust (barbell)", 0.0),
        ("Hip thrust (dumbbell)", 0.0),
    ]


def test_loads_are_compared_at_like_repetitions() -> None:
    heavy = [done(week, weight_kg=100, reps=3.0) for week in range(4)]
    usual = [done(4 + week, weight_kg=70, reps=10.0) for week in range(7)]
    (row,) = measured(*heavy, *usual)
    assert (row.first, row.last, row.sessions) == (70.0, 70.0, 7)


def test_a_long_pause_begins_a_new_span() -> None:
    before = [done(week, weight_kg=100) for week in range(6)]
    after = [done(30 + week, weight_kg=60 + week) for week in range(6)]
    (row,) = measured(*before, *after)
    assert row.first_date == MONDAY + timedelta(weeks=30)
    assert row.trend_per_week == pytest.approx(1.0)
    assert measured(*before, *after[:5]) == []


def test_without_a_load_repetitions_tell_and_of_bounds_the_metres() -> None:
    bridges = [done(week, exercise="sl_glute_bridge", equipment=None, reps=15.0 + week) for week in range(6)]
    bounds = [done(week, exercise="sl_bounds", equipment=None, reps=None, distance_m=50.0) for week in range(6)]
    found = {row.label: (row.equipment, row.unit) for row in measured(*bridges, *bounds)}
    assert found == {"Single-leg glute bridge": (None, "repetitions"), "Straight-leg bounds": (None, "m")}


def test_warm_ups_superseded_sets_and_the_upper_body_are_not_followed() -> None:
    week = range(6)
    assert measured(*(done(n, weight_kg=60, set_type="warmup") for n in week)) == []
    assert measured(*(done(n, weight_kg=60, superseded_by="b-1") for n in week)) == []
    assert measured(*(done(n, weight_kg=60, exercise="bench_press") for n in week)) == []
    assert measured() == []


@pytest.mark.parametrize(
    ("last", "trend_per_week", "rose"), [(40.5, 0.1, True), (40.4, 0.1, False), (45.0, 0.0, False), (45.0, -0.1, False)]
)
def test_a_rise_is_half_a_unit_between_the_ends_and_a_trend_upwards(
    last: float, trend_per_week: float, *, rose: bool
) -> None:
    days = {"first_date": date(2026, 1, 5), "last_date": date(2026, 3, 2)}
    ends = {"first": 40.0, "last": last, "trend_per_week": trend_per_week, "sessions": 6}
    row = Progress("Squat", None, is_strengthening=True, unit="kg", **days, **ends)  # type: ignore[arg-type]
    assert (best_progress([row]) is not None) == rose


def test_what_rose_most_for_its_size_is_the_best_and_what_fell_is_not() -> None:
    rose = [done(week, weight_kg=60 + week) for week in range(8)]
    fell = [done(week, exercise="rdl", weight_kg=100 - week) for week in range(8)]
    best = best_progress(measured(*rose, *fell))
    assert best is not None
    assert (best.label, best.weeks) == ("Hip thrust", 7)
    assert best_progress(measured(*fell)) is None
