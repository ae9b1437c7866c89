"""Samples → 60 s windows of a run: limits hold for records, heart rate answers late, pauses and gaps have no weight."""

from __future__ import annotations

from datetime import timedelta

import dataframely as dy
import polars as pl
import pytest

from hipdrive.measure.runs import measure_runs
from hipdrive.measure.windows import measure_run_windows
from hipdrive.tables.run_measures import RunWindow
from hipdrive.tables.runs import Sample
from tests.makers.runs import Columns, activities, at, raw_records, samples, tidy, timer


def windows_of(drawn: dy.DataFrame[Sample]) -> dy.DataFrame[RunWindow]:
    return measure_run_windows(activities(), drawn)


def test_windows_are_minutes_of_the_timer() -> None:
    found = windows_of(samples(range(150)))
    assert found["window_index"].to_list() == [0, 1, 2]
    assert found["window_start_utc"].to_list() == [at(1), at(60), at(120)]


def test_a_pause_moves_no_window() -> None:
    drawn = samples(range(150)).with_columns(
        time_utc=pl.when(pl.col("timer_s") >= 90).then(pl.col("time_utc") + timedelta(hours=1)).otherwise("time_utc")
    )
    assert windows_of(Sample.validate(drawn))["window_index"].to_list() == [0, 1, 2]


def test_heart_rate_is_that_of_the_minute_that_begins_25_s_later() -> None:
    heart = [100.0 if second < 85 else 200.0 for second in range(200)]
    found = windows_of(samples(range(200), heart_rate_bpm=heart))
    assert found["heart_rate_bpm"][:2].to_list() == [100.0, 200.0]


def test_heart_rate_is_weighted_by_time() -> None:
    found = windows_of(samples([0, 25, 35, 84], heart_rate_bpm=[None, None, 100.0, 149.0]))
    assert found["heart_rate_bpm"][0] == pytest.approx((10 * 100 + 49 * 149) / (10 + 49))


def test_a_heart_rate_recorded_in_a_pause_weighs_nothing() -> None:
    events = timer((0, "start"), (40, "stop"), (3640, "start"))
    times = [*range(41), *range(41, 3640), *range(3640, 3700)]
    records = raw_records(
        times,
        distance=[3.0 * min(second, 40) + 3.0 * max(second - 3640, 0) for second in times],
        heart_rate=[80 if 40 < second < 3640 else 150 for second in times],
    )
    result = tidy(records, events=events)
    assert set(measure_run_windows(result.activities, result.samples)["heart_rate_bpm"].drop_nulls()) == {150.0}


def test_a_heart_rate_known_in_a_pause_only_is_none() -> None:
    drawn = samples([0, 30, 30, 40], heart_rate_bpm=[None, None, 150.0, None])
    assert windows_of(drawn)["heart_rate_bpm"].to_list() == [None]


def test_a_window_s_means_are_weighted_by_moving_time() -> None:
    found = windows_of(
        samples([0, 10, 40], speed_m_per_s=3.0, temperature_c=[None, 10.0, 20.0], grade_fraction=[None, 0.01, 0.05])
    )
    assert found["temperature_c"].to_list() == pytest.approx([(10 * 10 + 30 * 20) / 40])
    assert found["grade_fraction"].to_list() == pytest.approx([(10 * 0.01 + 30 * 0.05) / 40])


def test_step_time_leaves_out_the_seconds_in_which_no_step_was_counted() -> None:
    found = windows_of(samples(range(5), cadence_spm=[180.0, 180.0, 0.0, 180.0, 180.0], contact_time_s=0.25))
    assert found.select("step_time_s", "contact_time_s").rows() == [(pytest.approx(60 / 180), 0.25)]
    assert windows_of(samples(range(5), cadence_spm=0.0))["step_time_s"].to_list() == [None]


USABLE: Columns = {"heart_rate_bpm": 150.0, "grade_fraction": 0.0}


def is_usable(seconds: range, **columns: object) -> list[bool]:
    given: Columns = {**USABLE, **columns}
    return windows_of(samples(seconds, **given))["is_usable"].to_list()


