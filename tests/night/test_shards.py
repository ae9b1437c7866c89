"""A team's athletes each have the file that a single runner has, and the catalogue is what all of them tell."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from hipdrive.cli.app import app
from hipdrive.errors import BadQuery, BrokenSettings, MissingShard, WrongUse
from hipdrive.night import commands
from hipdrive.night.shards import Errand, Outcome, publish
from hipdrive.night.work import Work, find_work
from hipdrive.settings import Home
from hipdrive.tables import HEAVY, KEPT_VIEWS, LIGHT, NOT_OF_ONE, TABLES, VIEWS
from hipdrive.warehouse import ask, describe_tables
from tests.makers.nights import SAMPLE, TONIGHT, log, night, put

# What tells when something was done, and not what was found.
STAMPS = ("run_id", "first_seen_utc", "last_offered_utc", "modified_ns", "started_utc", "finished_utc", "asked_utc")


def rows(home: Home, table: str, athlete: str | None = None) -> list[tuple[object, ...]]:
    columns = ", ".join(f'"{name}"' for name in {**TABLES, **VIEWS}[table].column_names() if name not in STAMPS)
    return sorted(ask(home, f'SELECT {columns} FROM "{table}"', athlete).rows(), key=repr)


def everything(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """All rows of everybody, whichever way they lie; `answers` hold the run's name in their text."""
    found = {}
    for table in TABLES:
        if table in HEAVY and home.shards.is_dir():
            found[table] = sorted((row for one in home.members for row in rows(home, table, one)), key=repr)
        elif table not in {"nightly_runs", "answers"}:
            found[table] = rows(home, table)
    return found


def name_athletes(home: Home, *names: str) -> Home:
    text = home.settings_file.read_text(encoding="utf-8") + "".join(f"\n[athletes.{name}]\n" for name in names)
    home.settings_file.write_text(text, encoding="utf-8")
    return Home(home.folder)


def test_all_tables_are_the_same_there_and_back(team: Home) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/run.fit", (SAMPLE / "run.fit").read_bytes())
        put(team, f"{name}/strong.csv", log("2026-03-02 Squat 60 5", f"2026-03-0{len(name)} Deadlift 80 5"))
    put(team, "me.csv", log("2026-03-02 Squat 60 5"))
    night(team)
    apart = everything(team)
    assert len(apart["activities"]) == 2
    assert len(apart["samples"]) > 900
    app(["migrate", "--back", "--home", str(team.folder)], result_action="return_value", exit_on_error=False)
    assert not team.shards.exists()
    one_file = everything(team)
    assert one_file == apart
    app(["migrate", "--home", str(team.folder)], result_action="return_value", exit_on_error=False)
    assert everything(team) == apart
    columns = {(name, column) for name, _, described in describe_tables(team) for column, *_ in described}
    assert columns == {(name, column) for name, schema in {**LIGHT, **VIEWS}.items() for column in schema.columns()}
    assert all(about for _, about, _ in describe_tables(team))
    for table in {*LIGHT, *KEPT_VIEWS} - {*NOT_OF_ONE}:
        assert rows(team, table) == sorted((row for one in team.members for row in rows(team, table, one)), key=repr)


def test_the_first_named_athlete_makes_a_single_home_a_team_and_nothing_is_done_again(home: Home) -> None:
    put(home, "run.fit", (SAMPLE / "run.fit").read_bytes())
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    night(home)
    before, page = rows(home, "samples"), home.newest_page.read_bytes()
    alone = everything(home)
    assert not home.shards.exists()
    team = name_athletes(home, "anna")
    record = commands.nightly(team, TONIGHT)
    assert record.sources == {}
    assert rows(team, "samples", "me") == before
    assert (team.reports / "latest" / "me" / "index.html").read_bytes() == page
    told = everything(team)
    for table in set(told) - {"athlete_settings", "programme_targets"}:  # anna has a row in them
        assert told[table] == alone[table]
    assert find_work(team, TONIGHT).work is Work.NOTHING
    # Of me nothing was worked on, and of anna there is nothing yet: the list has both.
    assert listed(team) == {"anna": "", "me": "me/index.html"}
    assert "no runs" in team.newest_page.read_text("utf-8")
    (team.of("me").data / "member.json").write_text('{"of": "another version"}', encoding="utf-8")
    with commands.begun(team, TONIGHT) as once_more:
        publish(once_more, {"me"})
    assert listed(team).keys() == {"anna", "me"}


def listed(team: Home) -> dict[str, str]:
    """Each runner of the team's newest list, and where it sends for their page."""
    found = re.findall(r'<th scope="row">(?:<a href="([^"]*)">)?([^<]+)<', team.newest_page.read_text("utf-8"))
    return {name: href for href, name in found}


def test_a_catalogue_that_kept_less_is_made_anew(team: Home) -> None:
    put(team, "anna/run.fit", (SAMPLE / "run.fit").read_bytes())
    night(team)
    weeks = rows(team, "weeks")
    assert weeks
    with duckdb.connect(str(team.warehouse_file)) as catalogue:
        catalogue.execute("UPDATE about SET value = 'yes' WHERE key = 'catalogue'")
        catalogue.execute("DROP TABLE weeks")
        catalogue.execute("CREATE VIEW weeks AS SELECT athlete_id FROM daily_load")
    assert find_work(team, TONIGHT).work is Work.EVERYTHING
    record = commands.nightly(team, TONIGHT)
    assert record.sources == {}
    assert rows(team, "weeks") == weeks
    assert find_work(team, TONIGHT).work is Work.NOTHING


