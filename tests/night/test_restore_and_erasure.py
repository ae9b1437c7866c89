"""Warehouses of before, and what is forgotten for good."""

from __future__ import annotations

import shutil

import pytest

from hipdrive.errors import WrongUse
from hipdrive.night import commands
from hipdrive.night.erasure import forget_athlete, forget_source
from hipdrive.settings import Home
from hipdrive.warehouse import (
    ask,
    facts,
    list_backups,
    restore,
)
from tests.makers.nights import TONIGHT, fates, log, night, put, sets_that_count


def test_the_last_three_warehouses_are_kept_and_one_comes_back(home: Home) -> None:
    for day in range(1, 6):
        put(home, f"{day}.csv", log(f"2026-03-0{day} Squat 60 5"))
        night(home)
    night(home)  # nothing new: nothing is kept
    assert len(list_backups(home.data / "backups")) == 3
    restore(home)
    assert len(sets_that_count(home)) == 4
    night(home)
    assert len(sets_that_count(home)) == 5
    with pytest.raises(WrongUse, match="no backup 9 nights back"):
        restore(home, 9)


def test_a_source_is_forgotten_for_good(home: Home) -> None:
    path = put(home, "secret.csv", log("2026-03-02 Zercher 60 5"))
    put(home, "other.csv", log("2026-04-02 Squat 60 5"))
    night(home)
    with pytest.raises(WrongUse, match="lies in the inbox"):
        forget_source(home, "data/inbox/secret.csv", keep_file=False)
    assert forget_source(home, "data/inbox/secret.csv", keep_file=True) == 1
    assert fates(home)["data/inbox/secret.csv"] == "forgotten"
    night(home)
    assert len(sets_that_count(home)) == 1
    path.unlink()
    forget_source(home, "data/inbox/secret.csv", keep_file=False)
    night(home)
    assert fates(home) == {"data/inbox/other.csv": "loaded"}
    for file in home.folder.rglob("*"):
        assert not file.is_file() or b"Zercher" not in file.read_bytes(), file


def test_an_athlete_is_forgotten_everywhere_but_in_the_inbox(team: Home) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/strong.csv", log("2026-03-02 Squat 60 5"))
    team.diary_file.write_text(
        "local_date,kind,text,athlete_id\n2026-03-01,note,x,anna\n2026-03-01,note,y,ben\n", "utf-8"
    )
    night(team)
    commands.report(team, TONIGHT, share=True)
    with pytest.raises(WrongUse, match=r"still names anna"):
        forget_athlete(team, "anna")
    text = team.settings_file.read_text(encoding="utf-8").replace("[athletes.anna]\n", "")
    team.settings_file.write_text(text, encoding="utf-8")
    left = Home(team.folder)
    with pytest.raises(WrongUse, match="still there"):
        forget_athlete(left, "anna")
    shutil.rmtree(left.inbox / "anna")
    forget_athlete(left, "anna")
    for file in left.folder.rglob("*"):
        assert "anna" not in str(file.relative_to(left.folder)), file
        assert not file.is_file() or b"anna" not in file.read_bytes(), file
    assert ask(left, "SELECT DISTINCT athlete_id FROM strength_sets")["athlete_id"].to_list() == ["ben"]
    night(left)
    assert facts(left)["build"]
