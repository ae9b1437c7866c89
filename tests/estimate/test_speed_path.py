"""The curve of the page's number: it meets the number, breaks at gaps and ends with its data."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from hipdrive.estimate.readiness import measure_readiness
from hipdrive.estimate.speed_path import follow_speed
from hipdrive.tables.run_history import SLOPES

TONIGHT = date(2026, 11, 18)
FLAT = pl.DataFrame(
    {"slope": list(SLOPES), "per_unit": [0.008, 0.0, 0.0, 0.0, -0.002]}
    | {f"covariance_with_{name}": [1e-6] * len(SLOPES) for name in SLOPES}
)


def _runs(days_ago: list[int], error: float = 0.15) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "local_date": [TONIGHT - timedelta(days=days) for days in days_ago],
            "run_type": ["easy"] * len(days_ago),
            "is_usable": [True] * len(days_ago),
            "bounded_speed_at_reference_hr_m_per_s": [3.0 + 0.01 * (days % 5) for days in days_ago],
            "speed_at_reference_hr_se_m_per_s": [error] * len(days_ago),
            "heart_rate_above_reference_bpm": [0.0] * len(days_ago),
            "temperature_c": [12.0] * len(days_ago),
        }
    )


def test_the_last_point_of_the_curve_is_the_number() -> None:
    path = follow_speed(_runs(list(range(0, 200, 3))), FLAT, TONIGHT)
    assert path is not None
    assert path.recent.now is not None
    assert path.curve["day"][-1] == TONIGHT
    assert path.curve["pace_s_per_km"][-1] == pytest.approx(path.recent.now.pace_s_per_km)


def test_the_curve_ends_where_its_data_end() -> None:
    path = follow_speed(_runs(list(range(100, 300, 3))), FLAT, TONIGHT)
    assert path is not None
    assert path.curve["day"].max() <= TONIGHT - timedelta(days=100)  # type: ignore[operator]
    assert path.recent.now is not None
    assert path.recent.now.is_old


def test_a_gap_parts_two_stretches_and_two_points_make_no_line() -> None:
    path = follow_speed(_runs([*range(0, 80, 3), *range(200, 300, 3), *range(500, 512, 3)]), FLAT, TONIGHT)
    assert path is not None
    sizes = path.curve.group_by("stretch").len()
    assert sizes.height >= 2
    assert sizes["len"].min() >= 3  # type: ignore[operator]


def test_a_run_alone_keeps_its_dot_and_loses_too_wide_a_bar() -> None:
    path = follow_speed(_runs([3], error=0.9), FLAT, TONIGHT)
    assert path is not None
    assert path.curve.is_empty()
    assert path.runs["pace_s_per_km"].null_count() == 0
    assert path.runs["faster_s_per_km"].null_count() == 1


def test_without_a_usable_run_there_is_no_path() -> None:
    assert follow_speed(_runs([3]).with_columns(is_usable=False), FLAT, TONIGHT) is None
    assert follow_speed(_runs([3]), FLAT.clear(), TONIGHT) is None


def _weeks(count: int, runs: int, until: date = TONIGHT) -> pl.DataFrame:
    monday = until - timedelta(days=until.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(count, 0, -1)]
    return pl.DataFrame(
        {
            "week_start": starts,
            "is_complete": [True] * count,
            "dose_known": [True] * count,
            "runs": [runs] * count,
            "runs_all": [runs] * count,
        }
    )


def test_what_is_left_to_go_is_the_longest_of_what_is_missing() -> None:
    readiness = measure_readiness(_weeks(4, 1), None, TONIGHT)
    assert (readiness.weeks, readiness.runs, readiness.changes) == (4, 4, 0)
    assert readiness.weeks_to_go == 56  # 56 runs at one a week


def test_a_record_that_stopped_has_no_date() -> None:
    assert measure_readiness(_weeks(4, 3, TONIGHT - timedelta(days=90)), None, TONIGHT).weeks_to_go is None
