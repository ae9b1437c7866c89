"""One run from two devices or two exports is kept once: the richer recording."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hipdrive.measure.duplicates import mark_duplicates
from hipdrive.measure.timer_spans import measure_timer_spans
from hipdrive.tables.runs import Activity, Sample, TimerSpan
from tests.makers.runs import activities, activity, at, samples, typed

NONE = TimerSpan.create_empty()
HOUR = 3600.0


def recording(name: str, start_s: float, end_s: float, *, richness: int = 0) -> dict[str, object]:
    """An activity of its own file, `name` the file's one letter."""
    elapsed = {"start_utc": at(start_s), "elapsed_time_s": float(end_s - start_s), "richness": richness}
    return activity(f"{name}-0", **elapsed)


def spans(**of: list[tuple[float, float]]) -> list[dict[str, object]]:
    """Timer spans of the activities of these files, in seconds after the start."""
    return [
        {"activity_id": f"{name}-0", "start_utc": at(begin), "end_utc": at(end)}
        for name, pairs in of.items()
        for begin, end in pairs
    ]


def marked(*rows: dict[str, object], **of: list[tuple[float, float]]) -> dict[str, str | None]:
    settled = mark_duplicates(activities(*rows), typed(TimerSpan, spans(**of)))
    return dict(settled.select("activity_id", "duplicate_of").iter_rows())


def timed(name: str, *pairs: tuple[float, float], richness: int = 0) -> dict[str, object]:
    """An activity whose timer ran in these spans, which are to be given to `marked` too."""
    return recording(name, pairs[0][0], pairs[-1][1], richness=richness)


def test_the_richer_recording_is_kept() -> None:
    assert marked(recording("a", 0, 600, richness=5), recording("b", 2, 605, richness=9)) == {"a-0": "b-0", "b-0": None}


def test_of_equally_rich_ones_the_longer_is_kept_then_the_first_by_name() -> None:
    assert marked(recording("a", 0, 600), recording("b", 0, 601)) == {"a-0": "b-0", "b-0": None}
    assert marked(recording("b", 0, 600), recording("a", 0, 600)) == {"a-0": None, "b-0": "a-0"}


@pytest.mark.parametrize(("overlap_s", "is_one"), [(51, True), (50, False)])
def test_they_are_one_run_from_over_half_of_the_shorter_on(overlap_s: int, is_one: bool) -> None:  # noqa: FBT001
    long, short = recording("a", 0, 600, richness=9), recording("b", 600 - overlap_s, 700 - overlap_s)
    assert marked(long, short)["b-0"] == ("a-0" if is_one else None)


def test_two_halves_by_another_device_are_both_duplicates_of_the_whole() -> None:
    whole, halves = recording("a", 0, 600, richness=9), (recording("b", 0, 300), recording("c", 310, 600))
    assert marked(whole, *halves) == {"a-0": None, "b-0": "a-0", "c-0": "a-0"}


def test_three_recordings_of_one_run_name_the_one_that_is_kept() -> None:
    rows = [recording(name, 0, 600, richness=rich) for name, rich in (("a", 1), ("b", 3), ("c", 2))]
    assert marked(*rows) == {"a-0": "b-0", "b-0": None, "c-0": "b-0"}


@pytest.mark.parametrize("other", [{"athlete_id": "anna"}, {"sport": "cycling"}])
def test_another_athlete_or_sport_is_no_duplicate(other: dict[str, object]) -> None:
    assert marked(recording("a", 0, 600), {**recording("b", 0, 600), **other}) == {"a-0": None, "b-0": None}


def test_sessions_of_one_file_are_no_duplicates_of_each_other() -> None:
    rows = [recording("a", 0, 600), {**recording("a", 0, 600), "activity_id": "a-1", "session_index": 1}]
    assert marked(*rows) == {"a-0": None, "a-1": None}


def test_a_run_over_midnight_meets_its_twin_of_the_next_day() -> None:
    midnight = 17 * 3600  # the start is at 7 in the morning
    assert marked(
        recording("a", midnight - 600, midnight + 6000, richness=9), recording("b", midnight + 60, midnight + 5900)
    ) == {
        "a-0": None,
        "b-0": "a-0",
    }


def test_recordings_without_a_length_are_one_only_if_they_start_together() -> None:
    rows = [recording("a", 0, 0), recording("b", 0, 0), recording("c", 1, 1)]
    assert marked(*rows) == {"a-0": None, "b-0": "a-0", "c-0": None}
    unknown = {**recording("d", 0, 0), "elapsed_time_s": None}
    assert marked(recording("a", 0, 0), unknown)["d-0"] == "a-0"


def test_what_another_device_records_while_the_timer_stands_is_another_run() -> None:
    """Paused over night by "resume later"; in the morning another watch runs."""
    night = [(0.0, 2700.0), (15 * HOUR, 15 * HOUR + 60)]
    morning = [(12 * HOUR, 12 * HOUR + 2400)]
    for rich in (0, 9999):
        rows = timed("a", *night, richness=5000), timed("b", *morning, richness=rich)
        assert marked(*rows, a=night, b=morning) == {"a-0": None, "b-0": None}


def test_the_second_part_after_a_night_is_known_again() -> None:
    night = [(0.0, 2700.0), (15 * HOUR, 15 * HOUR + 1800)]
    second = [(15 * HOUR + 5, 15 * HOUR + 1800)]
    rows = timed("a", *night, richness=9000), timed("b", *second, richness=50)
    assert marked(*rows, a=night, b=second) == {"a-0": None, "b-0": "a-0"}


