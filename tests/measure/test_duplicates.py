"""One run from two devices or two exports is kept once: the richer recording."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hipdrive.measure.duplicates import mark_duplicates
from hipdrive.tables.runs import Activity
from tests.makers.runs import activities, activity, at


def recording(name: str, start_s: float, end_s: float, *, richness: int = 0) -> dict[str, object]:
    """An activity of its own file, `name` the file's one letter."""
    elapsed = {"start_utc": at(start_s), "elapsed_time_s": float(end_s - start_s), "richness": richness}
    return activity(f"{name}-0", **elapsed)


def marked(*rows: dict[str, object]) -> dict[str, str | None]:
    return dict(mark_duplicates(activities(*rows)).select("activity_id", "duplicate_of").iter_rows())


def test_the_richer_recording_is_kept() -> None:
    assert marked(recording("a", 0, 600, richness=5), recording("b", 2, 605, richness=9)) == {"a-0": "b-0", "b-0": None}


def test_of_equally_rich_ones_the_longer_is_kept_then_the_first_by_name() -> None:
    assert marked(recording("a", 0, 600), recording("b", 0, 601)) == {"a-0": "b-0", "b-0": None}
    assert marked(recording("b", 0, 600), recording("a", 0, 600)) == {"a-0": None, "b-0": "a-0"}


@pytest.mark.parametrize(("overlap_s", "is_one"), [(80, True), (79, False)])
def test_they_are_one_run_from_four_fifths_of_the_shorter_on(overlap_s: int, is_one: bool) -> None:  # noqa: FBT001
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


def test_rows_keep_their_order_and_all_else() -> None:
    rows = activities(recording("b", 0, 600), recording("a", 0, 600), recording("c", 9000, 9600))
    assert_frame_equal(mark_duplicates(rows).drop("duplicate_of"), rows.drop("duplicate_of"))


def test_an_old_mark_is_settled_anew() -> None:
    assert marked({**recording("a", 0, 600), "duplicate_of": "gone-0"}) == {"a-0": None}


def test_no_activities_stay_none() -> None:
    assert mark_duplicates(Activity.create_empty()).is_empty()


spans = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 2000), st.integers(0, 3)), min_size=1, max_size=8)


@given(spans=spans, shuffled=st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter_and_what_is_kept_is_no_duplicate(
    spans: list[tuple[int, int, int]], shuffled: object
) -> None:
    rows = [
        recording(chr(ord("a") + index), start, start + length, richness=rich)
        for index, (start, length, rich) in enumerate(spans)
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
    assert mark_duplicates(moved)["duplicate_of"].to_list() == mark_duplicates(rows)["duplicate_of"].to_list()
