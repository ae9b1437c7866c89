"""The diary is written by hand: what can be used is, and every other line is told with its cause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hipdrive.read.diary import Diary, read_diary, with_line


def diary(tmp_path: Path, text: str | bytes) -> Diary:
    path = tmp_path / "diary.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_diary(path, ("me", "anna"))


def test_without_a_file_there_is_no_line(tmp_path: Path) -> None:
    found = read_diary(tmp_path / "diary.csv", ("me",))
    assert (found.lines.height, found.rejects) == (0, ())


def test_lines_are_read_and_sorted(tmp_path: Path) -> None:
    found = diary(tmp_path, "local_date,kind,text\n2026-03-02,race,town 10 km\n2026-03-01,Shoes,blue pair\n")
    assert found.lines.rows() == [
        ("me", date(2026, 3, 1), "shoes", "blue pair"),
        ("me", date(2026, 3, 2), "race", "town 10 km"),
    ]
    assert found.rejects == []


def test_a_team_says_whose_line_it_is(tmp_path: Path) -> None:
    found = diary(tmp_path, "athlete_id,local_date,kind\nanna,2026-03-02,illness\n,2026-03-03,note\n")
    assert found.lines["athlete_id"].to_list() == ["anna", "me"]
    assert found.lines["text"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("3.2.2026,race,x", "line 2: “3.2.2026” is not a valid day; write it as 2026-03-01"),
        (
            "2026-03-02,party,x",
            "line 2: “party” is not a kind of line; there are illness, injury, race, shoes, resting_heart_rate, note",
        ),
        (
            "2026-03-02",
            "line 2: “” is not a kind of line; there are illness, injury, race, shoes, resting_heart_rate, note",
        ),
    ],
)
def test_a_line_that_cannot_be_used_says_why_and_the_others_stay(tmp_path: Path, line: str, cause: str) -> None:
    found = diary(tmp_path, f"local_date,kind,text\n{line}\n2026-03-05,note,ok\n")
    assert found.rejects == [cause]
    assert found.lines.height == 1


def test_an_unknown_athlete_is_named(tmp_path: Path) -> None:
    found = diary(tmp_path, "athlete_id,local_date,kind\nbo,2026-03-02,illness\n")
    assert found.rejects == ["line 2: nobody here is called “bo”; the settings name me, anna"]


@pytest.mark.parametrize("text", ["", "when,what\n2026-03-01,race\n"])
def test_a_table_without_its_columns_says_how_to_begin(tmp_path: Path, text: str) -> None:
    found = diary(tmp_path, text)
    assert found.rejects == ("line 1: the column “local_date” is missing; begin with: local_date,kind,text",)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (cause,) = diary(tmp_path, b"\xff\xfe\x00").rejects
    assert cause.endswith("save it as UTF-8 text")


def test_a_mark_at_the_beginning_and_quotes_are_no_trouble(tmp_path: Path) -> None:
    found = diary(tmp_path, b'\xef\xbb\xbflocal_date, kind, text\n2026-03-01, note, "rain, wind"\n')
    assert found.lines["text"].to_list() == ["rain, wind"]


def test_a_line_that_was_written_is_the_line_that_is_read(tmp_path: Path) -> None:
    text = with_line("", date(2026, 3, 1), "illness", "cold, bad", "me")
    text = with_line(text, date(2026, 3, 2), "race", None, "anna")
    (tmp_path / "diary.csv").write_text(text, encoding="utf-8")
    diary = read_diary(tmp_path / "diary.csv", ("me", "anna"))
    assert diary.rejects == []
    assert diary.lines.select("athlete_id", "kind", "text").rows() == [
        ("anna", "race", None),
        ("me", "illness", "cold, bad"),
    ]


def test_a_diary_without_a_column_for_the_athlete_is_not_touched() -> None:
    with pytest.raises(ValueError, match="no column “athlete_id”"):
        with_line("local_date,kind,text\n", date(2026, 3, 1), "race", None, "anna")


@pytest.mark.parametrize("text", ["48", "48 bpm", "48,0", "48/min"])
def test_a_resting_heart_rate_is_a_number(tmp_path: Path, text: str) -> None:
    found = diary(tmp_path, f'local_date,kind,text\n2026-03-01,resting_heart_rate,"{text}"\n')
    assert (found.lines["text"].to_list(), found.rejects) == (["48"], [])


@pytest.mark.parametrize("text", ["", "low", "480", "4", "48-50"])
def test_what_is_no_resting_heart_rate_says_what_to_write(tmp_path: Path, text: str) -> None:
    found = diary(tmp_path, f"local_date,kind,text\n2026-03-01,resting_heart_rate,{text}\n2026-03-02,note,x\n")
    assert found.lines.height == 1
    assert found.rejects == [
        f"line 2: “{text}” is not a resting heart rate; write the beats a minute, such as 48",
    ]
    with pytest.raises(ValueError, match="such as 48"):
        with_line("", date(2026, 3, 1), "resting_heart_rate", text or None, "me")
