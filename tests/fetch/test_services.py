"""Each service against its stand-in through whole nights: first 300, then news, edits, deletions and every fault."""

from __future__ import annotations

import gzip
import io
import json
import logging
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hipdrive.night import commands
from hipdrive.night.record import NightRecord
from hipdrive.night.services import FETCH, ServiceReport, fetch
from hipdrive.settings import Home
from hipdrive.warehouse import ask, read_fetches
from tests.fetch import stand_ins
from tests.fetch.stand_ins import KEY, Asked, Garmin, Hevy, Intervals, Reply, serving
from tests.makers.runs import at, fit_bytes, record_rows, session_row

TONIGHT = date(2026, 11, 30)
DAY = 86_400


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    for name in ("GARMIN", "INTERVALS", "HEVY"):
        monkeypatch.setenv(f"HIPDRIVE_SECRET_{name}", KEY)


def named(home: Home, service: str, address: str, **bounds: object) -> Home:
    more = "".join(f"{name} = {value}\n" for name, value in {"timeout_s": 2, "patience_s": 0, **bounds}.items())
    text = f'[fetch]\nservices = ["{service}"]\naddresses = {{ {service} = "{address}" }}\n{more}'
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)


def night(home: Home) -> NightRecord:
    return commands.nightly(Home(home.folder), TONIGHT, first=(FETCH,))


def run(start_s: float, seconds: int = 90) -> bytes:
    times = [start_s + second for second in range(0, seconds + 1, 3)]
    metres = 3.0 * seconds
    records = [{**row, "distance": 3.0 * 3 * number} for number, row in enumerate(record_rows(times))]
    return fit_bytes(("record", records), ("session", [session_row(start_s, start_s + seconds, total_distance=metres)]))


def zipped(data: bytes, name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def add_garmin(service: Garmin, number: int, seconds: int = 90) -> None:
    start = at(number * DAY)
    told = {"startTimeGMT": f"{start:%Y-%m-%d %H:%M:%S}", "startTimeLocal": f"{start:%Y-%m-%d %H:%M:%S}"}
    key = str(7000 + number)
    service.rows[key] = {"activityId": int(key), **told, "distance": 3.0 * seconds, "ownerId": 5}
    service.files[key] = zipped(run(number * DAY, seconds), f"{key}_ACTIVITY.fit")


def add_intervals(service: Intervals, number: int, seconds: int = 90) -> None:
    start = at(number * DAY) + timedelta(hours=2)
    key = f"i{7000 + number}"
    service.rows[key] = {
        "id": key,
        "start_date_local": f"{start:%Y-%m-%dT%H:%M:%S}",
        "distance": 3.0 * seconds,
        "source": "GARMIN_CONNECT",
        "icu_athlete_id": "i1",
    }
    service.files[key] = run(number * DAY, seconds)


def workout(number: int, reps: int = 10, edited: datetime | None = None) -> dict[str, Any]:
    start = at(number * DAY)
    told = f"{(edited or start + timedelta(hours=1)).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    one = {"index": 0, "type": "normal", "weight_kg": 60, "reps": reps, "rpe": None}
    exercise = {"index": 0, "title": "Hip Thrust (Barbell)", "notes": "", "supersets_id": None, "sets": [one]}
    return {
        "type": "updated",
        "workout": {
            "id": f"w{number}",
            "title": "Gym",
            "start_time": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "end_time": f"{start + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "updated_at": told,
            "created_at": told,
            "exercises": [exercise],
        },
    }


def asks(home: Home, service: str) -> ServiceReport:
    """What the night's first step does, alone."""
    return fetch(Home(home.folder), "me", service)


def held(home: Home, service: str) -> int:
    """How many activities or workouts lie in the inbox."""
    folder = home.fetched("me", service)
    if service == "hevy":
        file = folder / "workouts.json"
        return len(json.loads(file.read_bytes())["workouts"]) if file.is_file() else 0
    return sum(path.stem != "wellness" for path in folder.glob("*"))


def count(home: Home, query: str) -> Any:  # noqa: ANN401  one cell
    return ask(home, query).item()


def assert_no_secret(home: Home) -> None:
    for path in home.folder.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert KEY.encode() not in held, path
            assert b"QVBJX0tFWTo" not in held, path  # Basic's base64 of API_KEY:
            assert b".secret1" not in held, path


RUNS = "SELECT count(*) FROM activities WHERE duplicate_of IS NULL"


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


def on(part: str, reply: Reply, times: int = 99) -> Callable[[Asked], Reply | None]:
    left = [times]

    def fault(asked: Asked) -> Reply | None:
        if part in asked.path and left[0]:
            left[0] -= 1
            return reply
        return None

    return fault


HTML = Reply(b"<!DOCTYPE html><html>Just a moment", 200, {"Content-Type": "text/html"})
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
LISTS = {"garmin": "activities/search", "intervals": "/activities", "hevy": "/events"}


@pytest.fixture
def filled() -> dict[str, stand_ins.StandIn]:
    garmin, intervals, hevy = Garmin(), Intervals(), Hevy()
    for number in range(3):
        add_garmin(garmin, number)
        add_intervals(intervals, number)
    hevy.events = [workout(number) for number in range(3)]
    return {"garmin": garmin, "intervals": intervals, "hevy": hevy}


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
        assert any("can name no file" in line for line in record.warnings)
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
