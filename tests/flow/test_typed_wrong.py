"""What is typed or written wrong is one sentence with its remedy, and nothing is written for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hipdrive.cli.app import app
from hipdrive.errors import BrokenSettings, WrongUse
from hipdrive.night import commands
from hipdrive.night.record import in_markdown
from hipdrive.night.services import services_of
from hipdrive.settings import Home
from tests.makers.nights import TONIGHT, log, put


def run(home: Home, *words: str) -> int:
    code = app([*words, "--home", str(home.folder)], result_action="return_value", exit_on_error=False)
    assert isinstance(code, int)
    return code


def own_log(home: Home) -> Path:
    (path,) = home.inbox.glob("*.csv")
    return path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "programme", "3x8"), "“3x8” is too much: write hipdrive log programme --sets 1"),
        (("log", "none", "2026-03-02", "2026-03-03", "2026-03-04"), "3 days are too many"),
        (("log", "none", "2026-03-03", "2026-03-02"), "write days in order"),
        (("log", "squat", "3x8", "--side", "middle"), "“middle” is not a side"),
        (("log", "squat", "--on", "yesterday"), "“yesterday” is not a valid day"),
        (("schedule",), "it needs either --at or --every"),
        (("schedule", "--at", "03:30", "--every", "60"), "it needs either --at or --every"),
        (("schedule", "--every", "0"), "it needs either --at or --every"),
    ],
)
def test_a_command_that_cannot_be_meant_says_how_to_write_it(home: Home, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(WrongUse) as told:
        run(home, *words)
    assert all(part in str(told.value) for part in said.split(": "))
    assert not list(home.inbox.iterdir())


def test_a_side_and_a_week_of_nothing_are_written_down(home: Home) -> None:
    assert run(home, "log", "single-leg hip thrust", "2x10", "--side", "Left", "--on", "2026-03-02") == 0
    assert run(home, "log", "none", "2026-03-03", "2026-03-08") == 0
    lines = own_log(home).read_text(encoding="utf-8").splitlines()
    assert [line.startswith("2026-03-02") for line in lines if ",left" in line] == [True]
    assert re.search("2026-03-03.*2026-03-08", lines[-1])


@pytest.mark.parametrize(("content", "said"), [(b"date,exerc\xefse\n", "byte 10 is not UTF-8"), (b"a,b\n1,2\n", "")])
def test_a_log_that_takes_no_rows_is_left_as_it_is(home: Home, content: bytes, said: str) -> None:
    run(home, "log", "squat", "3x8", "--on", "2026-03-02")
    path = own_log(home)
    path.write_bytes(content)
    with pytest.raises(WrongUse, match=re.escape(str(path))) as told:
        run(home, "log", "squat", "3x8", "--on", "2026-03-03")
    assert said in str(told.value)
    assert path.read_bytes() == content
    assert own_log(home) == path


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[overlaps]\n"strong.csv" = "both"\n', "names no two logs; write it like “strong.csv & hevy.csv”"),
        ('[engine]\nkind = "dask"\naddress = "10.0.0.5"\n', "is not the address of a scheduler"),
    ],
)
def test_a_setting_of_the_wrong_shape_says_how_to_write_it(home: Home, text: str, said: str) -> None:
    home.settings_file.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenSettings, match=said):
        _ = Home(home.folder).settings


def test_a_list_of_athletes_must_be_utf8(home: Home) -> None:
    (home.folder / "athletes.csv").write_bytes(b"id,name\nanna,J\xfcrgen\n")
    with pytest.raises(BrokenSettings, match="byte 14 is not UTF-8; save the file as UTF-8"):
        _ = Home(home.folder).settings


def test_services_are_asked_for_each_athlete_who_names_them_once(home: Home) -> None:
    home.settings_file.write_text(
        '[athletes.anna]\n[fetch]\nservices = ["hevy", "hevy"]\n[fetch.athletes]\nanna = ["intervals", "hevy"]\n',
        encoding="utf-8",
    )
    found = list(services_of(Home(home.folder).settings))
    assert found == [("me", "hevy"), ("anna", "intervals"), ("anna", "hevy")]


def test_two_logs_of_one_training_are_listed_with_how_to_overrule(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    days = [f"2026-03-{day:02d} Squat {60 + day} 5" for day in range(2, 14)]
    put(home, "strong.csv", log(*days))
    commands.ingest(home, [home.inbox], TONIGHT)
    assert run(home, "sources", "--overlaps") == 0
    assert capsys.readouterr().out == "No two strength logs hold the same workouts.\n"
    header = "date,exercise,weight_kg,reps\n"
    rows = [f"{day.split()[0]},Squat,{day.split()[2]},5\n" for day in days]
    put(home, "own.csv", header + "".join(rows) + "2026-03-20,Squat,80,5\n")
    commands.ingest(home, [home.inbox], TONIGHT)
    assert run(home, "sources", "--overlaps") == 0
    said = capsys.readouterr().out
    assert "To overrule one, in hipdrive.toml" in said
    assert re.search(r'\[overlaps\]\n"(strong.csv & own.csv|own.csv & strong.csv)" = "both"', said)


def test_a_watchdog_of_a_home_without_runs_says_what_is_missing(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    put(home, "strong.csv", log("2026-03-02 Squat 60 5"))
    record = commands.ingest(home, [home.inbox], TONIGHT)
    assert run(home, "doctor", "--strict") == 1
    assert "✗ newest data: none; put files into data/inbox" in capsys.readouterr().out
    assert "## Notes" not in in_markdown(record)
    record.notes.append("hevy: 1 new file")
    record.warnings.append("a clock is off")
    assert "## Notes\n\n- hevy: 1 new file\n\n## Worth a look\n\n- a clock is off" in in_markdown(record)
