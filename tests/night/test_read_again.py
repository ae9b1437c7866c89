"""What was read with other settings, or by an older program, is read again by itself the next night."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hipdrive.night import commands
from hipdrive.settings import Home
from hipdrive.warehouse import (
    Warehouse,
    ask,
)
from tests.makers.nights import SAMPLE, TONIGHT, fates, log, night, put, sets_that_count, settle_setting


def test_a_remedy_that_is_printed_works_the_next_night(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 100 5"))
    night(home)
    assert sets_that_count(home) == [("2026-03-02", "100.0", "5.0")]
    night(settle_setting(home, 'weight_unit = "lb"', "strength"))
    ((_, weight, _),) = sets_that_count(home)
    assert float(str(weight)) == pytest.approx(100 * 0.45359237, abs=0.01)


def test_a_time_zone_that_was_wrong_moves_the_days_the_next_night(home: Home) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 100 5"))
    night(home)
    (before,) = ask(home, "SELECT started_utc FROM strength_sets")["started_utc"]
    text = home.settings_file.read_text(encoding="utf-8").replace('time_zone = "UTC"', 'time_zone = "Asia/Tokyo"')
    home.settings_file.write_text(text, encoding="utf-8")
    night(home)
    (after,) = ask(home, "SELECT started_utc FROM strength_sets")["started_utc"]
    assert (before - after).total_seconds() == 9 * 3600


def test_an_order_of_dates_brings_a_log_out_of_quarantine_the_next_night(home: Home) -> None:
    rows = "date,exercise,reps,weight\n03/04/2026,Squat,5,60\n04/05/2026,Squat,5,60\n"
    put(home, "table.csv", rows)
    night(home)
    assert sets_that_count(home) == []
    night(settle_setting(home, 'date_order = "day_first"', "strength"))
    assert [row[0] for row in sets_that_count(home)] == ["2026-04-03", "2026-05-04"]


def test_a_raised_bound_opens_the_archive_the_next_night(home: Home, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.csv").write_text(log(f"2026-03-0{number + 1} Squat 60 5"), encoding="utf-8")
    shutil.make_archive(str(home.inbox / "logs"), "zip", tmp_path, ".")
    text = home.settings_file.read_text(encoding="utf-8")
    night(settle_setting(home, "max_members = 2", "archive"))
    assert fates(home) == {"data/inbox/logs.zip": "quarantined"}
    home.settings_file.write_text(text, encoding="utf-8")
    night(home)
    assert fates(home)["data/inbox/logs.zip"] == "loaded"
    assert len(sets_that_count(home)) >= 3


def test_an_athlete_who_is_named_later_takes_her_folder_the_next_night(home: Home) -> None:
    put(home, "anna/run.fit", (SAMPLE / "run.fit").read_bytes())
    night(home)
    assert ask(home, "SELECT athlete_id FROM runs")["athlete_id"].to_list() == ["me"]
    home.settings_file.write_text(home.settings_file.read_text(encoding="utf-8") + "\n[athletes.anna]\n", "utf-8")
    night(home)
    assert ask(home, "SELECT athlete_id FROM runs")["athlete_id"].to_list() == ["anna"]
    for table in ("activities", "sources", "readings", "daily_load"):
        assert ask(home, f"SELECT count(*) AS n FROM {table} WHERE athlete_id = 'me'").item() == 0, table


def test_a_new_edition_of_the_program_reads_everything_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    before = ask(home, "SELECT read_with FROM sources").item()
    monkeypatch.setattr("hipdrive.night.provenance.EDITION", 999)
    night(home)
    after = ask(home, "SELECT read_with FROM sources").item()
    assert (before != after, "edition 999" in after) == (True, True)


def test_a_file_read_in_place_is_looked_for_where_it_lay(home: Home, tmp_path: Path) -> None:
    place = tmp_path / "elsewhere.csv"
    place.write_text(log("2026-03-02 Squat 100 5"), encoding="utf-8")
    commands.ingest(home, [place], TONIGHT)
    night(settle_setting(home, 'weight_unit = "lb"', "strength"))
    ((_, pounds, _),) = sets_that_count(home)
    assert float(str(pounds)) < 50
    place.unlink()
    night(settle_setting(home, 'distance_unit = "km"', "strength"))
    assert sets_that_count(home) != []
    assert ask(home, "SELECT is_gone, read_with LIKE '%distances m%' AS old FROM sources").rows() == [(True, True)]


def test_nothing_new_makes_no_copy_and_opens_no_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    before = home.warehouse_file.stat().st_ino

    def refuse(*_: object) -> None:
        raise AssertionError("a copy was made")

    monkeypatch.setattr(Warehouse, "__enter__", refuse)
    record = commands.nightly(home, TONIGHT)
    assert record.sentence == "Nothing new: the report is up to date."
    assert commands.ingest(home, [home.inbox], TONIGHT).sources == {}
    assert home.warehouse_file.stat().st_ino == before
