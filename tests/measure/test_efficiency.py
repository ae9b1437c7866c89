"""Speed at reference heart rate, held to the five steps of the method with numbers done by hand."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hipdrive.measure.efficiency import measure_efficiency
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from hipdrive.tables.weeks import AthleteSetting
from tests.makers.run_history import Athlete, efficiency
from tests.makers.runs import Row, activities, typed, window_rows

PRIOR_SLOPE = 0.008
SIGMA = 0.03


def speeds(*athletes: Athlete) -> dict[str, float | None]:
    found = efficiency(*athletes).runs
    return dict(found.select("activity_id", "speed_at_reference_hr_m_per_s").iter_rows())


def why_not(me: Athlete) -> list[str | None]:
    return efficiency(me).runs["unusable_reason"].to_list()


# Which runs enter


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({}, None),
        ({"minutes": 15}, None),
        ({"minutes": 14}, "fewer than 15 usable minutes after the first ten"),
        ({"run": {"heart_rate_bpm": None, "known_heart_rate_s": 0.0}}, "no heart rate"),
        (
            {"run": {"heart_rate_bpm": None, "known_heart_rate_s": 1499.0}},
            "heart rate for less than half of the moving time",
        ),
        (
            {"run": {"heart_rate_bpm": None, "known_heart_rate_s": 1000.0, "masked_heart_rate_s": 1900.0}},
            "no heart rate that can be believed",
        ),
        (
            {"run": {"known_speed_s": 0.0}},
            "no speed: its records hold no distance, no positions and no speed",
        ),
        ({"run": {"samples": 0}}, "no records: only totals are known"),
        ({"run": {"moving_time_s": 0.0, "heart_rate_bpm": None}}, "nobody moved in it"),
        ({"sub_sport": "treadmill"}, "treadmill: the speed is a guess and the ground has no grade"),
        ({"duplicate_of": "x-0"}, "recorded twice; another recording is kept"),
        (
            {"duplicate_of": "x-0", "sub_sport": "treadmill", "minutes": 1},
            "recorded twice; another recording is kept",
        ),
    ],
)
def test_why_a_run_does_not_enter(columns: dict[str, object], reason: str | None) -> None:
    me = Athlete()
    me.run(0, **columns)  # type: ignore[arg-type]
    (row,) = efficiency(me).runs.iter_rows(named=True)
    assert (row["unusable_reason"], row["is_usable"]) == (reason, reason is None)
    assert (row["speed_at_reference_hr_m_per_s"] is None) == (reason is not None)


def test_windows_that_are_not_usable_say_nothing() -> None:
    me = Athlete()
    name = me.run(0)
    me.windows += window_rows(
        5, first=40, activity_id=name, graded_speed_m_per_s=9.0, heart_rate_bpm=60.0, is_usable=False
    )
    found = efficiency(me)
    assert found.runs["speed_at_reference_hr_m_per_s"].to_list() == pytest.approx([3.0])
    assert found.athletes["reference_hr_bpm"].to_list() == [150.0]


# The steps


def test_one_run_is_brought_to_the_reference_by_its_own_heart_rate() -> None:
    """Y is the mean log speed of the windows; with one run H is 0 and nothing is taken off."""
    me = Athlete()
    name = me.run(0)
    me.windows = list[Row]()
    me.windows += window_rows(16, activity_id=name, graded_speed_m_per_s=[2.0, 4.0] * 8)
    assert speeds(me)[name] == pytest.approx(exp((log(2) + log(4)) / 2))


def test_the_reference_is_the_median_over_all_usable_windows_of_usable_runs() -> None:
    me = Athlete()
    me.run(0, heart=140.0, minutes=15)
    me.run(1, heart=150.0, minutes=20)
    me.run(2, heart=160.0, minutes=15)
    me.run(3, heart=190.0, minutes=14)
    assert efficiency(me).athletes["reference_hr_bpm"].to_list() == [150.0]


def test_two_runs_a_week_apart_tell_no_slope_so_the_prior_s_is_used() -> None:
    me = Athlete()
    first, second = me.run(0, 3.0, 145.0), me.run(7, 3.0, 155.0)
    found = speeds(me)
    assert efficiency(me).athletes["hr_slope_per_bpm"].to_list() == pytest.approx([PRIOR_SLOPE])
    assert found[first] == pytest.approx(3.0 * exp(-PRIOR_SLOPE * (145 - 150)))
    assert found[second] == pytest.approx(3.0 * exp(-PRIOR_SLOPE * (155 - 150)))


def drawn_to_the_prior(seen: float, squares: float, sd: float, centre: float = 0.0, sigma: float = SIGMA) -> float:
    """One slope alone: what the runs say, drawn to the centre by so much as the prior weighs."""
    return centre + squares * (seen - centre) / (squares + (sigma / sd) ** 2)


def test_the_slope_is_fitted_within_the_week_and_drawn_to_the_prior() -> None:
    me = Athlete()
    me.run(0, 3.0 * exp(-0.010 * 3), 147.0)
    me.run(2, 3.0 * exp(+0.010 * 3), 153.0)
    fitted = drawn_to_the_prior(0.010, 2 * 3 * 3, sd=0.003, centre=PRIOR_SLOPE)
    found = efficiency(me)
    assert found.athletes["hr_slope_per_bpm"].to_list() == pytest.approx([fitted])
    brought = [3.0 * exp((0.010 - fitted) * beats) for beats in (-3, 3)]
    assert found.runs["speed_at_reference_hr_m_per_s"].to_list() == pytest.approx(brought)


def test_an_ordinary_first_fortnight_gives_ordinary_speeds() -> None:
    """2.8 m/s at 150 bpm and 3.0 at 151 are no slope of 7 % a beat: the third run, 2.5 at 130, is one of 2.4 to 3.1."""
    me = Athlete()
    me.run(0, 2.8, 150.0)
    me.run(2, 3.0, 151.0)
    easy = me.run(4, 2.5, 130.0)
    found = efficiency(me)
    assert 2.4 < (speeds(me)[easy] or 0) < 3.1
    assert 0.004 < found.athletes["hr_slope_per_bpm"].item() < 0.015
    assert found.runs["speed_at_reference_hr_se_m_per_s"].null_count() == 0


@settings(max_examples=20)
@given(gains=st.lists(st.floats(-0.3, 0.3), min_size=4, max_size=4))
def test_what_moves_from_week_to_week_moves_no_slope(gains: list[float]) -> None:
    """A block of strength work that makes every run of its weeks faster must not leak into the correction."""
    plain, gained = Athlete(), Athlete()
    for week, gain in enumerate(gains):
        for day, beats in ((0, -8), (2, 3), (5, 6)):
            speed = 3.0 * exp(0.006 * beats)
            plain.run(7 * week + day, speed, 150 + beats)
            gained.run(7 * week + day, speed * exp(gain), 150 + beats)
    slope, same = (efficiency(one).athletes["hr_slope_per_bpm"].item() for one in (plain, gained))
    assert same == pytest.approx(slope)
    before, after = speeds(plain), speeds(gained)
    weeks = {str(row["activity_id"]): index // 3 for index, row in enumerate(plain.activities)}
    assert after == pytest.approx({name: speed * exp(gains[weeks[name]]) for name, speed in before.items() if speed})


def test_a_week_begins_on_a_monday() -> None:
    within, across = Athlete(), Athlete()
    for athlete, days in ((within, (0, 6)), (across, (6, 7))):
        athlete.run(days[0], 3.0 * exp(-0.1), 145.0)
        athlete.run(days[1], 3.0 * exp(0.1), 155.0)
    assert efficiency(within).athletes["hr_slope_per_bpm"].item() > PRIOR_SLOPE + 0.0005
    assert efficiency(across).athletes["hr_slope_per_bpm"].item() == pytest.approx(PRIOR_SLOPE)


def test_the_offset_of_a_type_is_taken_off_and_shrunk() -> None:
    """Within one week an easy and a long run 10 % apart: z'z = 1/2, and the prior weighs as much as a run.

    A scatter of 0.03 draws the offset to -0.1/3; what it leaves, 1/30 each, makes it the robust 1.4826 x √2/30.
    """
    me = Athlete()
    me.run_hard_once()
    easy = me.run(0, 3.0)
    long = me.run(2, 3.0 * exp(-0.1), run={"moving_time_s": 6000.0})
    assert efficiency(me).runs["run_type"].to_list() == ["tempo", "easy", "long"]
    offset = drawn_to_the_prior(-0.1, 0.5, sd=0.03, sigma=1.4826 * sqrt(2) / 30)
    found = speeds(me)
    assert (found[easy], found[long]) == pytest.approx((3.0, 3.0 * exp(-0.1 - offset)))


def test_hills_count_as_intervals() -> None:
    me = Athlete()
    me.run_hard_once()
    easy = me.run(0, 3.0)
    hilly = me.run(2, 3.0 * exp(0.1), run={"ascent_m": 400.0})
    assert efficiency(me).runs["run_type"].to_list() == ["tempo", "easy", "hills"]
    offset = drawn_to_the_prior(0.1, 0.5, sd=0.03, sigma=1.4826 * sqrt(2) / 30)
    found = speeds(me)
    assert (found[easy], found[hilly]) == pytest.approx((3.0, 3.0 * exp(0.1 - offset)))


def test_heat_is_told_and_not_taken_out() -> None:
    me = Athlete()
    cool = me.run(0, temperature=8.0)
    warm = me.run(7, temperature=[6.0, 22.0] * 10)
    found = efficiency(me).runs
    # The clipped mean of the run, not the mean of its clipped minutes, which would be 6.
    assert found["heat_c"].to_list() == pytest.approx([0.0, (6 + 22) / 2 - 10])
    assert speeds(me) == pytest.approx({cool: 3.0, warm: 3.0})


def test_heat_within_a_week_is_not_mistaken_for_heart_rate() -> None:
    """Slower at 5 bpm more, in the heat: who does not know the heat reads a beat as worth less."""

    def slope(*, is_known: bool) -> float:
        me = Athlete()
        for week in range(12):
            heat = 10.0 + week % 3
            temperatures = (10.0, 10.0 + heat, 10.0) if is_known else (None, None, None)
            me.run(7 * week, 3.0, 150.0, temperature=temperatures[0])
            me.run(7 * week + 2, 3.0 * exp(0.01 * 5 - 0.004 * heat), 155.0, temperature=temperatures[1])
            me.run(7 * week + 4, 3.0 * exp(-0.01 * 4), 146.0, temperature=temperatures[2])
        return float(efficiency(me).athletes["hr_slope_per_bpm"].item())

    assert slope(is_known=False) + 0.002 < slope(is_known=True) < 0.0105


def test_a_run_without_a_temperature_counts_as_one_of_the_mean_heat() -> None:
    me = Athlete()
    me.run(0, temperature=12.0)
    me.run(1, temperature=None)
    me.run(2, temperature=16.0)
    assert efficiency(me).runs["heat_c"].to_list() == [2, None, 6]
    assert [speed is not None for speed in speeds(me).values()] == [True] * 3


def test_the_level_of_an_athlete_is_the_median_run() -> None:
    me = Athlete()
    for week, speed in enumerate([2.9, 3.0, 3.4]):
        me.run(7 * week, speed)
    assert efficiency(me).athletes["reference_speed_m_per_s"].item() == pytest.approx(3.0)


def test_athletes_do_not_share_a_fit() -> None:
    me, anna = Athlete(), Athlete("anna")
    for day in (0, 2):
        me.run(day, 3.0 * exp(0.02 * day), 150.0 + 2 * day)
        anna.run(day, 4.0 * exp(-0.01 * day), 170.0 + day)
    together, alone = efficiency(me, anna), [efficiency(anna), efficiency(me)]
    assert_frame_equal(together.athletes, pl.concat([one.athletes for one in alone]))
    assert_frame_equal(together.runs, pl.concat([one.runs for one in alone]))


# How sure


def test_the_error_of_a_run_is_the_scatter_about_its_week_and_what_is_usual() -> None:
    """Twenty weeks of two runs, 2 % above and below their week: 40 runs less 20 weeks, and six runs' worth of 6 %."""
    me = Athlete()
    for week in range(20):
        me.run(7 * week, 3.0 * exp(0.02))
        me.run(7 * week + 2, 3.0 * exp(-0.02))
    found = efficiency(me)
    scatter = sqrt((6 * 0.06**2 + 40 * 0.02**2) / (6 + 40 - 20))
    assert found.athletes["run_scatter_fraction"].item() == pytest.approx(scatter)
    speed, error = (found.runs[name] for name in ("speed_at_reference_hr_m_per_s", "speed_at_reference_hr_se_m_per_s"))
    assert (error / speed).to_list() == pytest.approx([scatter] * 40)


