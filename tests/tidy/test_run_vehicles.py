"""What a vehicle drove with the watch on: found wherever it lies in a run, and never found where somebody ran."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hipdrive.tidy.runs import TidyRuns
from tests.makers.runs import raw_records, raw_session, tidy

RUN = [3.0] * 1500  # second by second, m/s
CAR = [22.0] * 900
# A town: ten times from a stand to 14 m/s and back, and half a minute at the lights.
TOWN = [*(min(14.0, 1.5 * step, 1.5 * (30 - step)) for _ in range(10) for step in range(61))]
TOWN = [max(0.0, speed) for speed in TOWN]
BUS = [0.0] * 90 + [9.5] * 200 + [0.0] * 30 + [9.5] * 200 + [0.0] * 60


def tidied(speeds: Iterable[float], *, cadence: bool = True, every: int = 1) -> TidyRuns:
    """A run of these speeds; a pod counts steps wherever a runner's legs go as fast."""
    all_speeds = [0.0, *speeds]
    metres, total = [], 0.0
    for speed in all_speeds:
        total += speed
        metres.append(total)
    steps = [85 if 1.0 <= speed <= 5.0 else 0 for speed in all_speeds]
    rows = range(0, len(all_speeds), every)
    records = raw_records(
        rows,
        distance=[metres[row] for row in rows],
        enhanced_speed=[all_speeds[row] for row in rows],
        cadence=[steps[row] for row in rows] if cadence else None,
    )
    return tidy(records, sessions=[raw_session(total_distance=total, total_timer_time=float(len(all_speeds) - 1))])


@pytest.mark.parametrize("every", [1, 5], ids=["every second", "smart"])
@pytest.mark.parametrize("cadence", [True, False], ids=["with steps", "without"])
@pytest.mark.parametrize(
    ("speeds", "run_s"),
    [
        ([*RUN, *CAR], 1500),
        ([*CAR, *RUN], 1500),
        ([*RUN, *BUS, *RUN], 3000),
        ([*RUN, *([0.0] * 120), *TOWN, *CAR, *TOWN], 1500),
        ([*TOWN, *CAR, *TOWN, *RUN], 1500),
    ],
    ids=["home by car", "there by car", "a bus in between", "home through the town", "there through the town"],
)
def test_a_drive_is_no_way_and_the_run_stays(speeds: list[float], run_s: int, cadence: bool, every: int) -> None:  # noqa: FBT001
    result = tidied(speeds, cadence=cadence, every=every)
    (row,) = result.activities.iter_rows(named=True)
    # Without steps the last seconds before a car are told to within two minutes.
    assert row["distance_m"] == pytest.approx(3.0 * run_s, rel=0.02 if cadence else 0.08)
    moving_s = result.samples["moving_s"].sum()
    assert 1000 * moving_s / row["distance_m"] == pytest.approx(1000 / 3, rel=0.05)
    assert row["vehicle_distance_m"] == pytest.approx(sum(speeds) - row["distance_m"], rel=0.02)
    assert row["contradiction"].startswith("a vehicle drove")
    assert "driven by a vehicle were left out" in row["reason"]


@pytest.mark.parametrize("cadence", [True, False], ids=["with steps", "without"])
@pytest.mark.parametrize(
    "speeds",
    [
        RUN * 2,
        ([6.6] * 180 + [0.0] * 90) * 8,  # a world-class kilometre, eight times
        ([8.5] * 24 + [1.5] * 60) * 20,  # sprints
        [*RUN, *([5.0] * 600), *RUN],
        [*([3.0] * 600), 500.0, *([3.0] * 600)],  # a leap is not a drive
    ],
    ids=["a run", "kilometres", "sprints", "downhill", "a leap"],
)
def test_a_runner_is_no_vehicle(speeds: list[float], cadence: bool) -> None:  # noqa: FBT001
    (row,) = tidied(speeds, cadence=cadence).activities.iter_rows(named=True)
    assert row["vehicle_distance_m"] == 0


@pytest.mark.parametrize(
    ("m_per_s", "cadence", "is_driven"),
    [(6.1, True, True), (5.9, True, False), (7.1, False, True), (6.9, False, False)],
)
def test_a_quarter_of_an_hour_without_a_step_is_a_drive_from_6_m_per_s_and_uncounted_from_7(
    m_per_s: float, *, cadence: bool, is_driven: bool
) -> None:
    (row,) = tidied([*RUN, *([m_per_s] * 900)], cadence=cadence).activities.iter_rows(named=True)
    assert (row["vehicle_distance_m"] > 0) == is_driven


def test_a_ride_that_was_called_a_run_is_none() -> None:
    (row,) = tidied([8.0] * 3000, cadence=False).activities.iter_rows(named=True)
    assert row["distance_m"] == pytest.approx(0, abs=100)
    assert row["contradiction"].startswith("a vehicle drove")
