"""What is said of a file never quotes what it holds: junk of many kinds with a marked word in it."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import tarfile
from contextlib import closing
from datetime import date

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.night import commands
from hipdrive.settings import SETTINGS_FILE, Home
from hipdrive.warehouse import ask
from tests.makers.exports import listed_workout, made_gpx, made_run, made_tcx, strava_list, zipped

WORD = "Zyxwville"
STRONG = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\n"
HEVY = (
    "title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,set_index,set_type,weight_kg,reps,"
    "distance_km,duration_seconds,rpe\n"
)


def database() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE TABLE {WORD} ({WORD} TEXT)")
        connection.execute(f"INSERT INTO {WORD} VALUES ('{WORD}')")
        return connection.serialize()


def tar(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def marked(data: bytes, at: float = 0.5) -> bytes:
    place = int(len(data) * at)
    return data[:place] + WORD.encode() * 3 + data[place + 3 * len(WORD) :]


def workout(**changes: object) -> bytes:
    one = {**listed_workout(1, ("HIP_RAISE", WORD, 3, 30), (WORD, WORD, 2, 10), name=WORD), **changes}
    return json.dumps([{"summarizedActivitiesExport": [one]}]).encode()


def days(**changes: object) -> bytes:
    day = {"userProfilePK": WORD, "calendarDate": "2026-03-02", "totalSteps": 1, "restingHeartRate": 50, **changes}
    return json.dumps([day]).encode()


JUNK: dict[str, bytes] = {
    "a.txt": f"{WORD}\n".encode(),
    "a.json": json.dumps({"city": WORD}).encode(),
    "list.json": json.dumps([{WORD: WORD}]).encode(),
    "torn.json": f'{{"city": "{WORD}'.encode(),
    "deep.json": b"[" * 5000 + WORD.encode(),
    "a.csv": f"{WORD},b\n{WORD},2\n".encode(),
    "wide.csv": (",".join([WORD] * 40) + "\n").encode(),
    "utf16.csv": f"{WORD};{WORD}\n1;2\n".encode("utf-16"),
    "a.html": f"<html><title>{WORD}</title>".encode(),
    "a.xml": f'<?xml version="1.0"?><{WORD}>{WORD}</{WORD}>'.encode(),
    "entity.gpx": f'<?xml version="1.0"?><!DOCTYPE {WORD} [<!ENTITY {WORD} "{WORD}">]><gpx>&{WORD};</gpx>'.encode(),
    "marked.gpx": marked(made_gpx(0)),
    "lat.gpx": made_gpx(0).replace(b'lat="48', f'lat="{WORD}'.encode()),
    "time.gpx": made_gpx(0).replace(b"<time>2026", f"<time>{WORD}".encode()),
    "marked.tcx": marked(made_tcx(0)),
    "number.tcx": made_tcx(0).replace(b"<Value>15", f"<Value>{WORD}".encode()),
    "time.tcx": made_tcx(0).replace(b"<Time>2026", f"<Time>{WORD}".encode()),
    "sport.tcx": made_tcx(0, sport=WORD),
    "kind.gpx": made_gpx(0, kind=WORD),
    "head.fit": WORD.encode() * 30,
    "mark.fit": b"\x0e\x10\xff\xff" + WORD[:4].encode() + b".FIT" + WORD.encode() * 20,
    "torn.fit": marked(made_run(0), 0.02),
    "middle.fit": marked(made_run(0), 0.6),
    "a.db": database(),
    "a.zip": zipped([(f"{WORD}.txt", WORD.encode())]),
    "torn.zip": marked(zipped([(f"{WORD}.fit", made_run(0))])),
    "index.zip": marked(zipped([(f"{WORD}.fit", made_run(0))]), 0.995),
    "a.tar.gz": tar(f"{WORD}.csv", WORD.encode()),
    "torn.tar.gz": marked(tar(f"{WORD}.fit", made_run(0))),
    "a.gz": gzip.compress(WORD.encode()),
    "torn.gz": marked(gzip.compress(made_run(0))),
    "a.xlsx": zipped([("[Content_Types].xml", WORD.encode()), ("xl/workbook.xml", f"<{WORD}/>".encode())]),
    "a.parquet": b"PAR1" + WORD.encode() * 20 + b"PAR1",
    "UDSFile_1.json": days(calendarDate=WORD),
    "UDSFile_2.json": days(restingHeartRate=WORD),
    "UDSFile_3.json": days(calendarDate={WORD: WORD}, restingHeartRate=[WORD]),
    "x_0_summarizedActivities.json": workout(),
    "x_1_summarizedActivities.json": workout(beginTimestamp=WORD),
    "x_2_summarizedActivities.json": workout(summarizedExerciseSets=WORD),
    "x_3_summarizedActivities.json": workout(summarizedExerciseSets=[WORD, {"category": [WORD], "sets": WORD}]),
    "strava/activities.csv": strava_list("en", [(WORD, WORD, WORD, True)]),
    "strava/sub/activities.csv": strava_list("xx", [("activities/1.fit", WORD, WORD, True)]).replace(
        b"02.03", WORD.encode()
    ),
    "strong.csv": (STRONG + f"{WORD},{WORD},1h,Squat,1,60,5,0,0,,,\n").encode(),
    "strong2.csv": (
        STRONG + f"2026-03-02 18:00:00,{WORD},{WORD},{WORD},{WORD},{WORD},{WORD},{WORD},{WORD},{WORD},,\n"
    ).encode(),
    "strong3.csv": (STRONG + f'2026-03-02 18:00:00,Gym,1h,"{WORD}\n').encode(),
    "strong4.csv": STRONG.replace("Weight", WORD).encode() + b"2026-03-02 18:00:00,Gym,1h,Squat,1,60,5,0,0,,,\n",
    "hevy.csv": (HEVY + f"{WORD},{WORD},{WORD},{WORD},{WORD},,,0,{WORD},{WORD},{WORD},,,\n").encode(),
    "mine.csv": f"date,exercise,reps,weight,unit\n2026-03-02,{WORD},5,60,{WORD}\n{WORD},squat,5,60,kg\n".encode(),
    "mine2.csv": f"date,exercise,reps,{WORD}\n2026-03-02,squat,{WORD},1\n".encode(),
    "wellness.json": json.dumps([{"id": WORD, "restingHR": WORD}]).encode(),
    "workouts.json": json.dumps(
        {"workouts": [{"id": WORD, "start_time": WORD, "exercises": [{"title": WORD}]}]}
    ).encode(),
    "workouts2.json": json.dumps({"workouts": [{"title": WORD, "exercises": WORD}, WORD]}).encode(),
}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[str]]:
    folder = tmp_path_factory.mktemp("junk")
    (folder / SETTINGS_FILE).write_text(settings_template(), encoding="utf-8")
    home = Home(folder)
    for name, data in JUNK.items():
        (home.inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (home.inbox / name).write_bytes(data)
    record = commands.ingest(home, [home.inbox], date(2026, 11, 30))
    return home, [*record.warnings, *record.notes, record.sentence]


def test_no_reason_quotes_what_a_file_holds(night: tuple[Home, list[str]]) -> None:
    reasons = ask(night[0], "SELECT path, reason FROM sources WHERE reason IS NOT NULL").rows()
    assert len(reasons) >= 40
    assert [(path, reason) for path, reason in reasons if WORD.lower() in reason.lower()] == []


def test_the_night_does_not_either(night: tuple[Home, list[str]]) -> None:
    assert [said for said in night[1] if WORD.lower() in said.lower()] == []


def test_every_junk_has_an_outcome(night: tuple[Home, list[str]]) -> None:
    paths = ask(night[0], "SELECT path[12:] FROM sources WHERE container IS NULL").to_series()
    assert set(paths) == set(JUNK)