def test_a_run_far_from_the_reference_heart_rate_is_less_sure() -> None:
    rng = np.random.default_rng(2)
    me = Athlete()
    for week in range(20):
        for day in (0, 2, 4):
            beats = float(rng.normal(0, 3)) if (week, day) != (10, 2) else 25.0
            me.run(7 * week + day, 3.0 * exp(0.008 * beats + float(rng.normal(0, 0.03))), 150.0 + beats)
    found = efficiency(me).runs
    relative = found["speed_at_reference_hr_se_m_per_s"] / found["bounded_speed_at_reference_hr_m_per_s"]
    assert found["heart_rate_above_reference_bpm"].arg_max() == relative.arg_max()


def test_the_first_run_has_a_speed_and_an_error() -> None:
    me = Athlete()
    me.run(0)
    found = efficiency(me).runs
    assert found["speed_at_reference_hr_m_per_s"].to_list() == pytest.approx([3.0])
    assert found["speed_at_reference_hr_se_m_per_s"].to_list() == pytest.approx([3.0 * 0.06])


def test_a_run_whose_distance_leaps_does_not_enter() -> None:
    me = Athlete()
    me.run(0, run={"jump_distance_m": 501.0})
    me.run(1, run={"jump_distance_m": 500.0})
    assert why_not(me) == ["the distance leaps: more than a twentieth of it was gained faster than anybody runs", None]


