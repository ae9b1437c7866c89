"""Best efforts: by pencil, against trying everything, unmoved by pauses before and after, by halts and by leaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import dataframely as dy
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.measure.best_efforts import TARGETS_M, TARGETS_S, measure_best_efforts
from hipdrive.tables.runs import Activity, Sample
from tests.makers.runs import activities, activity, raw_records, raw_session, samples, tidy

MILE = 1609.344


def efforts(drawn: dy.DataFrame[Sample], *names: str) -> pl.DataFrame:
    return measure_best_efforts(activities(*(activity(name) for name in names or ("a-0",))), drawn)


def best(drawn: dy.DataFrame[Sample], *, metres: float | None = None, seconds: float | None = None) -> float | None:
    """Time over a distance, or distance over a time; None without such a stretch."""
    found = efforts(drawn)
    if metres is not None:
        rows = found.filter(pl.col("target_m") == metres)
        return rows["time_s"].item() if rows.height else None
    rows = found.filter(pl.col("target_s") == seconds)
    return (rows["speed_m_per_s"] * rows["time_s"]).item() if rows.height else None


def run(seconds: Sequence[float], metres: Sequence[float], stood_s: float = 0.0) -> dy.DataFrame[Sample]:
    """A run of few records; where the way does not grow it stood, and `stood_s` of each other step too."""
    moving_s = [
        0.0 if later[1] == one[1] else later[0] - one[0] - stood_s
        for one, later in pairwise(zip(seconds, metres, strict=True))
    ]
    return samples(seconds, distance_m=list(metres), moving_s=[0.0, *moving_s])


def test_the_faster_kilometre_and_the_five_minutes_that_reach_into_the_slower() -> None:
    drawn = run([0, 300, 540], [0, 1000, 2000])
    assert best(drawn, metres=1000) == pytest.approx(240)
    assert best(drawn, seconds=300) == pytest.approx(1000 + 60 * 1000 / 300)
    assert best(drawn, metres=MILE) == pytest.approx(240 + 609.344 * 300 / 1000)


def test_a_run_has_efforts_over_what_it_is_long_enough_for() -> None:
    found = efforts(run([0, 600], [0, 2000]))
    assert found["target_m"].drop_nulls().to_list() == [400, 1000, MILE]
    assert found["target_s"].drop_nulls().to_list() == [60, 300, 600]
    assert found["speed_m_per_s"].to_list() == pytest.approx([2000 / 600] * 6)


def test_a_halt_within_counts_and_one_before_or_after_does_not() -> None:
    steady = [0, 1000, 1000, 2000]
    assert best(run([0, 250, 260, 510], steady), metres=1000) == pytest.approx(250)
    assert best(run([0, 250, 260, 510], steady), metres=MILE) == pytest.approx(609.344 / 4 + 10 + 250)


def test_a_pause_makes_no_effort_at_all() -> None:
    """The clock of a race does not stop: a kilometre with an hour's rest in it is none."""
    drawn = run([0, 150, 3750, 3900], [0, 600, 600, 1200])
    assert best(drawn, metres=1000) is None
    assert best(drawn, metres=400) == pytest.approx(100)
    assert best(drawn, seconds=3600) is None


@pytest.mark.parametrize(
    ("stop_s", "is_effort"), [(30, True), (60, True), (61, False)], ids=["short", "a minute", "over a minute"]
)
def test_no_stop_of_over_a_minute(stop_s: int, is_effort: bool) -> None:  # noqa: FBT001
    """Ten kilometres in 2500 s, with one stop in the middle: 60 s are 2.3 % of it."""
    drawn = run([0, 1250, 1250 + stop_s, 2500 + stop_s], [0, 5000, 5000, 10_000])
    assert best(drawn, metres=10_000) == (pytest.approx(2500 + stop_s) if is_effort else None)


@pytest.mark.parametrize(("stop_s", "is_effort"), [(19, True), (20, False)])
def test_no_more_than_3_percent_stood_in_sum(stop_s: int, is_effort: bool) -> None:  # noqa: FBT001
    """Four stops in 2500 s of running: 76 s are 2.95 %, 80 s 3.1 %."""
    seconds, metres = [0.0], [0.0]
    for part in range(5):
        seconds.append(seconds[-1] + 500)
        metres.append(metres[-1] + 2000)
        if part < 4:
            seconds.append(seconds[-1] + stop_s)
            metres.append(metres[-1])
    assert best(run(seconds, metres), metres=10_000) == (pytest.approx(2500 + 4 * stop_s) if is_effort else None)


