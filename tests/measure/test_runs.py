"""Samples → one row a run, and its 60 s windows: means weighted by moving time, pauses and gaps without weight."""

from __future__ import annotations

from math import log, sin

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.measure.grade import graded_speed, measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.stride import measure_strides
from hipdrive.measure.windows import measure_run_windows
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.runs import Activity, Sample
from tests.makers.runs import (
    Columns,
    Row,
    activities,
    activity,
    raw_records,
    raw_session,
    samples,
    tidy,
    timer,
    typed,
    window_rows,
)

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


def test_a_row_s_pace_is_its_time_over_its_distance() -> None:
    row = measure(samples(range(101)), distance_m=250.0, told_distance_m=10_000.0)
    assert (row["moving_time_s"], row["distance_m"]) == (100, 250)
    assert row["pace_s_per_km"] == 1000 * 100 / 250


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


def test_standing_is_told_as_time_and_as_stops_of_ten_seconds() -> None:
    still = [11 <= second <= 20 or 30 <= second <= 34 for second in range(50)]
    moving = [second > 0 and not one for second, one in enumerate(still)]
    row = measure(samples(range(50), is_moving=moving, moving_s=[float(one) for one in moving]))
    assert (row["standing_time_s"], row["stops"]) == (10 + 5, 1)


def test_what_leapt_is_told_beside_the_distance_that_counts() -> None:
    row = measure(samples(range(3001)), distance_m=9000.0, jump_distance_m=103.0, told_distance_m=9103.0)
    assert (row["distance_m"], row["jump_distance_m"], row["told_distance_m"]) == (9000, 103, 9103)
    assert row["pace_s_per_km"] == pytest.approx(1000 / 3)


def test_contact_flight_and_duty_are_those_of_what_was_run() -> None:
    """Half run at 3 m/s with 170 steps a minute and 0.26 s, half walked at 1.4 m/s with 108 and 0.6 s."""
    runs = [second <= 300 for second in range(601)]
    drawn = samples(
        range(601),
        cadence_spm=[170.0 if one else 108.0 for one in runs],
        contact_time_s=[0.26 if one else 0.6 for one in runs],
    )
    slow = pl.Series([3.0 if one else 1.4 for one in runs])
    row = measure(measure_strides(Sample.validate(drawn.with_columns(speed_m_per_s=slow))))
    assert row["contact_time_s"] == pytest.approx(0.26)
    assert row["flight_time_s"] == pytest.approx(60 / 170 - 0.26)
    assert row["duty_factor"] == pytest.approx(0.26 * 170 / 120)


@pytest.mark.parametrize(
    ("told", "drawn", "contradiction"),
    [
        ({}, {}, None),
        ({"contradiction": "two distances"}, {}, "two distances"),
        ({"timer_time_s": 590.0}, {}, "it moves for 600 s of a timer of 590 s"),
        ({"timer_time_s": 595.0}, {}, None),
        (
            {"timer_time_s": 700.0, "elapsed_time_s": 650.0},
            {},
            "its timer of 700 s is longer than the 650 s from start to end",
        ),
        ({"distance_m": 5001.0}, {}, "a pace of 120 s/km, which nobody runs"),
        ({"distance_m": 4999.0}, {}, None),
        (
            {},
            {"cadence_spm": 180.0, "contact_time_s": 0.36},
            "contact times that leave no flight (duty factor 0.54)",
        ),
        ({}, {"cadence_spm": 180.0, "contact_time_s": 0.33}, None),
    ],
)
def test_a_run_that_contradicts_itself_says_so(told: Columns, drawn: Columns, contradiction: str | None) -> None:
    assert measure(samples(range(601), **drawn), **{"distance_m": 1800.0, **told})["contradiction"] == contradiction


def test_a_value_stands_for_a_minute_at_most() -> None:
    row = measure(samples([0, 30, 3630, 3690], heart_rate_bpm=[None, 120.0, 180.0, 150.0], temperature_c=10.0))
    assert row["heart_rate_bpm"] is None
    row = measure(samples([0, 30, 100, 160], heart_rate_bpm=[None, 120.0, 180.0, 150.0]))
    assert row["heart_rate_bpm"] == pytest.approx((30 * 120 + 60 * 180 + 60 * 150) / 150)


def test_masked_heart_rate_is_counted_in_moving_time() -> None:
    fault = [None] * 5 + ["cadence_lock"] * 6
    assert measure(samples(range(11), heart_rate_fault=fault))["masked_heart_rate_s"] == 6


@pytest.mark.parametrize("source", [True, False, None])
def test_a_run_says_where_its_step_length_comes_from(source: bool | None) -> None:  # noqa: FBT001
    row = measure(samples(range(5), step_length_m=1.0, is_step_length_measured=source))
    assert row["is_step_length_measured"] is source


def test_decoupling_is_the_fall_of_graded_speed_per_beat() -> None:
    windows = window_rows(10) + window_rows(10, first=20, graded_speed_m_per_s=2.9, heart_rate_bpm=155.0)
    row = measured(windows)
    assert row["decoupling_fraction"] == pytest.approx(1 - (2.9 / 155) / (3.0 / 150))
    assert measured(windows[1:])["decoupling_fraction"] is None


def measured(windows: list[dict[str, object]]) -> dict[str, object]:
    return measure_runs(activities(), Sample.create_empty(), typed(RunWindow, windows)).row(0, named=True)


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
    graded = graded_speed(pl.col("speed_m_per_s"), pl.col("grade_fraction"))
    return measure(Sample.validate(drawn.with_columns(graded_speed_m_per_s=graded)))


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
        samples = measure_grade(result.samples)
        windows = measure_run_windows(result.activities, samples)
        return measure_runs(result.activities, samples, windows)

    assert measured(seconds, []).rows() == measured(paused, events).rows()
