"""Whose a file is, and what moves with it."""

from __future__ import annotations

from hipdrive.settings import Home
from hipdrive.warehouse import (
    ask,
)
from tests.makers.nights import SAMPLE, fates, log, night, put


def test_one_file_in_two_folders_is_two_athletes_run(team: Home) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/run.fit", (SAMPLE / "run.fit").read_bytes())
    night(team)
    runs = ask(team, "SELECT athlete_id, activity_id, distance_m FROM runs ORDER BY athlete_id")
    assert runs["athlete_id"].to_list() == ["anna", "ben"]
    assert runs["activity_id"].n_unique() == 2
    assert runs["distance_m"].n_unique() == 1
    assert set(fates(team).values()) == {"loaded"}


def test_a_file_that_moves_to_another_athlete_takes_its_rows_along(team: Home) -> None:
    put(team, "anna/run.fit", (SAMPLE / "run.fit").read_bytes())
    put(team, "anna/strong.csv", log("2026-03-02 Squat 60 5"))
    night(team)
    (team.inbox / "ben").mkdir()
    (team.inbox / "anna" / "run.fit").rename(team.inbox / "ben" / "run.fit")
    night(team)
    assert ask(team, "SELECT athlete_id FROM runs")["athlete_id"].to_list() == ["ben"]
    assert ask(team, "SELECT path FROM sources WHERE athlete_id = 'anna'")["path"].to_list() == [
        "data/inbox/anna/strong.csv"
    ]
    assert ask(team, "SELECT count(*) AS n FROM samples", "ben").item() > 100
    assert ask(team, "SELECT count(*) AS n FROM samples", "anna").item() == 0
