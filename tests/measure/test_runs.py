"""Samples → one row a run, and its 60 s windows: means weighted by moving time, pauses and gaps without weight."""

from __future__ import annotations

from datetime import timedelta
from math import log, sin

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.measure.runs import measure_run_windows, measure_runs
from hipdrive.tables.runs import Activity, RunMeasure, RunWindow, Sample
from tests.makers.runs import Columns, Row, activities, activity, at, raw_records, raw_session, samples, tidy, timer

TEN_MINUTES = range(601)
STRIDE: Columns = {"cadence_spm": 180.0, "step_length_m": 1.0, "contact_time_s": 0.25, "vertical_oscillation_m": 0.08}


def measure(drawn: dy.DataFrame[Sample], **columns: object) -> dict[str, object]:
    """The one run of these samples."""
    runs = activities({**activity(distance_m=drawn["distance_m"].max()), **columns})
    (row,) = measure_runs(runs, drawn, measure_run_windows(runs, drawn)).iter_rows(named=True)
    return row


def windows_of(drawn: dy.DataFrame[Sample]) -> dy.DataFrame[RunWindow]:
    return measure_run_windows(activities(), drawn)


# A run


def test_ten_minutes_at_3_m_per_s_and_180_steps_a_minute() -> None:
    row = measure(samples(TEN_MINUTES, **STRIDE))
    expected = {
        "distance_m": 600 * 3,
        "moving_time_s": 600,
        "pace_s_per_km": 1000 / 3,
        "grade_adjusted_pace_s_per_km": 1000 / 3,
        "cadence_spm": 180,
        "step_length_m": 1,
        "stride_length_m": 2,
        "contact_time_s": 0.250,
        "flight_time_s": 60 / 180 - 0.250,
        "duty_factor": 0.250 / (2 * 60 / 180),
        "vertical_oscillation_m": 0.08,
        "vertical_ratio_fraction": 0.08 / 1,
    }
    assert {name: row[name] for name in expected} == pytest.approx(expected)


def test_what_was_not_recorded_is_null() -> None:
    row = measure(samples(range(10)))
    names = ("heart_rate_bpm", "cadence_spm", "contact_time_s", "duty_factor", "power_w", "temperature_c", "ascent_m")
    assert [row[name] for name in names] == [None] * len(names)


def test_a_mean_is_weighted_by_the_time_that_a_sample_stands_for() -> None:
    row = measure(samples([0, 1, 10], heart_rate_bpm=[None, 120.0, 150.0]))
    assert row["heart_rate_bpm"] == pytest.approx((1 * 120 + 9 * 150) / 10)


@pytest.mark.parametrize(("known", "expected"), [(5, 150.0), (4, None)])
def test_a_mean_over_less_than_half_of_the_time_is_none(known: int, expected: float | None) -> None:
    heart = [None] * (11 - known) + [150.0] * known
    assert measure(samples(range(11), heart_rate_bpm=heart))["heart_rate_bpm"] == expected


def test_a_sensor_that_counts_no_steps_says_nothing_of_cadence() -> None:
    row = measure(samples(range(5), cadence_spm=[180.0, 180.0, 0.0, 180.0, 180.0], contact_time_s=0.25))
    assert row["cadence_spm"] == 180
    assert row["flight_time_s"] == pytest.approx(60 / 180 - 0.25)


def test_standing_counts_for_nothing() -> None:
    moving = samples(range(11), heart_rate_bpm=150.0)
    halt = samples(range(11, 40), heart_rate_bpm=90.0, is_moving=False, moving_s=0.0, distance_m=30.0)
    row = measure(Sample.validate(pl.concat([moving, halt])))
    assert (row["moving_time_s"], row["heart_rate_bpm"], row["pace_s_per_km"]) == (10, 150, pytest.approx(1000 / 3))


def test_pace_is_time_and_distance_of_the_same_records() -> None:
    broken_off = measure(samples(range(101)), distance_m=10_000.0)
    assert broken_off["distance_m"] == 10_000
    assert broken_off["pace_s_per_km"] == pytest.approx(1000 / 3)


def test_without_a_recorded_distance_the_session_s_makes_the_pace() -> None:
    assert measure(samples(range(101), distance_m=None), distance_m=300.0)["pace_s_per_km"] == pytest.approx(1000 / 3)


@pytest.mark.parametrize("distance_m", [None, 0.0, 500.0])
def test_a_run_in_which_nobody_moved_has_no_pace(distance_m: float | None) -> None:
    drawn = samples(range(5), is_moving=False, moving_s=0.0, distance_m=None)
    row = measure(drawn, distance_m=distance_m)
    assert (row["moving_time_s"], row["pace_s_per_km"], row["grade_adjusted_pace_s_per_km"]) == (0, None, None)
    assert row["distance_m"] == (distance_m or 0)


