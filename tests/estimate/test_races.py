from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from hipdrive.estimate.races import find_races, with_races, with_unwell_weeks

MONDAY = date(2024, 1, 1)
NO_DIARY = pl.DataFrame(schema={"local_date": pl.Date, "kind": pl.String})
NO_EFFORTS = pl.DataFrame(schema={"activity_id": pl.String, "target_m": pl.Float64, "time_s": pl.Float64})


def weeks(count: int) -> pl.DataFrame:
    return pl.DataFrame({"week_start": [MONDAY + timedelta(weeks=week) for week in range(count)]})


def races_in(*week: int) -> pl.DataFrame:
    days = [MONDAY + timedelta(weeks=one, days=6) for one in week]
    return pl.DataFrame(
        {"local_date": days, "is_counted": True}, schema={"local_date": pl.Date, "is_counted": pl.Boolean}
    )


def column(name: str, count: int, *race_weeks: int) -> list[float]:
    return with_races(weeks(count), races_in(*race_weeks))[name].to_list()


def test_the_ramp_rises_from_the_week_after_a_race_to_the_next() -> None:
    ramp = column("race_ramp", 12, 3, 9)
    assert ramp[3] == ramp[9] == 1
    assert ramp[4:10] == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ramp[10:] == [0, 0]


def test_before_the_first_race_and_after_a_long_pause_it_is_24_weeks_long() -> None:
    ramp = column("race_ramp", 80, 30, 70)
    assert ramp[:7] == [0] * 7
    assert ramp[6] == 0
    assert ramp[18] == pytest.approx(0.5)
    assert ramp[31:47] == [0] * 16
    assert ramp[58] == pytest.approx(0.5)


def test_a_race_told_for_the_future_lies_ahead() -> None:
    assert column("race_ramp", 10, 2, 14)[9] == pytest.approx(1 - 5 / 11)
    assert column("race_taper", 10, 2, 11)[9] == 1


def test_the_late_ramp_is_what_lies_above_one_half_doubled() -> None:
    ramp, late = column("race_ramp", 12, 3, 9), column("race_late_ramp", 12, 3, 9)
    assert late == pytest.approx([max(0.0, one - 0.5) * 2 for one in ramp])


def test_taper_and_recovery_are_the_weeks_round_a_race() -> None:
    assert column("race_taper", 10, 5) == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0]
    assert column("race_recovery", 10, 5) == [0, 0, 0, 0, 0, 0, 1, 1, 0, 0]


def test_races_of_one_week_and_of_neighbouring_weeks() -> None:
    assert column("race_ramp", 8, 4, 5)[4:6] == [1, 1]
    twice = pl.concat([races_in(4), races_in(4)])
    assert with_races(weeks(8), twice).equals(with_races(weeks(8), races_in(4)))


def test_without_a_race_all_is_nothing() -> None:
    told = with_races(weeks(5), races_in())
    assert told.select(pl.sum_horizontal(pl.exclude("week_start").sum())).item() == 0


def runs(*rows: tuple[int, float, str, float]) -> pl.DataFrame:
    """(day, kilometres, type, pace) of each run."""
    return pl.DataFrame(
        [
            {
                "activity_id": f"r{day}",
                "local_date": MONDAY + timedelta(days=day),
                "distance_m": 1000 * km,
                "run_type": kind,
                "grade_adjusted_pace_s_per_km": pace,
            }
            for day, km, kind, pace in rows
        ],
        schema_overrides={"grade_adjusted_pace_s_per_km": pl.Float64},
    )


