"""What the commands say of a home whose tables are drawn: what is a fault, whose it is, and how all of it is seen."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from hipdrive.cli import watchdog
from hipdrive.cli.app import app
from hipdrive.cli.tables import SHOWN_ROWS
from hipdrive.night.commands import begun
from hipdrive.night.record import NightRecord
from hipdrive.night.shards import settle_catalogue
from hipdrive.settings import Home
from hipdrive.tables.diary import DIARY_KINDS
from hipdrive.warehouse import Warehouse, write_night
from tests.makers.warehouse import fill, finish

Said = Callable[..., str]


@pytest.fixture
def said(home: Home, capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command in the home and gives what it printed."""

    def run(*words: str) -> str:
        app([*words, "--home", str(home.folder)], result_action="return_value", exit_on_error=False)
        return capsys.readouterr().out

    return run


def line(text: str, of: str) -> str:
    return next(one for one in text.splitlines() if of in one)


def unreadable(home: Home, *, is_gone: bool) -> None:
    seen = datetime.now(UTC) - timedelta(days=1)
    lost = {"path": "data/inbox/bank.csv", "source_id": "2", "content_sha256": "2", "status": "quarantined"}
    with Warehouse(home) as warehouse:
        fill(warehouse, "sources", {"path": "a.fit"}, {**lost, "is_gone": is_gone, "first_seen_utc": seen})
        finish(warehouse)
        warehouse.swap("build")


def test_an_unreadable_file_is_a_fault_while_it_is_there(home: Home, said: Said) -> None:
    unreadable(home, is_gone=False)
    assert line(said("doctor"), "files: ") == (
        "✗ files: 1 loaded, 1 quarantined; `hipdrive sources --status quarantined` says why"
    )
    assert not watchdog._quarantine(home)[0]


def test_an_unreadable_file_that_is_gone_is_told_and_is_no_fault(home: Home, said: Said) -> None:
    unreadable(home, is_gone=True)
    assert line(said("doctor"), "files: ") == "✓ files: 1 loaded, 1 quarantined and gone since"
    assert watchdog._quarantine(home)[0]
    assert "gone" in line(said("sources"), "bank.csv")


def test_how_the_last_night_ended_is_told_in_words(home: Home, said: Said) -> None:
    unreadable(home, is_gone=False)
    write_night(home, NightRecord(datetime.now(UTC)).row("needs_a_person", None))
    assert line(said("doctor"), "nights: ").endswith("UTC: needs a person")


def test_every_file_of_many_is_listed_for_a_program(home: Home, said: Said) -> None:
    many = SHOWN_ROWS + 50
    with Warehouse(home) as warehouse:
        files = ({"path": f"run-{number:03}.fit", "source_id": str(number)} for number in range(many))
        fill(warehouse, "sources", *files)
        finish(warehouse)
        warehouse.swap("build")
    assert "… and 50 more rows; --format csv gives all of them" in said("sources")
    rows = list(csv.DictReader(io.StringIO(said("sources", "--format", "csv"))))
    assert len(rows) == many
    assert rows[0]["path"] == "run-000.fit"
    assert len(json.loads(said("sources", "--format", "json"))) == many
    assert json.loads(said("sources", "--format", "json", "--status", "skipped")) == []
    assert json.loads(said("sources", "--format", "json", "--overlaps")) == []


def name_unknown(warehouse: Warehouse, athlete: str, *names: str) -> None:
    sets = ({"athlete_id": athlete, "source_id": f"s-{athlete}", "exercise_name": name} for name in names)
    common = {"local_date": date(2026, 3, 2), "match": "none", "set_type": "normal", "hip_dose": 0.0}
    fill(warehouse, "strength_sets", *({**common, **one, "set_index": place} for place, one in enumerate(sets)))


def test_with_every_name_known_nothing_is_listed(home: Home, said: Said) -> None:
    unreadable(home, is_gone=False)
    assert said("exercises", "--unmatched") == "hipdrive knows every name in your logs.\n"


def test_every_name_of_many_is_listed(home: Home, said: Said) -> None:
    with Warehouse(home) as warehouse:
        name_unknown(warehouse, "me", *(f"Uncle {number:03}" for number in range(SHOWN_ROWS + 5)))
        finish(warehouse)
        warehouse.swap("build")
    assert len(said("exercises", "--unmatched").splitlines()) == 1 + SHOWN_ROWS + 5


def test_in_a_team_it_is_said_whose(home: Home, said: Said) -> None:
    (home.folder / "athletes.csv").write_text("id\nanna\nben\ncleo\n", encoding="utf-8")
    team = Home(home.folder)
    names = {"anna": ("Uncle", "Aunt"), "ben": ("Uncle",), "cleo": ()}
    for athlete, unknown in names.items():
        with Warehouse(team.of(athlete)) as warehouse:
            name_unknown(warehouse, athlete, *unknown)
            race = {"athlete_id": athlete, "local_date": date(2026, 3, 8), "origin": "run", "is_counted": True}
            fill(warehouse, "races", *([race] if athlete != "cleo" else []))
            finish(warehouse)
            warehouse.swap(f"build-{athlete}")
    with begun(team) as night:
        settle_catalogue(night, list(names))
    listed = said("exercises", "--unmatched").splitlines()
    assert [one.split()[:2] for one in listed] == [["exercise_name", "sets"], ["Uncle", "2"], ["Aunt", "1"]]
    assert listed[1].split()[2:4] == ["anna,", "ben"]
    assert listed[2].split()[2] == "anna"
    assert "Aunt" not in said("exercises", "--unmatched", "--athlete", "ben")
    told = said("doctor")
    for athlete in ("anna", "ben"):
        one = line(told, f"races: nobody noted these of {athlete}")
        assert one.endswith(f"2026-03-08; `hipdrive note race DATE --athlete {athlete}` notes one")
    assert line(told, "exercise names").endswith("of anna, ben; `hipdrive exercises --unmatched`")


def test_the_help_of_a_note_names_every_kind(said: Said) -> None:
    for words in (("note", "--help"), ("--help",)):
        told = " ".join(said(*words).replace("\u2502", " ").split())
        assert f"{', '.join(DIARY_KINDS[:-1])} or {DIARY_KINDS[-1]}" in told


def test_a_plan_says_which_effect_would_be_seen(said: Said) -> None:
    told = said("plan")
    assert re.search(r"(?m)^  after  52 weeks a full programme's effect of +\d+\W% or more would be seen$", told)
    assert re.search(r"runners of that kind would see an effect of 2\W% in a year of such blocks", told)
