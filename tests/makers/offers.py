"""Files and archives as a night is offered them, written on the spot."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

import pytest

from hipdrive.errors import UnreadableFile
from hipdrive.read.archives import Opened, is_archive, list_contents, open_offer
from hipdrive.read.inbox import Offer
from hipdrive.settings import Archive

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
