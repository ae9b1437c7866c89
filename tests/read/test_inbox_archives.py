"""Plain files, gzip and tar as they are offered: read to the end or to a fault, within bounds, by contents."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipdrive.errors import UnreadableFile
from hipdrive.read import gunzip as gunzipping
from hipdrive.read.archives import is_archive, list_contents, open_offer
from hipdrive.read.gunzip import gunzip
from hipdrive.read.inbox import Offer
from hipdrive.settings import Archive
from tests.makers.offers import NOISE, RUN, offer_of, open_bytes, refusal, sha256, write_zip

if TYPE_CHECKING:
    from pathlib import Path

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
    assert (opened.data, opened.fault) == (RUN, "the last 7 bytes are not gzip: left out")


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
