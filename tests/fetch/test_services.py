"""Each service against its stand-in through whole nights: first 300, then news, edits, deletions and every fault."""

from __future__ import annotations

import gzip
import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.fetch import stand_ins
from tests.fetch.filled import (
    DAY,
    LISTS,
    RUNS,
    add_garmin,
    add_intervals,
    asks,
    assert_no_secret,
    count,
    held,
    named,
    night,
    workout,
    zipped,
)
from tests.fetch.stand_ins import KEY, Asked, Garmin, Hevy, Intervals, Reply, serving
from tests.makers.runs import at


@pytest.mark.parametrize("kind", ["garmin", "intervals"])
def test_runs_through_nights(home: Home, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    service: Garmin | Intervals = Garmin() if kind == "garmin" else Intervals()
    add: Callable[..., None] = add_garmin if kind == "garmin" else add_intervals
    for number in range(250 - 300, 250):
        add(service, number)
    if isinstance(service, Intervals):
        service.days = [{"id": "2026-09-01", "restingHR": 47}, {"id": "2026-09-02", "restingHR": 49}]
    with serving(service) as address:
        named(home, kind, address)
        first = night(home)
        assert first.warnings == []
        assert held(home, kind) == 300
        assert count(home, RUNS) == 300
        for number in (250, 251):
            add(service, number)
        add(service, 248, seconds=120)
        gone = next(key for key in service.rows if key.endswith("7245"))
        del service.rows[gone], service.files[gone]
        asked = len(service.asked)
        second = night(home)
        assert any("1 activity is no longer listed there" in note for note in second.notes), second.notes
        assert any("3 new files" in note for note in second.notes), second.notes
        files = [one.path for one in service.asked[asked:] if "/activity/" in one.path]
        assert len(files) == 3
        assert count(home, RUNS) == 302
        third = night(home)
        assert any("no new files" in note for note in third.notes)
        assert len(third.notes) == 1
        assert third.sources == {}
        if isinstance(service, Intervals):
            told = ask(home, "SELECT resting_heart_rate_bpm FROM daily_wellness ORDER BY local_date").rows()
            assert told == [(47.0,), (49.0,)]
    assert KEY not in caplog.text
    assert_no_secret(home)


def test_workouts_through_nights(home: Home) -> None:
    service = Hevy()
    service.events = [workout(number) for number in range(-50, 250)]
    sets = "SELECT count(*) FROM strength_sets WHERE superseded_by IS NULL"
    with serving(service) as address:
        named(home, "hevy", address)
        assert night(home).warnings == []
        assert count(home, sets) == 300
        edit_and_delete(service)
        asked = len(service.asked)
        assert night(home).warnings == []
        assert len(service.asked) - asked <= 3
        assert count(home, sets) == 301
        assert count(home, sets.replace("count(*)", "sum(reps)")) == 300 * 10 + 3
        assert any("no new files" in note for note in night(home).notes)
    assert_no_secret(home)


def edit_and_delete(service: Hevy) -> None:
    """Two new workouts, one edited, and the very first deleted."""
    now = at(252 * DAY)
    service.events = [event for event in service.events if event["workout"]["id"] not in {"w100", "w-50"}]
    service.events += [workout(250), workout(251), workout(100, reps=3, edited=now)]
    service.events += [{"type": "deleted", "id": "w-50", "deleted_at": f"{now:%Y-%m-%dT%H:%M:%SZ}"}]


@pytest.mark.parametrize(("past_end", "empty_count"), [(200, 0), (404, 0), (404, 1)])
def test_the_feed_s_end_may_be_told_in_any_way(home: Home, past_end: int, empty_count: int) -> None:
    service = Hevy(past_end=past_end, empty_count=empty_count)
    with serving(service) as address:
        named(home, "hevy", address)
        assert asks(home, "hevy").warnings == []
        assert held(home, "hevy") == 0
        service.events = [workout(number) for number in range(-50, 250)]
        assert asks(home, "hevy").warnings == []
        assert held(home, "hevy") == 300
        edit_and_delete(service)
        assert asks(home, "hevy").warnings == []
        assert held(home, "hevy") == 301
        assert asks(home, "hevy").sentence.endswith("no new files")


@pytest.mark.parametrize("kind", LISTS)
def test_a_page_that_repeats_ends_and_loses_nothing(
    home: Home, filled: dict[str, stand_ins.StandIn], kind: str
) -> None:
    service = filled[kind]
    for number in range(3, 25):
        if isinstance(service, Garmin):
            add_garmin(service, number)
        elif isinstance(service, Intervals):
            add_intervals(service, number)
        else:
            assert isinstance(service, Hevy)
            service.events.append(workout(number))
    honest = service.answer

    def stuck(asked: Asked) -> Reply | None:
        if LISTS[kind] not in asked.path:
            return None
        first = {**asked.query, **({"page": "1"} if kind == "hevy" else {"start": "0"})}
        first.pop("newest", None)
        return honest(Asked(asked.path, first, asked.headers))

    service.faults = stuck
    with serving(service) as address:
        named(home, kind, address)
        record = asks(home, kind)
        if kind != "intervals":  # where no page was asked, the first is the whole
            assert sum("repeats itself" in line for line in [*record.notes, *record.warnings]) == 1
        assert len(service.asked) < 200
        service.faults = lambda _: None
        asks(home, kind)
        assert held(home, kind) == 25


@pytest.mark.parametrize(
    "wrap",
    [
        lambda data: Reply(gzip.compress(data)),
        lambda data: Reply(gzip.compress(data), 200, {"Content-Encoding": "gzip"}),
        lambda data: Reply(data, plain=True),
        lambda data: Reply(zipped(data, "a.fit")),
    ],
)
def test_every_way_in_which_a_file_may_come(home: Home, wrap: Callable[[bytes], Reply]) -> None:
    service = Intervals(wrap, is_newest_in=False)
    for number in range(3):
        add_intervals(service, number)
    add_intervals(service, 9)
    service.rows["i7009"]["source"] = "STRAVA"
    service.rows["../../x"] = {**service.rows["i7000"], "id": "../../x"}
    with serving(service) as address:
        named(home, "intervals", address)
        record = asks(home, "intervals")
        assert held(home, "intervals") == 3
        assert any("of 1 new activity it hands out no original file" in note for note in record.notes)
        assert any("cannot name a file" in line for line in record.warnings)
        assert not list(home.folder.parent.glob("x*"))


def test_a_key_of_another_account_is_refused(home: Home, filled: dict[str, stand_ins.StandIn]) -> None:
    service = filled["garmin"]
    assert isinstance(service, Garmin)
    with serving(service) as address:
        named(home, "garmin", address)
        asks(home, "garmin")
        add_garmin(service, 4)
        for row in service.rows.values():
            row["ownerId"] = 6
        assert any("another athlete's account" in line for line in asks(home, "garmin").warnings)
        assert held(home, "garmin") == 3


def test_a_bounded_number_of_requests_a_night_and_the_next_goes_on(
    home: Home, filled: dict[str, stand_ins.StandIn]
) -> None:
    service = filled["garmin"]
    with serving(service) as address:
        named(home, "garmin", address, max_requests=4)
        record = asks(home, "garmin")
        assert len(service.asked) == 4
        assert any("fetch.max_requests = 4" in note for note in record.notes)
        for _ in range(3):
            asks(home, "garmin")
        assert held(home, "garmin") == 3


def test_nothing_is_asked_without_a_setting(home: Home) -> None:
    service = Hevy()
    with serving(service):
        night(home)
    assert service.asked == []


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("HIPDRIVE_SECRET_HEVY")
    return tmp_path / "keys"


def test_a_key_in_a_file_must_be_its_owners_alone(home: Home, keys: Path, filled: dict[str, stand_ins.StandIn]) -> None:
    with serving(filled["hevy"]) as address:
        named(home, "hevy", address, secrets=f'"{keys}"')
        assert any("no key is known" in line for line in asks(home, "hevy").warnings)
        file = keys / "me" / "hevy"
        file.parent.mkdir(parents=True)
        file.write_text(KEY, encoding="utf-8")
        os.chmod(file, 0o644)  # noqa: PTH101
        assert any("chmod 600" in line for line in asks(home, "hevy").warnings)
        file.chmod(0o600)
        assert asks(home, "hevy").warnings == []
    assert_no_secret(home)
