"""Heart rates that no heart made: each rule finds its own poison, and leaves what a heart can do alone."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.tables.runs import HEART_RATE_FAULTS
from hipdrive.tidy.heart_rate import find_heart_rate_faults
from tests.makers.runs import raw_records, tidy

MINUTES = 20
SECONDS = range(60 * MINUTES)


def heart(second: int) -> float:
    """From 80 at rest to 150 at an even pace, with the lag of a heart and the wander of a breath."""
    return 150 - 70 * exp(-second / 25) + second % 5 - 2


def faults(bpm: list[float], *, cadence: float = 170.0, moving: float = 1.0, every: int = 1) -> list[str | None]:
    """What is found in one activity recorded every so many seconds."""
    rows = len(bpm)
    found = find_heart_rate_faults(
        np.zeros(rows, np.int64),
        np.arange(0.0, rows) * every,
        np.array(bpm),
        np.full(rows, cadence),
        np.full(rows, moving * every),
    )
    return [None if number == 0 else HEART_RATE_FAULTS[number - 1] for number in found]


def poisoned(values: dict[range, float]) -> list[float]:
    bpm = [heart(second) for second in SECONDS]
    for seconds, value in values.items():
        bpm[seconds.start : seconds.stop] = [value + second % 3 - 1 for second in seconds]
    return bpm


def test_a_heart_that_does_what_hearts_do_is_believed() -> None:
    assert set(faults([heart(second) for second in SECONDS])) == {None}


def test_intervals_are_believed() -> None:
    bpm, level = [], 80.0
    for second in SECONDS:
        wanted = 178.0 if second // 120 % 2 else 130.0
        level += (wanted - level) / 28
        bpm.append(level)
    assert set(faults(bpm)) == {None}


def test_a_heart_that_beats_as_often_as_the_feet_fall_is_believed() -> None:
    assert set(faults([heart(second) for second in SECONDS], cadence=150.0)) == {None}


def test_out_of_range_is_named() -> None:
    found = faults([0.0, 29.0, 30.0, 240.0, 241.0])
    assert [fault == "out_of_range" for fault in found] == [True, True, False, False, True]


def test_a_lock_onto_the_cadence_is_named_from_the_leap_to_its_end() -> None:
    found = faults(poisoned({range(700, 900): 174.0}), cadence=174.0)
    assert set(found[:690]) == {None}
    assert set(found[702:899]) == {"cadence_lock"}
    assert set(found[1025:]) == {None}


def test_a_lock_that_ends_with_a_leap_is_named_too() -> None:
    bpm = [
        heart(second) if second < 600 else 150 + min(24.0, (second - 600) / 10) + second % 3 - 1 for second in SECONDS
    ]
    bpm[1000:] = [150.0 + second % 3 for second in range(1000, len(bpm))]
    assert faults(bpm, cadence=174.0)[950] == "cadence_lock"


def test_what_comes_before_a_leap_in_the_first_ten_minutes_is_the_sensor_looking() -> None:
    found = faults(poisoned({range(300): 95.0}))
    assert set(found[:299]) == {"slow_start"}
    assert set(found[311:]) == {None}


def test_a_start_too_high_is_the_same() -> None:
    found = faults(poisoned({range(200): 192.0}))
    assert set(found[:199]) == {"slow_start"}
    assert set(found[211:]) == {None}


def test_the_rise_of_the_first_minute_is_the_heart_s_own() -> None:
    assert set(faults([80.0] * 20 + [80.0 + 3 * second for second in range(20)] + [140.0] * 20)) == {None}


def test_a_fall_that_no_heart_makes_is_named_until_it_is_back() -> None:
    found = faults(poisoned({range(700, 760): 110.0}))
    assert set(found[:700]) == {None}
    assert set(found[702:760]) == {"dropout"}
    assert set(found[765:]) == {None}


@pytest.mark.parametrize(("by_bpm", "is_fault"), [(25.0, True), (24.5, False)])
def test_a_fall_of_25_beats_is_one_that_no_heart_makes(by_bpm: float, *, is_fault: bool) -> None:
    bpm = [150.0 + second % 2 - (by_bpm if 700 <= second < 760 else 0) for second in SECONDS]
    assert ("dropout" in faults(bpm)) == is_fault


def test_a_fall_that_stays_is_believed_after_two_minutes() -> None:
    found = faults(poisoned({range(700, 1200): 110.0}))
    assert "dropout" in found[702:800]
    assert set(found[830:]) == {None}


def test_once_the_heart_is_back_a_slow_fall_is_its_own() -> None:
    bpm = poisoned({range(700, 715): 110.0})
    for second in range(730, len(bpm)):
        bpm[second] = 150 - min(25.0, (second - 730) / 2) + second % 3 - 1
    found = faults(bpm)
    assert "dropout" in found[700:716]
    assert set(found[730:]) == {None}


def test_a_heart_may_fall_while_its_runner_stands() -> None:
    assert set(faults(poisoned({range(700, 760): 110.0}), moving=0.0)) == {None}


def test_a_value_that_stays_the_same_is_believed_for_half_a_minute() -> None:
    bpm = [heart(second) for second in SECONDS]
    bpm[700:800] = [151.0] * 100
    found = faults(bpm)
    assert set(found[:731]) == {None}
    assert set(found[731:800]) == {"held"}
    assert set(found[800:]) == {None}


def test_a_few_far_records_of_one_value_are_not_held() -> None:
    assert set(faults([150.0] * 20, every=30)) == {None}


def test_no_rule_looks_from_one_run_into_the_next() -> None:
    rows = 700
    bpm = np.r_[np.full(rows, 150.0) + np.arange(rows) % 5, np.full(rows, 100.0) + np.arange(rows) % 5]
    clock = np.r_[np.arange(rows), 5 + np.arange(rows)].astype(float)
    run = np.repeat([0, 1], rows)
    found = find_heart_rate_faults(run, clock, bpm, np.full(2 * rows, 170.0), np.ones(2 * rows))
    assert not found.any()


def test_a_missing_value_is_no_fault() -> None:
    assert set(faults([float("nan")] * 50)) == {None}


@given(
    st.lists(st.one_of(st.just(float("nan")), st.floats(0, 260)), max_size=300),
    st.integers(1, 400),
)
def test_what_is_masked_had_a_value_and_what_is_left_is_in_range(bpm: list[float], every: int) -> None:
    for value, fault in zip(bpm, faults(bpm, every=every), strict=True):
        assert fault is None or value == value  # noqa: PLR0124  NaN is not a value
        assert fault is not None or not (value < 30 or value > 240)


def test_samples_say_why_and_the_ledger_how_many() -> None:
    bpm = [round(value) for value in poisoned({range(700, 760): 110.0})]
    result = tidy(raw_records(SECONDS, heart_rate=bpm, cadence=85))
    marked = result.samples.filter(result.samples["heart_rate_fault"] == "dropout")
    assert marked["heart_rate_bpm"].null_count() == marked.height > 50
    told = dict(result.rejects.select("reason", "rows").iter_rows())
    assert told["heart rate that fell as no heart does: masked"] == marked.height


@pytest.mark.parametrize("fault", HEART_RATE_FAULTS)
def test_every_rule_has_its_poison_above(fault: str) -> None:
    with open(__file__, encoding="utf-8") as own:  # noqa: PTH123
        assert f'"{fault}"' in own.read()