def test_the_catalogue_says_whom_to_ask_for_samples(team: Home) -> None:
    put(team, "anna/run.fit", (SAMPLE / "run.fit").read_bytes())
    night(team)
    for table in HEAVY:
        with pytest.raises(BadQuery, match=rf"`{table}` lies in each athlete's own file; ask one with --athlete: me, "):
            ask(team, f"SELECT count(*) FROM {table}")
        assert ask(team, f"SELECT count(*) FROM {table}", "anna").item() > 0
    with pytest.raises(WrongUse, match=r"nobody here is called “\.\./anna”; there are me, anna, ben"):
        ask(team, "SELECT 1", "../anna")
    shutil.rmtree(team.shards / "ben")
    with pytest.raises(MissingShard, match="ben has no tables here; `hipdrive nightly` makes them"):
        ask(team, "SELECT 1", "ben")
    night(team)
    assert ask(team, "SELECT count(*) FROM samples", "ben").item() == 0


def test_only_who_has_news_has_a_night(team: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/strong.csv", log("2026-03-02 Squat 60 5"))
    said = commands.nightly(team, TONIGHT).sentences
    assert {sentence.split(":")[0] for sentence in said} >= {"anna", "ben"}
    assert find_work(team, TONIGHT).work is Work.NOTHING
    asked = []
    do = commands.do_errand

    def note(home: Home, errand: Errand) -> Outcome:
        asked.append(errand.athlete)
        return do(home, errand)

    monkeypatch.setattr(commands, "do_errand", note)
    kept = (team.reports / "latest" / "ben" / "index.html").stat().st_ino
    ben = team.of("ben").warehouse_file.stat().st_mtime_ns
    put(team, "anna/later.csv", log("2026-04-02 Squat 60 5"))
    night(team)
    assert asked == ["anna"]
    assert ask(team, "SELECT count(*) FROM strength_sets").item() == 3
    assert (team.reports / "latest" / "ben" / "index.html").stat().st_ino == kept
    assert team.of("ben").warehouse_file.stat().st_mtime_ns == ben
    team.diary_file.write_text("local_date,kind,text,athlete_id\n2026-03-01,note,x,ben\n", encoding="utf-8")
    night(team)
    assert asked == ["anna", "ben"]


def test_a_broken_file_is_listed_and_the_others_go_on(team: Home) -> None:
    for name in ("anna", "ben"):
        put(team, f"{name}/strong.csv", log("2026-03-02 Squat 60 5"))
    night(team)
    team.of("anna").warehouse_file.write_bytes(b"no database at all")
    put(team, "ben/later.csv", log("2026-04-02 Squat 60 5"))
    record = commands.nightly(Home(team.folder), TONIGHT)
    assert record.needs_a_person
    assert [one for one in record.warnings if one.startswith("anna: ") and "DuckDB cannot open this file" in one]
    counts = ask(team, "SELECT athlete_id, count(*) AS n FROM strength_sets GROUP BY 1 ORDER BY 1")
    assert counts.rows() == [("anna", 1), ("ben", 2)]
    team.of("anna").warehouse_file.unlink()
    assert night(team) == []
    assert ask(team, "SELECT count(*) FROM strength_sets", "anna").item() == 1


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("id,zone\n../anna,UTC\n", "line 2: “../anna” cannot be the name of a folder"),
        ("id,zone\n.anna,UTC\n", "cannot be the name of a folder"),
        ("id\nanna\nAnna\n", "“Anna” and “anna” differ by case only"),
        ("id\nanna\nanna\n", "line 3: “anna” is named twice"),
        ("id\nben\n", "line 2: “ben” is named twice, here or in hipdrive.toml"),
        ("id,mass\nanna,heavy\n", "line 2: “mass_kg”"),
        ("id,zone\nanna,Berlin\n", "“Berlin” is not a time zone"),
        ("name\nAnna\n", "line 1: the column “id” is missing"),
        ("id,shoe\nanna,42\n", "line 1: “shoe” is not a setting of an athlete"),
        ("id,name\n,Anna\n", "line 2: it has no id"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_in_a_sentence(home: Home, lines: str, said: str) -> None:
    name_athletes(home, "ben")
    (home.folder / "athletes.csv").write_text(lines, encoding="utf-8")
    with pytest.raises(BrokenSettings) as error:
        Home(home.folder)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_list_names_athletes_as_sections_do(home: Home) -> None:
    lines = "id,name,zone,mass,height\nanna,Anna A.,Europe/Berlin,58,1.68\nbo,,,,\n"
    (home.folder / "athletes.csv").write_text(lines, encoding="utf-8-sig")
    team = Home(home.folder)
    assert team.is_team
    assert team.settings.athlete_ids == ("me", "anna", "bo")
    assert (team.settings.of("anna").mass_kg, team.settings.of("anna").time_zone) == (58.0, "Europe/Berlin")
    assert team.of("anna").settings.athlete_ids == ("anna",)
    assert Path("data/athletes/anna") == team.of("anna").data.relative_to(team.folder)
