"""A service's list held against what is known: what is asked again, what is not, and what is said."""

from __future__ import annotations

import json

import pytest

from hipdrive.settings import Home
from hipdrive.warehouse import read_fetches
from tests.fetch import stand_ins
from tests.fetch.filled import HTML, add_garmin, add_intervals, asks, held, named, on, workout
from tests.fetch.stand_ins import Garmin, Hevy, Intervals, Reply, as_json, serving
from tests.makers.runs import at


def files_asked(service: stand_ins.StandIn) -> list[str]:
    return [asked.path.rsplit("/", 1)[1] for asked in service.asked if "/download-service/" in asked.path]


@pytest.fixture
def garmin(filled: dict[str, stand_ins.StandIn]) -> Garmin:
    service = filled["garmin"]
    assert isinstance(service, Garmin)
    return service


def test_what_is_listed_again_is_not_fetched_again_and_its_going_is_told_each_time(home: Home, garmin: Garmin) -> None:
    with serving(garmin) as address:
        named(home, "garmin", address)
        asks(home, "garmin")
        gone = garmin.rows.pop("7001")
        for _ in range(2):
            said = asks(home, "garmin").notes
            assert any("1 activity is no longer listed" in note for note in said), said
            assert asks(home, "garmin").notes == []
            garmin.rows["7001"] = gone
            assert asks(home, "garmin").notes == []
            del garmin.rows["7001"]
        assert sorted(files_asked(garmin)) == ["7000", "7001", "7002"]


def test_a_lost_memory_asks_for_no_old_file_again(home: Home, garmin: Garmin) -> None:
    with serving(garmin) as address:
        named(home, "garmin", address)
        asks(home, "garmin")
        for name in ("fetches.jsonl", "fetched_items.jsonl"):
            (home.data / name).unlink()
        garmin.asked.clear()
        add_garmin(garmin, 4)
        assert asks(home, "garmin").sentence.endswith("1 new file")
        assert files_asked(garmin) == ["7004"]


def test_a_file_that_failed_is_asked_again_though_the_list_begins_later(home: Home, garmin: Garmin) -> None:
    add_garmin(garmin, 30)
    garmin.faults = on("/activity/7000", Reply(b"", 500))
    with serving(garmin) as address:
        named(home, "garmin", address)
        asks(home, "garmin")
        assert held(home, "garmin") == 3
        garmin.faults = lambda _: None
        garmin.asked.clear()
        asks(home, "garmin")
        assert held(home, "garmin") == 4
        assert "7000" in files_asked(garmin)
        lists = [asked.query["startDate"] for asked in garmin.asked if "search" in asked.path]
        assert lists[0] > "2026-03-02"


def test_a_file_that_is_not_there_is_told_once_and_not_asked_again(home: Home, garmin: Garmin) -> None:
    del garmin.files["7001"]
    with serving(garmin) as address:
        named(home, "garmin", address)
        (said,) = asks(home, "garmin").notes
        assert said == "garmin: of 1 new activity it hands out no original file"
        assert asks(home, "garmin").notes == []
        assert files_asked(garmin).count("7001") == 1


def test_a_file_under_two_numbers_comes_once(home: Home, garmin: Garmin) -> None:
    garmin.rows["7009"] = {**garmin.rows["7000"], "activityId": 7009}
    garmin.rows["twice on a page"] = garmin.rows["7001"]
    garmin.files["7009"] = garmin.files["7000"]
    with serving(garmin) as address:
        named(home, "garmin", address)
        assert asks(home, "garmin").sentence.endswith("3 new files")
        assert sorted(files_asked(garmin)) == ["7000", "7001", "7002", "7009"]


def test_three_bad_files_in_a_row_leave_the_rest_for_another_night(home: Home, garmin: Garmin) -> None:
    for number in range(3, 8):
        add_garmin(garmin, number)
    garmin.faults = on("/download-service/", HTML)
    with serving(garmin) as address:
        named(home, "garmin", address)
        said = asks(home, "garmin").notes
        assert len(files_asked(garmin)) == 3
        assert said[-1] == "garmin: three files in a row could not be fetched; the rest waits for the next night"
        garmin.faults = lambda _: None
        asks(home, "garmin")
        assert held(home, "garmin") == 8


