"""Doses by hand: credit = weight · effort · quantity, over D_ref = 3.75 (two sessions a week, one set an item)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.catalogue import load_catalogue
from hipdrive.measure.strength import measure_strength_sets, reference_credit
from hipdrive.tables.strength import TidyStrengthSet

EXERCISES = load_catalogue().exercises
D_REF = 0.75 * (0.5 + 0.6 + 0.6 + 0.8) * 2
MONDAY = date(2026, 3, 2)


def a_set(exercise: str | None, *, day: date = MONDAY, **columns: object) -> dict[str, object]:
    """One drawn set; what is not given is what most sets are."""
    given_source = columns.get("source_id", "a")
    return {
        "athlete_id": "me",
        "source_id": given_source,
        "workout_id": f"{given_source}-{day}",
        "log_kind": "written",
        "started_utc": datetime(day.year, day.month, day.day, 18, tzinfo=UTC),
        "has_clock": True,
        "local_date": day,
        "set_index": 0,
        "line": 2,
        "set_type": "normal",
        "exercise_name": exercise or "Otto's Special",
        "exercise": exercise,
        "match": "exact" if exercise else "none",
        **columns,
    }


def frame(*rows: dict[str, object]) -> dy.DataFrame[TidyStrengthSet]:
    schema = TidyStrengthSet.create_empty().schema
    return TidyStrengthSet.validate(pl.DataFrame([{n: r.get(n) for n in schema} for r in rows], schema=schema))


def measured(*rows: dict[str, object]) -> pl.DataFrame:
    return measure_strength_sets(frame(*rows), EXERCISES)


def hip(*rows: dict[str, object]) -> list[float | None]:
    return measured(*rows)["hip_dose"].to_list()


def test_one_full_prescribed_week_is_a_dose_of_one() -> None:
    session = [
        a_set("band_drive_back", reps=20),
        a_set("sl_glute_bridge", reps=15),
        a_set("band_donkey_kick", reps=15),
        a_set("sl_bounds", distance_m=50),
        a_set("hip_flexor_stretch", reps=8),
    ]
    assert sum(x or 0 for x in hip(*session, *session)) == pytest.approx(1.0)


def test_the_reference_follows_the_prescribed_frequency() -> None:
    assert reference_credit(EXERCISES, 2, 1) == pytest.approx(3.75)
    assert reference_credit(EXERCISES, 3, 2) == pytest.approx(3.75 * 3)


def test_quantity_is_capped_at_a_quarter_more_than_a_full_set() -> None:
    assert hip(a_set("sl_glute_bridge", reps=60)) == [pytest.approx(0.6 * 0.75 * 1.25 / D_REF)]


def test_fewer_repetitions_count_in_proportion() -> None:
    assert hip(a_set("sl_glute_bridge", reps=6)) == [pytest.approx(0.6 * 0.75 * (6 / 15) / D_REF)]


def test_one_side_counts_half() -> None:
    assert hip(a_set("sl_glute_bridge", reps=15, side="left")) == [pytest.approx(0.6 * 0.75 * 0.5 / D_REF)]


@pytest.mark.parametrize(("rpe", "effort"), [(9, 1.0), (7, 1.0), (6.5, 0.75), (5, 0.75), (4, 0.5), (None, 0.75)])
def test_effort_follows_the_rating(rpe: float | None, effort: float) -> None:
    assert hip(a_set("sl_glute_bridge", reps=15, rpe=rpe)) == [pytest.approx(0.6 * effort / D_REF)]


def test_a_set_to_failure_without_a_rating_is_hard() -> None:
    assert hip(a_set("sl_glute_bridge", reps=15, set_type="failure")) == [pytest.approx(0.6 * 1.0 / D_REF)]


def test_a_loaded_lift_is_judged_by_its_share_of_e1rm() -> None:
    sets = measured(
        a_set("hip_thrust", reps=5, weight_kg=90.0, equipment="barbell"),
        a_set("hip_thrust", reps=5, weight_kg=60.0, equipment="barbell", rpe=9),
    )
    e1rm = 90 * (1 + 5 / 30)
    assert sets["e1rm_kg"].to_list() == [pytest.approx(e1rm)] * 2
    assert sets["effort_fraction"].to_list() == [
        pytest.approx(min(90 / e1rm / 0.75, 1.2)),
        pytest.approx(60 / e1rm / 0.75),
    ]
    assert sets["hip_dose"][1] == pytest.approx(1.0 * (60 / e1rm / 0.75) * 1.0 / D_REF)
    assert sets["heavy_hip_dose"].to_list() == [sets["hip_dose"][0], 0.0]


def test_e1rm_forgets_after_ninety_days() -> None:
    sets = measured(
        a_set("hip_thrust", reps=5, weight_kg=100.0),
        a_set("hip_thrust", reps=5, weight_kg=80.0, day=MONDAY + timedelta(days=89)),
        a_set("hip_thrust", reps=5, weight_kg=80.0, day=MONDAY + timedelta(days=90)),
    )
    assert sets["e1rm_kg"].to_list() == [pytest.approx(weight * (1 + 5 / 30)) for weight in (100, 100, 80)]


def test_more_than_twelve_repetitions_estimate_no_maximum() -> None:
    assert measured(a_set("hip_thrust", reps=12, weight_kg=100.0))["e1rm_kg"].to_list() == [pytest.approx(140)]
    assert measured(a_set("hip_thrust", reps=13, weight_kg=100.0))["e1rm_kg"].to_list() == [None]


def test_a_day_that_estimates_nothing_has_the_maximum_of_the_days_before() -> None:
    sets = measured(
        a_set("hip_thrust", reps=5, weight_kg=100.0),
        a_set("hip_thrust", reps=20, weight_kg=70.0, day=MONDAY + timedelta(days=7)),
    )
    assert sets["e1rm_kg"].to_list() == [pytest.approx(100 * (1 + 5 / 30))] * 2
    assert sets["effort_fraction"][1] == pytest.approx(70 / (100 * (1 + 5 / 30)) / 0.75)


def test_another_implement_is_another_maximum() -> None:
    sets = measured(
        a_set("rdl", reps=10, weight_kg=100.0, equipment="barbell"),
        a_set("rdl", reps=10, weight_kg=30.0, equipment="dumbbell"),
    )
    assert sets["effort_fraction"].to_list() == [pytest.approx(1 / (1 + 10 / 30) / 0.75)] * 2


def test_warm_ups_carry_no_dose() -> None:
    assert hip(a_set("hip_thrust", reps=10, weight_kg=40.0, set_type="warmup")) == [0.0]


def test_bounds_count_by_metres_and_by_contacts_where_no_metres_were_logged() -> None:
    assert hip(a_set("sl_bounds", distance_m=60.0), a_set("sl_bounds", reps=35)) == [
        pytest.approx(0.8 * 0.75 * (60 / 50) / D_REF),
        pytest.approx(0.8 * 0.75 * (35 / 35) / D_REF),
    ]


def test_holds_count_by_seconds() -> None:
    assert hip(a_set("wall_sit", hold_s=15.0)) == [pytest.approx(0.2 * 0.75 * (15 / 30) / D_REF)]


def test_an_unknown_exercise_has_no_dose_rather_than_none() -> None:
    sets = measured(a_set(None, reps=10))
    assert sets.select("hip_dose", "heavy_hip_dose", "upper_dose", "plantarflexor_dose", "mobility_min").row(0) == (
        None,
        None,
        None,
        None,
        None,
    )


def test_upper_calf_and_stretching_stay_apart() -> None:
    sets = measured(
        a_set("bench_press", reps=5),
        a_set("calf_raise", reps=5),
        a_set("hip_flexor_stretch", reps=10),
        a_set("hip_flexor_stretch", reps=10, hold_s=90.0),
    )
    assert sets["hip_dose"].to_list() == [0.0] * 4
    assert sets["upper_dose"].to_list() == [pytest.approx(0.75 / D_REF), 0, 0, 0]
    assert sets["plantarflexor_dose"].to_list() == [0, pytest.approx(0.75 / D_REF), 0, 0]
    assert sets["mobility_min"].to_list() == [0, 0, pytest.approx(10 * 6 / 60), pytest.approx(90 / 60)]


def test_a_written_log_beats_the_watch_for_the_same_workout() -> None:
    sets = measured(
        a_set("sl_glute_bridge", reps=15),
        a_set("glute_bridge", reps=15, source_id="watch", log_kind="watch", match="watch", duration_s=1800.0),
    )
    assert sets["superseded_by"].to_list() == [None, f"a-{MONDAY}"]
    assert sets["hip_dose"].to_list() == [pytest.approx(0.6 * 0.75 / D_REF), 0.0]


def test_a_watch_workout_of_the_morning_stays() -> None:
    morning = datetime(2026, 3, 2, 7, tzinfo=UTC)
    sets = measured(
        a_set("sl_glute_bridge", reps=15),
        a_set("lunge", reps=5, source_id="w", log_kind="watch", started_utc=morning, duration_s=1800.0),
    )
    assert sets["superseded_by"].to_list() == [None, None]


def test_a_log_without_a_clock_covers_the_whole_day() -> None:
    morning = datetime(2026, 3, 2, 7, tzinfo=UTC)
    sets = measured(
        a_set("sl_glute_bridge", reps=15, has_clock=False),
        a_set("lunge", reps=5, source_id="w", log_kind="watch", started_utc=morning, duration_s=1800.0),
    )
    assert sets["superseded_by"].to_list() == [None, f"a-{MONDAY}"]


@settings(deadline=None, max_examples=25)
@given(reps=st.integers(1, 100), extra=st.integers(1, 50))
def test_more_work_never_means_less_dose(reps: int, extra: int) -> None:
    less, more = hip(a_set("sl_glute_bridge", reps=reps))[0], hip(a_set("sl_glute_bridge", reps=reps + extra))[0]
    assert less is not None
    assert more is not None
    assert less <= more


@settings(deadline=None, max_examples=25)
@given(st.permutations(range(4)))
def test_the_order_of_sets_does_not_matter(order: list[int]) -> None:
    rows = [
        a_set("hip_thrust", reps=5, weight_kg=50.0 + 10 * n, set_index=n, day=MONDAY + timedelta(days=n))
        for n in range(4)
    ]
    total = measured(*rows)["hip_dose"].sum()
    assert measured(*(rows[n] for n in order))["hip_dose"].sum() == pytest.approx(total)