def test_the_first_ten_minutes_are_not_usable() -> None:
    assert is_usable(range(12 * 60 + 26)) == [False] * 10 + [True] * 2 + [False]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, True),
        ({"speed_m_per_s": 2.0}, True),
        ({"speed_m_per_s": 1.99}, False),
        ({"grade_fraction": 0.10}, True),
        ({"grade_fraction": -0.11}, False),
        ({"grade_fraction": None}, True),
        ({"heart_rate_bpm": None}, False),
        ({"heart_rate_bpm": 59.0}, False),
        ({"heart_rate_bpm": 60.0}, True),
        ({"heart_rate_bpm": 220.0}, True),
        ({"heart_rate_bpm": 221.0}, False),
    ],
)
def test_what_makes_a_window_usable(columns: Columns, expected: bool) -> None:  # noqa: FBT001
    assert is_usable(range(600, 690), **columns)[0] is expected


@pytest.mark.parametrize(("standing_s", "expected"), [(10, True), (11, False)])
def test_a_window_of_less_than_50_moving_seconds_is_not_usable(standing_s: int, expected: bool) -> None:  # noqa: FBT001
    seconds = range(599, 690)
    moving = [not 600 <= second < 600 + standing_s for second in seconds]
    drawn = samples(seconds, **USABLE, is_moving=moving, moving_s=[float(one) for one in moving])
    found = windows_of(drawn).filter(pl.col("window_index") == 10)
    assert found["is_usable"].to_list() == [expected]


def test_usable_windows_are_counted() -> None:
    drawn = samples(range(15 * 60 + 26), **USABLE)
    (row,) = measure_runs(activities(), drawn, windows_of(drawn)).iter_rows(named=True)
    assert row["usable_windows"] == 5


# Limits hold for records


def test_a_walk_within_a_minute_is_left_out_of_it() -> None:
    seconds = range(600, 690)
    speed = [1.5 if 640 <= second < 645 else 3.0 for second in seconds]
    drawn = samples(seconds, speed_m_per_s=3.0, **USABLE).with_columns(
        speed_m_per_s=pl.Series(speed), graded_speed_m_per_s=pl.Series(speed)
    )
    row = windows_of(Sample.validate(drawn)).row(0, named=True)
    assert (row["speed_m_per_s"], row["graded_speed_m_per_s"], row["is_usable"]) == (3, 3, True)
    assert (row["moving_time_s"], row["within_limits_s"]) == (59, 54)


@pytest.mark.parametrize(("walking_s", "expected"), [(29, True), (30, False)])
def test_half_of_a_minute_must_lie_within_limits(walking_s: int, expected: bool) -> None:  # noqa: FBT001
    seconds = range(599, 690)
    speed = [1.5 if 600 <= second < 601 + walking_s else 3.0 for second in seconds]
    drawn = samples(seconds, speed_m_per_s=3.0, **USABLE).with_columns(speed_m_per_s=pl.Series(speed))
    found = windows_of(Sample.validate(drawn)).filter(pl.col("window_index") == 10)
    assert found["is_usable"].to_list() == [expected]


def test_a_steep_pitch_within_a_minute_is_left_out_of_it() -> None:
    seconds = range(600, 690)
    grade = [0.2 if 620 <= second < 628 else 0.0 for second in seconds]
    given: Columns = {**USABLE, "grade_fraction": grade}
    row = windows_of(samples(seconds, **given)).row(0, named=True)
    assert (row["grade_fraction"], row["within_limits_s"], row["is_usable"]) == (0, 51, True)


def test_a_masked_heart_rate_is_no_zero_but_missing() -> None:
    seconds = range(600, 700)
    heart = [None if 630 <= second < 650 else 150.0 for second in seconds]
    given: Columns = {**USABLE, "heart_rate_bpm": heart}
    assert windows_of(samples(seconds, **given))["heart_rate_bpm"][0] == 150


@pytest.mark.parametrize(("known_s", "expected"), [(30, 150.0), (29, None)])
def test_half_of_a_minute_must_know_the_heart(known_s: int, expected: float | None) -> None:
    heart = [150.0 if second >= 685 - known_s else None for second in range(600, 690)]
    given: Columns = {**USABLE, "heart_rate_bpm": heart[:85] + [None] * 5}
    assert windows_of(samples(range(600, 690), **given))["heart_rate_bpm"][0] == expected


def test_what_the_stride_needs_is_there() -> None:
    found = windows_of(samples(range(60), step_length_m=1.1, vertical_oscillation_m=0.08))
    assert found.select("step_length_m", "vertical_oscillation_m").row(0) == (pytest.approx(1.1), pytest.approx(0.08))
