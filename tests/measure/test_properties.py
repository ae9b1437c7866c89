"""What must hold whatever the run: parts sum to the whole; a shift, a pause, a finer sampling move nothing."""

from __future__ import annotations

from math import log, sin

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hipdrive.measure.best_efforts import measure_best_efforts
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.stride import measure_strides
from hipdrive.measure.windows import measure_run_windows
from hipdrive.tables.run_files import RawRecord
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from tests.makers.runs import Row, raw_file, raw_records, raw_session, tidy, timer

UNTIL_S = 1900


def metres(second: float) -> float:
    """Distance of a run whose speed wanders between 2.5 and 3.5 m/s."""
    return 3.0 * second + 50 * (1 - sin(second / 100 + 1.5707963267948966))


def records(times: list[int], clock: list[int] | None = None, source_id: str = "a") -> dy.DataFrame[RawRecord]:
    """The run's records at these seconds of running, written at these seconds of the clock."""
    return raw_records(
        clock or times,
        source_id=source_id,
        distance=[metres(second) for second in times],
        enhanced_speed=[3.0 + 0.5 * sin(second / 100) for second in times],
        heart_rate=[round(140 + 10 * sin(second / 150) + 3 * sin(second / 7)) for second in times],
        cadence=[87.0 + 2 * sin(second / 100) for second in times],
        stance_time=[250.0 - 10 * sin(second / 100) for second in times],
        vertical_oscillation=[80.0 + 3 * sin(second / 90) for second in times],
        altitude=[100 + 20 * sin(second / 200) for second in times],
        temperature=15.0,
    )


class Measured:
    """Everything that is measured of some files at once."""

    def __init__(self, *parts: dy.DataFrame[RawRecord], events: list[Row] | None = None) -> None:
        names = [part["source_id"][0] for part in parts]
        result = tidy(
            RawRecord.validate(pl.concat(parts)),
            files=[raw_file(name) for name in names],
            sessions=[raw_session(float(0), source_id=name, start_time=None) for name in names],
            events=events or [],
        )
        self.samples = measure_strides(measure_grade(result.samples))
        self.windows: dy.DataFrame[RunWindow] = measure_run_windows(result.activities, self.samples)
        self.runs: dy.DataFrame[RunMeasure] = measure_runs(result.activities, self.samples, self.windows)
        self.efforts = measure_best_efforts(result.activities, self.samples)


WHOLE = Measured(records(list(range(UNTIL_S))))


@settings(max_examples=8)
@given(cut=st.integers(100, UNTIL_S - 100))
def test_splitting_a_run_changes_no_total(cut: int) -> None:
    parts = Measured(records(list(range(cut + 1))), records(list(range(cut, UNTIL_S)), source_id="b"))
    means = ("heart_rate_bpm", "cadence_spm", "step_length_m", "contact_time_s", "flight_time_s", "duty_factor")

    def totals(runs: pl.DataFrame) -> dict[str, float]:
        return runs.select(
            pl.col("moving_time_s", "standing_time_s", "jump_distance_m", "masked_heart_rate_s").sum(),
            way=(pl.col("moving_time_s") / pl.col("pace_s_per_km")).sum(),
            **{name: (pl.col(name) * pl.col("moving_time_s")).sum() for name in means},
        ).row(0, named=True)

    assert totals(parts.runs) == pytest.approx(totals(WHOLE.runs))


@settings(max_examples=8)
@given(cut=st.integers(100, UNTIL_S - 100))
def test_a_part_holds_no_effort_faster_than_the_whole(cut: int) -> None:
    parts = Measured(records(list(range(cut + 1))), records(list(range(cut, UNTIL_S)), source_id="b"))
    keys = ["target_m", "target_s"]
    best = parts.efforts.group_by(keys).agg(pl.col("speed_m_per_s").max())
    both = best.join(WHOLE.efforts, on=keys, nulls_equal=True, suffix="_whole")
    assert both.height == best.height
    assert (both["speed_m_per_s"] <= both["speed_m_per_s_whole"] + 1e-9).all()


@settings(max_examples=8)
@given(shift=st.integers(-300_000_000, 300_000_000))
def test_a_time_shift_changes_no_duration_and_no_mean(shift: int) -> None:
    times = list(range(UNTIL_S))
    shifted = Measured(records(times, [second + shift for second in times]))
    assert_frame_equal(shifted.runs, WHOLE.runs)
    assert_frame_equal(shifted.efforts, WHOLE.efforts, rel_tol=1e-9)
    assert_frame_equal(shifted.windows.drop("window_start_utc"), WHOLE.windows.drop("window_start_utc"))


@settings(max_examples=8)
@given(cut=st.integers(60, UNTIL_S - 60), pause=st.integers(1, 100_000))
def test_a_pause_adds_nothing_and_makes_no_effort_faster(cut: int, pause: int) -> None:
    times = list(range(UNTIL_S))
    clock = [second + (pause if second > cut else 0) for second in times]
    events = timer((0, "start"), (cut, "stop_all"), (cut + pause, "start"))
    paused = Measured(records(times, clock), events=events)
    assert_frame_equal(paused.runs, WHOLE.runs)
    both = paused.efforts.join(WHOLE.efforts, on=["target_m", "target_s"], nulls_equal=True, suffix="_whole")
    assert (both["speed_m_per_s"] <= both["speed_m_per_s_whole"] + 1e-9).all()


def test_doubling_the_sampling_rate_moves_nothing_by_1_percent() -> None:
    for every in (1, 2, 4):
        fine, coarse = (Measured(records(list(range(0, UNTIL_S, step)))) for step in (every, 2 * every))
        for name, dtype in fine.runs.schema.items():
            one, other = fine.runs[name].item(), coarse.runs[name].item()
            if dtype == pl.Float64 and one and name not in {"decoupling_fraction", "speed_difference_fraction"}:
                # A slope over 100 m, of records 24 m apart, says less of where a climb begins.
                assert abs(log(other / one)) < (0.03 if name == "ascent_by_altitude_m" else 0.01), (every, name)
            elif name in {"decoupling_fraction", "speed_difference_fraction"}:
                assert abs(other - one) < 0.01
        both = fine.efforts.join(coarse.efforts, on=["target_m", "target_s"], nulls_equal=True, suffix="_coarse")
        assert both.height == fine.efforts.height
        assert ((both["speed_m_per_s"] / both["speed_m_per_s_coarse"]).log().abs() < 0.01).all()


def test_the_samples_say_the_same_formulas_as_a_pencil() -> None:
    row: dict[str, float] = WHOLE.samples.row(1000, named=True)
    step = 60 / row["cadence_spm"]
    assert abs(row["flight_time_s"] - (step - row["contact_time_s"])) < 1e-12
    i = row["grade_fraction"]
    cost = 155.4 * i**5 - 30.4 * i**4 - 43.3 * i**3 + 46.3 * i**2 + 19.5 * i + 3.6
    assert abs(row["graded_speed_m_per_s"] - row["speed_m_per_s"] * cost / 3.6) < 1e-9
