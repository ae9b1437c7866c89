"""The inbox: which files are offered, and their bytes, hashed and unpacked within bounds.

Nothing is written anywhere, archives are read in memory, and no path inside an archive is ever used as a path on disk.
"""

from __future__ import annotations

import errno
import hashlib
import lzma
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from hipdrive.errors import UnreadableFile
from hipdrive.settings import DEFAULT_ATHLETE, Archive, Home

_MEGABYTE = 1_000_000
_GZIP_MARK = b"\x1f\x8b"
_GUNZIP_STEP_BYTES = 65_536
_ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED = 0x1  # a zip member's flag
# What the library raises, besides OSError, on bytes that are no sound zip.
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    ValueError,
)
# What a document's zip holds first, after the 30 bytes that stand before a name.
_DOCUMENT_PARTS = (b"[Content_Types].xml", b"mimetypeapplication/", b"_rels/.rels", b"docProps/", b"xl/")
_FIRST_NAME_AT, _FIRST_NAME_WITHIN = 30, 100
# Files that systems leave beside the user's own: never worth a word.
_SYSTEM_NAMES = (".DS_Store", "Thumbs.db", "desktop.ini", ".gitkeep")
# And what programs keep beside a document while it is open: Excel's “~$log.xlsx”, LibreOffice's “.~lock.log.ods#”.
_OF_OPEN_PROGRAMS = ("._", "~$", ".~lock.", ".~")


@dataclass(frozen=True)
class Offer:
    """A file, or a member of a zip file, that may hold something to read.

    Attributes:
        path: the file, or the zip that holds the member.
        name: its path in the ledger.
        size_bytes: of the file, or of the member as the zip's index tells it.
        modified_ns: time of the file's last change; 0 where the system would not tell.
        athlete_id: whose file it is.
        member: its place in the zip's index.
        container: `source_id` of the zip.
    """

    path: Path
    name: str
    size_bytes: int
    modified_ns: int
    athlete_id: str = DEFAULT_ATHLETE
    member: int | None = None
    container: str | None = None


@dataclass(frozen=True)
class Opened:
    """An offer with its bytes: `data` is after gunzip, `source_id` is the sha256 before, `fault` what gunzip met."""

    offer: Offer
    data: bytes
    source_id: str
    content_sha256: str
    fault: str | None = None


@dataclass(frozen=True)
class Listing:
    """What lies in some places: files, and folders that could not be looked into, with the system's word for why."""

    offers: list[Offer]
    unreadable: list[tuple[Offer, str]]


def list_offers(home: Home, places: Iterable[Path] = (), athlete: str | None = None) -> Listing:
    """Every file in the home's inbox, or in the places given, in the order of their names; nothing is opened.

    Args:
        home: decides whose a file is: `data/inbox/<athlete>/` belongs to that athlete if the settings name them.
        places: files or folders to look at in place of the inbox.
        athlete: whose the files outside the inbox are.

    Raises:
        UnreadableFile: a place does not exist.
        OSError: the inbox itself cannot be looked into.
    """
    roots = [Path(place) for place in places]
    if not roots:
        if not home.inbox.is_dir():
            return Listing([], [])
        os.scandir(home.inbox).close()
        roots = [home.inbox]
    unreadable: list[tuple[Offer, str]] = []
    offers = (offer for root in roots for offer in _walk(home, root, athlete, unreadable))
    # A file that is met twice, by a link or by two places, is one file.
    return Listing(list({offer.name: offer for offer in offers}.values()), unreadable)


def offer_again(home: Home, name: str, athlete: str) -> Offer | None:
    """A file of the ledger outside the inbox, where it lay; None where it is no longer there.

    Args:
        home: whose ledger.
        name: the file's path in the ledger, absolute or below the home.
        athlete: whose it was.
    """
    path = home.folder / name
    try:
        state = path.stat()
    except (OSError, ValueError):
        return None
    return Offer(path, name, state.st_size, state.st_mtime_ns, athlete) if stat.S_ISREG(state.st_mode) else None


def _walk(home: Home, root: Path, athlete: str | None, unreadable: list[tuple[Offer, str]]) -> Iterator[Offer]:
    if not root.exists():
        raise UnreadableFile(root, "there is no such file or folder; check the path")

    def note(error: OSError) -> None:
        folder = Path(error.filename)
        unreadable.append(
            (Offer(folder, _name(home, folder), 0, 0, _owner(home, folder, athlete)), error.strerror or str(error))
        )

    for path in [root] if root.is_file() else sorted(_paths_below(root, note)):
        inside = path.relative_to(root).parts
        if _is_of_the_system(path.name, inside):
            continue
        try:
            state = path.stat()
            size, modified, is_file = state.st_size, state.st_mtime_ns, stat.S_ISREG(state.st_mode)
        except FileNotFoundError:
            continue  # gone since the folder was listed, or a link to nothing
        except OSError:
            size, modified, is_file = 0, 0, True  # opening it will say why
        if is_file:
            yield Offer(path, _name(home, path), size, modified, _owner(home, path, athlete))