def test_two_devices_that_paused_by_themselves_at_different_places_recorded_one_run() -> None:
    one = [(0.0, 600.0), (720.0, 1500.0), (1700.0, 3600.0)]
    other = [(0.0, 900.0), (1100.0, 2000.0), (2240.0, 3600.0)]
    rows = timed("a", *one, richness=9), timed("b", *other, richness=5)
    assert marked(*rows, a=one, b=other) == {"a-0": None, "b-0": "a-0"}


@pytest.mark.parametrize(("pause_s", "is_filled"), [(300.0, True), (301.0, False)])
def test_a_pause_of_up_to_five_minutes_is_filled(pause_s: float, *, is_filled: bool) -> None:
    """What another device records within the pause is the same run only where the pause is filled."""
    paused = [(0.0, 600.0), (600.0 + pause_s, 1500.0)]
    rows = timed("a", *paused, richness=9), recording("b", 600, 600 + pause_s)
    assert marked(*rows, a=paused)["b-0"] == ("a-0" if is_filled else None)


def test_long_pauses_at_different_places_leave_it_one_run() -> None:
    one, other = [(0.0, 1800.0), (2700.0, 4500.0)], [(0.0, 600.0), (1500.0, 4500.0)]
    rows = timed("a", *one, richness=9), timed("b", *other, richness=5)
    assert marked(*rows, a=one, b=other)["b-0"] == "a-0"


def test_a_watch_that_was_restarted_in_a_race_is_the_race_that_the_phone_recorded() -> None:
    whole, parts = [(0.0, 3600.0)], ([(0.0, 1200.0)], [(1210.0, 3600.0)])
    rows = [timed("a", *whole, richness=9000), *(timed(name, *part) for name, part in zip("bc", parts, strict=True))]
    assert marked(*rows, a=whole, b=parts[0], c=parts[1]) == {"a-0": None, "b-0": "a-0", "c-0": "a-0"}
    rich = [{**row, "richness": 1 if row["activity_id"] == "a-0" else 9000} for row in rows]
    assert marked(*rich, a=whole, b=parts[0], c=parts[1]) == {"a-0": "c-0", "b-0": None, "c-0": None}


def test_a_watch_that_died_early_makes_way_for_the_whole_run() -> None:
    whole, start = [(0.0, 3600.0)], [(0.0, 1200.0)]
    rows = timed("a", *whole, richness=10), timed("b", *start, richness=9000)
    assert marked(*rows, a=whole, b=start) == {"a-0": None, "b-0": "a-0"}
    most = [(0.0, 2400.0)]
    rows = timed("a", *whole, richness=10), timed("b", *most, richness=9000)
    assert marked(*rows, a=whole, b=most) == {"a-0": "b-0", "b-0": None}


def test_a_third_recording_follows_when_the_kept_one_makes_way() -> None:
    whole, start = [(0.0, 3600.0)], [(0.0, 1200.0)]
    rows = timed("a", *whole), timed("b", *start, richness=99), timed("c", *start, richness=50)
    assert marked(*rows, a=whole, b=start, c=start) == {"a-0": None, "b-0": "a-0", "c-0": "a-0"}


def test_a_treadmill_run_with_a_foot_pod_on_the_phone_is_one() -> None:
    treadmill = {**timed("a", (0.0, 1800.0), richness=9), "sub_sport": "treadmill"}
    assert marked(treadmill, timed("b", (20.0, 1790.0)))["b-0"] == "a-0"


def test_the_timer_ran_between_samples_however_far_apart_but_not_in_pauses() -> None:
    drawn = samples([0, 1, 2, 3, 4, 5]).with_columns(
        pl.Series("time_utc", [at(second) for second in (0, 1, 61, 62, 1000, 1001)]),
        pl.Series("timer_s", [0.0, 1.0, 2.0, 3.0, 930.0, 931.0]),
    )
    ran = measure_timer_spans(Sample.validate(drawn))
    assert ran.select("start_utc", "end_utc").rows() == [(at(0), at(1)), (at(61), at(1001))]


def test_rows_keep_their_order_and_all_else() -> None:
    rows = activities(recording("b", 0, 600), recording("a", 0, 600), recording("c", 9000, 9600))
    assert_frame_equal(mark_duplicates(rows, NONE).drop("duplicate_of"), rows.drop("duplicate_of"))


def test_an_old_mark_is_settled_anew() -> None:
    assert marked({**recording("a", 0, 600), "duplicate_of": "gone-0"}) == {"a-0": None}


def test_no_activities_stay_none() -> None:
    assert mark_duplicates(Activity.create_empty(), NONE).is_empty()


any_spans = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 2000), st.integers(0, 3)), min_size=1, max_size=8)


@given(drawn=any_spans, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter_and_what_is_kept_is_no_duplicate(
    drawn: list[tuple[int, int, int]], shuffled: object
) -> None:
    rows = [
        recording(chr(ord("a") + index), start, start + length, richness=rich)
        for index, (start, length, rich) in enumerate(drawn)
    ]
    here = marked(*rows)
    shuffled.shuffle(rows)  # type: ignore[attr-defined]
    assert marked(*rows) == here
    assert all(here[kept] is None for kept in here.values() if kept is not None)
    assert None in here.values()


@given(shift_days=st.integers(-900, 900))
def test_a_time_shift_changes_nothing(shift_days: int) -> None:
    rows = activities(recording("a", 0, 600, richness=2), recording("b", 100, 650), recording("c", 500, 900))
    moved = Activity.validate(rows.with_columns(pl.col("start_utc") + timedelta(days=shift_days)))
    assert (
        mark_duplicates(moved, NONE)["duplicate_of"].to_list() == mark_duplicates(rows, NONE)["duplicate_of"].to_list()
    )
