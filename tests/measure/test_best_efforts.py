"""Best efforts: by pencil, against trying everything, unmoved by pauses before and after, by halts and by leaps."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import dataframely as dy
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hipdrive.measure.best_efforts import TARGETS_M, TARGETS_S, measure_best_efforts
from hipdrive.tables.runs import Activity, Sample
from tests.makers.runs import activities, activity, samples

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


def run(
    seconds: Sequence[float], metres: Sequence[float], speed_fault: list[str | None] | None = None
) -> dy.DataFrame[Sample]:
    return samples(seconds, distance_m=list(metres), speed_fault=speed_fault)


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
    assert best(run([0, 250, 280, 530], steady), metres=1000) == pytest.approx(250)
    assert best(run([0, 250, 280, 530], steady), metres=MILE) == pytest.approx(609.344 / 4 + 30 + 250)


def test_a_pause_makes_no_effort_faster() -> None:
    """The clock of a race does not stop: a kilometre with an hour's rest in it is none."""
    drawn = run([0, 150, 3750, 3900], [0, 600, 600, 1200])
    assert best(drawn, metres=1000) == pytest.approx(3600 + 1000 / 4)
    assert best(drawn, metres=400) == pytest.approx(100)


def test_metres_that_leapt_are_not_run() -> None:
    drawn = run([0, 100, 101, 300], [0, 400, 900, 1700], speed_fault=[None, None, "jump", None])
    assert best(drawn, metres=1000) == pytest.approx(300 - 200 / 4)


def test_nobody_is_faster_than_anybody_was() -> None:
    assert best(run([0, 40, 400], [0, 400, 1200]), metres=400) is None
    assert best(run([0, 44, 400], [0, 400, 1200]), metres=400) == pytest.approx(44)


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


steps = st.lists(st.tuples(st.sampled_from([1, 2, 7, 60]), st.floats(0, 6)), min_size=1, max_size=60)


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