def efforts(*rows: tuple[int, float, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [{"activity_id": f"r{day}", "target_m": target, "time_s": time} for day, target, time in rows],
        schema=NO_EFFORTS.schema,
    )


def test_a_diary_line_is_a_race_run_or_not_yet_run() -> None:
    diary = pl.DataFrame({"local_date": [MONDAY, date(2027, 4, 18)], "kind": ["race", "race"]})
    found = find_races(diary, runs((0, 5, "easy", 300), (0, 10, "race", 240)), NO_EFFORTS)
    assert found["local_date"].to_list() == [MONDAY, date(2027, 4, 18)]
    assert found["activity_id"].to_list() == ["r0", None]
    assert found["is_counted"].all()


TRAINING = [(day, 10.0, "easy", 330.0) for day in range(1, 200, 3)]


def test_a_hard_run_of_a_races_distance_that_stands_out_counts_near_the_seasons_best() -> None:
    history = runs(*TRAINING, (100, 10.1, "tempo", 250))
    (race,) = find_races(NO_DIARY, history, efforts((100, 10_000, 2500), (40, 10_000, 2480))).rows(named=True)
    assert (race["activity_id"], race["origin"], race["is_counted"]) == ("r100", "run", True)


@pytest.mark.parametrize(("best_s", "counted"), [(2464.0, 1), (2462.0, 0)], ids=["1.46 % off the best", "1.54 % off"])
def test_further_off_the_best_it_is_only_asked_about(best_s: float, counted: int) -> None:
    history = runs(*TRAINING, (100, 10.1, "tempo", 250))
    (race,) = find_races(NO_DIARY, history, efforts((100, 10_000, 2500), (40, 10_000, best_s))).rows(named=True)
    assert race["is_counted"] == counted


@pytest.mark.parametrize("race_km", [5.0, 10.0, 21.0975, 42.195])
@pytest.mark.parametrize(("times", "is_race"), [(0.969, False), (0.971, True), (1.029, True), (1.031, False)])
def test_a_race_s_distance_is_told_to_three_in_a_hundred(race_km: float, times: float, *, is_race: bool) -> None:
    assert find_races(NO_DIARY, runs((100, times * race_km, "race", 250)), NO_EFFORTS).height == is_race


@pytest.mark.parametrize(("day", "km", "stands_out"), [(128, 5.0, False), (129, 5.0, True), (128, 4.9, True)])
def test_a_race_is_faster_than_all_of_half_its_length_for_four_weeks(day: int, km: float, *, stands_out: bool) -> None:
    history = runs((100, 10.0, "race", 250), (day, km, "easy", 240))
    assert find_races(NO_DIARY, history, NO_EFFORTS).height == stands_out


@pytest.mark.parametrize(("day", "counted"), [(100 + 182, 0), (100 + 183, 1), (101, 0)])
def test_the_season_is_half_a_year_on_either_side(day: int, counted: int) -> None:
    history = runs((100, 10.0, "race", 250), (day, 20.0, "easy", 330))
    (race,) = find_races(NO_DIARY, history, efforts((100, 10_000, 2500), (day, 10_000, 2400))).rows(named=True)
    assert race["is_counted"] == counted


@pytest.mark.parametrize(
    "extra",
    [
        [(100, 10.1, "easy", 250.0)],  # not hard
        [(100, 8.0, "tempo", 250.0)],  # no race's distance
        [(100, 10.1, "tempo", 250.0), (110, 6.0, "tempo", 240.0)],  # another was faster within four weeks
    ],
)
def test_what_does_not_look_like_a_race_is_not_asked_about(extra: list[tuple[int, float, str, float]]) -> None:
    assert find_races(NO_DIARY, runs(*TRAINING, *extra), efforts((100, 10_000, 2500))).is_empty()


def test_a_weekly_hard_ten_kilometres_is_no_race_each_week() -> None:
    pace = dict(zip(range(0, 364, 7), np.random.default_rng(1).normal(260, 5, 52).tolist(), strict=True))
    weekly = runs(*((day, 10.0, "tempo", one) for day, one in pace.items()))
    found = find_races(NO_DIARY, weekly, efforts(*((day, 10_000, 10 * one) for day, one in pace.items())))
    assert found.height <= 8
    assert found["is_counted"].sum() <= 5


def test_a_told_run_is_not_asked_about_again() -> None:
    diary = pl.DataFrame({"local_date": [MONDAY + timedelta(days=100)], "kind": ["race"]})
    found = find_races(diary, runs(*TRAINING, (100, 10.1, "tempo", 250)), efforts((100, 10_000, 2500)))
    assert found["origin"].to_list() == ["diary"]


def test_illness_and_injury_mark_their_week_and_the_next() -> None:
    diary = pl.DataFrame(
        {
            "local_date": [MONDAY + timedelta(days=16), MONDAY + timedelta(days=50), MONDAY],
            "kind": ["illness", "injury", "note"],
        }
    )
    marked = with_unwell_weeks(weeks(10), diary)["is_unwell"].to_list()
    assert [week for week, is_unwell in enumerate(marked) if is_unwell] == [2, 3, 7, 8]
    assert not with_unwell_weeks(weeks(3), NO_DIARY)["is_unwell"].any()
