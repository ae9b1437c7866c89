"""Whole exports of services through a night: every run is there, nothing twice, nobody is needed, nothing is quoted."""

from __future__ import annotations

import io
import tarfile
import threading
import time
from datetime import date
from pathlib import Path

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.night import commands
from hipdrive.night.record import NightRecord
from hipdrive.read.archives import open_offer
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.exports import (
    garmin_export,
    listed_workout,
    made_gpx,
    made_run,
    made_strength,
    made_tcx,
    mixed_files,
    strava_export,
    strava_list,
    zipped,
)

TONIGHT = date(2026, 11, 30)
SECRETS = ("Secretville", "Secret hill", "Secret shoe", "firstName", "Kim from")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    home = Home(tmp_path)
    home.inbox.mkdir(parents=True)
    return home


def put(home: Home, name: str, data: bytes) -> None:
    (home.inbox / name).parent.mkdir(parents=True, exist_ok=True)
    (home.inbox / name).write_bytes(data)


def night(home: Home) -> NightRecord:
    return commands.ingest(Home(home.folder), [home.inbox], TONIGHT)


def rows(home: Home, query: str) -> list[tuple[object, ...]]:
    return ask(home, query).rows()


def outcomes(home: Home) -> dict[str, int]:
    return dict(rows(home, "SELECT status, count(*) FROM sources GROUP BY status"))  # type: ignore[arg-type]


def quotes_nothing(home: Home) -> None:
    for (reason,) in rows(home, "SELECT reason FROM sources WHERE reason IS NOT NULL"):
        assert not any(secret in str(reason) for secret in SECRETS), reason


def nothing_is_opened_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened again")

    for place in ("hipdrive.night.batches.open_offer", "hipdrive.night.archives.list_contents"):
        monkeypatch.setattr(place, refuse)
    record = night(home)
    assert (record.sources, record.needs_a_person) == ({}, False)


# Garmin


def test_a_whole_account_of_garmin(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "export.zip", garmin_export(mixed_files(50, seconds=120)))
    assert not night(home).needs_a_person
    assert rows(home, "SELECT count(*), sum(distance_m) FROM runs") == [(10, pytest.approx(10 * 360.0, rel=1e-6))]
    # The archive, ten runs, ten days that tell a heart rate and the two lists; other FIT files and four other kinds.
    assert outcomes(home) == {"loaded": 1 + 10 + 10 + 2, "skipped": 30 + 3}
    others = rows(home, "SELECT path, reason FROM sources WHERE content_sha256 IS NULL AND status = 'skipped'")
    assert sorted(others) == [
        ("data/inbox/export.zip/*.jpg", "1 member of this kind: neither runs nor logs, nothing is read of them"),
        ("data/inbox/export.zip/*.json", "4 members of this kind: neither runs nor logs, nothing is read of them"),
        ("data/inbox/export.zip/*.txt", "1 member of this kind: neither runs nor logs, nothing is read of them"),
    ]
    quotes_nothing(home)
    # Thirty days by the list; of the FIT files' ten days three are in its future.
    told = rows(home, "SELECT count(*), min(local_date), max(resting_heart_rate_bpm) FROM daily_wellness")
    assert told == [(40, date(2026, 1, 31), 52.0)]
    nothing_is_opened_again(home, monkeypatch)


def test_the_list_of_activities_names_a_workout_that_the_watch_guessed_and_counts_it_once(home: Home) -> None:
    guesses = made_strength(1, [("bench_press", 1, 10)] * 3)
    workouts = [
        listed_workout(1, ("HIP_RAISE", "BARBELL_HIP_THRUST_WITH_BENCH", 3, 31), name="Hips"),
        listed_workout(3, ("SQUAT", "BARBELL_BACK_SQUAT", 2, 10), ("UNKNOWN", "", 1, 5), ("CURL", "", 0, 0)),
        {"activityId": 1, "activityType": "running", "beginTimestamp": 1.7e12, "summarizedExerciseSets": None},
    ]
    put(home, "export.zip", garmin_export([("a@example.org_1.fit", guesses)], workouts=workouts, days=1))
    night(home)
    counted = rows(
        home,
        "SELECT local_date, exercise, reps, weight_kg FROM strength_sets WHERE superseded_by IS NULL "
        "ORDER BY local_date, set_index",
    )
    (told,) = rows(home, "SELECT reason FROM sources WHERE format = 'garmin_activities'")
    assert str(told[0]).startswith("a list of 3 activities; of those of strength its sets")
    first, second = date(2026, 3, 3), date(2026, 3, 5)
    assert counted[:3] == [(first, "hip_thrust", reps, 60.0) for reps in (11.0, 10.0, 10.0)]
    assert counted[3:5] == [(second, "back_squat", 5.0, 60.0)] * 2
    assert rows(home, "SELECT count(*) FROM strength_sets WHERE superseded_by IS NOT NULL") == [(3,)]
    # Without the list the watch's own guess counts; with it twice, it does not count twice.
    put(home, "again.zip", garmin_export([], workouts=workouts, days=2))
    night(home)
    assert rows(home, "SELECT count(*) FROM strength_sets WHERE superseded_by IS NULL AND exercise = 'hip_thrust'") == [
        (3,)
    ]