def test_rows_that_name_nothing_are_passed_over(home: Home, garmin: Garmin) -> None:
    garmin.rows["odd"] = {"startTimeLocal": "2026-03-09 07:00:00"}
    for row in garmin.rows.values():
        row.pop("ownerId", None)
    with serving(garmin) as address:
        named(home, "garmin", address)
        assert asks(home, "garmin").warnings == []
        assert held(home, "garmin") == 3


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"", b"two words", "é".encode()])
def test_a_token_that_is_none_is_told_and_not_sent(home: Home, garmin: Garmin, body: bytes) -> None:
    garmin.faults = on("/personal-api-key/token", Reply(body))
    with serving(garmin) as address:
        named(home, "garmin", address)
        (said,) = asks(home, "garmin").notes
        assert said == "garmin: what came instead of a token is not one; the next night asks again"
        assert {asked.path.rsplit("/", 1)[1] for asked in garmin.asked} == {"token"}
        assert read_fetches(home)["requests"].to_list() == [len(garmin.asked)]  # what failed was asked too


def test_an_answer_beyond_all_shapes_is_asked_to_be_reported(home: Home, garmin: Garmin) -> None:
    garmin.faults = on("activities/search", Reply(b"[" * 200_000))
    with serving(garmin) as address:
        named(home, "garmin", address)
        (said,) = asks(home, "garmin").warnings
        assert said == "garmin: an unexpected answer (RecursionError); please report it"


def test_an_inbox_that_takes_no_files_is_told(home: Home, garmin: Garmin) -> None:
    folder = home.fetched("me", "garmin")
    folder.parent.mkdir(parents=True)
    folder.write_bytes(b"a file in the folder's place")
    with serving(garmin) as address:
        named(home, "garmin", address)
        (said,) = asks(home, "garmin").warnings
        assert said.startswith("garmin: its files cannot be put into the inbox (")


def test_days_whose_name_is_no_date_stay_and_harm_nothing(home: Home) -> None:
    service = Intervals()
    add_intervals(service, 0)
    service.rows["without a number"] = {**service.rows["i7000"], "id": None}
    service.days = [{"id": "2026-09-01", "restingHR": 47}]
    folder = home.fetched("me", "intervals")
    folder.mkdir(parents=True)
    kept = folder / "wellness.json"
    kept.write_text('[{"id": "some day", "restingHR": 51}]', encoding="utf-8")
    with serving(service) as address:
        named(home, "intervals", address)
        assert asks(home, "intervals").warnings == []
    assert held(home, "intervals") == 1
    assert '"some day"' in kept.read_text(encoding="utf-8")
    assert '"2026-09-01"' in kept.read_text(encoding="utf-8")


def test_a_list_without_starts_ends(home: Home) -> None:
    service = Intervals()
    add_intervals(service, 0)
    row = {name: value for name, value in service.rows["i7000"].items() if name != "start_date_local"}
    service.faults = on("/activities", as_json([row]))
    with serving(service) as address:
        named(home, "intervals", address)
        assert asks(home, "intervals").warnings == []
        assert sum(asked.path.endswith("/activities") for asked in service.asked) == 1
    assert held(home, "intervals") == 1


def reps(home: Home) -> list[int]:
    return [one["exercises"][0]["sets"][0]["reps"] for one in kept_workouts(home)]


def kept_workouts(home: Home) -> list[dict[str, list[dict[str, list[dict[str, int]]]]]]:
    found = json.loads((home.fetched("me", "hevy") / "workouts.json").read_bytes())["workouts"]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize("past_end", [200, 404])
def test_of_two_states_of_a_workout_the_newest_stands(home: Home, past_end: int) -> None:
    service = Hevy(past_end=past_end)
    service.events = [workout(0, reps=8, edited=at(9000)), workout(0, reps=5), {"type": "updated"}, workout(1)]
    service.faults = on("/events", as_json({"page": 1, "page_count": 1, "events": ["?", *service.events]}))
    with serving(service) as address:
        named(home, "hevy", address)
        assert asks(home, "hevy").warnings == []
        assert reps(home) == [8, 10]
        old = as_json({"page": 1, "page_count": 3, "events": [workout(0, reps=5)]})
        service.faults = on("/events", old, times=1)
        service.events = []
        assert asks(home, "hevy").warnings == []  # the count promised pages that are empty
        assert reps(home) == [8, 10]


def test_the_last_workouts_are_kept_when_all_are_deleted_there(home: Home) -> None:
    service = Hevy()
    service.events = [workout(0)]
    with serving(service) as address:
        named(home, "hevy", address)
        asks(home, "hevy")
        service.events = [{"type": "deleted", "id": "w0", "deleted_at": "2026-03-20T08:00:00Z"}]
        (said,) = asks(home, "hevy").notes
        assert said == "hevy: it has no workouts any more; the file of the last ones is kept"
        assert reps(home) == [10]