def _name(home: Home, path: Path) -> str:
    """A path in the ledger: below the home as the user sees it, or else where a link leads."""
    places = [place for place in _both_ways(path) if place.is_relative_to(home.folder)]
    name = places[0].relative_to(home.folder) if places else path.resolve()
    # A name need not be text to its system; the bytes that are none are spelt out.
    return os.fsencode(name.as_posix()).decode("utf-8", "backslashreplace")


def _paths_below(root: Path, note: Callable[[OSError], None]) -> Iterator[Path]:
    """Everything below a folder that is no folder; linked folders are followed, each once."""
    seen = set()
    for folder, subfolders, names in os.walk(root, onerror=note, followlinks=True):
        real = Path(folder).resolve()
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        yield from (Path(folder, name) for name in names)


def _both_ways(path: Path) -> tuple[Path, Path]:
    """A path as the user sees it, and where its links lead."""
    return Path(os.path.normpath(path.absolute())), path.resolve()


def _is_of_the_system(name: str, folders: tuple[str, ...]) -> bool:
    return name in _SYSTEM_NAMES or name.startswith(_OF_OPEN_PROGRAMS) or "__MACOSX" in folders


def _owner(home: Home, path: Path, athlete: str | None) -> str:
    for place, inbox in zip(_both_ways(path), _both_ways(home.inbox), strict=True):
        if place.is_relative_to(inbox):
            folder = next(iter(place.relative_to(inbox).parts), "")
            return folder if folder in home.settings.athletes else DEFAULT_ATHLETE
    return athlete or DEFAULT_ATHLETE


def is_zip(offer: Offer) -> bool:
    """Whether the file is a zip of files; raises OSError where it cannot be opened.

    A spreadsheet's workbook is a zip too, but its parts are no files of the user's.
    """
    with offer.path.open("rb") as file:
        head = file.read(_FIRST_NAME_WITHIN)
    return head[:4] in _ZIP_MARKS and not _is_document(head)


def _is_document(head: bytes) -> bool:
    """Whether a zip, by its first bytes, is a workbook or another document: one file to its user."""
    return head[_FIRST_NAME_AT:].startswith(_DOCUMENT_PARTS)


def list_members(offer: Offer, bounds: Archive) -> tuple[str, list[Offer]]:
    """A zip's own sha256, and its members as offers; only its index is read.

    Raises:
        UnreadableFile: the index is broken, or the zip holds more than the settings allow.
        OSError: the file vanished or may not be opened; worth another try.
    """
    with offer.path.open("rb") as file:
        source_id = hashlib.file_digest(file, "sha256").hexdigest()
    with _broken_zip_told(offer.name, "download it again"):
        entries = _archive(offer.path, offer.modified_ns).infolist()
    if len(entries) > bounds.max_members:
        raise UnreadableFile(
            offer.name,
            f"this zip file holds {len(entries)} members, more than the {bounds.max_members} that "
            "archive.max_members in hipdrive.toml allows; unpack it, or raise the setting",
        )
    if sum(entry.file_size for entry in entries) > bounds.max_ratio * offer.size_bytes + _MEGABYTE:
        raise _too_large(offer.name, bounds)
    members = []
    for index, entry in enumerate(entries):
        path = PurePosixPath(entry.filename)
        if not entry.filename.endswith("/") and not _is_of_the_system(path.name, path.parts):
            name = f"{offer.name}/{entry.filename}"
            members.append(replace(offer, name=name, size_bytes=entry.file_size, member=index, container=source_id))
    return source_id, members


@lru_cache(maxsize=1)
def _archive(path: Path, modified_ns: int) -> zipfile.ZipFile:  # noqa: ARG001  a changed file is another archive
    """The zip with its index read, kept open while its members are read: an export of a watch's years has thousands."""
    return zipfile.ZipFile(path)


