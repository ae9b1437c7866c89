"""Ten usual queries over ten years and ten million samples: `python -m benchmarks.queries [FOLDER]`.

A made-up warehouse, built through the real tables and views: 3,000 runs of 3,334 samples, a best effort a run and
target, sets and days of ten years. What the numbers are does not matter here, how many there are does. Printed: seconds
of each query (the least of nine, because other work only makes a query slower), and the size of the file per million
samples, which is noise and packs worse than a real run's. Budget: under 0.1 s for what asks `runs`, `days` or `weeks`.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from hipdrive.measure.best_efforts import measure_best_efforts
from hipdrive.measure.digits import keep_sensible_digits
from hipdrive.measure.grade import measure_grade
from hipdrive.measure.runs import measure_runs
from hipdrive.measure.stride import measure_strides
from hipdrive.measure.windows import measure_run_windows
from hipdrive.settings import Home
from hipdrive.tables.runs import Activity, Sample
from hipdrive.warehouse import Warehouse, connect

RUNS, SECONDS_A_RUN = 3000, 3334
FIRST = date(2016, 11, 21)
AT_A_TIME = 100
QUERIES = {
    "distance by week": "SELECT week_start, run_distance_m FROM weeks ORDER BY week_start",
    "volume and dose side by side": "SELECT * FROM week_volume_and_dose",
    "speed at reference heart rate by year": "SELECT year(local_date) AS y, "
    "exp(avg(ln(speed_at_reference_hr_m_per_s))) FROM runs WHERE is_usable GROUP BY y ORDER BY y",
    "the last ten runs": "SELECT * FROM runs ORDER BY start_utc DESC LIMIT 10",
    "stride by month": "SELECT * FROM stride_by_month",
    "best efforts by season": "SELECT * FROM best_efforts_by_season",
    "personal records": "SELECT * FROM personal_records WHERE is_standing",
    "dose and the next eight weeks": "SELECT * FROM dose_and_next_weeks",
    "critical speed by month": "SELECT * FROM critical_speeds",
    "what changed in four weeks": "SELECT * FROM changes_since_last_month",
}
# For comparison: what one would ask without them.
FROM_SAMPLES = {
    "one run's samples": "SELECT * FROM samples WHERE activity_id = (SELECT max(activity_id) FROM runs)",
    "mean heart rate by month, from all samples": "SELECT date_trunc('month', time_utc) AS m, avg(heart_rate_bpm) "
    "FROM samples WHERE is_moving GROUP BY m ORDER BY m",
}


def build(home: Home) -> None:
    """A warehouse of ten years."""
    rng = np.random.default_rng(1)
    days = np.sort(rng.choice(3650, RUNS, replace=False))
    with Warehouse(home) as warehouse:
        for begin in range(0, RUNS, AT_A_TIME):
            activities, samples = _runs(days[begin : begin + AT_A_TIME], begin, rng)
            windows = measure_run_windows(activities, samples)
            tables = {
                "activities": activities,
                "samples": keep_sensible_digits(samples),
                "run_windows": windows,
                "run_measures": measure_runs(activities, samples, windows),
                "best_efforts": measure_best_efforts(activities, samples),
            }
            for name, frame in tables.items():
                warehouse.append(name, frame)
        _finish(warehouse, days, rng)
        warehouse.swap("build")


def _runs(days: np.ndarray, begin: int, rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    ids = [f"{begin + number:016x}-0" for number in range(days.size)]
    starts = [datetime(FIRST.year, FIRST.month, FIRST.day, 7, tzinfo=UTC) + timedelta(days=int(day)) for day in days]
    rows = days.size * SECONDS_A_RUN
    second = np.tile(np.arange(SECONDS_A_RUN, dtype=float), days.size)
    base = np.repeat(rng.normal(3.0, 0.25, days.size), SECONDS_A_RUN)
    speed = np.round(base + rng.normal(0, 0.08, rows), 3)
    run = np.repeat(np.arange(days.size), SECONDS_A_RUN)
    distance = np.cumsum(speed) - np.repeat(np.cumsum(speed)[::SECONDS_A_RUN], SECONDS_A_RUN)
    cadence = np.round(170 + 6 * (base - 3) + rng.normal(0, 1.5, rows))
    frame = pl.DataFrame(
        {
            "activity_id": pl.Series(ids).gather(pl.Series(run)),
            "time_utc": pl.Series(starts).gather(pl.Series(run)) + pl.Series(second * 1e6).cast(pl.Duration("us")),
            "timer_s": second,
            "moving_s": (second > 0).astype(float),
            "distance_m": np.round(distance, 2),
            "speed_m_per_s": speed,
            "altitude_m": np.round(100 + 10 * np.sin(distance / 400) + rng.normal(0, 0.1, rows), 1),
            "heart_rate_bpm": np.round(145 + 12 * (base - 3) + rng.normal(0, 2, rows)),
            "cadence_spm": cadence,
            "step_length_m": np.round(speed * 60 / cadence, 3),
            "contact_time_s": np.round(0.25 - 0.02 * (base - 3) + rng.normal(0, 0.004, rows), 3),
            "vertical_oscillation_m": np.round(0.08 + rng.normal(0, 0.003, rows), 4),
            "temperature_c": np.round(np.repeat(rng.normal(12, 7, days.size), SECONDS_A_RUN)),
            "latitude_deg": -48.9 + np.round(distance / 1e5, 7),
            "longitude_deg": -123.4 + np.round(distance / 1e5, 7),
            "is_moving": second > 0,
        }
    )
    samples = measure_strides(measure_grade(_typed(Sample, frame)))
    activities = _typed(
        Activity,
        pl.DataFrame(
            {
                "athlete_id": "me",
                "activity_id": ids,
                "source_id": ids,
                "session_index": 0,
                "sport": "running",
                "device": "made up",
                "start_utc": starts,
                "utc_offset_s": 0,
                "local_date": [start.date() for start in starts],
                "elapsed_time_s": float(SECONDS_A_RUN),
                "timer_time_s": float(SECONDS_A_RUN),
                "distance_m": distance[SECONDS_A_RUN - 1 :: SECONDS_A_RUN],
                "richness": 0,
            }
        ),
    )
    return activities, samples


def _typed(schema: type[Sample | Activity], frame: pl.DataFrame) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype=column.dtype).alias(name)
        for name, column in schema.columns().items()
        if name not in frame.columns
    ]
    return schema.validate(frame.with_columns(missing).select(schema.column_names()), cast=True)


def _finish(warehouse: Warehouse, days: np.ndarray, rng: np.random.Generator) -> None:
    """The tables that look over all runs, drawn: their contents do not matter to the time of a query."""
    ids = [f"{number:016x}-0" for number in range(days.size)]
    speed = rng.normal(3.0, 0.1, days.size)
    efficiency = {
        "activity_id": ids,
        "run_type": "easy",
        "is_usable": True,
        "speed_at_reference_hr_m_per_s": speed,
        "bounded_speed_at_reference_hr_m_per_s": speed,
        "speed_at_reference_hr_se_m_per_s": 0.08,
        "heat_c": 2.0,
        "trimp": 80.0,
    }
    warehouse.append("run_efficiency", pl.DataFrame(efficiency))
    stride = {"activity_id": ids, "level_minutes": pl.Series([40] * days.size), "cadence_at_reference_speed_spm": 170.0}
    warehouse.append(
        "run_strides", pl.DataFrame({**stride, "contact_time_at_reference_speed_s": 0.25 - 0.01 * (speed - 3)})
    )
    dates = [FIRST + timedelta(days=day) for day in range(3650)]
    load = {
        "athlete_id": "me",
        "local_date": dates,
        "run_distance_m": 8000.0,
        "run_time_s": 2700.0,
        "ctl": 8.0,
        "atl": 8.0,
    }
    warehouse.append("daily_load", pl.DataFrame(load))
    lifting = dates[::3]
    sets = {
        "athlete_id": "me",
        "source_id": "s",
        "workout_id": [f"s-{day}" for day in lifting],
        "local_date": lifting,
        "set_index": 0,
        "hip_dose": 0.5,
        "log_kind": "written",
    }
    warehouse.append("strength_sets", pl.DataFrame(sets))
    span = {"athlete_id": ["me"], "first_date": [dates[0]], "last_date": [dates[-1]], "log_kind": ["written"]}
    warehouse.append("log_spans", pl.DataFrame(span))
    warehouse.remember({"tonight": dates[-1].isoformat()})
    warehouse.build_views()


def seconds_of(home: Home, query: str) -> float:
    """The least of nine askings over one connection."""
    connection = connect(home)
    taken = []
    for _ in range(9):
        begin = time.perf_counter()
        connection.execute(query).fetchall()
        taken.append(time.perf_counter() - begin)
    connection.close()
    return min(taken)


def main(folder: Path) -> None:
    """Build, ask, print."""
    (folder / "hipdrive.toml").touch()
    home = Home(folder)
    if not home.warehouse_file.is_file():
        home.data.mkdir(exist_ok=True)
        build(home)
    connection = connect(home)
    (count,) = connection.execute("SELECT count(*) FROM samples").fetchall()[0]
    connection.close()
    size_mb = home.warehouse_file.stat().st_size / 1e6
    print(f"{count:,} samples, {size_mb:.0f} MB, {size_mb / (count / 1e6):.1f} MB per million samples\n")
    print("| query | seconds |\n| --- | ---: |")
    for name, query in {**QUERIES, **FROM_SAMPLES}.items():
        print(f"| {name} | {seconds_of(home, query):.3f} |")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
