"""What kind of session a run was: declared rules, the first that holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from hipdrive.measure.run_types import classify_runs
from hipdrive.tables.diary import DiaryLine
from hipdrive.tables.run_measures import RunMeasure, RunWindow
from tests.makers.runs import START, Row, activities, activity, run_row, typed, window_rows


def kinds(runs: Sequence[Row], windows: Sequence[Row], of: Sequence[Row], diary: Sequence[Row] = ()) -> dict[str, str]:
    lines = typed(DiaryLine, diary)
    found = classify_runs(typed(RunMeasure, runs), typed(RunWindow, windows), activities(*of), lines)
    return dict(found.iter_rows())


def kind(
    run: Row | None = None, windows: Sequence[Row] | None = None, *, sub_sport: str | None = None, hard: float = 180.0
) -> str:
    """The type of one run of an athlete who has also run hard, and mostly easily for an hour."""
    others = [run_row(f"{name}-0", moving_time_s=3600.0) for name in "bcd"]
    hardest = window_rows(activity_id="b-0", heart_rate_bpm=hard)
    quiet = [row for name in "cd" for row in window_rows(activity_id=f"{name}-0", heart_rate_bpm=140.0)]
    rows = [activity(f"{name}-0", sub_sport=sub_sport if name == "a" else None) for name in "abcd"]
    return kinds([run or run_row(), *others], [*(windows or window_rows()), *hardest, *quiet], rows)["a-0"]


def test_an_ordinary_run_is_easy() -> None:
    assert kind() == "easy"


@pytest.mark.parametrize("sub_sport", ["treadmill", "indoor_running", "virtual_activity"])
def test_a_run_without_ground_is_a_treadmill_run_whatever_else_it_is(sub_sport: str) -> None:
    assert kind(run_row(ascent_m=900.0), window_rows(heart_rate_bpm=179.0), sub_sport=sub_sport) == "treadmill"


@pytest.mark.parametrize(
    ("ascent_m", "distance_m", "expected"),
    [(200.0, 10_000.0, "hills"), (199.0, 10_000.0, "easy"), (None, 10_000.0, "easy"), (200.0, 0.0, "easy")],
)
def test_hills_begin_at_20_m_a_km(ascent_m: float | None, distance_m: float, expected: str) -> None:
    assert kind(run_row(ascent_m=ascent_m, distance_m=distance_m)) == expected


@pytest.mark.parametrize(
    ("altitude_m", "told_m", "expected"), [(199.0, 500.0, "easy"), (200.0, 0.0, "hills"), (None, 200.0, "hills")]
)
def test_the_run_s_own_altitude_tells_hills_before_the_device_s_sum(
    altitude_m: float | None, told_m: float, expected: str
) -> None:
    assert kind(run_row(ascent_by_altitude_m=altitude_m, ascent_m=told_m)) == expected


@pytest.mark.parametrize(("pieces", "expected"), [(3, "intervals"), (2, "hills"), (0, "hills"), (None, "hills")])
def test_three_fast_pieces_are_intervals_on_hills_too(pieces: int | None, expected: str) -> None:
    assert kind(run_row(fast_pieces=pieces, ascent_m=300.0)) == expected


@pytest.mark.parametrize(("heart", "expected"), [(0.90 * 180, "tempo"), (0.90 * 180 - 1, "easy")])
def test_tempo_is_nine_tenths_of_the_athlete_s_own_high_mark(heart: float, expected: str) -> None:
    assert kind(windows=window_rows(heart_rate_bpm=heart)) == expected


def test_the_high_mark_is_the_athlete_s_own() -> None:
    runs = [run_row("a-0"), run_row("b-0"), run_row("c-0")]
    windows = [
        *window_rows(activity_id="a-0", heart_rate_bpm=150.0),
        *window_rows(activity_id="b-0", heart_rate_bpm=150.0),
        *window_rows(activity_id="c-0", heart_rate_bpm=190.0),
    ]
    of = [activity("a-0"), activity("b-0", athlete_id="anna"), activity("c-0", athlete_id="anna")]
    assert kinds(runs, windows, of) == {"a-0": "easy", "b-0": "easy", "c-0": "tempo"}


def test_whoever_only_ever_runs_easily_has_no_tempo() -> None:
    names = [f"{number}-0" for number in range(20)]
    windows = [
        row
        for number, name in enumerate(names)
        for row in window_rows(activity_id=name, heart_rate_bpm=138.0 + number % 5)
    ]
    found = kinds([run_row(name) for name in names], windows, [activity(name) for name in names])
    assert set(found.values()) == {"easy"}


@pytest.mark.parametrize(("heart", "expected"), [(1.08 * 160.0, "tempo"), (1.08 * 160.0 - 1, "easy")])
def test_tempo_lies_a_twelfth_above_the_quieter_runs(heart: float, expected: str) -> None:
    names = [f"{name}-0" for name in "abcde"]
    beats = [heart, 160.0, 160.0, 160.0, 174.0]
    windows = [
        row
        for name, beat in zip(names, beats, strict=True)
        for row in window_rows(activity_id=name, heart_rate_bpm=beat)
    ]
    assert kinds([run_row(name) for name in names], windows, [activity(name) for name in names])["a-0"] == expected


def test_a_heart_rate_over_less_than_half_of_a_run_tells_no_tempo() -> None:
    hard = window_rows(heart_rate_bpm=179.0)
    assert kind(windows=hard) == "tempo"
    assert kind(run_row(heart_rate_bpm=None), windows=hard) == "easy"


def race(on: int = 0, kind: str = "race") -> Row:
    return {"athlete_id": "me", "local_date": START.date() + timedelta(days=on), "kind": kind}


def test_a_race_that_was_recorded_twice_stays_one() -> None:
    """The recording that is left out is faster by a satellite's whim."""
    runs = [run_row("a-0", grade_adjusted_pace_s_per_km=251.0), run_row("b-0", grade_adjusted_pace_s_per_km=250.0)]
    of = [activity("a-0"), activity("b-0", duplicate_of="a-0")]
    assert kinds(runs, [], of, [race()])["a-0"] == "race"


