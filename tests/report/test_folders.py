from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from hipdrive.report import StagedReport, folders, forget_pages, stage_report, write_page, write_team_page
from hipdrive.report.card import Card
from hipdrive.report.lists import MOST_ROWS, Night, draw_archive, draw_athletes
from hipdrive.warehouse import read_stamp

if TYPE_CHECKING:
    from pathlib import Path

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _stage(pages: dict[str, str], reports: Path, tonight: date) -> StagedReport:
    report = stage_report(reports, tonight)
    for athlete, page in pages.items():
        report.add(athlete, page)
    return report


def test_nothing_is_seen_before_it_is_put_in_place(tmp_path: Path) -> None:
    staged = _stage({"me": "monday"}, tmp_path, MONDAY)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []
    assert staged.put_in_place() == tmp_path / "2026-11-16"
    assert _read(tmp_path / "2026-11-16" / "index.html") == "monday"
    assert _read(tmp_path / "latest" / "index.html") == "monday"
    assert "16 November 2026" in _read(tmp_path / "index.html")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_old_nights_stay_and_the_newest_is_listed_first(tmp_path: Path) -> None:
    for page, night in (("monday", MONDAY), ("tuesday", TUESDAY)):
        _stage({"me": page}, tmp_path, night).put_in_place()
    assert _read(tmp_path / "2026-11-16" / "index.html") == "monday"
    assert _read(tmp_path / "latest" / "index.html") == "tuesday"
    assert re.findall(r'href="([^"]+)"', _read(tmp_path / "index.html")) == [
        "latest/index.html",
        "2026-11-17/index.html",
        "2026-11-16/index.html",
    ]


def test_a_second_night_of_the_same_day_replaces_the_first(tmp_path: Path) -> None:
    for page in ("first", "second"):
        _stage({"me": page}, tmp_path, MONDAY).put_in_place()
    assert _read(tmp_path / "2026-11-16" / "index.html") == "second"
    assert _read(tmp_path / "index.html").count("2026-11-16/index.html") == 1


def test_a_team_has_a_page_an_athlete_and_an_index(tmp_path: Path) -> None:
    night = _stage({"ben": "page of ben", "anna": "page of anna"}, tmp_path, MONDAY).put_in_place()
    assert _read(night / "anna" / "index.html") == "page of anna"
    assert re.findall(r'href="([^"]+)"', _read(night / "index.html")) == ["anna/index.html", "ben/index.html"]
    assert _read(tmp_path / "latest" / "ben" / "index.html") == "page of ben"


def test_a_night_that_broke_off_before_the_end_leaves_the_old_one(tmp_path: Path) -> None:
    _stage({"me": "monday"}, tmp_path, MONDAY).put_in_place()
    _stage({"me": "never placed"}, tmp_path, MONDAY)
    assert _read(tmp_path / "2026-11-16" / "index.html") == "monday"
    _stage({"me": "tuesday"}, tmp_path, TUESDAY).put_in_place()
    assert "never placed" not in "".join(_read(path) for path in tmp_path.rglob("index.html"))


