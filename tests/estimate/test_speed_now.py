"""The page's one number, by pencil; what it says of few, old and wild runs; whether its intervals hold what is true."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp, log, sqrt

import numpy as np
import polars as pl
import pytest
from scipy.stats import t as student

from hipdrive.estimate.neighbours import clip_to_neighbours
from hipdrive.estimate.speed_now import RecentSpeed, SpeedChange, SpeedNow, describe_speed_now, draw_speed_curve
from hipdrive.tables.run_history import SLOPES

TONIGHT = date(2026, 11, 15)
BEAT_SD = 0.003


def slopes(beat_sd: float = BEAT_SD, kind_sd: float = 0.03) -> pl.DataFrame:
    matrix = np.diag([beat_sd**2, kind_sd**2, kind_sd**2, kind_sd**2, 0.0015**2])
    return pl.DataFrame(
        {"slope": SLOPES, **{f"covariance_with_{name}": row for name, row in zip(SLOPES, matrix, strict=True)}}
    )


def runs(
    days_ago: list[int], speed: list[float] | float = 3.0, *, beats: float = 0.0, kind: str = "easy", **columns: object
) -> pl.DataFrame:
    several = speed if isinstance(speed, list) else [speed] * len(days_ago)
    return pl.DataFrame(
        {
            "local_date": [TONIGHT - timedelta(days=ago) for ago in days_ago],
            "run_type": kind,
            "is_usable": True,
            "bounded_speed_at_reference_hr_m_per_s": several,
            "heart_rate_above_reference_bpm": beats,
            "temperature_c": pl.Series([None] * len(days_ago), dtype=pl.Float64),
        }
    ).with_columns(**{name: pl.lit(value) for name, value in columns.items()})


def night(*parts: pl.DataFrame) -> RecentSpeed:
    return describe_speed_now(pl.concat(parts), slopes(), TONIGHT)


def now(*parts: pl.DataFrame) -> SpeedNow:
    found = night(*parts).now
    assert found is not None
    return found


def month(*parts: pl.DataFrame) -> SpeedChange:
    found = night(*parts).since_month
    assert found is not None
    return found


# The number


def test_the_number_is_the_mean_and_its_interval_that_of_the_method() -> None:
    logs = [log(3.0) + off for off in (-0.02, -0.01, 0.01, 0.02, 0.0)]
    found = now(runs([0, 5, 10, 20, 27], [exp(each) for each in logs], beats=4.0))
    variance = (6 * 0.06**2 + sum((each - log(3.0)) ** 2 for each in logs)) / (5 + 5)
    half = student.ppf(0.975, 10) * sqrt(1.15 * variance / 5 + (4 * BEAT_SD) ** 2)
    assert found.speed_m_per_s == pytest.approx(3.0)
    assert (found.lo_m_per_s, found.hi_m_per_s) == pytest.approx((3.0 * exp(-half), 3.0 * exp(half)))
    assert (found.runs, found.first_day, found.last_day) == (5, TONIGHT - timedelta(days=27), TONIGHT)
    assert (found.is_of_last_28_days, found.is_old) == (True, False)


def test_a_kind_is_as_unsure_as_its_offset() -> None:
    easy, hills = (now(runs([1, 2, 3, 4], kind=kind)) for kind in ("easy", "hills"))
    variance = 6 * 0.06**2 / 9
    half = student.ppf(0.975, 9) * sqrt(1.15 * variance / 4 + 0.03**2)
    assert hills.hi_m_per_s == pytest.approx(3.0 * exp(half))
    assert easy.hi_m_per_s < hills.hi_m_per_s


def test_six_ordinary_runs_are_known_within_6_to_11_percent() -> None:
    rng = np.random.default_rng(7)
    found = now(runs([1, 4, 8, 13, 19, 24], [3 * exp(off) for off in rng.normal(0, 0.06, 6)], beats=3.0))
    assert 0.05 < found.hi_m_per_s / found.speed_m_per_s - 1 < 0.11


def test_the_last_28_days_are_tonight_and_the_27_days_before() -> None:
    assert now(runs([0, 9, 18, 27])).runs == 4
    assert night(runs([0, 9, 18, 28])).now is None
    later = runs([-1], 9.0)  # a clock that runs ahead
    assert now(runs([0, 9, 18, 27]), later).speed_m_per_s == pytest.approx(3.0)


def test_with_fewer_the_newest_six_of_eight_weeks_speak() -> None:
    found = now(runs([0, 10, 20, 30, 40, 55]), runs([56, 57], 9.0))
    assert (found.runs, found.is_of_last_28_days, found.is_old) == (6, False, False)
    assert found.speed_m_per_s == pytest.approx(3.0)
    assert night(runs([0, 10, 20, 30, 40, 56])).now is None
    assert night(runs([0, 10, 20, 30, 40])).now is None


def test_a_number_whose_newest_run_is_older_than_28_days_is_old() -> None:
    assert not now(runs([27, 30, 35, 40, 45, 50])).is_old
    old = now(runs([528, 530, 535, 540, 545, 550]))
    assert (old.is_old, old.is_of_last_28_days) == (True, False)
    assert old.last_day == TONIGHT - timedelta(days=528)


def test_runs_that_do_not_count_do_not_speak() -> None:
    counted = runs([0, 5, 10, 15])
    assert now(counted, runs([1, 2], 9.0, is_usable=False)).runs == 4
    assert night(runs([])).now is None
    assert night(runs([])).since_month is None


# Its change


def test_the_change_is_that_of_the_means_with_the_scatter_of_all_spans() -> None:
    this, that = [0.02, 0.0, 0.02, 0.0], [-0.01, -0.03, -0.01, -0.03]
    older = [0.05, -0.05]
    found = month(
        runs([0, 7, 14, 21], [3 * exp(off) for off in this], beats=2.0),
        runs([28, 35, 42, 49], [3 * exp(off) for off in that], beats=-1.0),
        runs([120, 130], [3 * exp(off) for off in older]),
    )
    freedom = 10 - 3
    variance = (8 * 0.01**2 + 2 * 0.05**2) / freedom
    half = student.ppf(0.975, freedom) * sqrt(1.15 * variance * (1 / 4 + 1 / 4) + (3 * BEAT_SD) ** 2)
    expected = [exp(each) - 1 for each in (0.03, 0.03 - half, 0.03 + half)]
    assert (found.change.estimate, found.change.lo, found.change.hi) == pytest.approx(tuple(expected))
    assert (found.runs_now, found.runs_then, found.is_seen) == (4, 4, False)
    then = found.pace_then_s_per_km
    seconds = then / (1 + (found.change.estimate or 0)) - then
    assert seconds == pytest.approx(1000 / (3 * exp(0.01)) - 1000 / (3 * exp(-0.02)))


def test_a_year_ago_is_the_same_28_days_52_weeks_before() -> None:
    a_year = runs([364, 370, 380, 391], 2.8)
    found = night(runs([0, 5, 10, 27]), a_year)
    assert found.since_month is None
    assert found.since_year is not None
    assert found.since_year.change.estimate == pytest.approx(3.0 / 2.8 - 1)
    assert night(runs([0, 5, 10, 27]), runs([363, 370, 380, 391])).since_year is None


def test_three_runs_are_too_few_to_compare() -> None:
    assert night(runs([0, 5, 10, 15]), runs([28, 30, 40])).since_month is None
    assert night(runs([0, 5, 10]), runs([28, 30, 40, 50])).since_month is None


@pytest.mark.parametrize(("degrees", "told"), [(3.0, 3.0), (2.9, None), (-4.0, -4.0)])
def test_other_weather_is_told(degrees: float, told: float | None) -> None:
    found = month(runs([0, 5, 10, 15], temperature_c=15.0 + degrees), runs([28, 30, 40, 50], temperature_c=15.0))
    assert found.warmer_c == (None if told is None else pytest.approx(told))
    assert month(runs([0, 5, 10, 15], temperature_c=20.0), runs([28, 30, 40, 50])).warmer_c is None


def test_one_wild_run_moves_it_little() -> None:
    rng = np.random.default_rng(11)
    days = list(range(0, 110, 4))
    tame = [3 * exp(off) for off in rng.normal(0, 0.02, len(days))]
    wild = [9.0 if place == 2 else one for place, one in enumerate(tame)]
    before, after = now(runs(days, tame)), now(runs(days, wild))
    assert abs(after.speed_m_per_s / before.speed_m_per_s - 1) < 0.02


def test_the_order_of_rows_does_not_matter() -> None:
    table = runs(list(range(0, 100, 3)), [2.8 + (day % 7) / 20 for day in range(0, 100, 3)])
    assert night(table) == night(table.reverse()) == night(table.sample(fraction=1, shuffle=True, seed=1))


def test_the_curve_ends_at_the_number() -> None:
    table = runs(list(range(0, 100, 3)), [2.8 + (day % 7) / 20 for day in range(0, 100, 3)])
    sundays = [TONIGHT - timedelta(weeks=week) for week in range(20, -1, -1)]
    curve = draw_speed_curve(table, slopes(), sundays)
    number = now(table)
    assert curve.row(-1) == (TONIGHT, number.runs, number.speed_m_per_s, number.lo_m_per_s, number.hi_m_per_s)
    assert 10 < curve.height < 20
    assert curve["runs"].min() >= 4  # type: ignore[operator]


def test_the_change_is_held_by_its_interval() -> None:
    """Form wanders and runs scatter by 5 %: the true change of form lies inside 95 times in 100."""
    held = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        days = sorted(rng.choice(140, 80, replace=False).tolist())
        form = np.cumsum(rng.normal(0, 0.0025, 140))
        drawn = [3 * exp(form[day] + rng.normal(0, 0.05)) for day in days]
        change = night(runs(days, drawn)).since_month
        assert change is not None
        recent, before = ([form[day] for day in days if low <= day < low + 28] for low in (0, 28))
        truth = exp(float(np.mean(recent) - np.mean(before))) - 1
        held += (change.change.lo or 0) <= truth <= (change.change.hi or 0)
    assert 0.93 <= held / 300 <= 0.995


# Wild runs


def test_a_value_is_pulled_to_the_edge_of_what_its_neighbours_say() -> None:
    day = np.arange(0, 60, 3)
    values = np.where(np.arange(20) % 2 == 0, 1.01, 0.99)
    values[10] = 3.0
    clipped = clip_to_neighbours(day, values)
    assert clipped[10] < 1.1
    assert np.delete(clipped, 10) == pytest.approx(np.delete(values, 10))


def test_a_value_with_few_neighbours_stays() -> None:
    values = np.array([1.0, 3.0, 1.0, 1.0, 1.0])
    assert clip_to_neighbours(np.array([0, 3, 6, 9, 40]), values).tolist() == values.tolist()
