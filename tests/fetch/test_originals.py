"""What a download may be, and whether it is of the activity that was asked for."""

from __future__ import annotations

import gzip
import io
import zipfile
from datetime import timedelta

import pytest

from hipdrive.fetch.originals import NotAnOriginalError, Original, examine, is_of
from tests.fetch.filled import run, zipped
from tests.makers.runs import at, fit_bytes, record_rows

LIMIT = 1_000_000
TCX, GPX = b"<TrainingCenterDatabase/>", b"<?xml version='1.0'?><gpx/>"


def archive(members: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.mkdir("folder")
        for number in range(members):
            file.writestr(f"{number}.gpx", GPX)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (archive(0), "an archive without files came"),
        (archive(101), "an archive of 101 files came"),
        (gzip.compress(b" " * (LIMIT + 1), mtime=0), "unpack to more than fetch.max_body_mb"),
        (zipped(b" " * (LIMIT + 1), "a.fit"), "unpack to more than fetch.max_body_mb"),
        (b"PK\x03\x04 and no more", "broken or was cut off"),
        (b"some words", "not FIT, TCX or GPX"),
    ],
)
def test_what_no_inbox_can_read_is_one_reason(data: bytes, words: str) -> None:
    with pytest.raises(NotAnOriginalError, match=words):
        examine(data, is_counted=True, limit=LIMIT)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [(TCX, ".tcx"), (gzip.compress(GPX), ".gpx.gz"), (archive(100), ".zip"), (run(0), ".fit")],
    ids=("tcx", "gpx.gz", "zip", "fit"),  # what is packed holds its time
)
def test_a_file_is_offered_by_what_it_holds(data: bytes, suffix: str) -> None:
    assert examine(data, is_counted=True, limit=LIMIT).suffix == suffix


def test_the_same_file_packed_anew_is_the_same() -> None:
    found = {
        examine(data, is_counted=True, limit=LIMIT).content_sha256
        for data in (run(0), gzip.compress(run(0)), zipped(run(0), "a.fit"), zipped(run(0), "b.fit"))
    }
    assert len(found) == 1


def test_a_file_without_a_session_is_believed() -> None:
    original = examine(fit_bytes(("record", record_rows([0.0, 1.0]))), is_counted=True, limit=LIMIT)
    assert original.sessions == ()
    assert is_of(original, at(0), 100.0, is_local=False)


def test_one_of_start_and_distance_is_enough() -> None:
    original = Original(".fit", "", ((at(0), 10_000.0), (at(4000), 2_000.0)))
    other_day, near = at(0) - timedelta(days=3), at(0) + timedelta(seconds=100)
    assert is_of(original, other_day, 10_400.0, is_local=False)
    assert is_of(original, other_day, 12_000.0, is_local=False)  # of both sessions together
    assert is_of(original, near, 1.0, is_local=False)
    assert is_of(original, None, 1.0, is_local=False)
    assert not is_of(original, other_day, 11_000.0, is_local=False)


@pytest.mark.parametrize(("hours", "is_same"), [(2, True), (5.75, True), (-9.5, True), (2.1, False), (20, False)])
def test_a_local_start_is_off_by_a_zone_and_no_more(hours: float, is_same: bool) -> None:  # noqa: FBT001
    original = Original(".fit", "", ((at(0), 10_000.0),))
    listed = at(0) + timedelta(hours=hours)
    assert is_of(original, listed, None, is_local=True) is is_same
    assert not is_of(original, listed, None, is_local=False)