def test_the_fastest_run_of_a_race_day_is_the_race() -> None:
    runs = [run_row("a-0", grade_adjusted_pace_s_per_km=330.0), run_row("b-0", grade_adjusted_pace_s_per_km=250.0)]
    of = [activity("a-0"), activity("b-0")]
    assert kinds(runs, [], of, [race()]) == {"a-0": "easy", "b-0": "race"}
    assert kinds(runs, [], of, [race(1)]) == {"a-0": "easy", "b-0": "easy"}
    assert kinds(runs, [], of, [race(kind="note")]) == {"a-0": "easy", "b-0": "easy"}
    assert kinds(runs, [], [activity("a-0"), activity("b-0", athlete_id="anna")], [race()])["b-0"] == "easy"


@pytest.mark.parametrize(
    ("minutes", "expected"), [(90, "long"), (89.9, "easy"), (120, "long")], ids=["90 min", "less", "more"]
)
def test_ninety_minutes_are_long_for_one_who_mostly_runs_an_hour(minutes: float, expected: str) -> None:
    assert kind(run_row(moving_time_s=60 * minutes)) == expected


@pytest.mark.parametrize(
    ("usual_min", "minutes", "expected"),
    [(30, 70, "long"), (30, 69, "easy"), (50, 75, "long"), (50, 74, "easy"), (100, 90, "long"), (100, 89, "easy")],
)
def test_long_is_half_as_long_again_as_usual_but_70_to_90_minutes(usual_min: int, minutes: int, expected: str) -> None:
    runs = [
        run_row("a-0", moving_time_s=60.0 * minutes),
        *(run_row(f"{n}-0", moving_time_s=60.0 * usual_min) for n in "bcd"),
    ]
    of = [activity(f"{name}-0") for name in "abcd"]
    assert kinds(runs, [], of)["a-0"] == expected


def test_a_second_recording_has_a_type_but_sets_no_standard() -> None:
    runs = [run_row("a-0", moving_time_s=72.0 * 60), *(run_row(f"{name}-0", moving_time_s=60.0 * 50) for name in "bc")]
    twins = [run_row(f"{name}-0", moving_time_s=60.0 * 30) for name in "defg"]
    hard = window_rows(activity_id="d-0", heart_rate_bpm=200.0)
    of = [activity(f"{name}-0", duplicate_of="b-0" if name in "defg" else None) for name in "abcdefg"]
    quiet = window_rows(activity_id="c-0", heart_rate_bpm=140.0)
    found = kinds([*runs, *twins], [*window_rows(heart_rate_bpm=170.0), *quiet, *hard], of)
    assert set(found) == {f"{name}-0" for name in "abcdefg"}
    assert found["a-0"] == "tempo"
    assert kinds([*runs, *twins], [], of)["a-0"] == "easy"


def test_a_run_without_windows_is_judged_by_its_length() -> None:
    assert kinds([run_row(moving_time_s=5400.0)], [], [activity()]) == {"a-0": "long"}


def test_no_runs_have_no_types() -> None:
    nothing = (RunMeasure.create_empty(), RunWindow.create_empty(), activities(), DiaryLine.create_empty())
    assert classify_runs(*nothing).is_empty()
