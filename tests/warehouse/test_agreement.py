"""Where polars and SQL can both compute a number, they agree."""

from __future__ import annotations

from datetime import datetime
from math import sin

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hipdrive.measure.grade import measure_grade
from hipdrive.measure.stride import measure_strides
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse
from tests.makers.runs import samples
from tests.makers.warehouse import a_run, ask, day, fill, finish, rest_days

FEW = settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
drawn_runs = st.lists(
    st.tuples(st.integers(0, 27), st.floats(2.0, 5.0), st.floats(0.01, 0.3), st.sampled_from("ab")),
    min_size=2,
    max_size=12,
)


def test_the_formulas_of_a_sample(warehouse: Warehouse) -> None:
    seconds = range(400)
    drawn = samples(
        seconds,
        altitude_m=[100 + 10 * sin(second / 50) for second in seconds],
        cadence_spm=170.0,
        contact_time_s=0.25,
        vertical_oscillation_m=0.08,
        step_length_m=1.06,
    )
    warehouse.append("samples", measure_strides(measure_grade(drawn)))
    query = """
        WITH s AS (SELECT *, coalesce(grade_fraction, 0) AS i FROM samples)
        SELECT
            max(abs(flight_time_s - (60 / cadence_spm - contact_time_s))),
            max(abs(duty_factor - contact_time_s * cadence_spm / 120)),
            max(abs(vertical_ratio_fraction - vertical_oscillation_m / step_length_m)),
            max(abs(graded_speed_m_per_s - speed_m_per_s
                * (155.4 * i^5 - 30.4 * i^4 - 43.3 * i^3 + 46.3 * i^2 + 19.5 * i + 3.6) / 3.6)),
            count(grade_fraction) > 300
        FROM s
    """
    assert ask(warehouse, query) == [(pytest.approx(0), pytest.approx(0), pytest.approx(0), pytest.approx(0), True)]


@FEW
@given(drawn_runs)
def test_weeks_and_months_of_runs(home: Home, drawn: list[tuple[int, float, float, str]]) -> None:
    with Warehouse(home) as warehouse:
        rest_days(warehouse, 0, 27)
        for number, (on, speed, error, device) in enumerate(drawn):
            name = f"{number}-0"
            start = datetime.combine(day(on), datetime.min.time())
            at_reference = {"speed_at_reference_hr_m_per_s": speed, "speed_at_reference_hr_se_m_per_s": error}
            a_run(warehouse, name, on, start_utc=start, device=device, **at_reference)
            at_speed = {"contact_time_at_reference_speed_s": speed / 10, "cadence_at_reference_speed_spm": 170.0}
            fill(warehouse, "run_strides", {"activity_id": name, "level_minutes": 9, **at_speed})
        finish(warehouse)
        of_weeks = ask(
            warehouse,
            "SELECT week_start, speed_at_reference_hr_m_per_s, speed_at_reference_hr_se_m_per_s "
            "FROM weeks WHERE runs > 0 ORDER BY week_start",
        )
        of_devices = ask(
            warehouse,
            "SELECT device, contact_time_at_reference_speed_s, contact_time_at_reference_speed_se_s "
            "FROM stride_by_month ORDER BY month_start, device",
        )
    frame = pl.DataFrame(drawn, schema=["on", "speed", "error", "device"], orient="row").with_columns(
        local_date=pl.Series([day(on) for on, *_ in drawn])
    )
    weeks = (
        frame.group_by(week_start=pl.col("local_date").dt.truncate("1w"))
        .agg(speed=pl.col("speed").log().mean().exp(), error=(pl.col("error") ** 2).sum().sqrt() / pl.len())
        .sort("week_start")
    )
    assert of_weeks == [
        (start, pytest.approx(speed), pytest.approx(error)) for start, speed, error in weeks.iter_rows()
    ]
    contact = pl.col("speed") / 10
    devices = (
        frame.group_by(pl.col("local_date").dt.truncate("1mo"), "device")
        .agg(mean=contact.mean(), error=contact.std() / pl.len().sqrt())
        .sort("local_date", "device")
        .drop("local_date")
    )
    expected = [
        (device, pytest.approx(mean), error and pytest.approx(error, abs=1e-9))
        for device, mean, error in devices.rows()
    ]
    assert of_devices == expected


@FEW
@given(st.lists(st.floats(180, 1200), min_size=3, max_size=5, unique=True), st.floats(0.85, 0.99))
def test_critical_speed(home: Home, times: list[float], fade: float) -> None:
    efforts = [(time_s, 5.0 * (time_s / 180) ** (fade - 1)) for time_s in sorted(times)]
    with Warehouse(home) as warehouse:
        a_run(warehouse, "a-0", 0)
        for time_s, speed in efforts:
            row = {"activity_id": "a-0", "target_m": time_s * speed, "time_s": time_s, "speed_m_per_s": speed}
            fill(warehouse, "best_efforts", row)
        finish(warehouse)
        ((found, reserve),) = ask(warehouse, "SELECT critical_speed_m_per_s, d_prime_m FROM critical_speeds")
    slope, intercept = np.polyfit([one for one, _ in efforts], [one * speed for one, speed in efforts], 1)
    tells = efforts[-1][0] >= 2 * efforts[0][0] and intercept >= 0
    assert (found, reserve) == ((pytest.approx(slope), pytest.approx(intercept)) if tells else (None, None))
