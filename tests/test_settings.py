"""What a home's settings may say, and what is said where they cannot be used."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import pytest

from hipdrive.cli.settings_template import settings_template
from hipdrive.cli.writing import with_alias
from hipdrive.errors import BrokenSettings, MissingHome
from hipdrive.sections import Engine
from hipdrive.settings import (
    Archive,
    Athlete,
    Fetch,
    Habits,
    Home,
    Inbox,
    Programme,
    Settings,
    Strength,
    Tell,
)

if TYPE_CHECKING:
    from pathlib import Path


def home_with(folder: Path, text: str | bytes) -> Home:
    (folder / "hipdrive.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return Home(folder)


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(BrokenSettings) as caught:
        home_with(folder, text)
    return str(caught.value).removeprefix(f"{folder.resolve()}/")


def test_an_empty_file_is_a_good_file(tmp_path: Path) -> None:
    settings = home_with(tmp_path, "").settings
    assert (settings.athlete, settings.strength, settings.programme) == (Athlete(), Strength(), Programme())
    assert settings.athlete_ids == ("me",)


def test_a_file_as_windows_writes_it_is_a_good_file(tmp_path: Path) -> None:
    assert home_with(tmp_path, b"\xef\xbb\xbf[athlete]\r\nmass_kg = 61\r\n").settings.athlete.mass_kg == 61


def test_the_template_says_every_default(tmp_path: Path) -> None:
    template = settings_template("Europe/Berlin")
    every_line = re.sub(r"^# (\w+ = )", r"\1", template, flags=re.MULTILINE)
    settings = home_with(tmp_path, every_line).settings
    # What has no default stands there with an example.
    habits = Habits().model_dump()
    examples = Athlete(name="Anna", time_zone="Europe/Berlin", leg_length_m=0.93, max_heart_rate_bpm=190.0, **habits)
    assert settings.athlete == examples
    assert settings.habits_of("me") == Habits()
    assert (settings.strength, settings.programme, settings.archive) == (Strength(), Programme(), Archive())
    written = tomllib.loads(every_line)
    told = {key for section in written.values() if isinstance(section, dict) for key in section}
    sections = (Athlete, Strength, Programme, Inbox, Archive, Fetch, Tell, Engine)
    assert {key for key, value in written.items() if not isinstance(value, dict)} == set(Habits.model_fields)
    assert told == {key for section in sections for key in section.model_fields}


def test_the_template_changes_nothing_but_the_zone(tmp_path: Path) -> None:
    settings = home_with(tmp_path, settings_template("Asia/Tokyo")).settings
    assert settings == Settings(athlete=Athlete(time_zone="Asia/Tokyo"))


def test_what_of_the_body_nobody_has_set_is_named(tmp_path: Path) -> None:
    text = "[athlete]\nmass_kg = 70\nleg_length_m = 0.9\ntrimp_weighting = 'female'"
    athlete = home_with(tmp_path, text).settings.athlete
    assert athlete.left_at_default == ("height_m", "max_heart_rate_bpm", "resting_heart_rate_bpm")
    assert Athlete(mass_kg=60, height_m=1.7).left_at_default[0] == "leg_length_m"


def test_a_home_knows_its_places(home: Home) -> None:
    assert home.inbox == home.folder / "data" / "inbox"
    assert home.warehouse_file == home.folder / "data" / "hipdrive.duckdb"
    assert home.reports == home.folder / "reports"


def test_a_folder_without_settings_is_no_home(tmp_path: Path) -> None:
    with pytest.raises(MissingHome, match=r"no hipdrive\.toml here"):
        Home(tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[athlete]\nmass = 60", "“athlete.mass” is not a setting hipdrive knows"),
        ("mass_kg = 60", "“mass_kg” is not a setting hipdrive knows"),
        (
            "[athlete]\ntime_zone = 'Berlin'",
            "“Berlin” is not a time zone of the IANA list; write one like “Europe/Berlin”",
        ),
        ("[athlete]\nmass_kg = nan", "“athlete.mass_kg”: Input should be less than 250 (it is nan)"),
        ("[athlete]\nheight_m = 178", "“athlete.height_m”: Input should be less than 2.5 (it is 178)"),
        ("[strength]\nweight_unit = 'stone'", "“strength.weight_unit”: Input should be 'kg' or 'lb' (it is 'stone')"),
        ("[programme]\nsessions_per_week = 0", "“programme.sessions_per_week”: Input should be greater than 0"),
        ("[athletes.'../x']\nmass_kg = 60", "“../x” cannot be the name of a folder"),
        ("[athletes.'']\nmass_kg = 60", "“” cannot be the name of a folder"),
        ("[athlete", "this is not valid TOML (Expected ']' at the end of a table declaration"),
        (b"[athlete]\n# K\xf6ln", "byte 13 is not UTF-8; save the file as UTF-8"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_place(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    told = refusal(tmp_path, text)
    assert told.startswith("hipdrive.toml: ")
    assert sentence in told


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIPDRIVE_ATHLETE__TIME_ZONE", "Europe/Oslo")
    athlete = home_with(tmp_path, "[athlete]\ntime_zone = 'Europe/Rome'\nmass_kg = 60").settings.athlete
    assert (athlete.time_zone, athlete.mass_kg) == ("Europe/Oslo", 60)


def test_variables_that_are_no_settings_disturb_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIPDRIVE_HOME", str(tmp_path))
    monkeypatch.setenv("HIPDRIVE_CORPUS", "elsewhere")
    assert home_with(tmp_path, "").settings == Settings()


def test_a_variable_that_cannot_be_used_is_named_and_not_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIPDRIVE_ATHLETE__MASS_KG", "heavy")
    assert refusal(tmp_path, "").startswith("the environment's HIPDRIVE_ATHLETE__MASS_KG: ")


def test_a_variable_for_a_whole_section_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HIPDRIVE_ATHLETE", "heavy")
    told = refusal(tmp_path, "")
    assert told.startswith("the environment: a variable cannot be read")
    assert "HIPDRIVE_ATHLETE__TIME_ZONE" in told


def test_an_athlete_of_the_team_has_their_own_settings(tmp_path: Path) -> None:
    text = "[athlete]\nmass_kg = 80\n[athletes.bo]\nmass_kg = 60\n[athletes.anna]\nmass_kg = 55"
    settings = home_with(tmp_path, text).settings
    assert settings.athlete_ids == ("me", "anna", "bo")
    assert [settings.of(name).mass_kg for name in ("anna", "bo", "me", "nobody")] == [55, 60, 80, 80]


def test_the_unnamed_athlete_may_be_named_and_stands_in_the_list_once(tmp_path: Path) -> None:
    settings = home_with(tmp_path, "[athletes.me]\nmass_kg = 60\n[athletes.anna]").settings
    assert settings.athlete_ids == ("me", "anna")
    assert settings.of("me").mass_kg == 60


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[athlete]\nmass_kg = 60\n",
        '# mine\n[aliases]\n# a line\n"Old" = "deadlift"\n\n[athlete]\nmass_kg = 60\n',
        '[aliases]  # names\n"Hip “Thing”" = "glute_bridge"\n',
        settings_template("UTC"),
    ],
)
def test_a_name_is_settled_by_one_line_and_all_else_stays(text: str) -> None:
    before = tomllib.loads(text)
    after = with_alias(text, "Hip “Thing”", "hip_thrust")
    settled = tomllib.loads(after)
    assert settled["aliases"]["Hip “Thing”"] == "hip_thrust"
    assert {**settled, "aliases": None} == {**before, "aliases": None}
    lost = set(text.splitlines()) - set(after.splitlines())
    assert len(lost) <= 1
    assert all("Thing" in line for line in lost)


def test_aliases_in_one_line_are_left_to_the_athlete() -> None:
    with pytest.raises(ValueError, match=r"write .* there yourself"):
        with_alias('aliases = { "a" = "deadlift" }\n', "Hip Thing", "hip_thrust")


def test_an_athlete_of_a_team_reads_in_their_own_units(tmp_path: Path) -> None:
    text = 'units = "imperial"\ndate_style = "month_day"\n[athletes.anna]\nunits = "metric"\n[athletes.bo]\n'
    settings = home_with(tmp_path, text).settings
    assert settings.habits_of("me") == settings.habits_of("bo") == Habits(units="imperial", date_style="month_day")
    assert settings.habits_of("anna") == Habits(units="metric", date_style="month_day")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("", "kg"),
        ('units = "imperial"', "lb"),
        ('units = "imperial"\n[strength]\nweight_unit = "kg"', "kg"),
        ('[strength]\nweight_unit = "lb"', "lb"),
    ],
)
def test_a_weight_told_without_its_unit_is_in_the_reader_s(tmp_path: Path, text: str, unit: str) -> None:
    assert home_with(tmp_path, text).settings.log_weight_unit("me") == unit


def test_units_that_nobody_has(tmp_path: Path) -> None:
    with pytest.raises(BrokenSettings, match="units"):
        home_with(tmp_path, 'units = "nautical"')


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('addresses = { hevy = "http://example.org" }', "must begin with https://"),
        ('addresses = { hevy = "https://me:key@example.org" }', "holds a name or password"),
        ('athletes = { anna = ["hevy"] }', "no section [athletes.anna]"),
        ('services = ["strava"]', "services"),
    ],
)
def test_a_service_is_asked_only_where_its_key_is_safe(tmp_path: Path, line: str, words: str) -> None:
    with pytest.raises(BrokenSettings, match=re.escape(words)) as caught:
        home_with(tmp_path, f"[fetch]\n{line}\n")
    assert "me:key" not in str(caught.value)
