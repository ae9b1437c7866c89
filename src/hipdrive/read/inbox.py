"""The inbox: which files are offered, and their bytes, hashed and unpacked within bounds.

Nothing is written anywhere, archives are read in memory, and no path inside an archive is ever used as a path on disk.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from hipdrive.errors import UnreadableFile
from hipdrive.settings import DEFAULT_ATHLETE, Archive, Home

_MEGABYTE = 1_000_000
_GZIP_MARK = b"\x1f\x8b"
_GUNZIP_STEP_BYTES = 4096
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
# Files that systems leave beside the user's own: never worth a word.
_SYSTEM_NAMES = (".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep")


@dataclass(frozen=True)
class Offer:
    """A file, or a member of a zip file, that may hold something to read; `name` is its path in the ledger."""

    path: Path
    name: str
    size_bytes: int
    modified_ns: int
    athlete_id: str = DEFAULT_ATHLETE
    member: str | None = None
    container: str | None = None


@dataclass(frozen=True)
class Opened:
    """An offer with its bytes: `data` is after gunzip, `source_id` is the sha256 before, `fault` what gunzip met."""

    offer: Offer
    data: bytes
    source_id: str
    content_sha256: str
    fault: str | None = None


def list_offers(home: Home, places: Iterable[Path] = ()) -> list[Offer]:
    """Every file in the home's inbox, or in the places given, in the order of their names; nothing is opened.

    Args:
        home: decides whose a file is: `data/inbox/<athlete>/` belongs to that athlete if the settings name them.
        places: files or folders to look at in place of the inbox.

    Raises:
        UnreadableFile: a place does not exist.
    """
    roots = [Path(place) for place in places] or [home.inbox]
    return [offer for root in roots for offer in _walk(home, root)]


def _walk(home: Home, root: Path) -> Iterator[Offer]:
    if not root.exists():
        if root == home.inbox:
            return
        raise UnreadableFile(root, "there is no such file or folder; check the path")
    files = [root] if root.is_file() else sorted(path for path in root.rglob("*") if path.is_file())
    for path in files:
        inside = path.relative_to(root).parts if path != root else ()
        if path.name in _SYSTEM_NAMES or path.name.startswith("._") or "__MACOSX" in inside:
            continue
        resolved = path.resolve()
        name = resolved.relative_to(home.folder) if resolved.is_relative_to(home.folder) else resolved
        state = path.stat()
        yield Offer(path, name.as_posix(), state.st_size, state.st_mtime_ns, _owner(home, resolved))


def _owner(home: Home, path: Path) -> str:
    if path.is_relative_to(home.inbox):
        folder = path.relative_to(home.inbox).parts[0]
        if folder in home.settings.athletes:
            return folder
    return DEFAULT_ATHLETE


def leave_out_known(offers: Iterable[Offer], known: AbstractSet[tuple[str, int, int]]) -> list[Offer]:
    """The offers whose path, size and time of change are not in the ledger, so that nothing is opened twice.

    Args:
        offers: what is there now.
        known: (path in the ledger, size in bytes, time of change in ns) of everything ever opened.
    """
    return [offer for offer in offers if (offer.name, offer.size_bytes, offer.modified_ns) not in known]


def is_zip(offer: Offer) -> bool:
    """Whether the file's first bytes are a zip's; raises OSError where it cannot be opened."""
    with offer.path.open("rb") as file:
        return file.read(4) in _ZIP_MARKS


def list_members(offer: Offer, bounds: Archive) -> tuple[str, list[Offer]]:
    """A zip's own sha256, and its members as offers; only its index is read.

    Raises:
        UnreadableFile: the index is broken, or the zip holds more members than the settings allow.
    """
    source_id = _sha256_of_file(offer)
    try:
        with zipfile.ZipFile(offer.path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableFile(offer.name, f"this zip file is broken ({error}); download it again") from None
    if len(entries) > bounds.max_members:
        raise UnreadableFile(
            offer.name,
            f"this zip file holds {len(entries)} members, more than the {bounds.max_members} that "
            "archive.max_members in hipdrive.toml allows; unpack it, or raise the setting",
        )
    members = []
    for entry in entries:
        parts = Path(entry.filename).parts
        if parts[-1] in _SYSTEM_NAMES or parts[-1].startswith("._") or "__MACOSX" in parts:
            continue
        name = f"{offer.name}/{entry.filename}"
        members.append(
            replace(offer, name=name, size_bytes=entry.file_size, member=entry.filename, container=source_id)
        )
    return source_id, members


def open_offer(offer: Offer, bounds: Archive) -> Opened:
    """The bytes of an offer, unpacked if they are gzip, within bounds.

    A gzip that breaks off gives what comes before the break, and the fault says so.

    Raises:
        UnreadableFile: nothing can be read, or it would unpack to more than the settings allow.
        OSError: the file vanished or may not be opened; worth another try.
    """
    given = _member_bytes(offer, bounds) if offer.member else offer.path.read_bytes()
    source_id = hashlib.sha256(given).hexdigest()
    if not given.startswith(_GZIP_MARK):
        return Opened(offer, given, source_id, source_id)
    data, fault = _gunzip(offer.name, given, bounds)
    return Opened(offer, data, source_id, hashlib.sha256(data).hexdigest(), fault)


def _member_bytes(offer: Offer, bounds: Archive) -> bytes:
    limit = bounds.max_member_mb * _MEGABYTE
    try:
        with zipfile.ZipFile(offer.path) as archive:
            entry = archive.getinfo(offer.member or "")
            packed = max(entry.compress_size, 1)
            if entry.file_size > limit or entry.file_size > bounds.max_ratio * packed + _MEGABYTE:
                raise _too_large(offer.name, bounds)
            with archive.open(entry) as member:
                # The index may lie about the size, so one byte more than the limit is asked for, never everything.
                data = member.read(limit + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError, NotImplementedError) as error:
        reason = str(error).strip("'\"") or type(error).__name__
        raise UnreadableFile(offer.name, f"this member of the zip cannot be unpacked ({reason})") from None
    if len(data) > limit:
        raise _too_large(offer.name, bounds)
    return data


def _gunzip(name: str, given: bytes, bounds: Archive) -> tuple[bytes, str | None]:
    limit = min(bounds.max_member_mb * _MEGABYTE, bounds.max_ratio * len(given) + _MEGABYTE)
    pieces: list[bytes] = []
    size, fault = 0, None
    unpack = zlib.decompressobj(wbits=31)
    # In small steps, because a step that meets the fault gives nothing of what it had unpacked before it.
    for start in range(0, len(given), _GUNZIP_STEP_BYTES):
        step = given[start : start + _GUNZIP_STEP_BYTES]
        try:
            while step:
                piece = unpack.decompress(step, limit + 1 - size)
                pieces.append(piece)
                size += len(piece)
                if size > limit:
                    raise _too_large(name, bounds)
                step = unpack.unused_data or unpack.unconsumed_tail
                if unpack.eof and step.startswith(_GZIP_MARK):
                    unpack = zlib.decompressobj(wbits=31)
                elif unpack.eof:
                    break
        except zlib.error as error:
            fault = f"the gzip breaks after {size} unpacked bytes ({error})"
            break
    if fault is None and not unpack.eof:
        fault = f"the gzip ends early, after {size} unpacked bytes"
    if not size:
        raise UnreadableFile(name, f"{fault or 'the gzip is empty'}; copy the file again from where it came")
    return b"".join(pieces), fault


def _too_large(name: str, bounds: Archive) -> UnreadableFile:
    return UnreadableFile(
        name,
        f"it would unpack to more than archive.max_member_mb = {bounds.max_member_mb} MB or archive.max_ratio = "
        f"{bounds.max_ratio} times its packed size; unpack it yourself, or raise the setting in hipdrive.toml",
    )


def _sha256_of_file(offer: Offer) -> str:
    with offer.path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
