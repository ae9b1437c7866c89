"""What an athlete puts right in `data/corrections.csv`: counted, part of what a file was read with, loud."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.night import commands
from hipdrive.night.record import NightRecord
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.makers.exports import made_gpx, made_run, strava_list

TONIGHT = date(2026, 11, 30)
LOG = b"Date,Exercise,Weight,Reps\n2026-03-02,Hip Thrust,1000,5\n2026-03-02,Hip Thrust,100,5\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "hipdrive.toml").write_text(settings_template(), encoding="utf-8")
    home = Home(tmp_path)
    home.inbox.mkdir(parents=True)
    return home


def put(home: Home, name: str, data: bytes) -> None:
    (home.inbox / name).write_bytes(data)


def correct(home: Home, *lines: str) -> None:
    home.corrections_file.write_text("\n".join(["source,field,was,becomes,reason", *lines]), encoding="utf-8")


def night(home: Home) -> NightRecord:
    return commands.nightly(Home(home.folder), TONIGHT)


def only(home: Home, query: str) -> object:
    ((value,),) = ask(home, query).rows()
    return value


def test_a_value_is_put_right_and_counted_the_next_night_and_taken_back_with_its_line(home: Home) -> None:
    put(home, "log.csv", LOG)
    night(home)
    loads = "SELECT list(weight_kg ORDER BY set_index) FROM strength_sets"
    assert only(home, loads) == [100.0]  # a ton is not a set
    correct(home, "log.csv,weight,1000,100,a nought too many")
    assert not night(home).needs_a_person
    assert only(home, loads) == [100.0, 100.0]
    assert "1 value put right by data/corrections.csv" in str(only(home, "SELECT reason FROM sources"))
    assert night(home).sources == {}
    home.corrections_file.unlink()
    night(home)
    assert only(home, loads) == [100.0]


@pytest.mark.parametrize("source", ["run.gpx", "data/inbox/run.gpx", "SHA"])
def test_a_sport_is_put_right_by_path_or_by_sha256(home: Home, source: str) -> None:
    put(home, "run.gpx", made_gpx(0, kind="walking"))
    night(home)
    assert only(home, "SELECT count(*) FROM runs") == 0
    sha = str(only(home, "SELECT source_id FROM sources"))[:16]
    correct(home, f"{source.replace('SHA', sha)},session.sport,walking,running,it was a run")
    night(home)
    assert only(home, "SELECT count(*) FROM runs") == 1


def test_a_correction_of_a_copy_is_one_of_its_content(home: Home) -> None:
    for name in ("a.fit", "b.fit"):
        put(home, name, made_run(0))
    night(home)
    correct(home, "b.fit,session.sport,running,cycling,on the bike")
    night(home)
    assert only(home, "SELECT count(*) FROM runs") == 0


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("run.fit,session.sport,cycling,running,x", "no “sport” in it is what the line says it was"),
        ("run.fit,lap.total_distance,1,2,x", "it holds no “lap”"),
        ("run.fit,session.colour,a,b,x", "it has no value “colour”"),
        ("run.fit,session.total_distance,far,2,x", "one of its values cannot stand there"),
        ("list.csv,name,Ten,Eleven,x", "nothing can be corrected in a file of this kind"),
    ],
)
def test_one_that_does_not_fit_stops_its_file_and_no_other(home: Home, line: str, why: str) -> None:
    put(home, "run.fit", made_run(0))
    put(home, "other.fit", made_run(1))
    put(home, "list.csv", strava_list("en", [("activities/1.fit", "Ten", "Shoe", True)]))
    correct(home, line)
    assert night(home).needs_a_person
    ((path, reason),) = ask(home, "SELECT path, reason FROM sources WHERE status = 'quarantined'").rows()
    assert path == f"data/inbox/{line.split(',', maxsplit=1)[0]}"
    assert reason == (
        f"line 2 of data/corrections.csv does not fit this file: {why}; mend or take out that line of "
        "data/corrections.csv"
    )
    home.corrections_file.unlink()
    assert not night(home).needs_a_person
    assert only(home, "SELECT count(*) FROM runs") == 2


def test_times_and_numbers_are_put_right_in_the_file_s_own_units(home: Home) -> None:
    put(home, "run.fit", made_run(0))
    correct(home, "run.fit,session.total_distance,720,730,the line was longer", "run.fit,record.heart_rate,152,,a lie")
    night(home)
    assert only(home, "SELECT told_distance_m FROM activities") == 730.0
    assert "81 values put right" in str(only(home, "SELECT reason FROM sources"))
    assert only(home, "SELECT count(*) FROM samples WHERE heart_rate_bpm IS NULL") == 80


def test_a_line_about_nothing_and_one_that_is_none_need_a_person_every_night(home: Home) -> None:
    put(home, "run.fit", made_run(0))
    night(home)
    correct(home, "gone.fit,session.sport,a,b,x", "run.fit,session.sport,same,same,x")
    for _ in range(2):
        assert night(home).warnings == [
            "data/corrections.csv, line 3: it needs a source, a field, and two values that differ",
            "data/corrections.csv, line 2: no night has seen a source gone.fit; `hipdrive sources` lists them all",
        ]
    home.corrections_file.write_text("source,was\nx,y\n", encoding="utf-8")
    assert "the column “field” is missing" in night(home).warnings[0]
