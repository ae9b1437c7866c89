"""What of several logs counts: each case is drawn as exports of one history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import polars as pl
import pytest

from hipdrive.measure.strength_overlap import find_overlaps
from hipdrive.tables.strength import TidyStrengthSet
from tests.makers.strength_exports import FIVE, HIPS, MADE, at, counts, grown, log, once, standing, twice_a_week
from tests.makers.strength_histories import ASet, Workout, as_tables


def test_a_phone_abroad_makes_no_second_history() -> None:
    history = twice_a_week(4)
    abroad = log("b", "strong", history, "America/New_York")
    assert counts(log("a", "strong", history[:6]), abroad) == once(history)


def test_two_apps_of_one_day_count_once() -> None:
    history = twice_a_week(4)
    later = [replace(one, start=one.start + timedelta(minutes=3)) for one in history]
    assert counts(log("a", "strong", history), log("b", "hevy", later)) == once(history)


def test_one_workout_under_two_clocks_of_one_day_counts_once() -> None:
    one = [Workout(0, at(0, 10), HIPS)]
    assert counts(log("a", "lyfta", one, "UTC"), log("b", "strong", one, "Asia/Kolkata")) == {0: 1}


@pytest.mark.parametrize(("minutes", "times"), [(45, 1), (46, 2)])
def test_across_midnight_a_workout_is_one_up_to_three_quarters_of_an_hour_apart(minutes: int, times: int) -> None:
    before = Workout(0, at(0, 22, 40), HIPS)  # 23:40 in Berlin
    after = replace(before, start=before.start + timedelta(minutes=minutes))
    assert counts(log("a", "strong", [before]), log("b", "hevy", [after])) == {0: times}


@pytest.mark.parametrize(("shared", "times"), [(2, 1), (1, 2)])
def test_at_one_time_half_of_the_sets_make_a_match(shared: int, times: int) -> None:
    sets = tuple(ASet(name, 10, 50.0) for name in ("hip_thrust", "rdl", "lunge", "leg_press"))
    edited = (*sets[:shared], *(replace(one, reps=6) for one in sets[shared:]))
    before, after = Workout(0, at(0, 22, 40), sets), Workout(0, at(0, 23, 10), edited)  # 23:40 and 0:10 in Berlin
    assert counts(log("a", "strong", [before]), log("b", "hevy", [after])) == {0: times}


def test_the_same_minute_alone_is_no_match() -> None:
    other = (ASet("bench_press", 8, 50.0), ASet("pull_up", 6, None))
    logs = log("a", "strong", [Workout(0, at(0, 17), HIPS)]), log("b", "hevy", [Workout(1, at(0, 17), other)])
    assert counts(*logs) == {0: 1, 1: 1}


@pytest.mark.parametrize("apps", [("strong", "strong"), ("strong", "hevy"), (None, None)])
@pytest.mark.parametrize("hours", [(17, 17), (17, 6), (6, 20), (22, 1)])
@pytest.mark.parametrize("jitter_s", [0, 30, 1800])
def test_equal_sessions_by_turns_in_two_files_all_count(
    apps: tuple[str | None, str | None], hours: tuple[int, int], jitter_s: int
) -> None:
    draw = Random(3)  # noqa: S311  made up
    days = [
        Workout(day, at(day, hours[day % 2]) + timedelta(seconds=draw.uniform(-jitter_s, jitter_s)), FIVE)
        for day in range(60)
    ]
    first, second = (log(name, app, days[turn::2], "UTC") for name, app, turn in zip("ab", apps, (0, 1), strict=True))
    assert counts(replace(first, home="UTC"), replace(second, home="UTC")) == once(days)


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Sydney", "Asia/Tokyo"])
@pytest.mark.parametrize("hour", [5, 12, 22])
def test_a_year_between_two_zones_with_daylight_saving_is_one_history(zone: str, hour: int) -> None:
    history = grown(52, hour)
    assert counts(log("a", "strong", history[:70]), log("b", "strong", history, zone)) == once(history)
    assert counts(log("a", "hevy", history), log("b", "strong", history, zone)) == once(history)


@pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Australia/Sydney"])
def test_offsets_that_summer_time_adds_are_evidence_together(zone: str) -> None:
    """From winter to summer clocks move apart by an hour and a half or by two, and under neither is half of the log."""
    history = [one for one in grown(25, 20) if one.number // 2 != 12]  # the week between both changes
    first, second = (
        [Workout(n + place, at(7 * place, 12), (ASet(exercise, 8, 50.0),)) for place in range(4)]
        for n, exercise in ((100, "bench_press"), (200, "leg_press"))
    )
    logs = log("a", "hevy", [*history, *first]), log("b", "strong", [*history, *second], zone)
    assert counts(*logs) == once([*history, *first, *second])


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_journey_in_mid_history_is_under_a_clock_of_its_own(zone: str) -> None:
    history = grown(20, 20)
    there = {one.number: zone for one in history[15:24]}
    assert counts(log("a", "hevy", history, zones_then=there), log("b", "lyfta", history, "UTC")) == once(history)


def test_two_workouts_that_the_clock_moves_to_other_days_are_no_evidence() -> None:
    history = grown(1, 20)
    found = counts(log("a", "hevy", history), log("b", "lyfta", history, "Asia/Tokyo"))
    assert found == {0: 2, 1: 2}


def test_a_moved_start_and_edited_sets_undo_no_match() -> None:
    history = twice_a_week(6)
    moved = [*history]
    moved[3] = replace(moved[3], start=moved[3].start + timedelta(minutes=7))
    moved[5] = replace(moved[5], sets=(replace(HIPS[0], reps=8), *HIPS[1:]))
    assert counts(log("a", "strong", history), log("b", "hevy", moved)) == once(history)


def test_a_workout_that_was_deleted_since_does_not_count() -> None:
    history = twice_a_week(4)
    mended = [one for one in history if one.number != 3]
    logs = log("a", "strong", history[:6], made=MADE - timedelta(days=9)), log("b", "strong", mended)
    assert counts(*logs) == once(mended)


@pytest.mark.parametrize(("minutes", "is_deleted"), [(60, True), (61, False)])
@pytest.mark.parametrize("end", [0, -1])
def test_a_later_export_speaks_for_an_hour_beyond_its_first_and_last_workout(
    end: int, minutes: int, *, is_deleted: bool
) -> None:
    history = twice_a_week(4)
    beyond = timedelta(minutes=minutes) * (-1 if end == 0 else 1)
    bench = Workout(99, history[end].start + beyond, (ASet("bench_press", 8, 50.0),))
    logs = log("a", "strong", [*history, bench], made=MADE - timedelta(days=9)), log("b", "strong", history)
    assert (99 not in counts(*logs)) == is_deleted


@pytest.mark.parametrize(("held", "counted"), [((0, 2, 5, 7), 4), ((0, 4, 7), 8)])
def test_two_logs_of_an_app_are_exports_of_one_history_from_half_of_the_workouts_on(
    held: tuple[int, ...], counted: int
) -> None:
    history = twice_a_week(4)
    later = log("b", "strong", [history[number] for number in held])
    assert len(counts(log("a", "strong", history, made=MADE - timedelta(days=9)), later)) == counted


def test_between_two_apps_nothing_is_deleted() -> None:
    history = twice_a_week(4)
    logs = log("a", "strong", history, made=MADE - timedelta(days=9)), log("b", "hevy", history[:3] + history[4:])
    assert counts(*logs) == once(history)


def test_logs_made_by_hand_never_own_each_other() -> None:
    history = twice_a_week(4)
    logs = log("a", None, history, made=MADE - timedelta(days=9)), log("b", None, history[:3] + history[4:])
    assert counts(*logs) == once(history)


def test_two_hand_made_logs_of_one_day_without_a_clock_both_count() -> None:
    legs = (ASet("leg_press", 8, 100.0), ASet("calf_raise", 15, None))
    first, second = [Workout(0, at(0, 0), HIPS)], [Workout(1, at(0, 0), legs)]
    assert counts(log("a", None, first, has_clock=False), log("b", None, second, has_clock=False)) == {0: 1, 1: 1}


def test_a_part_of_the_history_exported_later_does_not_delete_the_rest() -> None:
    history = twice_a_week(8)
    excerpt = [history[0], history[7], history[15]]
    logs = log("a", "strong", history, made=MADE - timedelta(days=9)), log("b", "strong", excerpt)
    assert counts(*logs) == once(history)


@pytest.mark.parametrize(
    ("made", "states", "loads"),
    [
        ((0, 3), (False, False), 70.0),  # changed over a day later
        ((3, 0), (False, False), 60.0),
        ((0, 0.5), (True, True), 70.0),  # the stated time decides within a day as well
        ((0.5, 0), (True, True), 60.0),
    ],
)
def test_of_two_exports_the_later_counts(made: tuple[float, float], states: tuple[bool, bool], loads: float) -> None:
    history = twice_a_week(2, (ASet("hip_thrust", 10, 60.0), ASet("rdl", 10, 50.0)))
    mended = [replace(one, sets=(replace(one.sets[0], weight_kg=70.0), one.sets[1])) for one in history]
    first, second = (
        log(name, "strong", workouts, made=MADE + timedelta(days=after), states_time=stated)
        for name, workouts, after, stated in zip("ab", (history, mended), made, states, strict=True)
    )
    assert standing(first, second)["weight_kg"].max() == loads


def test_within_a_day_the_export_that_ends_later_counts() -> None:
    history = twice_a_week(4)
    mended = [replace(one, sets=(replace(HIPS[0], weight_kg=70.0), *HIPS[1:])) for one in history]
    first, second = log("b", "strong", history[:-1], made=MADE + timedelta(hours=5)), log("a", "strong", mended)
    assert standing(first, second).filter(pl.col("weight_kg") == 70).height == len(history)


def test_across_apps_the_richer_workout_counts() -> None:
    history = twice_a_week(4)
    poorer = [replace(one, sets=one.sets[:2]) for one in history]
    assert standing(log("a", "strong", poorer), log("b", "hevy", history)).height == 3 * len(history)


def test_a_workout_that_one_app_splits_counts_once() -> None:
    history = grown(6)
    halves = [
        part
        for one in history
        for part in (
            replace(one, sets=one.sets[:2]),
            replace(one, sets=one.sets[2:], start=one.start + timedelta(minutes=40), title="More"),
        )
    ]
    assert standing(log("a", "strong", history), log("b", "hevy", halves)).height == 3 * len(history)
    old = log("a", "strong", halves, made=MADE - timedelta(days=9))
    assert standing(old, log("b", "strong", history)).height == 3 * len(history)


@pytest.mark.parametrize(("others", "standing_sets"), [(2, 3 + 4), (3, 5 + 5)])
def test_a_further_part_shares_half_of_its_sets(others: int, standing_sets: int) -> None:
    """One log holds three sets and two as one workout, the other the three, then the two among others."""
    three, two = (
        [ASet(name, 10, 50.0) for name in ("hip_thrust", "rdl", "lunge")],
        [ASet("pull_up", n, 0) for n in (5, 6)],
    )
    more = [ASet("bench_press", 10 + n, 40.0) for n in range(others)]
    whole = [Workout(0, at(0, 17), (*three, *two))]
    parts = [Workout(0, at(0, 17), tuple(three)), Workout(0, at(0, 17, 30), (*two, *more))]
    assert standing(log("a", "strong", whole), log("b", "hevy", parts)).height == standing_sets


def test_pounds_and_kilograms_are_one_load() -> None:
    history = grown(6)
    assert counts(log("a", "strong", history), log("b", "hevy", history, in_lb=True)) == once(history)


def test_a_log_read_in_the_wrong_unit_is_still_the_same_history() -> None:
    history = grown(6)
    pounds = [replace(one, sets=with_factor(one.sets, 2.2046)) for one in history]
    assert counts(log("a", "strong", history), log("b", "hevy", pounds)) == once(history)


def with_factor(sets: tuple[ASet, ...], factor: float) -> tuple[ASet, ...]:
    return tuple(replace(one, weight_kg=one.weight_kg and round(one.weight_kg * factor, 1)) for one in sets)


def without_name(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    unknown = pl.col("exercise") == name
    return frame.with_columns(
        exercise=pl.when(~unknown).then("exercise"), match=pl.when(unknown).then(pl.lit("none")).otherwise("match")
    )


@pytest.mark.parametrize("app", ["strong", "hevy"])
def test_a_renamed_exercise_is_the_same_one(app: str) -> None:
    history = twice_a_week(4)
    otto = tuple(replace(one, exercise=one.exercise.replace("hip_thrust", "Otto")) for one in HIPS)
    renamed = [replace(one, sets=otto) for one in history]
    sets, logs = as_tables([log("a", "strong", history), log("b", app, renamed, "America/New_York")])
    superseded = find_overlaps(TidyStrengthSet.cast(without_name(sets, "Otto")), logs).superseded
    assert superseded.height == len(history)


def test_equal_numbers_of_two_known_exercises_are_no_rename() -> None:
    ours, theirs = (ASet("glute_bridge", 10, 40.0),) * 3, (ASet("bench_press", 10, 40.0),) * 3
    mornings = twice_a_week(4, ours, hour=6)
    evenings = [
        replace(one, number=one.number + 100, sets=theirs, start=one.start + timedelta(hours=11)) for one in mornings
    ]
    found = counts(log("a", "strong", mornings), log("b", "hevy", evenings))
    assert found == once([*mornings, *evenings])


def test_three_logs_of_one_history_count_once() -> None:
    history = grown(12, 20)
    logs = (
        log("a", "strong", history, "Asia/Kolkata"),
        log("b", "hevy", history, in_lb=True),
        log("c", "lyfta", history, "UTC"),
        log("d", None, history[5:15]),
    )
    assert counts(*logs) == once(history)


def test_two_athletes_have_nothing_to_do_with_each_other() -> None:
    history = twice_a_week(4)
    logs = log("a", "strong", history), log("a", "strong", history, athlete="anna")
    assert counts(*logs) == {one.number: 2 for one in history}


@pytest.mark.parametrize(
    ("verdict", "sets"), [("both", 8 * 3 + 8 * 2), ("first", 8 * 2), ("second", 8 * 3)], ids=["both", "first", "second"]
)
@pytest.mark.parametrize("app", ["strong", "hevy"])
def test_what_the_user_rules_goes_first(verdict: str, sets: int, app: str) -> None:
    history = twice_a_week(4)
    poorer = [replace(one, sets=one.sets[:2]) for one in history]
    first, second = log("a", "strong", poorer), log("b", app, history)
    ruling = {"athlete_id": "me", "first_source_id": first.name, "second_source_id": second.name, "verdict": verdict}
    assert standing(first, second, rulings=pl.DataFrame([ruling])).height == sets


def test_neither_the_order_of_files_nor_their_names_matter() -> None:
    history = grown(10, 20)
    logs = [
        log("a", "strong", history[:12], "Asia/Tokyo", made=MADE - timedelta(days=30)),
        log("b", "strong", history[:3] + history[4:], made=MADE),
        log("c", "hevy", history[6:]),
    ]
    expected = counts(*logs)
    assert counts(*reversed(logs)) == expected
    names = {"a": "z", "b": "y", "c": "x"}
    assert counts(*(replace(one, name=names[one.name[0]].ljust(20, "0")) for one in logs)) == expected


def test_a_stated_time_goes_before_the_end_of_the_log() -> None:
    history = twice_a_week(2)
    first = log("a", "strong", history, states_time=True)
    second = log("b", "strong", history[:-1], made=MADE + timedelta(hours=2), states_time=True)
    assert counts(first, second) == once(history[:-1])


def test_one_set_in_common_makes_no_match() -> None:
    legs = (*(ASet("leg_press", 8, 100.0 + n) for n in range(5)), HIPS[2])
    morning, evening = [Workout(0, at(0, 6), HIPS + HIPS[:1])], [Workout(1, at(0, 17), legs)]
    assert counts(log("a", "strong", morning), log("b", "hevy", evening)) == {0: 1, 1: 1}


def test_a_renamed_exercise_may_be_nearly_all_of_a_workout() -> None:
    history = twice_a_week(4, (ASet("hip_thrust", 10, 60.0),) * 5 + (ASet("rdl", 10, 50.0),))
    otto = tuple(replace(one, exercise=one.exercise.replace("hip_thrust", "Otto")) for one in history[0].sets)
    renamed = [replace(one, sets=otto) for one in history]
    sets, logs = as_tables([log("a", "strong", history), log("b", "hevy", renamed)])
    superseded = find_overlaps(TidyStrengthSet.cast(without_name(sets, "Otto")), logs).superseded
    assert superseded.height == len(history)


def test_equal_days_under_a_clock_that_moves_them_to_the_next_are_one_history() -> None:
    days = [Workout(number, at(number, 21), FIVE) for number in range(30)]
    abroad = log("b", "strong", days, "Asia/Kolkata")
    assert counts(log("a", "strong", days[:25], made=MADE - timedelta(days=9)), abroad) == once(days)


def test_workouts_that_give_way_to_a_later_export_still_show_the_clock() -> None:
    history = grown(8, 20)
    old = log("a", "strong", history[:12], "Asia/Tokyo", made=MADE - timedelta(days=9))
    assert counts(old, log("b", "strong", history[2:]), log("c", "hevy", history)) == once(history)


def test_the_overlap_of_two_logs_is_told() -> None:
    history = twice_a_week(4)
    old = [*history[:2], replace(history[2], sets=(replace(HIPS[0], reps=9), *HIPS[1:])), *history[3:6]]
    new = [one for one in history if one.number != 4]
    logs = log("a", "strong", old, made=MADE - timedelta(days=9)), log("b", "strong", new, "America/New_York")
    sets, known = as_tables(logs)
    told = find_overlaps(TidyStrengthSet.cast(sets), known).logs.row(0, named=True)
    assert (told["rule"], told["workouts"], told["deleted_workouts"]) == ("later_export", 5, 1)
    assert (told["differing_sets"], told["shift_min_s"], told["shift_max_s"]) == (1, -6 * 3600.0, -6 * 3600.0)
