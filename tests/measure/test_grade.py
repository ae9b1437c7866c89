"""Slope of the ground from altitude, and what running on it costs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hipdrive.measure.grade import cost_of_running, graded_speed, measure_grade
from hipdrive.tables.runs import Sample
from tests.makers.runs import samples


def grades(distance: list[float], altitude: list[float | None]) -> list[float | None]:
    drawn = samples(range(len(distance)), distance_m=distance, altitude_m=altitude)
    return measure_grade(drawn)["grade_fraction"].to_list()


def test_a_climb_of_5_m_in_every_100_m_reads_5_hundredths_but_for_50_m_at_either_end() -> None:
    distance = [10.0 * step for step in range(31)]
    found = grades(distance, [200 + 0.05 * metre for metre in distance])
    assert found[:5] == [None] * 5
    assert found[-5:] == [None] * 5
    assert found[5:-5] == pytest.approx([5 / 100] * 21)


def test_going_down_is_negative() -> None:
    distance = [10.0 * step for step in range(21)]
    assert grades(distance, [100 - 0.1 * metre for metre in distance])[10] == pytest.approx(-0.1)


def test_grade_is_the_mean_of_the_50_m_ahead_less_that_of_the_50_m_behind_over_50_m() -> None:
    distance = [0.0, 50.0, 100.0]
    altitude: list[float | None] = [10.0, 10.0, 20.0]
    ahead, behind = (10 + 20) / 2, (10 + 10) / 2
    assert grades(distance, altitude) == [None, pytest.approx((ahead - behind) / 50), None]


def test_a_barometer_s_half_metre_is_no_hill() -> None:
    distance = [3.0 * step for step in range(200)]
    altitude: list[float | None] = [100 + (0.25 if step % 2 else -0.25) for step in range(200)]
    found = [grade for grade in grades(distance, altitude) if grade is not None]
    assert len(found) > 150
    assert max(abs(grade) for grade in found) < 0.001


def test_a_run_shorter_than_100_m_has_no_grade() -> None:
    assert grades([0.0, 49.0, 99.0], [0.0, 1.0, 2.0]) == [None, None, None]


def test_samples_without_altitude_or_distance_have_no_grade_and_hide_none() -> None:
    distance = [10.0 * step for step in range(21)]
    drawn = samples(
        range(21),
        distance_m=[None if step == 9 else metre for step, metre in enumerate(distance)],
        altitude_m=[None if step == 10 else 0.05 * metre for step, metre in enumerate(distance)],
    )
    found = measure_grade(drawn)["grade_fraction"].to_list()
    assert (found[9], found[10]) == (None, None)
    assert found[8] == pytest.approx(0.05)


def test_standing_still_and_a_distance_that_falls_back_break_nothing() -> None:
    distance = [*(10.0 * step for step in range(11)), *[100.0] * 5, 95.0, *(100.0 + 10 * step for step in range(11))]
    found = grades(distance, [0.05 * metre for metre in distance])
    assert found[12] == pytest.approx(0.05)
    assert all(grade is None or abs(grade - 0.05) < 0.01 for grade in found)


def test_one_distance_that_leaps_back_bends_no_slope_around_it() -> None:
    distance = [10.0 * step for step in range(41)]
    altitude: list[float | None] = [0.05 * metre for metre in distance]
    found = grades([60.0 if metre == 200 else metre for metre in distance], altitude)
    assert [found[place] for place in (10, 19, 21, 30)] == pytest.approx([0.05] * 4, abs=0.005)


def test_each_activity_stands_by_itself() -> None:
    up = samples(range(60), altitude_m=[0.1 * 3 * second for second in range(60)], activity_id="a-0")
    level = samples(range(60), altitude_m=500.0, activity_id="b-0")
    both = measure_grade(Sample.validate(pl.concat([up, level])))
    assert_frame_equal(both, pl.concat([measure_grade(up), measure_grade(level)]))
    assert both.filter(pl.col("activity_id") == "b-0")["grade_fraction"].drop_nulls().to_list() == pytest.approx(
        [0] * 26
    )


def test_without_any_altitude_samples_come_back_as_they_were() -> None:
    drawn = samples(range(3))
    assert_frame_equal(measure_grade(drawn), drawn)


@given(shift_m=st.floats(-400, 8000), start_m=st.floats(0, 10_000))
def test_neither_sea_level_nor_where_the_distance_starts_matters(shift_m: float, start_m: float) -> None:
    seconds = range(80)
    altitude = [10 * np.sin(second / 9) for second in seconds]
    here = samples(seconds, altitude_m=altitude)
    there = here.with_columns(pl.col("altitude_m") + shift_m, pl.col("distance_m") + start_m)
    found, moved = (measure_grade(Sample.validate(one))["grade_fraction"] for one in (here, there))
    assert moved.null_count() in range(found.null_count() - 2, found.null_count() + 3)
    both = pl.DataFrame({"found": found, "moved": moved}).drop_nulls()
    assert both["found"].to_list() == pytest.approx(both["moved"].to_list(), abs=1e-6)


def cost(grade: float) -> float:
    return float(pl.select(cost_of_running(pl.lit(grade))).item())


# Each written out from the published polynomial: 155.4 i⁵ - 30.4 i⁴ - 43.3 i³ + 46.3 i² + 19.5 i + 3.6.
@pytest.mark.parametrize(
    ("grade", "expected"),
    [
        (0.0, 3.6),
        (0.10, 0.001554 - 0.00304 - 0.0433 + 0.463 + 1.95 + 3.6),
        (-0.10, -0.001554 - 0.00304 + 0.0433 + 0.463 - 1.95 + 3.6),
        (0.20, 0.049728 - 0.04864 - 0.3464 + 1.852 + 3.9 + 3.6),
        (-0.20, -0.049728 - 0.04864 + 0.3464 + 1.852 - 3.9 + 3.6),
        (0.45, 2.867567 - 1.246590 - 3.945713 + 9.375750 + 8.775 + 3.6),
        (-0.45, -2.867567 - 1.246590 + 3.945713 + 9.375750 - 8.775 + 3.6),
    ],
)
def test_the_cost_of_running_is_minetti_s(grade: float, expected: float) -> None:
    assert cost(grade) == pytest.approx(expected, abs=1e-5)


def test_the_cost_is_least_on_a_gentle_descent() -> None:
    grade = np.linspace(-0.45, 0.45, 901)
    costs = pl.DataFrame({"grade": grade}).select(cost_of_running(pl.col("grade"))).to_series().to_numpy()
    assert grade[costs.argmin()] == pytest.approx(-0.18, abs=0.03)
    assert costs.min() > 1.5


@pytest.mark.parametrize("grade", [0.46, 0.8, 30.0])
def test_beyond_what_was_measured_the_steepest_measured_counts(grade: float) -> None:
    assert cost(grade) == cost(0.45)
    assert cost(-grade) == cost(-0.45)


def test_speed_on_the_level_is_the_one_of_the_same_cost() -> None:
    frame = pl.DataFrame({"speed": [3.0, 3.0, 3.0], "grade": [0.10, 0.0, None]})
    found = frame.select(graded_speed(pl.col("speed"), pl.col("grade"))).to_series().to_list()
    assert found == pytest.approx([3.0 * cost(0.10) / 3.6, 3.0, 3.0])
