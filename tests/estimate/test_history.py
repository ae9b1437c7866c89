from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

from hipdrive.errors import BrokenContract
from hipdrive.estimate.history import History, independent_columns, read_history

if TYPE_CHECKING:
    from collections.abc import Callable


def history_of(weeks: pl.DataFrame) -> History:
    history = read_history(weeks)
    assert history is not None
    return history


def test_weeks_without_a_run_are_no_rows_but_keep_their_place(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(12).with_columns(
        pl.when(pl.col("week_start") == date(2023, 1, 16)).then(0).otherwise("runs").alias("runs"),
        *(
            pl.when(pl.col("week_start") != date(2023, 1, 16)).then(name).alias(name)
            for name in ("speed_at_reference_hr_m_per_s", "heat_c", "ctl", "atl", "acute_hip_dose")
        ),
    )
    history = history_of(weeks)
    assert history.week.tolist() == [0, 1, *range(3, 12)]
    assert history.calendar_weeks == 12
    assert history.outcome == pytest.approx(weeks["speed_at_reference_hr_m_per_s"].drop_nulls().log().to_numpy())


def test_a_missing_heat_takes_the_athletes_mean(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    history = history_of(draw_weeks(20, heat_c=[2.0, 4.0, None, *[3.0] * 17]))
    assert history.design[2, history.covariates.index("heat")] == pytest.approx((2 + 4 + 17 * 3) / 19)


def test_heat_never_known_is_no_covariate(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    history = history_of(draw_weeks(20).with_columns(heat_c=pl.lit(None, pl.Float64)))
    assert history.covariates == ("level", "trend", "chronic_load", "load_ratio", "acute_hip_dose")


def test_covariates_are_those_of_the_method(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(40)
    history = history_of(weeks)
    column = dict(zip(history.covariates, history.design.T, strict=True))
    assert column["level"] == pytest.approx(np.ones(40))
    assert column["trend"] == pytest.approx((np.arange(40) - 19.5) / 52)
    assert column["chronic_load"] == pytest.approx(np.log(weeks["ctl"].to_numpy()))
    assert column["load_ratio"] == pytest.approx(np.log((weeks["atl"] / weeks["ctl"]).to_numpy()))
    assert column["acute_hip_dose"] == pytest.approx(weeks["acute_hip_dose"].to_numpy())


@pytest.mark.parametrize(("weeks", "has_season"), [(77, False), (78, True)])
def test_season_enters_from_a_year_and_a_half(
    draw_weeks: Callable[..., pl.DataFrame], weeks: int, *, has_season: bool
) -> None:
    history = history_of(draw_weeks(weeks))
    assert ("season_sine" in history.covariates) is has_season
    if has_season:
        sine = history.design[:, history.covariates.index("season_sine")]
        assert sine[13] == pytest.approx(np.sin(2 * np.pi * 13 / 52.18))


def test_unknown_dose_is_not_zero_dose(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    known = [False] * 5 + [True] * 20 + [False] * 5
    history = history_of(draw_weeks(30, dose_known=known))
    assert history.first_week == date(2023, 1, 2) + timedelta(weeks=5)
    assert history.calendar_weeks == history.rows == 20
    assert history.dose.tolist() == [float(week // 9 % 2) for week in range(5, 25)]


def test_the_running_week_stays_out(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    assert history_of(draw_weeks(30, is_complete=[True] * 29 + [False])).calendar_weeks == 29


def test_a_hole_in_the_log_takes_the_mean_dose_and_no_row(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    history = history_of(draw_weeks(5, dose=[1.0, 0.0, None, 1.0, 1.0]))
    assert history.dose.tolist() == [1, 0, 0.75, 1, 1]
    assert history.week.tolist() == [0, 1, 3, 4]


def test_more_than_two_programmes_count_as_two(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    assert history_of(draw_weeks(4, dose=[0.0, 1.5, 2.5, 9.0])).dose.tolist() == [0, 1.5, 2, 2]


def test_no_known_week_is_no_history(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    assert read_history(draw_weeks(10, dose_known=[False] * 10)) is None
    assert read_history(draw_weeks(10).clear()) is None


def test_order_extra_columns_and_narrow_integers_do_not_matter(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    weeks = draw_weeks(30)
    other = weeks.sample(fraction=1, shuffle=True, seed=3).with_columns(
        pl.col("runs").cast(pl.UInt8), mood=pl.lit("good")
    )
    one, two = history_of(weeks), history_of(other)
    assert one.outcome.tolist() == two.outcome.tolist()
    assert one.runs.tolist() == two.runs.tolist()


def test_a_missing_column_and_a_repeated_week_are_named(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    with pytest.raises(BrokenContract, match="the column upper_dose is there"):
        read_history(draw_weeks(10).drop("upper_dose"))
    with pytest.raises(BrokenContract, match="each week stands once, of one athlete: 10 rows"):
        read_history(pl.concat([draw_weeks(10), draw_weeks(10)]))


def test_a_new_watch_is_a_step(draw_weeks: Callable[..., pl.DataFrame]) -> None:
    history = history_of(draw_weeks(6, device=["a", "a", None, "b", "b", "b"], gear=["x"] * 6))
    assert history.steps.T.tolist() == [[0, 0, 0, 1, 1, 1]]


def test_columns_that_repeat_others_are_left_out() -> None:
    one = np.ones(5)
    two = np.arange(5.0)
    assert independent_columns(np.column_stack([one, two, 3 * one - two, np.zeros(5), two**2])) == [0, 1, 4]
