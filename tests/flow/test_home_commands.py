"""The commands of a home's owner: the demo, a restore, reading again, forgetting, and what a watchdog asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hipdrive.cli.app import app
from hipdrive.errors import WrongUse
from hipdrive.settings import Home
from hipdrive.warehouse import ask
from tests.flow.test_cli import run_hipdrive
from tests.makers.nights import SAMPLE, log, night, put
from tests.night.test_shards import name_athletes


def run(home: Home, *words: str) -> int:
    code = app([*words, "--home", str(home.folder)], result_action="return_value", exit_on_error=False)
    assert isinstance(code, int)
    return code


def days_of_strength(home: Home, athlete: str | None = None) -> int:
    return int(ask(home, "SELECT count(DISTINCT (athlete_id, local_date)) FROM strength_sets", athlete).item())


@pytest.fixture
def team(home: Home) -> Home:
    return name_athletes(home, "anna", "ben")


def test_the_demo_ends_with_the_pages_of_two_made_up_runners(tmp_path: Path) -> None:
    done = run_hipdrive(tmp_path, "demo", "--weeks", "4")
    assert done.returncode == 0, done.stderr
    page = tmp_path / "reports" / "demo" / "index.html"
    assert done.stdout.splitlines()[-1] == str(page)
    other = page.parent / "other" / "index.html"
    for text, link in ((page, "other/index.html"), (other, "../index.html")):
        assert re.search(r"made-up runner, \+\d\u202f% planted", text.read_text(encoding="utf-8"))
        assert f'href="{link}"' in text.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [("--weeks", "3"), ("--weeks", "521"), ("--effect", "4")])
def test_a_demo_that_no_runner_is_says_what_to_choose(home: Home, words: tuple[str, str]) -> None:
    with pytest.raises(WrongUse, match=r"choose 4 to 520|write a fraction"):
        run(home, "demo", *words)


def test_a_lone_runner_restores_reads_again_and_forgets(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    put(home, "strong.csv", log("2026-03-02 Squat 60 5", "2026-03-03 Squat 60 5"))
    night(home)
    assert days_of_strength(home) == 2
    assert run(home, "restore") == 0
    assert days_of_strength(home) == 1
    assert "Restored: the warehouse of" in capsys.readouterr().out
    assert run(home, "backfill") == 0
    assert "columns moved" in capsys.readouterr().out
    assert days_of_strength(home) == 2
    assert run(home, "backfill") == 0
    assert "No number moved" in capsys.readouterr().out
    with pytest.raises(WrongUse, match="one of the two"):
        run(home, "forget")
    with pytest.raises(WrongUse, match="no night has seen a file"):
        run(home, "forget", "--source", "elsewhere.csv")
    assert run(home, "forget", "--source", "data/inbox/strong.csv", "--keep-file") == 0
    assert days_of_strength(home) == 0
    night(home)  # the file is still there, and stays out
    assert days_of_strength(home) == 0
    with pytest.raises(WrongUse, match="nobody here is called"):
        run(home, "forget", "anna")
    assert run(home, "doctor", "--strict") in {0, 1}
    assert "last good night" in capsys.readouterr().out


def test_a_teams_owner_names_the_athlete(team: Home, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/strong.csv", log("2026-03-02 Squat 60 5"))
    night(team)
    put(team, "anna/strong.csv", log("2026-03-02 Squat 60 5", "2026-03-03 Squat 60 5"))
    night(team)
    with pytest.raises(WrongUse, match="--athlete"):
        run(team, "restore")
    assert run(team, "restore", "--athlete", "anna") == 0
    assert days_of_strength(team, "anna") == 1
    night(team)
    assert days_of_strength(team) == 3
    assert run(team, "forget", "--source", "data/inbox/ben/strong.csv", "--keep-file") == 0
    assert days_of_strength(team) == 2
    with pytest.raises(WrongUse, match="still names anna"):
        run(team, "forget", "anna")
    text = team.settings_file.read_text(encoding="utf-8")
    team.settings_file.write_text(text.replace("[athletes.anna]", ""), encoding="utf-8")
    with pytest.raises(WrongUse, match="is still there"):
        run(team, "forget", "anna")
    for file in (team.inbox / "anna").iterdir():
        file.unlink()
    (team.inbox / "anna").rmdir()
    assert run(team, "forget", "anna") == 0
    assert "Everything of anna is gone" in capsys.readouterr().out
    assert not (team.shards / "anna").exists()
    with pytest.raises(WrongUse, match="nobody here is called"):
        run(team, "forget", "anna")


def test_a_home_that_is_laid_out_already_is_left_alone(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    assert run(name_athletes(home, "anna"), "migrate") == 0
    assert run(home, "migrate") == 0
    said = capsys.readouterr().out
    assert "is kept in" in said
    assert "nothing was changed" in said
    assert run(home, "migrate", "--back") == 0
    assert "As long as the settings name athletes" in capsys.readouterr().out
