"""Who has no way to show moves while the timer runs."""

from __future__ import annotations

import pytest

from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.windows import measure_run_windows
from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import Columns, raw_records, raw_session, tidy, timer

HEARTS = [140.0 + second % 7 for second in range(601)]


def moving(result: TidyRuns) -> float:
    return float(result.samples["moving_s"].sum())


def test_a_phone_that_stores_heart_rates_only_moves_while_the_timer_runs() -> None:
    session = raw_session(total_distance=1800.0, total_timer_time=540.0, total_elapsed_time=600.0)
    records = raw_records(range(601), distance=None, heart_rate=HEARTS)
    events = timer((0, "start"), (300, "stop"), (360, "start"), (600, "stop_all"))
    result = tidy(records, sessions=[session], events=events)
    assert moving(result) == 540
    samples = measure_grade(result.samples)
    (run,) = measure_runs(result.activities, samples, measure_run_windows(result.activities, samples)).rows(named=True)
    assert (run["moving_time_s"], run["pace_s_per_km"], run["known_speed_s"]) == (540, 300, 0)
    assert run["heart_rate_bpm"] == pytest.approx(143, abs=0.1)
    assert run["known_heart_rate_s"] == 540


def test_where_steps_are_counted_moving_is_stepping() -> None:
    cadence = [85.0 if second <= 400 else 0.0 for second in range(601)]
    assert moving(tidy(raw_records(range(601), distance=None, heart_rate=HEARTS, cadence=cadence))) == 400


@pytest.mark.parametrize(("told_m", "moving_s"), [(None, 0), (0.0, 0), (1800.0, 600)])
def test_a_distance_of_nothing_is_a_halt_unless_the_session_tells_one(told_m: float | None, moving_s: int) -> None:
    records = raw_records(range(601), distance=0.0, speed=0.0, heart_rate=HEARTS)
    assert moving(tidy(records, sessions=[raw_session(total_distance=told_m)])) == moving_s


def test_who_has_a_way_stands_where_it_does_not_grow() -> None:
    distance = [3.0 * min(second, 300) for second in range(601)]
    assert moving(tidy(raw_records(range(601), distance=distance, heart_rate=HEARTS))) == 300


def test_totals_alone_give_time_pace_and_heart_rate() -> None:
    totals: Columns = {
        "total_distance": 5400.0,
        "total_timer_time": 1800.0,
        "total_elapsed_time": 1900.0,
        "avg_heart_rate": 151.0,
    }
    result = tidy(sessions=[raw_session(**totals)])
    windows = measure_run_windows(result.activities, result.samples)
    (run,) = measure_runs(result.activities, result.samples, windows).rows(named=True)
    told = (run["moving_time_s"], run["distance_m"], run["heart_rate_bpm"], run["samples"])
    assert told == (1800, 5400, 151, 0)
    assert run["pace_s_per_km"] == pytest.approx(1000 / 3)
