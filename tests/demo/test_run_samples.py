"""A single run, second by second."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl
import pytest

from hipdrive.demo import physiology, run_samples
from hipdrive.demo.run_samples import Conditions, RunSamples, simulate_run
from hipdrive.demo.running_plan import PlannedRun, RunType, easy_efforts

START = datetime.fromisoformat("2026-03-03 18:00")


def run(
    seed: int = 0, *, seconds: int = 3600, log_speed: float = 0.0, air_c: float = 10.0, is_treadmill: bool = False
) -> RunSamples:
    planned = PlannedRun(START, RunType.EASY, easy_efforts(seconds, 142.0), is_treadmill)
    return simulate_run(planned, Conditions(log_speed, air_c), np.random.default_rng(seed))


def later_mean(samples: RunSamples, column: str) -> float:
    """The mean from the twentieth minute on."""
    mean = samples.records.filter(pl.col("timer_s") > 1200)[column].mean()
    assert isinstance(mean, float)
    return mean


def test_the_timer_runs_for_the_planned_time() -> None:
    samples = run(seconds=1500)
    assert samples.timer_s == 1500
    assert samples.records["timer_s"].unique().len() == 1501


@pytest.mark.parametrize("seed", range(8))
def test_a_stop_is_a_hole_in_the_clock_and_in_nothing_else(seed: int) -> None:
    samples = run(seed, seconds=5400)
    clock = samples.records["elapsed_s"].diff().to_list()
    restarts = [stop + 1 for stop in samples.stops]
    assert all(step == 1 for row, step in enumerate(clock) if row > 0 and row not in restarts)
    assert all(12 <= clock[row] < 75 for row in restarts)
    assert samples.elapsed_s - samples.timer_s == sum(clock[row] for row in restarts)
    for stop in samples.stops:
        before, after = samples.records.row(stop, named=True), samples.records.row(stop + 1, named=True)
        assert (before["timer_s"], before["distance"]) == (after["timer_s"], after["distance"])


def test_an_hour_has_about_two_stops() -> None:
    assert np.mean([len(run(seed).stops) for seed in range(60)]) == pytest.approx(3600 / 1900, abs=0.5)


def test_the_heart_rests_at_a_stop() -> None:
    samples = next(samples for samples in map(run, range(20)) if len(samples.stops) > 0)
    stop = samples.stops[0]
    beats = samples.records["heart_rate"]
    paused = samples.records["elapsed_s"][stop + 1] - samples.records["elapsed_s"][stop]
    settled = (beats[stop] - 92) * np.exp(-paused / physiology.HEART_RATE_LAG_S) + 92
    assert beats[stop + 1] == pytest.approx(settled, abs=6)


def test_distance_is_the_sum_of_the_speeds() -> None:
    records = run().records
    moved = records.filter(pl.col("timer_s").diff() > 0)
    assert records["distance"][0] == 0.0
    assert records["distance"][-1] == pytest.approx(moved["enhanced_speed"].sum(), abs=0.01)


def test_a_fitter_day_is_faster_at_the_same_heart_rate() -> None:
    pairs = [(run(seed, log_speed=0.0), run(seed, log_speed=0.1)) for seed in range(5)]
    for usual, fit in pairs:
        ratio = later_mean(fit, "enhanced_speed") / later_mean(usual, "enhanced_speed")
        assert np.log(ratio) == pytest.approx(0.1, abs=0.005)
        assert later_mean(fit, "heart_rate") == pytest.approx(later_mean(usual, "heart_rate"), abs=0.5)


def test_heart_rate_scatters_from_run_to_run_as_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    noisy = [later_mean(run(seed, is_treadmill=True), "heart_rate") for seed in range(150)]
    monkeypatch.setattr(run_samples, "HEART_RATE_NOISE_SD_BPM", 0.0)
    calm = [later_mean(run(seed, is_treadmill=True), "heart_rate") for seed in range(150)]
    assert np.std(np.subtract(noisy, calm)) == pytest.approx(3.3, abs=0.6)
    assert np.mean(calm) == pytest.approx(142 + 2.5 * 0.5, abs=0.6)


def test_the_heart_follows_with_its_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_samples, "HEART_RATE_NOISE_SD_BPM", 0.0)
    start = np.mean(
        [run(seed, is_treadmill=True).records["heart_rate"].head(120).to_numpy() for seed in range(40)], axis=0
    )
    after_one_lag = 92 + (136 - 92) * (1 - np.exp(-1))
    assert start[27] == pytest.approx(after_one_lag, abs=2.0)
    assert start[115] == pytest.approx(136, abs=2.0)


def test_the_hills_of_a_loop_end_where_they_began() -> None:
    altitude = run(4, seconds=3000).records["enhanced_altitude"]
    assert altitude[-1] - altitude[0] == pytest.approx(0.0, abs=2.5)
    assert altitude.max() - altitude.min() > 5.0  # type: ignore[operator]


def test_ascent_is_what_the_altitudes_rise() -> None:
    samples = run(4, seconds=3000)
    smooth = samples.records["enhanced_altitude"].rolling_mean(61, center=True).drop_nulls()
    risen = smooth.diff().clip(lower_bound=0.0).sum()
    assert samples.ascent_m == pytest.approx(risen, rel=0.15)


def test_a_treadmill_knows_neither_place_nor_altitude() -> None:
    samples = run(is_treadmill=True)
    assert not {"position_lat", "position_long", "enhanced_altitude"} & set(samples.records.columns)
    assert samples.stops == ()


def test_positions_lie_in_the_open_south_pacific() -> None:
    degrees = run().records.select(pl.col("position_lat", "position_long") * 180 / 2**31)
    assert degrees["position_lat"].is_between(-49.0, -48.8).all()
    assert degrees["position_long"].is_between(-123.6, -123.2).all()


def test_the_watch_warms_on_the_wrist_once_it_forgot_the_room() -> None:
    temperature = run(air_c=2.0).records["temperature"]
    assert temperature[0] == 21 + 2
    assert temperature[-1] == 2 + 2


def test_stride_fits_together() -> None:
    records = run().records.filter(pl.col("cadence") > 0)
    steps_a_minute = 2 * (records["cadence"] + records["fractional_cadence"])
    by_steps = 60_000 * records["enhanced_speed"] / steps_a_minute
    assert (records["step_length"] - by_steps).abs().max() <= 0.5  # type: ignore[operator]
    ratio = 100 * records["vertical_oscillation"] / records["step_length"]
    assert (records["vertical_ratio"] - ratio).abs().max() < 0.006  # type: ignore[operator]
    assert records["stance_time"].is_between(190, 400).all()


def test_who_hardly_moves_has_no_stride() -> None:
    samples = next(samples for samples in map(run, range(20)) if len(samples.stops) > 0)
    standing = samples.records[samples.stops[0]]
    assert standing["cadence"].to_list() == [0.0]
    assert standing.select("step_length", "stance_time", "vertical_oscillation", "vertical_ratio").row(0) == (None,) * 4


def test_the_strap_sometimes_loses_the_heart() -> None:
    lost = [run(seed, seconds=1200).records["heart_rate"].null_count() for seed in range(150)]
    assert 1 <= sum(count > 0 for count in lost) <= 20
    assert max(lost) < 40
