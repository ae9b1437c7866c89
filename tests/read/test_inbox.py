"""What is offered, in which name, and whose it is; only what is new is opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hipdrive.errors import UnreadableFile
from hipdrive.read import inbox
from hipdrive.read.archives import open_offer
from hipdrive.read.inbox import LINK_OUT, is_still, list_offers
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


def test_two_links_to_a_file_of_the_inbox_are_offered_under_their_own_names(home: Home) -> None:
    far = put(home, "deep/far.fit")
    for name in ("a.fit", "b.fit"):
        (home.inbox / name).symlink_to(far)
    assert names(home) == ["data/inbox/a.fit", "data/inbox/b.fit", "data/inbox/deep/far.fit"]


def test_links_that_lead_out_are_not_followed_but_told(home: Home, tmp_path: Path) -> None:
    (tmp_path / "cloud").mkdir()
    (tmp_path / "cloud" / "run.fit").write_bytes(b"x")
    (home.inbox / "folder").symlink_to(tmp_path / "cloud")
    (home.inbox / "file.fit").symlink_to(tmp_path / "cloud" / "run.fit")
    (home.inbox / "up").symlink_to("..")
    offers = list_offers(home).offers
    assert [offer.name for offer in offers] == ["data/inbox/file.fit", "data/inbox/folder", "data/inbox/up"]
    assert {offer.refusal for offer in offers} == {LINK_OUT}


def test_a_linked_folder_of_the_inbox_is_read_once_where_it_lies(home: Home) -> None:
    put(home, "deep/run.fit")
    (home.inbox / "deep" / "again").symlink_to(home.inbox / "deep")
    (home.inbox / "other").symlink_to("deep")
    (home.inbox / "self").symlink_to(".")
    assert names(home) == ["data/inbox/deep/run.fit"]


@pytest.mark.parametrize(
    "name", ["a.fit.part", "b.zip.crdownload", "c.zip.partial", "d.fit.Download", "e.tmp", "f.zip.aria2", "g.filepart"]
)
def test_what_is_still_being_written_waits(home: Home, name: str) -> None:
    put(home, name)
    put(home, "run.fit")
    listing = list_offers(home)
    assert [offer.name for offer in listing.offers] == ["data/inbox/run.fit"]
    assert listing.waiting == [f"data/inbox/{name}"]


def test_the_name_that_a_half_written_file_will_have_waits_with_it(home: Home) -> None:
    # Firefox puts an empty file of that name beside what it still writes.
    put(home, "export.zip", b"")
    put(home, "export.zip.part")
    assert names(home) == []


def test_a_file_that_changed_since_it_was_listed_is_not_still(home: Home) -> None:
    path = put(home, "a.fit")
    (offer,) = list_offers(home).offers
    assert is_still(offer)
    path.write_bytes(b"more than before")
    assert not is_still(offer)


# Folders of the settings


def with_folders(home: Home, *folders: Path | str) -> Home:
    listed = ", ".join(f'"{folder}"' for folder in folders)
    home.settings_file.write_text(f"[inbox]\nfolders = [{listed}]\n[athletes.anna]\nmass_kg = 60\n", encoding="utf-8")
    return Home(home.folder)


def test_folders_of_the_settings_are_looked_into_besides_the_inbox(home: Home, tmp_path: Path) -> None:
    for name in ("cloud/run.fit", "cloud/anna/run.fit", "watch/GARMIN/Activity/1.fit"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    put(home, "a.fit")
    listing = list_offers(with_folders(home, tmp_path / "cloud", tmp_path / "watch", tmp_path / "not there"))
    assert [(offer.name, offer.athlete_id) for offer in listing.offers] == [
        ("data/inbox/a.fit", "me"),
        (f"{tmp_path}/cloud/anna/run.fit", "anna"),
        (f"{tmp_path}/cloud/run.fit", "me"),
        (f"{tmp_path}/watch/GARMIN/Activity/1.fit", "me"),
    ]
    assert listing.absent == [f"{tmp_path}/not there"]


def test_a_folder_that_holds_the_home_leaves_its_data_out(home: Home) -> None:
    put(home, "a.fit")
    (home.data / "hipdrive.duckdb").write_bytes(b"x")
    (home.folder / "run.fit").write_bytes(b"x")
    assert names(with_folders(home, ".")) == ["data/inbox/a.fit", "hipdrive.toml", "run.fit"]


def test_a_folder_may_be_given_below_the_home(home: Home) -> None:
    (home.folder / "more").mkdir()
    (home.folder / "more" / "a.fit").write_bytes(b"x")
    assert names(with_folders(home, "more")) == ["more/a.fit"]


def test_links_to_nothing_and_pipes_are_not_offered(home: Home) -> None:
    (home.inbox / "gone.fit").symlink_to("nowhere")
    os.mkfifo(home.inbox / "pipe.fit")
    assert names(home) == []


def test_a_file_that_cannot_be_looked_at_is_offered_so_that_opening_it_says_why(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(home, "a.fit")
    put(home, "b.fit")
    look = inbox._state

    def refuse_b(entry: os.DirEntry[str]) -> os.stat_result:
        if entry.name == "b.fit":
            raise PermissionError(13, "Permission denied")
        return look(entry)

    monkeypatch.setattr(inbox, "_state", refuse_b)
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
