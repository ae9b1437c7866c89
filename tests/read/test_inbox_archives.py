"""The bytes of an offer: hashed, unpacked within bounds, never written anywhere; damage gives what stands before it."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import struct
import tarfile
import zipfile
from typing import IO, TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.errors import UnreadableFile
from hipdrive.read import gunzip as gunzipping
from hipdrive.read.archives import Opened, is_archive, list_contents, open_offer
from hipdrive.read.gunzip import gunzip
from hipdrive.read.inbox import Offer
from hipdrive.settings import Archive, Home
from tests.makers.workbooks import make_workbook

if TYPE_CHECKING:
    from pathlib import Path

RUN = b"0123456789 a run of bytes that are told apart \x00\xff" * 20
NOISE = hashlib.shake_256(b"noise").digest(20_000)  # does not shrink, so that a gzip of it spans many bytes


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def offer_of(path: Path, name: str = "inbox/x") -> Offer:
    state = path.stat()
    return Offer(path, name, state.st_size, state.st_mtime_ns)


def open_bytes(folder: Path, data: bytes, bounds: Archive | None = None) -> Opened:
    path = folder / "x"
    path.write_bytes(data)
    return open_offer(offer_of(path), bounds or Archive())


def write_zip(path: Path, *members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Offer:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return offer_of(path, "inbox/x.zip")


def listed(offer: Offer, bounds: Archive) -> tuple[str, list[Offer]]:
    contents = list_contents(offer, bounds)
    return contents.source_id, contents.members


def refusal(offer: Offer, bounds: Archive | None = None) -> str:
    use = list_contents if not offer.member and is_archive(offer) else open_offer
    with pytest.raises(UnreadableFile) as caught:
        use(offer, bounds or Archive())
    assert str(caught.value) == f"{offer.name}: {caught.value.reason}"
    return caught.value.reason


# Plain files and gzip


def test_a_plain_file_is_given_as_it_is(tmp_path: Path) -> None:
    opened = open_bytes(tmp_path, RUN)
    assert (opened.data, opened.source_id, opened.content_sha256, opened.fault) == (RUN, sha256(RUN), sha256(RUN), None)


def test_a_gzip_is_known_by_its_own_bytes_and_by_its_contents(tmp_path: Path) -> None:
    packed = gzip.compress(RUN)
    opened = open_bytes(tmp_path, packed)
    assert (opened.data, opened.fault) == (RUN, None)
    assert (opened.source_id, opened.content_sha256) == (sha256(packed), sha256(RUN))


def test_a_gzip_of_several_members_is_read_to_its_end(tmp_path: Path) -> None:
    opened = open_bytes(tmp_path, gzip.compress(RUN) + gzip.compress(NOISE) + gzip.compress(b""))
    assert (opened.data, opened.fault) == (RUN + NOISE, None)


@pytest.mark.parametrize("step", [1, 7, 60, 64])
def test_members_of_a_gzip_may_begin_anywhere_in_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(gunzipping, "STEP_BYTES", step)
    packed = gzip.compress(RUN)
    assert any(len(packed) % step == rest for rest in (0, 1)) or step > 7
    opened = open_bytes(tmp_path, packed * 3)
    assert (opened.data, opened.fault) == (RUN * 3, None)


def test_zeros_after_a_gzip_are_padding(tmp_path: Path) -> None:
    assert open_bytes(tmp_path, gzip.compress(RUN) + bytes(512)).fault is None


def test_other_bytes_after_a_gzip_are_told(tmp_path: Path) -> None:
    opened = open_bytes(tmp_path, gzip.compress(RUN) + b"garbage")
    assert (opened.data, opened.fault) == (RUN, "the last 7 bytes are no gzip: left out")


def test_a_gzip_cut_off_gives_what_comes_before_the_cut(tmp_path: Path) -> None:
    packed = gzip.compress(NOISE)
    opened = open_bytes(tmp_path, packed[: len(packed) // 2])
    assert opened.fault == f"the gzip ends early, after {len(opened.data)} unpacked bytes"
    assert len(opened.data) == pytest.approx(len(NOISE) / 2, rel=0.02)
    assert opened.data == NOISE[: len(opened.data)]


def test_a_gzip_with_a_wrong_checksum_gives_all_its_bytes(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(RUN))
    packed[-8] ^= 1
    opened = open_bytes(tmp_path, bytes(packed))
    assert opened.data == RUN
    assert f"breaks after {len(RUN)} unpacked bytes" in str(opened.fault)


def test_a_gzip_torn_in_its_middle_gives_what_comes_before_the_tear(tmp_path: Path) -> None:
    text = b"".join(b"%06d\n" % number for number in range(5000))
    packed = bytearray(gzip.compress(text))
    packed[len(packed) // 2 :] = bytes(len(packed) - len(packed) // 2)
    opened = open_bytes(tmp_path, bytes(packed))
    assert opened.fault is not None
    assert opened.data[: len(text) // 3] == text[: len(text) // 3]


TWO_MEMBERS = gzip.compress(NOISE[:3000], mtime=0) * 2


@given(cut=st.integers(2, len(TWO_MEMBERS) - 1))
def test_a_gzip_cut_anywhere_gives_a_prefix_or_nothing(cut: int) -> None:
    data, fault = b"", None
    try:
        data, fault = gunzip("x", TWO_MEMBERS[:cut], 1_000_000)
    except UnreadableFile as error:
        fault = error.reason
    assert (NOISE[:3000] * 2).startswith(data)
    # A cut between the members leaves a sound gzip, and nobody can know of the second.
    assert (fault is None) == (cut == len(TWO_MEMBERS) / 2)


@given(place=st.integers(2, 900), byte=st.integers(0, 255))
def test_a_gzip_with_a_wrong_byte_never_passes_for_a_sound_one(place: int, byte: int) -> None:
    packed = bytearray(gzip.compress(NOISE[:1000], mtime=0))
    packed[place] = byte
    try:
        data, fault = gunzip("x", bytes(packed), 1_000_000)
    except UnreadableFile:
        return
    assert fault is not None or data == NOISE[:1000]


def test_an_empty_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(b""))
    assert refusal(offer_of(path)) == "the gzip is empty; copy the file again from where it came"


def test_a_gzip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(gzip.compress(bytes(30_000_000)))
    assert path.stat().st_size < 30_000
    assert "archive.max_ratio = 200 times its packed size" in refusal(offer_of(path))
    assert "archive.max_member_mb = 2 MB" in refusal(offer_of(path), Archive(max_member_mb=2, max_ratio=10_000))
    assert len(open_offer(offer_of(path), Archive(max_ratio=10_000)).data) == 30_000_000


def test_a_gzip_may_unpack_to_exactly_the_limit(tmp_path: Path) -> None:
    bounds = Archive(max_member_mb=1, max_ratio=10_000)
    assert len(open_bytes(tmp_path, gzip.compress(bytes(1_000_000)), bounds).data) == 1_000_000
    (tmp_path / "y").write_bytes(gzip.compress(bytes(1_000_001)))
    assert "it would unpack to more" in refusal(offer_of(tmp_path / "y"), bounds)


def test_a_file_too_large_to_be_a_recording_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(bytes(1_000_001))
    assert refusal(offer_of(path), Archive(max_member_mb=1)) == (
        "it is larger than the 1 MB that archive.max_member_mb in hipdrive.toml allows; take it out of the inbox, or "
        "raise the setting"
    )


def test_a_file_that_is_gone_is_worth_another_try(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_offer(Offer(tmp_path / "gone", "gone", 1, 1), Archive())
    with pytest.raises(FileNotFoundError):
        list_contents(Offer(tmp_path / "gone.zip", "gone.zip", 1, 1), Archive())


# Zips


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


# Tars


def write_tar(path: Path, *members: tuple[str, bytes], mode: Literal["w", "w:gz"] = "w:gz") -> Offer:
    with tarfile.open(path, mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for kind, name in ((tarfile.SYMTYPE, "link.fit"), (tarfile.CHRTYPE, "device.fit"), (tarfile.DIRTYPE, "folder")):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    return offer_of(path, "inbox/x.tar.gz")


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_tar_gives_its_files_and_counts_links_and_devices(tmp_path: Path, mode: Literal["w", "w:gz"]) -> None:
    packed = gzip.compress(RUN)
    offer = write_tar(tmp_path / "x", ("a/run.fit", RUN), ("../b.fit.gz", packed), mode=mode)
    assert is_archive(offer)
    contents = list_contents(offer, Archive())
    assert (contents.format, contents.special) == ("tar", 2)
    assert [member.name for member in contents.members] == ["inbox/x.tar.gz/a/run.fit", "inbox/x.tar.gz/../b.fit.gz"]
    assert [open_offer(member, Archive()).data for member in contents.members] == [RUN, RUN]


def test_a_tar_cut_off_gives_what_comes_before_the_cut(tmp_path: Path) -> None:
    offer = write_tar(tmp_path / "x", ("a.fit", NOISE), ("b.fit", NOISE[::-1]))
    whole = offer.path.read_bytes()
    offer.path.write_bytes(whole[: int(len(whole) * 0.75)])
    contents = list_contents(offer_of(offer.path), Archive())
    assert open_offer(contents.members[0], Archive()).data == NOISE
    assert contents.fault is not None
    assert "ends early" in contents.fault


def test_a_tar_bomb_is_refused(tmp_path: Path) -> None:
    offer = write_tar(tmp_path / "x", ("a.fit", bytes(60_000_000)))
    assert "it would unpack to more than" in refusal(offer)


def test_a_zip_within_a_tar_is_read(tmp_path: Path) -> None:
    inner = write_zip(tmp_path / "inner.zip", ("run.fit", RUN)).path.read_bytes()
    offer = write_tar(tmp_path / "x", ("inner.zip", inner))
    assert [open_offer(member, Archive()).data for member in list_contents(offer, Archive()).members] == [RUN]


def test_a_gzipped_run_is_no_tar(tmp_path: Path) -> None:
    (tmp_path / "x.fit.gz").write_bytes(gzip.compress(RUN))
    assert not is_archive(offer_of(tmp_path / "x.fit.gz"))


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