@contextmanager
def _broken_zip_told(name: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except (*_BROKEN_ZIP, OSError) as error:
        if isinstance(error, OSError) and error.errno not in {None, errno.EINVAL}:
            raise  # the system's word, not the zip's; a broken index asks for impossible places (EINVAL)
        reason = str(error).strip("'\"") or type(error).__name__
        raise UnreadableFile(name, f"the zip is broken here ({reason}); {remedy}") from None


def open_offer(offer: Offer, bounds: Archive) -> Opened:
    """The bytes of an offer, unpacked if they are gzip, within bounds.

    A gzip that breaks off gives what comes before the break, and the fault says so.

    Raises:
        UnreadableFile: nothing can be read, or it would unpack to more than the settings allow.
        OSError: the file vanished or may not be opened; worth another try.
    """
    given = _file_bytes(offer, bounds) if offer.member is None else _member_bytes(offer, offer.member, bounds)
    source_id = hashlib.sha256(given).hexdigest()
    if not given.startswith(_GZIP_MARK):
        return Opened(offer, given, source_id, source_id)
    data, fault = _gunzip(offer.name, given, bounds)
    return Opened(offer, data, source_id, hashlib.sha256(data).hexdigest(), fault)


def _file_bytes(offer: Offer, bounds: Archive) -> bytes:
    limit = bounds.max_member_mb * _MEGABYTE
    with offer.path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise UnreadableFile(
            offer.name,
            f"it is larger than the {bounds.max_member_mb} MB that archive.max_member_mb in hipdrive.toml allows; "
            "take it out of the inbox, or raise the setting",
        )
    return data


def _member_bytes(offer: Offer, index: int, bounds: Archive) -> bytes:
    limit = bounds.max_member_mb * _MEGABYTE
    with _broken_zip_told(offer.name, "download the zip again, or unpack it yourself"):
        archive = _archive(offer.path, offer.modified_ns)
        entry = archive.infolist()[index]
        if entry.flag_bits & _ENCRYPTED:
            raise UnreadableFile(offer.name, "the zip asks for a password here; unpack it yourself")
        if entry.file_size > min(limit, bounds.max_ratio * entry.compress_size + _MEGABYTE):
            raise _too_large(offer.name, bounds)
        with archive.open(entry) as member:
            # The index may lie about the size, so one byte more than the limit is asked for, never everything.
            data = member.read(limit + 1)
    if len(data) > limit:
        raise _too_large(offer.name, bounds)
    if data.startswith(_ZIP_MARKS) and not _is_document(data[:_FIRST_NAME_WITHIN]):
        raise UnreadableFile(offer.name, "it is a zip inside a zip, which hipdrive does not open; unpack the outer one")
    return data


def _gunzip(name: str, given: bytes, bounds: Archive) -> tuple[bytes, str | None]:
    """All members of a gzip, one after the other, and what was met on the way."""
    limit = min(bounds.max_member_mb * _MEGABYTE, bounds.max_ratio * len(given) + _MEGABYTE)
    pieces: list[bytes] = []
    size, at = 0, 0
    fault = None
    while fault is None and given.startswith(_GZIP_MARK, at):
        unpack = zlib.decompressobj(wbits=31)
        while fault is None and not unpack.eof and at < len(given):
            step = given[at : at + _GUNZIP_STEP_BYTES]
            before = unpack.copy()
            try:
                piece = _feed(unpack, step, limit - size)
            except zlib.error as error:
                piece = _feed_up_to_fault(before, step, limit - size)
                fault = f"the gzip breaks after {size + len(piece)} unpacked bytes ({error})"
            at += len(step) - len(unpack.unused_data)
            size += len(piece)
            pieces.append(piece)
            if size > limit:
                raise _too_large(name, bounds)
        if fault is None and not unpack.eof:
            fault = f"the gzip ends early, after {size} unpacked bytes"
    if fault is None and given[at:].strip(b"\0"):
        fault = f"the last {len(given) - at} bytes are no gzip: left out"
    if not size:
        raise UnreadableFile(name, f"{fault or 'the gzip is empty'}; copy the file again from where it came")
    return b"".join(pieces), fault


def _feed(unpack: zlib._Decompress, step: bytes, room: int) -> bytes:
    """What a step of a gzip unpacks to, or one byte more than there is room for."""
    pieces: list[bytes] = []
    size = 0
    while step and size <= room:
        pieces.append(unpack.decompress(step, room + 1 - size))
        size += len(pieces[-1])
        step = unpack.unconsumed_tail
    return b"".join(pieces)


def _feed_up_to_fault(unpack: zlib._Decompress, step: bytes, room: int) -> bytes:
    """The same byte by byte: a call that meets a fault gives nothing of what it had unpacked before it."""
    pieces: list[bytes] = []
    size = 0
    for place in range(len(step)):
        try:
            pieces.append(_feed(unpack, step[place : place + 1], room - size))
        except zlib.error:
            break
        size += len(pieces[-1])
    return b"".join(pieces)


def _too_large(name: str, bounds: Archive) -> UnreadableFile:
    return UnreadableFile(
        name,
        f"it would unpack to more than archive.max_member_mb = {bounds.max_member_mb} MB or archive.max_ratio = "
        f"{bounds.max_ratio} times its packed size; unpack it yourself, or raise the setting in hipdrive.toml",
    )
