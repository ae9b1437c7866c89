"""Every fault of a service is one sentence, the night goes on, and the next time has all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hipdrive.settings import Home
from hipdrive.warehouse import read_fetches
from tests.fetch import stand_ins
from tests.fetch.filled import (
    DAY,
    HTML,
    LISTS,
    add_garmin,
    asks,
    assert_no_secret,
    count,
    held,
    named,
    night,
    on,
    run,
    zipped,
)
from tests.fetch.stand_ins import Garmin, Reply, serving

FAULTS = {
    "401": (Reply(b"", 401), "does not accept the key"),
    "403": (Reply(b"{}", 403), "does not allow this key"),
    "404": (Reply(b"", 404), "nothing at that address"),
    "429": (Reply(b"", 429, {"Retry-After": "7200"}), "left alone for 120 min"),
    "429 by the address": (Reply(b"", 429), "asked too often"),
    "500": (Reply(b"", 500), "trouble of its own"),
    "time-out": (Reply(b"[]", wait_s=0.6), "did not answer in time"),
    "cut off": (Reply(b'[{"id":', cut=100), "cut off"),
    "cut off in the dark": (Reply(b'[{"id":', plain=True), "cut off"),
    "a web page": (HTML, "a web page came"),
    "elsewhere": (Reply(b"", 302, {"Location": "http://127.0.0.1:9/"}), "another address"),
    "another shape": (Reply(b'"?"'), "shape that hipdrive does not know"),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", LISTS)
def test_a_fault_of_a_list_is_one_sentence_and_the_next_time_has_all(
    home: Home, filled: dict[str, stand_ins.StandIn], kind: str, fault: str
) -> None:
    service, (reply, words) = filled[kind], FAULTS[fault]
    service.faults = on(LISTS[kind], reply)
    with serving(service) as address:
        named(home, kind, address, timeout_s=0.3)
        told = asks(home, kind)
        said = [line for line in [*told.notes, *told.warnings] if words in line]
        assert len(said) == 1, told
        assert said[0].startswith(kind)
        assert held(home, kind) == 0
        service.faults = lambda _: None
        if fault == "429":
            assert "not asked" in asks(home, kind).sentence
            (home.data / "fetches.jsonl").unlink()
        asks(home, kind)
        asks(home, kind)
        assert held(home, kind) == 3
        assert read_fetches(home).sort("asked_utc")[-1, "is_success"]
    assert_no_secret(home)


def test_a_night_goes_on_without_its_service(home: Home, filled: dict[str, stand_ins.StandIn]) -> None:
    filled["hevy"].faults = on("/events", Reply(b"", 401))
    with serving(filled["hevy"]) as address:
        named(home, "hevy", address)
        home.inbox.joinpath("log.csv").write_text("date,exercise,reps\n2026-03-02,squat,5\n", encoding="utf-8")
        assert [line for line in night(home).warnings if "does not accept the key" in line]
    assert count(home, "SELECT count(*) FROM strength_sets") == 1
    assert count(home, "SELECT fault FROM fetches").startswith("hevy: it does not accept the key")


BAD_FILES = {
    "HTML": (HTML, "a web page came in place of a file"),
    "cut off": (Reply(run(0)[:300], plain=True), "cut off on its way"),
    "zip cut off": (Reply(zipped(run(0), "a.fit")[:300], plain=True), "cut off on its way"),
    "nothing": (Reply(b""), "nothing came"),
    "another athlete": (Reply(run(400.5 * DAY + 777, 300)), "of another activity, perhaps of another athlete"),
    "500": (Reply(b"", 500), "trouble of its own"),
    "403": (Reply(b"", 403), "does not allow"),
}


@pytest.mark.parametrize("fault", BAD_FILES)
@pytest.mark.parametrize("kind", ["garmin", "intervals"])
def test_a_bad_file_is_one_sentence_and_is_asked_again(
    home: Home, filled: dict[str, stand_ins.StandIn], kind: str, fault: str
) -> None:
    service, (reply, words) = filled[kind], BAD_FILES[fault]
    service.faults = on("7001", reply)
    with serving(service) as address:
        named(home, kind, address)
        record = asks(home, kind)
        assert sum(words in line for line in [*record.notes, *record.warnings]) == 1, [*record.notes, *record.warnings]
        assert held(home, kind) == 2
        assert list(home.fetching.glob("*")) == []
        service.faults = lambda _: None
        asks(home, kind)
        assert held(home, kind) == 3


def test_an_expired_token_is_renewed_once(home: Home, filled: dict[str, stand_ins.StandIn]) -> None:
    service = filled["garmin"]
    service.faults = on("activities/search", Reply(b"", 401), times=1)
    with serving(service) as address:
        named(home, "garmin", address)
        assert asks(home, "garmin").warnings == []
        assert held(home, "garmin") == 3
        assert isinstance(service, Garmin)
        assert service.tokens == 2


@pytest.mark.parametrize("hours", [-30_000, 30_000])
def test_a_wrong_clock_is_told_and_the_services_is_believed(
    home: Home, filled: dict[str, stand_ins.StandIn], hours: int
) -> None:
    service = filled["intervals"]
    service.ahead = timedelta(hours=hours)
    with serving(service) as address:
        named(home, "intervals", address)
        record = asks(home, "intervals")
        assert [line for line in record.warnings if "this machine's clock is" in line] == record.warnings
        assert len(record.warnings) == 1
        assert held(home, "intervals") == 3


def test_a_watch_of_a_wrong_clock_moves_no_mark(home: Home, filled: dict[str, stand_ins.StandIn]) -> None:
    service = filled["garmin"]
    assert isinstance(service, Garmin)
    add_garmin(service, 30_000)
    with serving(service) as address:
        named(home, "garmin", address)
        asks(home, "garmin")
        add_garmin(service, 5)
        asks(home, "garmin")
        assert held(home, "garmin") == 5
