"""The dose of the made-up runner by pencil: credits of single sets, and the reference week."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from hipdrive.demo.dose import REFERENCE_CREDIT, hip_credits
from hipdrive.demo.strength_log import REST_TIMER, WARM_UP, LoggedSet, Workout

MONDAY = datetime.fromisoformat("2026-03-02 19:45")


def credits_of(*sets: LoggedSet) -> list[float]:
    return [credit for _, _, credit in hip_credits([Workout(MONDAY, "Session", 15, sets)])]


def test_one_full_unrated_session_is_half_the_reference_week() -> None:
    credit = credits_of(
        LoggedSet("Band Drive Back", "1", reps=20),
        LoggedSet("Single Leg Glute Bridge", "1", reps=15),
        LoggedSet("Donkey Kick (Band)", "1", reps=15),
        LoggedSet("Straight Leg Bounds", "1", distance_m=50.0),
        LoggedSet("Hip Flexor Stretch", "1", reps=8, seconds=60),
    )
    assert credit == pytest.approx([0.75 * 0.5, 0.75 * 0.6, 0.75 * 0.6, 0.75 * 0.8, 0.0])
    assert 2 * sum(credit) == pytest.approx(REFERENCE_CREDIT)
    assert pytest.approx(3.75) == REFERENCE_CREDIT


@pytest.mark.parametrize(
    ("rpe", "effort"), [(None, 0.75), (8.0, 1.0), (7.0, 1.0), (6.0, 0.75), (5.0, 0.75), (4.0, 0.5)]
)
def test_effort_follows_the_rating(rpe: float | None, effort: float) -> None:
    assert credits_of(LoggedSet("Band Drive Back", "1", reps=20, rpe=rpe)) == pytest.approx([0.5 * effort])


@pytest.mark.parametrize(("reps", "share"), [(10, 0.5), (20, 1.0), (24, 1.2), (60, 1.25)])
def test_quantity_is_cut_at_a_quarter_more(reps: int, share: float) -> None:
    assert credits_of(LoggedSet("Band Drive Back", "1", reps=reps)) == pytest.approx([0.5 * 0.75 * share])


def test_bounds_count_by_metres() -> None:
    assert credits_of(LoggedSet("Straight Leg Bounds", "1", distance_m=60.0)) == pytest.approx([0.8 * 0.75 * 60 / 50])


def test_a_lift_counts_by_its_share_of_the_best_estimate() -> None:
    lift = LoggedSet("Hip Thrust (Barbell)", "1", 60.0, 6)
    maximum = 60 * (1 + 6 / 30)
    assert credits_of(lift) == pytest.approx([1.0 * (60 / maximum / 0.75) * 6 / 5])


def test_a_light_lift_counts_half_effort_at_least() -> None:
    heavy, light = LoggedSet("Deadlift (Barbell)", "1", 100.0, 5), LoggedSet("Deadlift (Barbell)", "2", 20.0, 5)
    assert credits_of(heavy, light)[1] == pytest.approx(0.8 * 0.5)


def test_a_single_counts_a_fifth_more_effort_at_most() -> None:
    single = LoggedSet("Deadlift (Barbell)", "1", 100.0, 1)
    assert credits_of(single) == pytest.approx([0.8 * 1.2 * 1 / 5])


@pytest.mark.parametrize(("days", "maximum"), [(89, 120.0), (90, 72.0)])
def test_strength_is_remembered_for_ninety_days_counting_today(days: int, maximum: float) -> None:
    then = Workout(MONDAY, "Gym", 40, (LoggedSet("Hip Thrust (Barbell)", "1", 100.0, 6),))
    now = Workout(MONDAY + timedelta(days=days), "Gym", 40, (LoggedSet("Hip Thrust (Barbell)", "1", 60.0, 6),))
    assert [credit for _, _, credit in hip_credits([then, now])][1] == pytest.approx(60 / maximum / 0.75 * 6 / 5)


@pytest.mark.parametrize(
    "row",
    [
        LoggedSet("Hip Thrust (Barbell)", WARM_UP, 30.0, 6),
        LoggedSet("Hip Thrust (Barbell)", REST_TIMER, seconds=120),
        LoggedSet("Bench Press (Barbell)", "1", 45.0, 8),
        LoggedSet("Standing Calf Raise (Dumbbell)", "1", 16.0, 15),
        LoggedSet("Uncle Otto's Special", "1", 8.0, 12),
    ],
    ids=lambda row: f"{row.exercise} {row.order}",
)
def test_what_is_no_hip_work_counts_nothing(row: LoggedSet) -> None:
    assert credits_of(row) == [0.0]