def test_a_slower_stretch_in_one_go_is_the_effort_where_the_faster_has_a_stop() -> None:
    seconds, metres = [0, 125, 145, 270, 2070, 2370], [0, 500, 500, 1000, 1000, 2000]
    assert best(run(seconds, metres), metres=1000) == pytest.approx(300)


def test_a_pause_of_the_timer_is_a_stop_too() -> None:
    """A step of 100 s over 40 m of which the runner moved 10 s: the watch paused by itself."""
    drawn = run([0, 250, 350, 600], [0, 1000, 1040, 2040])
    paused = drawn.with_columns(moving_s=pl.Series([0.0, 250.0, 10.0, 250.0]))
    assert best(drawn, metres=MILE) is not None
    assert best(Sample.validate(paused), metres=MILE) is None


@pytest.mark.parametrize(("speed", "is_effort"), [(1.41, True), (1.39, False)])
def test_a_walk_is_no_effort(speed: float, is_effort: bool) -> None:  # noqa: FBT001
    seconds = list(range(0, 4001, 10))
    found = efforts(run(seconds, [speed * second for second in seconds]))
    assert (found.height > 0) == is_effort


def test_a_kilometre_with_a_stretch_that_nobody_runs_is_none() -> None:
    """2:22 as a whole, but 400 m of it in 30 s: a satellite's, though no kilometre's record is broken."""
    drawn = run([0, 300, 412, 442, 800], [0, 1000, 1600, 2000, 3000])
    assert best(drawn, metres=1000) == pytest.approx(120 + 112)  # the one that ends where they begin


def test_an_hour_with_a_ride_in_it_does_not_take_the_run_s_own_efforts() -> None:
    """Half an hour at 3 m/s, then twenty minutes of a car: the hour is nobody's, the kilometres before it are."""
    seconds = list(range(0, 3001, 5))
    metres = [3.0 * second if second <= 1800 else 5400 + 20.0 * (second - 1800) for second in seconds]
    found = efforts(run(seconds, metres))
    assert found["speed_m_per_s"].to_list() == pytest.approx([3.0] * found.height)
    assert found["target_m"].drop_nulls().to_list() == [400, 1000, MILE, 5000]
    assert found["target_s"].drop_nulls().to_list() == [60, 300, 600, 1200]


def test_metres_that_leapt_are_not_run() -> None:
    """A satellite leaps by 400 m in the middle of an even run of 4 m/s."""
    metres = [4.0 * second + (400.0 if second > 200 else 0.0) for second in range(601)]
    leapt = tidy(raw_records(range(601), distance=metres), sessions=[raw_session()])
    found = measure_best_efforts(leapt.activities, leapt.samples)
    assert found["speed_m_per_s"].max() == pytest.approx(4, rel=0.01)
    assert found.filter(pl.col("target_m") == 1000)["time_s"].item() == pytest.approx(250, rel=0.01)


def test_nobody_is_faster_than_anybody_was() -> None:
    assert best(run([0, 40, 400], [0, 400, 1200]), metres=400) == pytest.approx(180)
    assert best(run([0, 40], [0, 400]), metres=400) is None
    assert best(run([0, 44, 400], [0, 400, 1200]), metres=400) == pytest.approx(44)


@pytest.mark.parametrize(
    ("metres", "record_s"),
    [(400, 43.03), (1000, 131.96), (MILE, 223.13), (5000, 755.36), (10_000, 1571), (21_097.5, 3402), (42_195, 7235)],
)
def test_a_distance_is_run_no_faster_than_the_world_record(metres: float, record_s: float) -> None:
    """At one speed no other record is broken, so that this one alone decides."""
    assert best(run([0, 1.001 * record_s], [0, metres]), metres=metres) == pytest.approx(1.001 * record_s)
    assert best(run([0, 0.999 * record_s], [0, metres]), metres=metres) is None