# Strava


LABELS = [("Morning, and windy", "Fast shoe", False), ("City ten", "Race shoe", True), ("Old run", "", False)]


def strava(language: str) -> bytes:
    runs = [("1.fit.gz", made_run(0)), ("2.tcx.gz", made_tcx(1)), ("3.gpx", made_gpx(2))]
    return strava_export(language, runs, LABELS)


@pytest.mark.parametrize("language", ["en", "de", "fr", "xx"])
def test_strava_s_bulk_export_in_any_language(home: Home, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    put(home, "export_1.zip", strava(language))
    record = night(home)
    assert not record.needs_a_person
    assert rows(home, "SELECT local_date, file_format, name, gear, run_type = 'race' FROM runs ORDER BY 1") == [
        (date(2026, 3, 2), "fit", "Morning, and windy", "Fast shoe", False),
        (date(2026, 3, 3), "tcx", "City ten", "Race shoe", True),
        (date(2026, 3, 4), "gpx", "Old run", None, False),
    ]
    assert rows(home, "SELECT local_date, kind, text FROM diary") == [(date(2026, 3, 3), "race", "City ten")]
    assert outcomes(home) == {"loaded": 5, "skipped": 3}
    quotes_nothing(home)
    nothing_is_opened_again(home, monkeypatch)


@pytest.mark.parametrize("columns", [87, 94, 99, 101])
def test_the_list_of_any_age_names_runs_and_one_without_the_mark_names_no_race(home: Home, columns: int) -> None:
    listed = strava_list("en", [("activities/1.fit", "Ten", "Shoe", True)], columns=columns)
    put(home, "export.zip", zipped([("in/activities.csv", listed), ("in/activities/1.fit", made_run(0))]))
    night(home)
    assert rows(home, "SELECT name, gear, run_type = 'race' FROM runs") == [("Ten", "Shoe", columns > 95)]


def test_an_unpacked_export_is_read_as_a_packed_one(home: Home) -> None:
    put(home, "strava/activities.csv", strava_list("de", [("activities/1.fit", "Zehn", "Schuh", True)]))
    put(home, "strava/activities/1.fit", made_run(0))
    night(home)
    assert rows(home, "SELECT name, gear, run_type FROM runs") == [("Zehn", "Schuh", "race")]


def test_the_diarys_own_race_of_a_day_goes_before_a_list_s(home: Home) -> None:
    home.diary_file.write_text("local_date,kind,text\n2026-03-03,race,My word\n", encoding="utf-8")
    put(home, "export_1.zip", strava("en"))
    night(home)
    assert rows(home, "SELECT kind, text FROM diary") == [("race", "My word")]


def test_the_name_of_a_run_goes_along_where_the_watch_s_own_file_counts(home: Home) -> None:
    put(home, "export_1.zip", strava("en"))
    put(home, "watch.fit", made_run(1))
    night(home)
    assert rows(home, "SELECT file_format, name FROM runs WHERE run_type = 'race'") == [("fit", "City ten")]
    assert rows(home, "SELECT count(*) FROM activities WHERE duplicate_of IS NOT NULL") == [(1,)]


def test_a_list_that_is_gone_keeps_its_names(home: Home) -> None:
    put(home, "export_1.zip", strava("en"))
    night(home)
    (home.inbox / "export_1.zip").unlink()
    put(home, "more.fit", made_run(9))
    commands.nightly(Home(home.folder), TONIGHT)
    assert rows(home, "SELECT count(name), count(*) FROM runs") == [(3, 4)]


# TCX and GPX


@pytest.mark.parametrize("other", [made_tcx(0, seconds=600), made_gpx(0, seconds=600)])
def test_a_fit_file_is_never_given_up_for_another_kind_of_the_same_run(home: Home, other: bytes) -> None:
    # The other one has positions, and is more than twice as long.
    put(home, "a.fit", made_run(0, seconds=200))
    put(home, "b.xml", other)
    night(home)
    assert rows(home, "SELECT file_format FROM runs") == [("fit",)]
    (reason,) = rows(home, "SELECT reason FROM sources WHERE path LIKE '%b.xml'")
    assert "recorded in another file" in str(reason)


def test_a_run_as_tcx_and_as_gpx_is_that_of_the_fit_file(home: Home) -> None:
    for day, data in enumerate((made_run(0), made_tcx(1), made_gpx(2))):
        put(home, f"{day}.x", data)
    night(home)
    fit, tcx, gpx = rows(
        home, "SELECT distance_m, moving_time_s, heart_rate_bpm, cadence_spm FROM runs ORDER BY local_date"
    )
    assert tcx == pytest.approx(fit, rel=1e-3)
    assert gpx == pytest.approx(fit, rel=0.02)


@pytest.mark.parametrize("make", [made_tcx, made_gpx])
def test_a_track_cut_off_gives_what_stands_before_the_cut(home: Home, make: object) -> None:
    data = make(0)  # type: ignore[operator]
    put(home, "a.x", data[: int(len(data) * 0.6)])
    assert not night(home).needs_a_person
    ((distance_m, reason),) = rows(home, "SELECT distance_m, reason FROM runs JOIN sources ON counted = 1")
    assert 0.5 * 720 < float(str(distance_m)) < 0.65 * 720
    assert "breaks off" in str(reason)


def test_what_is_no_run_says_so(home: Home) -> None:
    put(home, "route.gpx", made_gpx(0, timed=False))
    put(home, "ride.tcx", made_tcx(1, sport="Biking"))
    put(home, "bomb.gpx", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "secret">]><gpx>&a;</gpx>')
    put(home, "torn.tcx", b"<TrainingCenterDatabase><Activities>")
    night(home)
    assert dict(rows(home, "SELECT path[12:], reason FROM sources ORDER BY path")) == {  # type: ignore[arg-type]
        "bomb.gpx": "this GPX declares entities, which no device writes; export it again",
        "ride.tcx": "no run that counts in it (sport: cycling)",
        "route.gpx": "GPX: a route or track without times, not an activity",
        "torn.tcx": "this TCX cannot be read; export it again, as FIT if you can",
    }


# Archives, folders and files that are not whole


def test_a_tar_of_runs_is_read_like_a_zip(home: Home) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for number in range(2):
            data = made_run(number)
            info = tarfile.TarInfo(f"runs/{number}.fit")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    put(home, "runs.tar.gz", out.getvalue())
    assert not night(home).needs_a_person
    assert rows(home, "SELECT count(*) FROM runs") == [(2,)]
    assert rows(home, "SELECT format FROM sources WHERE container IS NULL") == [("tar",)]


def test_a_file_that_grows_while_it_is_read_waits_for_the_next_night(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "a.fit", made_run(0)[:1000])

    def read_while_it_grows(offer: object, bounds: object) -> object:
        opened = open_offer(offer, bounds)  # type: ignore[arg-type]
        put(home, "a.fit", made_run(0))
        return opened

    monkeypatch.setattr("hipdrive.night.batches.open_offer", read_while_it_grows)
    assert not night(home).needs_a_person
    assert rows(home, "SELECT status, reason FROM sources") == [
        ("skipped", "it is still being written; the next night reads it")
    ]
    monkeypatch.undo()
    night(home)
    assert rows(home, "SELECT status FROM sources") == [("loaded",)]
    assert rows(home, "SELECT count(*) FROM runs") == [(1,)]


def test_a_file_that_grows_every_now_and_then_waits_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hipdrive.read.inbox.QUIET_S", 1.0)
    data, file = made_run(0), home.inbox / "a.fit"

    def grow() -> None:
        for end in range(1000, len(data) + 100, 100):
            file.write_bytes(data[:end])
            if done.wait(0.2):
                break
        file.write_bytes(data)

    done = threading.Event()
    writer = threading.Thread(target=grow)
    writer.start()
    while not file.is_file():
        time.sleep(0.01)
    night(home)
    assert rows(home, "SELECT status FROM sources") == [("skipped",)]
    done.set()
    writer.join()
    night(home)
    assert rows(home, "SELECT status, counted FROM sources") == [("loaded", 1)]


def test_a_watch_that_is_not_plugged_in_keeps_its_runs(home: Home, tmp_path: Path) -> None:
    watch = tmp_path / "watch"
    watch.mkdir()
    (watch / "1.fit").write_bytes(made_run(0))
    text = home.settings_file.read_text(encoding="utf-8").replace("# folders = []", f'folders = ["{watch}"]')
    home.settings_file.write_text(text, encoding="utf-8")
    commands.nightly(Home(home.folder), TONIGHT)
    watch.rename(tmp_path / "away")
    put(home, "2.fit", made_run(1))
    record = commands.nightly(Home(home.folder), TONIGHT)
    assert not record.needs_a_person
    assert rows(home, "SELECT is_gone, counted FROM sources ORDER BY path") == [(False, 1), (False, 1)]
    (tmp_path / "away").rename(watch)
    assert commands.nightly(Home(home.folder), TONIGHT).sources == {}


def test_a_folder_that_was_never_there_needs_a_person(home: Home) -> None:
    text = home.settings_file.read_text(encoding="utf-8").replace("# folders = []", 'folders = ["nowhere"]')
    home.settings_file.write_text(text, encoding="utf-8")
    record = commands.nightly(Home(home.folder), TONIGHT)
    assert record.warnings == [
        "inbox.folders in hipdrive.toml names nowhere, which is not there and never was; check the path"
    ]


def test_a_link_out_of_the_inbox_is_told_once(home: Home, tmp_path: Path) -> None:
    (tmp_path / "far.fit").write_bytes(made_run(0))
    (home.inbox / "run.fit").symlink_to(tmp_path / "far.fit")
    assert not night(home).needs_a_person
    ((status, reason),) = rows(home, "SELECT status, reason FROM sources")
    assert status == "skipped"
    assert "is not followed" in str(reason)
    assert night(home).sources == {}