def test_uphill_at_one_tenth_is_worth_a_faster_pace_on_the_level() -> None:
    cost = 0.001554 - 0.00304 - 0.0433 + 0.463 + 1.95 + 3.6
    row = measure(samples(range(61), grade_fraction=0.10))
    assert row["grade_adjusted_pace_s_per_km"] == pytest.approx(1000 / 3 * 3.6 / cost)


def test_only_running_is_measured() -> None:
    rows = activities(activity("a-0"), activity("b-0", sport="walking"), activity("c-0", sport="cycling"))
    drawn = Sample.validate(pl.concat([samples(range(700), activity_id=f"{name}-0") for name in "abc"]))
    windows = measure_run_windows(rows, drawn)
    assert windows["activity_id"].unique().to_list() == ["a-0"]
    assert measure_runs(rows, drawn, windows)["activity_id"].to_list() == ["a-0"]


def test_a_run_without_samples_is_still_a_run() -> None:
    (row,) = measure_runs(
        activities(activity(distance_m=5000.0, ascent_m=7.0)), Sample.create_empty(), RunWindow.create_empty()
    ).iter_rows(named=True)
    assert (row["distance_m"], row["moving_time_s"], row["usable_windows"], row["ascent_m"]) == (5000, 0, 0, 7)


def test_no_runs_give_empty_tables() -> None:
    windows = measure_run_windows(Activity.create_empty(), Sample.create_empty())
    assert windows.is_empty()
    assert measure_runs(Activity.create_empty(), Sample.create_empty(), windows).is_empty()


# Windows


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
    assert measure(samples(range(15 * 60 + 26), **USABLE))["usable_windows"] == 5


# Whatever the sampling


def rough_run(every: int, *, until_s: int = 1500) -> dict[str, object]:
    """A run whose speed, pulse and stride wander smoothly, recorded every few seconds."""
    seconds = range(0, until_s, every)
    speed = [3.0 + 0.5 * sin(second / 100) for second in seconds]
    metres = [3.0 * second + 50 * (1 - _cos(second / 100)) for second in seconds]
    drawn = samples(
        seconds,
        speed_m_per_s=3.0,
        distance_m=metres,
        heart_rate_bpm=[140 + 10 * sin(second / 150) for second in seconds],
        cadence_spm=[174 + 4 * sin(second / 100) for second in seconds],
        contact_time_s=[0.25 - 0.01 * sin(second / 100) for second in seconds],
        temperature_c=15.0,
        grade_fraction=[0.03 * sin(second / 200) for second in seconds],
    ).with_columns(speed_m_per_s=pl.Series(speed))
    return measure(Sample.validate(drawn))


def _cos(angle: float) -> float:
    return sin(angle + 1.5707963267948966)


@settings(max_examples=10)
@given(every=st.sampled_from([1, 2, 4]))
def test_doubling_the_sampling_rate_moves_no_measure_by_1_percent(every: int) -> None:
    fine, coarse = rough_run(every), rough_run(2 * every)
    compared = [name for name, value in fine.items() if isinstance(value, float) and value]
    assert {"pace_s_per_km", "heart_rate_bpm", "flight_time_s", "grade_adjusted_pace_s_per_km"} <= set(compared)
    for name in compared:
        assert abs(log(float(str(coarse[name])) / float(str(fine[name])))) < 0.01, name


@settings(max_examples=20)
@given(cut=st.integers(60, 1400), pause_s=st.integers(1, 100_000))
def test_a_pause_anywhere_moves_no_measure(cut: int, pause_s: int) -> None:
    seconds = list(range(1500))
    columns: Columns = {"heart_rate": [140 + second % 7 for second in seconds], "cadence": 87, "enhanced_speed": 3.0}
    paused = [second + (pause_s if second > cut else 0) for second in seconds]
    metres = [3.0 * second for second in seconds]
    events = timer((0, "start"), (cut, "stop_all"), (cut + pause_s, "start"))

    def measured(times: list[int], events: list[Row]) -> dy.DataFrame[RunMeasure]:
        records = raw_records(times, distance=metres, **columns)
        result = tidy(records, sessions=[raw_session(total_distance=metres[-1])], events=events)
        windows = measure_run_windows(result.activities, result.samples)
        return measure_runs(result.activities, result.samples, windows)

    assert measured(seconds, []).rows() == measured(paused, events).rows()