@pytest.mark.parametrize(
    ("seconds", "m_per_s", "ends_s", "ends_m_per_s"),
    [(60, 8.9, 0, 0), (300, 7.3, 60, 8.3), (600, 7.0, 0, 0), (1200, 6.6, 120, 7.15), (3600, 6.2, 300, 7.0)],
)
def test_a_time_is_run_no_faster_than_anybody(
    seconds: float, m_per_s: float, ends_s: float, ends_m_per_s: float
) -> None:
    """With fast ends where a shorter race's record would be broken at one speed."""
    end_m = ends_s * ends_m_per_s
    for factor, is_effort in ((0.9999, True), (1.0001, False)):
        metres = factor * m_per_s * seconds
        drawn = run([0, ends_s, seconds - ends_s, seconds], [0, end_m, metres - end_m, metres])
        assert (best(drawn, seconds=seconds) is not None) == is_effort


def test_a_distance_that_falls_back_is_no_way() -> None:
    assert best(run([0, 100, 101, 300], [0, 400, 0, 800]), metres=1000) == pytest.approx(300 - 200 / 4)


def test_each_run_is_searched_by_itself_and_only_runs_are() -> None:
    one = run([0, 100], [0, 450])
    other = samples([0, 200], activity_id="b-0", distance_m=[0.0, 800.0])
    walk = samples([0, 200], activity_id="c-0", distance_m=[0.0, 800.0])
    rows: dy.DataFrame[Activity] = activities(activity("a-0"), activity("b-0"), activity("c-0", sport="walking"))
    found = measure_best_efforts(rows, Sample.validate(pl.concat([one, other, walk])))
    by_run = found.filter(pl.col("target_m") == 400).select("activity_id", "time_s").rows()
    assert by_run == [("a-0", pytest.approx(400 / 4.5)), ("b-0", pytest.approx(100))]


@pytest.mark.parametrize("drawn", [Sample.create_empty(), samples([0, 10], distance_m=None), samples([0])])
def test_without_a_way_there_are_no_efforts(drawn: dy.DataFrame[Sample]) -> None:
    assert efforts(drawn).is_empty()


steps = st.lists(st.tuples(st.sampled_from([1, 2, 7, 60]), st.floats(0.5, 6)), min_size=1, max_size=60)


@settings(max_examples=60)
@given(steps)
def test_nothing_better_is_found_by_trying_every_tenth_of_a_second(drawn: list[tuple[int, float]]) -> None:
    seconds = [0, *accumulate(step for step, _ in drawn)]
    metres = [0.0, *accumulate(step * speed for step, speed in drawn)]
    found = efforts(run(seconds, metres))
    fine = np.arange(0, seconds[-1] + 0.05, 0.1)
    covered = np.interp(fine, seconds, metres)
    for row in found.filter(pl.col("target_s").is_not_null()).iter_rows(named=True):
        last = seconds[-1] - row["target_s"]
        tried = max(np.interp(fine[fine <= last] + row["target_s"], seconds, metres) - covered[fine <= last])
        assert row["speed_m_per_s"] * row["target_s"] >= tried - 1e-6
    for row in found.filter(pl.col("target_m").is_not_null()).iter_rows(named=True):
        within = np.interp(fine + row["time_s"] - 0.05, seconds, metres) - covered
        assert within.max() <= row["target_m"] + 1e-6


@settings(max_examples=30)
@given(steps, st.integers(1, 5))
def test_more_run_after_it_takes_no_effort_away(drawn: list[tuple[int, float]], more: int) -> None:
    seconds = [0, *accumulate(step for step, _ in drawn)]
    metres = [0.0, *accumulate(step * speed for step, speed in drawn)]
    longer_s, longer_m = [*seconds, seconds[-1] + 60 * more], [*metres, metres[-1] + 150.0 * more]
    keys = ["target_m", "target_s"]
    both = efforts(run(seconds, metres)).join(
        efforts(run(longer_s, longer_m)), on=keys, how="left", nulls_equal=True, suffix="_longer"
    )
    assert (both["speed_m_per_s_longer"] >= both["speed_m_per_s"] - 1e-9).all()


def test_targets_are_those_that_runners_ask_for() -> None:
    assert list(TARGETS_M) == [400, 1000, MILE, 5000, 10_000, 21_097.5, 42_195]
    assert list(TARGETS_S) == [60, 300, 600, 1200, 3600]
