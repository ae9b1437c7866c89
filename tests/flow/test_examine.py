"""What `hipdrive doctor` finds in a home, and what it says to do: each finding one line, and nothing is changed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hipdrive.cli.doctor import examine, verify_file
from hipdrive.errors import WrongUse
from hipdrive.night import commands
from hipdrive.night.plans import declare
from hipdrive.settings import Home
from hipdrive.warehouse import Warehouse, only_writer
from tests.flow.test_layouts import LAYOUTS, make_home
from tests.makers.nights import SAMPLE, log, put

Said = pytest.CaptureFixture[str]


def found(home: Home, capsys: Said) -> dict[str, tuple[bool, str]]:
    """Each finding by its first word: whether it is good, and the rest of its line."""
    capsys.readouterr()
    is_well = examine(Home(home.folder))
    lines = [line.split(" ", 1) for line in capsys.readouterr().out.splitlines()]
    assert is_well == all(mark == "✓" for mark, _ in lines)
    return {said.partition(": ")[0]: (mark == "✓", said.partition(": ")[2]) for mark, said in lines}


def test_a_new_home_is_told_what_to_do_first(home: Home, capsys: Said) -> None:
    said = found(home, capsys)
    assert said["settings"][0]
    assert said["packages"] == (True, "all as the project requires")
    assert said["lock"] == (True, "nobody is writing")
    assert said["inbox"] == (False, f"0 files in {home.inbox}; put FIT files and a strength log there")
    assert said["warehouse"] == (False, "none yet; run `hipdrive nightly`")


def test_an_alias_of_no_exercise_and_a_night_at_work_are_told(home: Home, capsys: Said) -> None:
    home.settings_file.write_text('[aliases]\n"Thing" = "hip_trust"\n"Lift" = "deadlift"\n', encoding="utf-8")
    with only_writer(home.data):
        said = found(home, capsys)
    assert said["aliases"] == (False, "“Thing” = “hip_trust”: no such exercise; `hipdrive exercises` lists the keys")
    is_good, why = said["lock"]
    assert (is_good, "is writing here now" in why) == (False, True)


def test_a_package_that_is_missing_or_of_another_version_is_named(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    wanted = {
        "hipdrive": ("1", ["duckdb>=1", "polars>=99", "rich", "not-there; python_version < '3'"]),
        "rich": ("2", []),
    }
    for name, (version, requirements) in wanted.items():
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requirements)]
        (folder / "METADATA").write_text("\n".join(["Metadata-Version: 2.1", *lines]) + "\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    is_good, said = found(home, capsys)["packages"]
    assert not is_good
    assert said.startswith("polars is ")
    assert said.endswith(", wanted >=99; make the environment again with `make clean demo`")
    (tmp_path / "hipdrive-1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: hipdrive\nVersion: 1\nRequires-Dist: not-there>=2\n", encoding="utf-8"
    )
    said = found(home, capsys)["packages"][1]
    assert said.startswith("not-there is not installed, wanted >=2")


def test_what_nights_left_is_told_with_its_remedy(home: Home, capsys: Said) -> None:
    put(home, "log.csv", log("2026-03-02 Squat 60 5", "2026-03-03 Thingamabob 60 5"))
    put(home, "broken.fit", b"this is not a FIT file")
    put(home, "goes.csv", log("2026-03-04 Deadlift 60 5"))
    commands.ingest(home, [home.inbox])
    said = found(home, capsys)
    assert said["files"] == (False, "2 loaded, 1 quarantined; `hipdrive sources --status quarantined` says why")
    assert said["exercise names that hipdrive does not know"] == (False, "1; `hipdrive exercises --unmatched`")
    assert said["page"] == (False, "older than the warehouse; `hipdrive nightly` draws it anew")
    assert said["read with other settings than today's"] == (True, "0 files")
    assert said["schedule"] == (True, "0 days since the last night")
    (home.inbox / "goes.csv").unlink()
    with Warehouse(home) as copy:
        copy._run("UPDATE sources SET is_gone = true WHERE path LIKE '%/goes.csv'")
        copy.swap("build")
    home.settings_file.write_text(
        '[aliases]\n"Thingamabob" = "hip_thrust"\n[strength]\nweight_unit = "lb"\n', encoding="utf-8"
    )
    (home.data / "nights.jsonl").unlink()
    said = found(home, capsys)
    assert said["read with other settings than today's"] == (False, "2 files; the next night reads them again")
    assert said["gone, so kept as they were read with older settings"] == (True, "1 files")
    assert said["nights"] == (False, "none recorded yet")


def test_tables_of_an_older_version_are_told_once(tmp_path: Path, capsys: Said) -> None:
    said = found(make_home(tmp_path, LAYOUTS[0]), capsys)
    assert said["tables"] == (False, "of an older version; `hipdrive nightly` brings them up to date")
    assert "block off of me" not in said


def test_a_night_long_ago_and_a_night_that_stopped_are_told(home: Home, capsys: Said) -> None:
    put(home, "log.csv", log("2026-03-02 Squat 60 5"))
    commands.ingest(home, [home.inbox])
    lines = home.data / "nights.jsonl"
    row = lines.read_text(encoding="utf-8").splitlines()[-1]
    now = f"{datetime.now(UTC):%Y-%m-%d}"
    assert now in row
    ago = f"{datetime.now(UTC) - timedelta(days=9):%Y-%m-%d}"
    lines.write_text(row.replace(now, ago).replace('"done"', '"stopped"') + "\n", encoding="utf-8")
    said = found(home, capsys)
    assert said["schedule"] == (False, "9 days since the last night; is `hipdrive schedule` still running?")
    assert (said["nights"][0], said["nights"][1].endswith("stopped")) == (False, True)


def test_days_off_that_no_log_covers_and_races_nobody_noted_are_asked_for(home: Home, capsys: Said) -> None:
    put(home, "log.csv", log("2026-03-02 Squat 60 5"))
    declare(home, "me", datetime.now(UTC) - timedelta(weeks=40))
    commands.ingest(home, [home.inbox])
    with Warehouse(home) as copy:
        copy._run(
            "INSERT INTO races BY NAME SELECT 'me' AS athlete_id, 'run' AS origin, * FROM (VALUES (DATE '2026-03-07', "
            "true), (DATE '2026-03-14', false), (DATE '2026-03-21', true)) AS told(local_date, is_counted)"
        )
        copy.swap("build")
    said = found(home, capsys)
    is_good, why = said["block off of me"]
    assert not is_good
    assert "if there was no strength work, `hipdrive log none 20" in why
    capsys.readouterr()
    examine(home)
    told = capsys.readouterr().out
    assert "they are taken for races: 2026-03-07, 2026-03-21; `hipdrive note race DATE` notes one" in told
    assert "they are not taken for races: 2026-03-14;" in told


def test_a_file_is_held_against_another_decoder(capsys: Said) -> None:
    assert verify_file(SAMPLE / "run.fit")
    assert capsys.readouterr().out
    with pytest.raises(WrongUse, match="there is no file nowhere to verify"):
        verify_file(Path("nowhere"))


def test_a_night_that_broke_off_while_reading_is_told_with_how_far_it_came(home: Home, capsys: Said) -> None:
    put(home, "log.csv", log("2026-03-02 Squat 60 5"))
    commands.ingest(home, [home.inbox])
    half, told = home.warehouse_file.with_name("hipdrive.duckdb.next"), "a night broke off while reading; 1 files are"
    half.write_bytes(b"the disk was full")
    assert not any(said.startswith(told) for said in found(home, capsys))
    half.unlink()
    with Warehouse(home) as copy:
        copy.let_all_be_read_again()
        copy._run("UPDATE readings SET read_with = 'today'")
        copy._run("CHECKPOINT")
        shutil.copy(half, home.data / "kept")
    (home.data / "kept").replace(half)
    (is_good,) = [is_good for said, (is_good, _) in found(home, capsys).items() if said.startswith(told)]
    assert not is_good
