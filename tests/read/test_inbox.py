"""What is offered, in which name, and whose it is; only what is new is opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hipdrive.errors import UnreadableFile
from hipdrive.read.inbox import list_offers, open_offer
from hipdrive.settings import Archive, Home


def put(home: Home, name: str, data: bytes = b"x") -> Path:
    path = home.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def names(home: Home, *places: Path) -> list[str]:
    return [offer.name for offer in list_offers(home, places).offers]


# What is offered


def test_files_are_offered_in_the_order_of_their_names(home: Home) -> None:
    for name in ("b.fit", "a/z.fit", "a.fit", "ä.fit"):
        put(home, name)
    assert names(home) == ["data/inbox/a/z.fit", "data/inbox/a.fit", "data/inbox/b.fit", "data/inbox/ä.fit"]


def test_an_offer_tells_size_and_time_of_change(home: Home) -> None:
    path = put(home, "a.fit", b"12345")
    os.utime(path, ns=(0, 1_700_000_000_123_456_789))
    (offer,) = list_offers(home).offers
    assert (offer.path, offer.size_bytes, offer.modified_ns) == (path, 5, 1_700_000_000_123_456_789)


@pytest.mark.parametrize(
    "name",
    [".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep", "._a.fit", "__MACOSX/a.fit", "~$log.xlsx", ".~lock.log.ods#"],
)
def test_what_systems_leave_behind_is_not_offered(home: Home, name: str) -> None:
    put(home, name)
    put(home, f"deeper/{name}")
    assert names(home) == []


def test_a_home_without_an_inbox_offers_nothing(home: Home) -> None:
    home.inbox.rmdir()
    assert names(home) == []


def test_a_place_that_is_not_there_is_named(home: Home) -> None:
    with pytest.raises(UnreadableFile, match="nowhere: there is no such file or folder; check the path"):
        list_offers(home, [Path("nowhere")])


def test_places_are_read_where_they_lie_and_the_inbox_is_not(home: Home, tmp_path: Path) -> None:
    put(home, "a.fit")
    elsewhere = tmp_path / "export"
    elsewhere.mkdir()
    (elsewhere / "b.fit").write_bytes(b"x")
    assert names(home, elsewhere) == names(home, elsewhere / "b.fit") == [(elsewhere / "b.fit").as_posix()]


def test_a_place_within_the_home_has_the_name_it_has_in_the_inbox(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "a.fit")
    monkeypatch.chdir(home.inbox)
    assert names(home, Path("a.fit")) == names(home, Path("../inbox")) == names(home)


def test_a_file_met_by_two_ways_is_one_file(home: Home) -> None:
    path = put(home, "a.fit")
    assert names(home, home.inbox, path, path) == ["data/inbox/a.fit"]


def test_two_links_to_a_file_elsewhere_are_offered_under_their_own_names(home: Home, tmp_path: Path) -> None:
    (tmp_path / "far.fit").write_bytes(b"x")
    for name in ("a.fit", "b.fit"):
        (home.inbox / name).symlink_to(tmp_path / "far.fit")
    assert names(home) == ["data/inbox/a.fit", "data/inbox/b.fit"]


def test_a_linked_folder_is_read_and_one_that_leads_back_is_read_once(home: Home, tmp_path: Path) -> None:
    far = tmp_path / "cloud"
    far.mkdir()
    (far / "run.fit").write_bytes(b"x")
    (far / "again").symlink_to(far)
    (home.inbox / "cloud").symlink_to(far)
    assert names(home) == ["data/inbox/cloud/run.fit"]


def test_links_to_nothing_and_pipes_are_not_offered(home: Home) -> None:
    (home.inbox / "gone.fit").symlink_to("nowhere")
    os.mkfifo(home.inbox / "pipe.fit")
    assert names(home) == []


def test_a_file_that_cannot_be_looked_at_is_offered_so_that_opening_it_says_why(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "a.fit")
    put(home, "b.fit")
    stat = Path.stat

    def refuse_b(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.name == "b.fit":
            raise PermissionError(13, "Permission denied")
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", refuse_b)
    assert [(offer.name, offer.modified_ns > 0) for offer in list_offers(home).offers] == [
        ("data/inbox/a.fit", True),
        ("data/inbox/b.fit", False),
    ]


@pytest.mark.parametrize("name", ["it's; DROP TABLE runs.fit", "Läufe, 5 km 🏃.fit", 'a "b".fit', " a .fit"])
def test_odd_names_are_kept_as_they_are(home: Home, name: str) -> None:
    put(home, name)
    assert names(home) == [f"data/inbox/{name}"]


def test_a_name_that_is_no_text_is_spelt_out(home: Home) -> None:
    with open(os.fsencode(home.inbox) + b"/l\xf6u.fit", "wb"):  # noqa: PTH123  a Path cannot say it so plainly
        pass
    (offer,) = list_offers(home).offers
    assert offer.name == "data/inbox/l\\xf6u.fit"
    assert open_offer(offer, Archive()).data == b""


# Whose it is


@pytest.fixture
def team(home: Home) -> Home:
    home.settings_file.write_text("[athletes.anna]\nmass_kg = 60\n", encoding="utf-8")
    return Home(home.folder)


@pytest.mark.parametrize(
    ("name", "owner"),
    [
        ("anna/a.fit", "anna"),
        ("anna/2026/a.fit", "anna"),
        ("a.fit", "me"),
        ("bo/a.fit", "me"),
        ("2026/anna/a.fit", "me"),
    ],
)
def test_a_file_belongs_to_the_athlete_of_its_folder_if_the_settings_know_them(
    team: Home, name: str, owner: str
) -> None:
    put(team, name)
    assert [offer.athlete_id for offer in list_offers(team).offers] == [owner]


def test_an_inbox_that_is_a_link_keeps_names_and_owners(team: Home, tmp_path: Path) -> None:
    put(team, "anna/a.fit")
    team.inbox.rename(tmp_path / "cloud")
    team.inbox.symlink_to(tmp_path / "cloud")
    (offer,) = list_offers(team).offers
    assert (offer.name, offer.athlete_id) == ("data/inbox/anna/a.fit", "anna")


def test_a_file_outside_the_inbox_belongs_to_the_unnamed_athlete(team: Home, tmp_path: Path) -> None:
    (tmp_path / "anna").mkdir()
    (tmp_path / "anna" / "a.fit").write_bytes(b"x")
    assert [offer.athlete_id for offer in list_offers(team, [tmp_path / "anna"]).offers] == ["me"]
