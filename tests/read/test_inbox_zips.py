"""Zips as they are offered: members, levels, bounds and every damage."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import struct
import zipfile
from typing import IO, TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.errors import UnreadableFile
from hipdrive.read.archives import is_archive, list_contents, open_offer
from hipdrive.settings import Archive, Home
from tests.makers.offers import NOISE, RUN, listed, offer_of, refusal, sha256, write_zip
from tests.makers.workbooks import make_workbook

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("data", "expected"), [(b"PK\x03\x04..", True), (b"PK\x05\x06", True), (b"P", False), (b"", False)]
)
def test_a_zip_is_known_by_its_first_bytes(tmp_path: Path, data: bytes, expected: bool) -> None:  # noqa: FBT001
    (tmp_path / "x").write_bytes(data)
    assert is_archive(offer_of(tmp_path / "x")) is expected


def test_a_workbook_is_a_file_and_no_archive(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(make_workbook({"Log": [["Date", "Exercise"]]}))
    assert not is_archive(offer_of(tmp_path / "x"))
    zipped = write_zip(tmp_path / "x.zip", ("log.xlsx", (tmp_path / "x").read_bytes()))
    _, members = listed(zipped, Archive())
    assert open_offer(members[0], Archive()).data.startswith(b"PK")


def test_a_zip_gives_its_members_as_offers(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("a/run.fit", RUN), ("b.csv", b"log"))
    source_id, members = listed(zipped, Archive())
    assert source_id == sha256(zipped.path.read_bytes())
    assert [(member.name, member.size_bytes) for member in members] == [
        ("inbox/x.zip/a/run.fit", len(RUN)),
        ("inbox/x.zip/b.csv", 3),
    ]
    assert {member.container for member in members} == {source_id}
    assert {member.modified_ns for member in members} == {zipped.modified_ns}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_member_is_known_by_its_bytes_as_stored_in_the_zip(tmp_path: Path, method: int) -> None:
    packed = gzip.compress(RUN)
    _, members = listed(write_zip(tmp_path / "x.zip", ("a.fit.gz", packed), ("b.fit", RUN), method=method), Archive())
    first, second = (open_offer(member, Archive()) for member in members)
    assert first.data == second.data == RUN
    assert (first.source_id, second.source_id) == (sha256(packed), sha256(RUN))
    assert first.content_sha256 == second.content_sha256 == sha256(RUN)


def test_folders_and_what_systems_leave_behind_are_no_members(tmp_path: Path) -> None:
    zipped = write_zip(
        tmp_path / "x.zip", ("a/", b""), ("__MACOSX/a/._run.fit", b""), ("a/.DS_Store", b""), ("a/run.fit", RUN)
    )
    assert [member.name for member in listed(zipped, Archive())[1]] == ["inbox/x.zip/a/run.fit"]


@pytest.mark.parametrize("name", ["../../evil.fit", "/etc/evil.fit", "a/../../evil.fit", "..", ".", "it's 🏃.fit"])
def test_a_member_s_path_is_a_name_and_nothing_is_written(home: Home, name: str) -> None:
    zipped = write_zip(home.inbox / "x.zip", (name, RUN))
    before = sorted(home.folder.parent.rglob("*"))
    _, (member,) = listed(zipped, Archive())
    assert member.name == f"inbox/x.zip/{name}"
    assert open_offer(member, Archive()).data == RUN
    assert sorted(home.folder.parent.rglob("*")) == before


def test_a_member_without_a_name_is_read_like_any_other(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("run.fit", RUN))
    zipped.path.write_bytes(zipped.path.read_bytes().replace(b"run.fit", b"\0un.fit"))  # a name ends at its first zero
    _, (member,) = listed(zipped, Archive())
    assert (member.name, open_offer(member, Archive()).data) == ("inbox/x.zip/", RUN)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_each_read(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("run.fit", b"first"), ("run.fit", b"second"))
    _, members = listed(zipped, Archive())
    assert [open_offer(member, Archive()).data for member in members] == [b"first", b"second"]


def test_the_index_of_a_zip_is_read_once_for_all_its_members(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped = write_zip(tmp_path / "x.zip", *((f"{number}.fit", RUN) for number in range(20)))
    reads = []
    begin = zipfile.ZipFile.__init__

    def begin_counted(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
        reads.append(file)
        begin(archive, file)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", begin_counted)
    _, members = listed(zipped, Archive())
    assert all(open_offer(member, Archive()).data == RUN for member in members)
    assert len(reads) == 1


def test_members_of_a_zip_within_a_zip_are_offered_too(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", ("a/run.fit", RUN), ("b.fit", NOISE)).path.read_bytes()
    outer = write_zip(tmp_path / "x.zip", ("in/inner.zip", inner), ("c.fit", RUN + NOISE))
    source_id, members = listed(outer, Archive())
    assert [member.name for member in members] == [
        "inbox/x.zip/in/inner.zip/a/run.fit",
        "inbox/x.zip/in/inner.zip/b.fit",
        "inbox/x.zip/c.fit",
    ]
    assert {member.container for member in members} == {source_id}
    assert [open_offer(member, Archive()).data for member in members] == [RUN, NOISE, RUN + NOISE]


def test_a_third_level_is_refused_and_its_neighbours_are_read(tmp_path: Path) -> None:
    data = RUN
    for name in ("run.fit", "third.zip", "second.zip"):
        data = write_zip(tmp_path / "y.zip", (name, data), ("z.fit", NOISE)).path.read_bytes()
    (tmp_path / "x.zip").write_bytes(data)
    contents = list_contents(offer_of(tmp_path / "x.zip", "inbox/x.zip"), Archive())
    assert [member.name for member in contents.members] == ["inbox/x.zip/second.zip/z.fit", "inbox/x.zip/z.fit"]
    ((refused, why),) = contents.refused
    assert refused.name == "inbox/x.zip/second.zip/third.zip"
    assert why.startswith("it is an archive within an archive within an archive")


def test_bounds_hold_over_all_levels_together(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "i.zip", *((f"{number}.fit", RUN) for number in range(6))).path.read_bytes()
    outer = write_zip(tmp_path / "x.zip", ("a.zip", inner), ("b.zip", inner))
    assert len(listed(outer, Archive(max_members=14))[1]) == 12
    assert "holds 14 members, more than the 13" in refusal(outer, Archive(max_members=13))


def test_a_bomb_within_an_inner_zip_is_refused_by_the_size_of_the_outermost(tmp_path: Path) -> None:
    bomb = write_zip(tmp_path / "i.zip", *((f"{number}.fit", bytes(900_000)) for number in range(40)))
    outer = write_zip(tmp_path / "x.zip", ("a.zip", bomb.path.read_bytes()))
    assert outer.path.stat().st_size < 40_000
    assert "it would unpack to more than" in refusal(outer)


def test_an_inner_zip_is_not_unpacked_beyond_its_own_bound(tmp_path: Path) -> None:
    inner = write_zip(
        tmp_path / "i.zip", ("a.fit", hashlib.shake_256(b"n").digest(1_500_000)), method=zipfile.ZIP_STORED
    )
    outer = write_zip(tmp_path / "x.zip", ("a.zip", inner.path.read_bytes()))
    ((_, why),) = list_contents(outer, Archive(max_nested_mb=1)).refused
    assert "it would unpack to more than" in why


def test_a_broken_inner_zip_is_refused_and_its_neighbours_are_read(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", ("run.fit", RUN)).path.read_bytes()
    outer = write_zip(tmp_path / "x.zip", ("broken.zip", inner[:-20]), ("whole.zip", inner))
    contents = list_contents(outer, Archive())
    assert [open_offer(member, Archive()).data for member in contents.members] == [RUN]
    ((refused, why),) = contents.refused
    assert refused.name == "inbox/x.zip/broken.zip"
    assert why == "the archive is broken here (File is not a zip file); unpack the outer one yourself"


def test_no_name_of_a_member_stands_in_a_reason(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("secret-place.fit", RUN))
    data = bytearray(zipped.path.read_bytes())
    data[30:36] = b"SECRET"  # the local header and the index now call it two names
    zipped.path.write_bytes(data)
    _, (member,) = listed(zipped, Archive())
    assert "secret" not in refusal(member).lower()


def test_a_member_under_a_password_is_refused_and_its_neighbour_read(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("a.fit", RUN), ("b.fit", RUN))
    data = bytearray(zipped.path.read_bytes())
    data[6] |= 1  # the local header's flags
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the index's flags
    zipped.path.write_bytes(data)
    _, members = listed(zipped, Archive())
    assert refusal(members[0]) == "the archive asks for a password here; unpack it yourself"
    assert open_offer(members[1], Archive()).data == RUN


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("a", b"1"), ("b", b"2"), ("c", b"3"))
    assert len(listed(zipped, Archive(max_members=3))[1]) == 3
    assert "holds 3 members, more than the 2 that archive.max_members" in refusal(zipped, Archive(max_members=2))


def test_a_bomb_in_a_zip_is_refused(tmp_path: Path) -> None:
    zipped = write_zip(
        tmp_path / "x.zip", ("bomb", bytes(30_000_000)), ("noise", hashlib.shake_256(b"more").digest(400_000))
    )
    _, (bomb, noise) = listed(zipped, Archive())
    assert "it would unpack to more than" in refusal(bomb)
    assert "archive.max_member_mb = 2 MB" in refusal(bomb, Archive(max_member_mb=2, max_ratio=100_000))
    assert len(open_offer(noise, Archive()).data) == 400_000


def test_members_that_are_small_alone_and_huge_together_are_refused(tmp_path: Path) -> None:
    # The same packed bytes under a hundred names: what makes the smallest and worst bombs.
    zipped = write_zip(tmp_path / "x.zip", ("a0", bytes(900_000)))
    data = zipped.path.read_bytes()
    start = data.index(b"PK\x01\x02")
    entry, end = data[start : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    index = entry * 100
    counts = struct.pack("<HHII", 100, 100, len(index), start)
    zipped.path.write_bytes(data[:start] + index + end[:8] + counts + end[20:])
    assert "it would unpack to more than" in refusal(offer_of(zipped.path))


@pytest.mark.parametrize("claimed", [3, 0])
def test_a_member_that_is_larger_than_the_index_claims_is_refused(tmp_path: Path, claimed: int) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("run.fit", RUN))
    data = bytearray(zipped.path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, claimed)
    zipped.path.write_bytes(data)
    _, (member,) = listed(zipped, Archive())
    assert "the archive is broken here" in refusal(member)


def test_a_zip_cut_off_is_refused(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("run.fit", RUN))
    zipped.path.write_bytes(zipped.path.read_bytes()[:-30])
    assert refusal(offer_of(zipped.path)) == "the archive is broken here (File is not a zip file); download it again"


def test_a_broken_member_is_refused_and_its_neighbour_read(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("a.fit", NOISE), ("b.fit", RUN))
    data = bytearray(zipped.path.read_bytes())
    data[10_000] ^= 0xFF
    zipped.path.write_bytes(data)
    _, members = listed(zipped, Archive())
    assert "download the archive again, or unpack it yourself" in refusal(members[0])
    assert open_offer(members[1], Archive()).data == RUN


@given(st.data())
def test_no_damage_to_a_zip_stops_anything(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    method = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        archive.writestr("a.fit", NOISE[:100])
        archive.writestr("b.fit", RUN)
    torn = bytearray(whole.getvalue())
    for _ in range(data.draw(st.integers(1, 3))):
        torn[data.draw(st.integers(4, len(torn) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("torn") / "x.zip"
    path.write_bytes(torn)
    try:
        _, members = listed(offer_of(path), Archive())
    except UnreadableFile:
        return
    for member in members:
        try:
            open_offer(member, Archive())
        except UnreadableFile:
            continue


def test_a_damage_that_the_library_calls_a_system_error_is_still_the_file_s(tmp_path: Path) -> None:
    zipped = write_zip(tmp_path / "x.zip", ("run.fit", NOISE), method=zipfile.ZIP_BZIP2)
    data = bytearray(zipped.path.read_bytes())
    data[1000:1100] = bytes(100)
    with pytest.raises(OSError, match="Invalid data stream"):
        bz2.decompress(bytes(data[37 : data.index(b"PK\x01\x02")]))
    zipped.path.write_bytes(data)
    assert "the archive is broken here (Invalid data stream)" in refusal(listed(zipped, Archive())[1][0])
