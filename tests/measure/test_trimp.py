"""Training impulse: by pencil, scaled to the whole run, silent where the heart is not known."""

from __future__ import annotations

from math import exp

import polars as pl
import pytest

from hipdrive.measure.trimp import measure_trimp
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.weeks import AthleteSetting
from tests.makers.runs import activities, athlete_setting, run_row, typed, window_rows


def trimp(
    windows: list[dict[str, object]], *, moving_time_s: float = 3600.0, highest: float = 175.0, **setting: float | str
) -> float | None:
    found = measure_trimp(
        activities(),
        typed(RunMeasure, [run_row(moving_time_s=moving_time_s)]),
        typed(RunWindow, windows),
        pl.DataFrame({"athlete_id": ["me"], "highest_hr_bpm": [highest]}),
        typed(AthleteSetting, [{**athlete_setting(), **setting}]),
    )
    return found["trimp"].item() if found.height else None


def test_an_hour_at_150_for_one_between_60_and_190_is_100() -> None:
    share = (150 - 60) / (190 - 60)
    by_pencil = 60 * share * 0.64 * exp(1.92 * share)
    assert by_pencil == pytest.approx(100.4, abs=0.1)
    assert trimp(window_rows(60, first=0), max_heart_rate_bpm=190.0) == pytest.approx(by_pencil)


def test_the_other_curve() -> None:
    share = (150 - 60) / (190 - 60)
    found = trimp(window_rows(60, first=0), max_heart_rate_bpm=190.0, trimp_weighting="female")
    assert found == pytest.approx(60 * share * 0.86 * exp(1.67 * share))


def test_without_a_setting_the_highest_minute_is_the_maximum() -> None:
    windows = window_rows(60, first=0)
    assert trimp(windows, highest=175.0) == pytest.approx(trimp(windows, max_heart_rate_bpm=175.0))


def test_minutes_without_a_heart_rate_are_taken_to_be_like_the_others() -> None:
    known, unknown = window_rows(40, first=0), window_rows(20, first=40, heart_rate_bpm=None)
    assert trimp([*known, *unknown]) == pytest.approx(trimp(window_rows(60, first=0)))


def test_under_half_of_the_run_there_is_none() -> None:
    assert trimp(window_rows(29, first=0)) is None
    assert trimp(window_rows(30, first=0)) is not None


def test_no_beat_below_rest_and_none_above_the_maximum_counts_more() -> None:
    assert trimp(window_rows(60, first=0, heart_rate_bpm=50.0)) == 0
    assert trimp(window_rows(60, first=0, heart_rate_bpm=200.0)) == pytest.approx(60 * 0.64 * exp(1.92))