def test_a_night_that_breaks_between_two_pages_leaves_each_page_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = {"anna": "monday's anna", "ben": "monday's ben"}
    _stage(team, tmp_path, MONDAY).put_in_place()
    staged = _stage({name: page.replace("mon", "tues") for name, page in team.items()}, tmp_path, TUESDAY)
    replace = type(tmp_path).replace
    seen = []

    def break_at_the_sixth(path: Path, target: Path) -> Path:
        seen.append(target)
        if len(seen) == 6:
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(type(tmp_path), "replace", break_at_the_sixth)
        with pytest.raises(KeyboardInterrupt):
            staged.put_in_place()
    pages = {_read(tmp_path / "latest" / name / "index.html") for name in team}
    assert pages == {"tuesday's anna", "monday's ben"}
    assert "Monday" not in _read(tmp_path / "latest" / "index.html")
    _stage({"anna": "again", "ben": "again"}, tmp_path, TUESDAY).put_in_place()
    assert {_read(tmp_path / "latest" / name / "index.html") for name in team} == {"again"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_page_carries_what_it_was_drawn_from_but_for_a_shared_one(tmp_path: Path) -> None:
    for is_shared, carried in ((False, ("build-7", "2026-11-16")), (True, None)):
        report = stage_report(tmp_path, MONDAY, is_shared=is_shared, build="build-7")
        report.add("me", "<!doctype html><html><head><title>x</title></head></html>")
        assert read_stamp(report.put_in_place() / "index.html") == carried


def test_a_shared_night_touches_nothing_else(tmp_path: Path) -> None:
    _stage({"me": "mine"}, tmp_path, MONDAY).put_in_place()
    report = stage_report(tmp_path, MONDAY, is_shared=True)
    report.add("me", "shared")
    assert report.put_in_place() == tmp_path / "shared" / "2026-11-16"
    assert _read(tmp_path / "latest" / "index.html") == _read(tmp_path / "2026-11-16" / "index.html") == "mine"
    assert _read(tmp_path / "shared" / "2026-11-16" / "index.html") == "shared"


def test_a_shared_page_has_its_card_beside_it_and_nothing_of_an_earlier_one(tmp_path: Path) -> None:
    card = Card("<svg/>", b"png")
    for cards in ({"anna": card, "ben": None}, {"ben": None}):
        report = stage_report(tmp_path, MONDAY, is_shared=True)
        for athlete, one in cards.items():
            report.add(athlete, "shared", card=one)
        folder = report.put_in_place()
        found = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        with_card = ["athlete-1/card.png", "athlete-1/card.svg", "athlete-1/index.html", "athlete-2/index.html"]
        assert found == ([*with_card, "index.html"] if len(cards) > 1 else ["index.html"])
    report = stage_report(tmp_path, MONDAY, is_shared=True)
    report.add("ben", "shared", card=card)
    assert sorted(path.name for path in report.put_in_place().iterdir()) == ["card.png", "card.svg", "index.html"]


def test_one_athlete_of_a_team_drawn_alone_leaves_the_others(tmp_path: Path) -> None:
    _stage({"anna": "old", "ben": "old"}, tmp_path, MONDAY).put_in_place()
    report = stage_report(tmp_path, MONDAY, only="anna")
    report.add("anna", "new")
    report.put_in_place()
    for folder in ("latest", "2026-11-16"):
        assert _read(tmp_path / folder / "anna" / "index.html") == "new"
        assert _read(tmp_path / folder / "ben" / "index.html") == "old"
        assert "ben" in _read(tmp_path / folder / "index.html")


def test_a_forgotten_athlete_is_in_no_page_and_no_list(tmp_path: Path) -> None:
    _stage({"anna": "page of anna", "ben": "page of ben"}, tmp_path, MONDAY).put_in_place()
    _stage({"anna": "alone"}, tmp_path, TUESDAY).put_in_place()
    forget_pages(tmp_path, "anna")
    texts = {str(path.relative_to(tmp_path)): _read(path) for path in tmp_path.rglob("index.html")}
    assert "anna" not in "".join([*texts, *texts.values()])
    assert texts["2026-11-16/ben/index.html"] == "page of ben"


def test_a_single_page_is_written_whole_into_any_folder(tmp_path: Path) -> None:
    place = write_page("demo", tmp_path / "reports" / "demo")
    assert place == tmp_path / "reports" / "demo" / "index.html"
    assert _read(write_page("newer", place.parent)) == "newer"
    assert [path.name for path in place.parent.iterdir()] == ["index.html"]


@pytest.mark.parametrize("athlete", ["../outside", "a/b", "..", "", ".hidden"])
def test_an_athlete_that_is_no_folder_name_is_refused(tmp_path: Path, athlete: str) -> None:
    with pytest.raises(ValueError, match="folder"):
        _stage({"me": "page", athlete: "page"}, tmp_path, MONDAY)


def test_folders_that_are_no_nights_are_not_listed(tmp_path: Path) -> None:
    write_page("demo", tmp_path / "demo")
    _stage({"me": "monday"}, tmp_path, MONDAY).put_in_place()
    assert folders.list_nights(tmp_path) == ["2026-11-16"]


def test_names_of_athletes_are_escaped_in_lists() -> None:
    page = draw_athletes(["<b>x</b>"], MONDAY)
    assert "<b>" not in page
    assert "&lt;b&gt;x" in page


def test_the_archive_has_every_page_by_date_and_by_athlete_and_the_team(tmp_path: Path) -> None:
    _stage({"anna": "a", "ben": "b"}, tmp_path, MONDAY).put_in_place()
    _stage({"anna": "a"}, tmp_path, TUESDAY).put_in_place()
    write_team_page("the team", tmp_path)
    archive = _read(tmp_path / "index.html")
    links = re.findall(r'href="([^"]+)"', archive)
    assert links[:2] == ["latest/index.html", "team/index.html"]
    assert links.count("2026-11-16/anna/index.html") == links.count("2026-11-16/ben/index.html") == 2
    assert archive.index("17 November 2026") < archive.index("16 November 2026")
    assert [link for link in links if not (tmp_path / link).is_file()] == []
    forget_pages(tmp_path, "ben")
    assert not (tmp_path / "team").exists()
    assert "ben" not in _read(tmp_path / "index.html")
    assert "team/" not in _read(tmp_path / "index.html")


def test_a_large_team_is_listed_by_its_nights_and_every_page_still_by_athlete() -> None:
    names = tuple(f"runner-{number:02d}" for number in range(30))
    page = draw_archive([Night("2026-11-16", names)])
    assert page.count("2026-11-16/runner-07/index.html") == 1
    assert "2026-11-16/index.html" in page


def test_the_archive_of_thousands_names_nights_only() -> None:
    names = tuple(f"runner-{number:04d}" for number in range(MOST_ROWS + 1))
    page = draw_archive([Night(f"2026-11-{day}", names) for day in range(10, 30)])
    assert "runner-" not in page
    assert page.count("/index.html") == 20 + 1


def test_a_list_without_nights_says_so() -> None:
    assert "None yet." in draw_archive([])
