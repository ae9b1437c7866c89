"""From one file for all to a file an athlete and back, where what lies there is old, broken or half done."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hipdrive.cli.app import app
from hipdrive.errors import BrokenWarehouse, MissingWarehouse, WrongUse
from hipdrive.night import commands
from hipdrive.night.plans import declare
from hipdrive.settings import Home
from hipdrive.warehouse import all_plans, ask, facts, migrations
from tests.flow.test_layouts import LAYOUTS, make_home
from tests.makers.nights import TONIGHT, log, put
from tests.night.test_shards import name_athletes

SETS = "SELECT athlete_id, local_date, exercise, weight_kg FROM strength_sets ORDER BY ALL"


def run(home: Home, *words: str) -> int:
    code = app([*words, "--home", str(home.folder)], result_action="return_value", exit_on_error=False)
    assert isinstance(code, int)
    return code


@pytest.fixture(scope="module")
def made_team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Anna and Ben, each with a set."""
    folder = tmp_path_factory.mktemp("team")
    (folder / "data" / "inbox").mkdir(parents=True)
    (folder / "hipdrive.toml").write_text("", encoding="utf-8")
    team = name_athletes(Home(folder), "anna", "ben")
    put(team, "anna/strong.csv", log("2026-03-02 Squat 60 5"))
    put(team, "ben/strong.csv", log("2026-03-03 Deadlift 80 5"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hipdrive.read.inbox.QUIET_S", 0.0)
        commands.ingest(team, [team.inbox], TONIGHT)
    return folder


@pytest.fixture(scope="module")
def made_lone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lone runner with a set."""
    folder = tmp_path_factory.mktemp("lone")
    (folder / "data" / "inbox").mkdir(parents=True)
    (folder / "hipdrive.toml").write_text("", encoding="utf-8")
    lone = Home(folder)
    put(lone, "strong.csv", log("2026-03-02 Squat 60 5"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hipdrive.read.inbox.QUIET_S", 0.0)
        commands.ingest(lone, [lone.inbox], TONIGHT)
    return folder


@pytest.fixture
def lone(made_lone: Path, tmp_path: Path) -> Home:
    """The same, for one test."""
    return Home(shutil.copytree(made_lone, tmp_path / "lone"))


@pytest.fixture
def team(made_team: Path, tmp_path: Path) -> Home:
    """The same, for one test."""
    return Home(shutil.copytree(made_team, tmp_path / "team"))


def test_a_file_of_an_older_version_is_brought_up_to_date_and_split(tmp_path: Path) -> None:
    home = make_home(tmp_path, LAYOUTS[0])
    before = ask(home, "SELECT count(*) FROM strength_sets").item()
    assert before > 0
    team = name_athletes(home, "anna")
    assert run(team, "migrate") == 0
    assert facts(team)["schema"] == migrations()[-1].name
    assert ask(team, "SELECT count(*) FROM strength_sets WHERE athlete_id = 'me'").item() == before
    assert team.of("me").warehouse_file.is_file()


def test_a_file_that_is_no_database_is_left_where_it_is(home: Home) -> None:
    home.warehouse_file.write_bytes(b"this is not a database" * 1000)
    before = home.warehouse_file.read_bytes()
    with pytest.raises(BrokenWarehouse, match="DuckDB cannot open this file"):
        run(name_athletes(home, "anna"), "migrate")
    assert home.warehouse_file.read_bytes() == before
    assert not home.shards.exists()


def test_one_broken_file_of_a_team_keeps_all_of_them_apart(team: Home) -> None:
    rows = ask(team, SETS)
    broken = team.of("ben").warehouse_file
    whole = broken.read_bytes()
    broken.write_bytes(b"this is not a database" * 1000)
    with pytest.raises(BrokenWarehouse, match="ben"):
        run(team, "migrate", "--back")
    broken.write_bytes(whole)
    assert ask(team, SETS).equals(rows)
    assert team.of("anna").warehouse_file.is_file()


def test_a_team_without_its_catalogue_comes_into_one_file_whole(team: Home) -> None:
    rows = ask(team, SETS)
    team.warehouse_file.unlink()
    assert run(team, "migrate", "--back") == 0
    assert ask(team, SETS).equals(rows)
    assert not team.shards.exists()


def test_plans_and_fetches_go_with_their_athlete_and_come_back_once(lone: Home) -> None:
    home = lone
    declare(home, "me", datetime(2026, 11, 26, 20, tzinfo=UTC))
    plans = all_plans(home).plans
    fetches = home.data / "fetches.jsonl"
    lines = [json.dumps({"athlete_id": one, "service": "hevy"}) for one in ("me", "anna")]
    fetches.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (home.data / "nights.jsonl").unlink()
    team = name_athletes(home, "anna")
    assert run(team, "migrate") == 0
    assert not fetches.exists()
    for one, line in zip(("me", "anna"), lines, strict=True):
        assert (team.of(one).data / "fetches.jsonl").read_text(encoding="utf-8") == f"{line}\n"
    assert all_plans(team.of("me")).plans.equals(plans)
    fetches.write_text(lines[0] + "\n", encoding="utf-8")  # a night that broke off had put it back already
    assert run(team, "migrate", "--back") == 0
    assert fetches.read_text(encoding="utf-8").splitlines() == lines[:1]
    assert all_plans(home).plans.equals(plans)


def test_whoever_is_named_no_more_is_forgotten_in_one_file_too(team: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(team, "migrate", "--back") == 0
    text = team.settings_file.read_text(encoding="utf-8")
    for name in ("anna", "ben"):
        text = text.replace(f"[athletes.{name}]", "")
    team.settings_file.write_text(text, encoding="utf-8")
    for file in (team.inbox / "anna").iterdir():
        file.unlink()
    (team.inbox / "anna").rmdir()
    fetches = team.data / "fetches.jsonl"
    lines = [json.dumps({"athlete_id": one, "service": "hevy"}) + "\n" for one in ("anna", "ben")]
    fetches.write_text("".join(lines), encoding="utf-8")
    lone = Home(team.folder)
    with pytest.raises(WrongUse, match="nobody here is called “carl”"):
        run(lone, "forget", "carl")
    assert run(lone, "forget", "anna") == 0
    assert "Everything of anna is gone" in capsys.readouterr().out
    assert set(ask(lone, SETS)["athlete_id"]) == {"ben"}
    assert b"anna" not in lone.warehouse_file.read_bytes()
    assert fetches.read_text(encoding="utf-8") == lines[1]


def test_a_file_is_forgotten_by_the_place_where_it_lies(lone: Home) -> None:
    path = lone.inbox / "strong.csv"
    with pytest.raises(WrongUse, match="lies in the inbox"):
        run(lone, "forget", "--source", str(path))
    path.unlink()
    assert run(lone, "forget", "--source", str(path)) == 0
    assert ask(lone, SETS).is_empty()
    assert ask(lone, "SELECT count(*) FROM sources").item() == 0


def test_commands_know_whom_the_settings_name(home: Home) -> None:
    with pytest.raises(WrongUse, match="nobody here is called “carl”"):
        commands.ingest(home, [home.inbox], athlete="carl")
    with pytest.raises(MissingWarehouse):
        commands.report(home)
    with pytest.raises(MissingWarehouse):
        run(home, "forget", "--source", "strong.csv")
    with pytest.raises(WrongUse, match="no file or folder was named"):
        run(home, "ingest")


def test_a_team_reads_everything_again_each_by_themselves(team: Home, capsys: pytest.CaptureFixture[str]) -> None:
    rows = ask(team, SETS)
    assert run(team, "backfill") == 0
    assert "No number moved." in capsys.readouterr().out
    assert ask(team, SETS).equals(rows)
    for name in ("anna", "ben"):
        assert (team.reports / "latest" / name / "index.html").is_file()


def test_a_page_to_share_from_outdated_tables_leaves_the_warehouse_alone(
    lone: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    before = lone.warehouse_file.read_bytes()
    lone.settings_file.write_text('[strength]\nweight_unit = "lb"\n', encoding="utf-8")
    assert run(lone, "report", "--share") == 1
    said = capsys.readouterr().out
    assert "Worth a look: 1 of the files were read with other settings, or by an older version" in said
    assert Path(said.splitlines()[-1]).name == "index.html" or (Path(said.splitlines()[-1]) / "index.html").is_file()
    assert lone.warehouse_file.read_bytes() == before