def test_the_highest_minute_is_told() -> None:
    me = Athlete()
    me.run(0, heart=150.0)
    me.run(1, heart=171.0)
    assert efficiency(me).athletes["highest_hr_bpm"].item() == 171


# Whatever the order


@settings(max_examples=15)
@given(
    drawn=st.lists(st.tuples(st.integers(0, 40), st.floats(2.5, 4.0), st.floats(130, 175)), min_size=1, max_size=12),
    shuffled=st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(drawn: list[tuple[int, float, float]], shuffled: object) -> None:
    me = Athlete()
    for day, speed, heart in drawn:
        me.run(day, speed, heart)
    here = efficiency(me)
    for rows in (me.activities, me.runs, me.windows):
        shuffled.shuffle(rows)  # type: ignore[attr-defined]
    there = efficiency(me)
    assert_frame_equal(there.runs, here.runs)
    assert_frame_equal(there.athletes, here.athletes)


@settings(max_examples=10)
@given(weeks=st.integers(-300, 300))
def test_a_shift_of_whole_weeks_changes_nothing(weeks: int) -> None:
    here, there = Athlete(), Athlete()
    for day, speed, heart in ((0, 3.0, 150.0), (1, 3.2, 158.0), (6, 2.9, 149.0), (7, 3.1, 151.0)):
        here.run(day, speed, heart)
        there.run(day + 7 * weeks, speed, heart)
    assert speeds(here) == pytest.approx(speeds(there))


def test_nobody_s_runs_are_empty_tables() -> None:
    nothing = typed(RunMeasure, []), typed(RunWindow, []), DiaryLine.create_empty(), typed(AthleteSetting, [])
    found = measure_efficiency(activities().clear(), *nothing)
    assert found.runs.is_empty()
    assert found.athletes.is_empty()


def test_an_athlete_without_a_usable_run_has_no_level() -> None:
    me = Athlete()
    me.run(0, minutes=3)
    assert efficiency(me).athletes.is_empty()
    assert why_not(me) == ["fewer than 15 usable minutes after the first ten"]
